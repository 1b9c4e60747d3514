import native from '@switchyard/native';
import { Arrival } from './Arrival.js';
import { Fd } from './Fd.js';
import { type PeerCredentials, peerCredentials, peerGroups, peerLabel, peerPidfd } from './Peer.js';
import { Poll, PollEvents } from './Poll.js';
import type { SharedMemory } from './SharedMemory.js';
import { check, errno, SystemError } from './SystemError.js';
import { WriteSide } from './WriteSide.js';

const socketTypes = { stream: 1, dgram: 2, seqpacket: 5 } as const;
const shutdownHows = { read: 0, write: 1, both: 2 } as const;
const SO_SNDBUF = 7;
const SO_PASSCRED = 16;
/** Where native.socketPair leaves its two fds in its results. */
const PAIR = 8;

export type SocketType = keyof typeof socketTypes;
export type SocketHandlers = {
  /** There is something to read, or the end has come. Called again and again until it has been read. */
  readable?: () => void;
  /** stream: the outgoing queue has become empty. seqpacket, dgram: there is room again after a `send` that gave false. */
  drained?: () => void;
  /** stream: the kernel has taken some of the outgoing queue, and not all. */
  progressed?: () => void;
  /** The write side is broken (EPIPE, ECONNRESET, …); comes once. What was queued is gone, what the peer sent before can still be read. */
  failed?: (error: SystemError) => void;
};

/**
 * An AF_UNIX socket, connected or bound; always non-blocking and close-on-exec. An address is a path in the file system,
 * or `@name` for an abstract name.
 *
 *   write side:   open ──error──▶ failed          read side:   reading ⇄ paused
 *                   └──close()──▶ closed ◀──close()──┘             └──0 bytes──▶ ended   (no more `readable`)
 *
 * Callbacks may do anything to the socket, close it included; after close() none comes.
 */
export class Socket implements Disposable {
  readonly type: SocketType;
  /** The socket's own: close the Socket, not this. */
  readonly fd: Fd;
  readonly #writeSide: WriteSide;
  #on: SocketHandlers = {};
  #poll: Poll | undefined;
  #referenced = true;
  #paused = false;
  #ended = false;
  #peer: PeerCredentials | undefined;
  readonly #arrival = new Arrival();

  private constructor(fd: Fd, type: SocketType) {
    this.fd = fd;
    this.type = type;
    this.#writeSide = new WriteSide({
      fd,
      updatePoll: () => this.#update(),
      drained: () => this.#on.drained?.(),
      progressed: () => this.#on.progressed?.(),
      failed: (error) => this.#on.failed?.(error),
    });
  }

  /** socketpair(2): what goes into one comes out of the other. */
  static pair(type: SocketType): [Socket, Socket] {
    check(native.socketPair(socketTypes[type]), 'socketpair', type);
    const [a, b] = [native.results[PAIR]!, native.results[PAIR + 1]!];
    return [new Socket(Fd.adopt(a, `${type} pair`), type), new Socket(Fd.adopt(b, `${type} pair`), type)];
  }

  /** connect(2): ENOENT no such file, ECONNREFUSED nobody listens there, EPROTOTYPE it is another type of socket, EACCES, EAGAIN its backlog is full now. */
  static connect(address: string, type: SocketType = 'stream'): Socket {
    return new Socket(
      Fd.adopt(check(native.connectSocket(address, socketTypes[type]), 'connect', address), address),
      type,
    );
  }

  /** A datagram socket that receives at an address (EADDRINUSE when the file exists). The file stays at close. */
  static bind(address: string, options: { mode?: number } = {}): Socket {
    const number = check(native.bindSocket(address, socketTypes.dgram, options.mode ?? -1), 'bind', address);
    return new Socket(Fd.adopt(number, address), 'dgram');
  }

  /** Takes a connected socket over; the Fd belongs to the Socket from now on. */
  static adopt(fd: Fd, type: SocketType): Socket {
    return new Socket(fd, type);
  }

  /** Who was at the other end when the connection was made (SO_PEERCRED): a later exec or setuid there does not change it. */
  get peer(): PeerCredentials {
    this.#peer ??= peerCredentials(this.fd);
    return this.#peer;
  }

  /** A pidfd of `peer`, safe against reuse of its pid; undefined where the kernel has none (before 6.5) or the peer is reaped. */
  peerPidfd(): Fd | undefined {
    return peerPidfd(this.fd);
  }

  /** The peer's supplementary groups; undefined where the kernel does not say (before 4.13). */
  peerGroups(): number[] | undefined {
    return peerGroups(this.fd);
  }

  /** The peer's LSM label; undefined without an LSM that labels sockets. */
  peerLabel(): string | undefined {
    return peerLabel(this.fd);
  }

  /** SO_PASSCRED: every read then tells the sender's credentials in `lastCredentials`. */
  set passCredentials(on: boolean) {
    check(
      native.setSocketOption(this.fd.number, SO_PASSCRED, on ? 1 : 0),
      'setsockopt(SO_PASSCRED)',
      this.fd.what,
    );
  }

  /** What the kernel holds for us in bytes (it counts its own overhead too); limited by net.core.wmem_max. */
  set sendBufferSize(bytes: number) {
    check(native.setSocketOption(this.fd.number, SO_SNDBUF, bytes), 'setsockopt(SO_SNDBUF)', this.fd.what);
  }

  /**
   * Reads once, without waiting, into `into[start..end)`. Returns bytes; 0 at the end; -1 when there is nothing now.
   * Received fds are appended to `fds` and belong to the caller; without `fds` any that come are closed.
   */
  receive(into: Uint8Array, fds?: Fd[], start = 0, end = into.length): number {
    const received = native.receive(this.fd.number, into, start, end, fds !== undefined);
    if (received < 0) {
      if (received === -errno.EAGAIN) return -1;
      throw new SystemError(-received, 'recvmsg', this.fd.what);
    }
    const ended = received === 0 && this.type !== 'dgram' && end > start;
    this.#arrival.record(ended);
    if (fds) Arrival.takeFds(fds, this.fd.what);
    if (ended) {
      this.#ended = true;
      this.#update();
    }
    return received;
  }

  /** The last read lost something: the rest of a packet, or fds (too many, or this process has no numbers left). */
  get lastTruncated(): boolean {
    return this.#arrival.truncated;
  }

  /** Who sent what the last read gave; with `passCredentials` only. */
  get lastCredentials(): PeerCredentials | undefined {
    return this.#arrival.credentials;
  }

  /**
   * stream: puts a copy of `bytes[start..end)`, and the fds themselves, into the outgoing queue. What one turn queues leaves
   * together at its end. The fds arrive with the first byte of `bytes`. On a closed or failed socket everything is
   * dropped and the fds are closed.
   */
  write(bytes: Uint8Array, fds?: readonly Fd[], start = 0, end = bytes.length): void {
    if (this.type !== 'stream')
      throw new TypeError(`write() is for stream sockets, send() for ${this.type} ones`);
    this.#writeSide.write(bytes, fds, start, end);
  }

  /**
   * stream: the same for two pieces that are long: what the kernel takes now is not copied. What was queued before goes
   * first; only what does not fit is queued. It is copied, unless the body lies in `memory` and is most of it: then it stays
   * there, and nobody may write to the memory until all have released it.
   */
  writeThrough(head: Uint8Array, body: Uint8Array, fds?: readonly Fd[], memory?: SharedMemory): void {
    this.#writeSide.writeThrough(head, body, fds, memory);
  }

  /** Bytes that the kernel has not accepted yet. A peer that reads nothing makes it grow: watch it, or set a limit. */
  get pending(): number {
    return this.#writeSide.pending;
  }

  /** Lets the socket fail with ENOBUFS as soon as more than this is pending; without it there is no limit. */
  limitPending(bytes: number, fds: number): void {
    this.#writeSide.limit(bytes, fds);
  }

  /** Sends now what is queued, as far as the kernel takes it. May call `drained` and `failed`. */
  flush(): void {
    this.#writeSide.flush();
  }

  /**
   * seqpacket, dgram: sends one packet. True: it is sent, and the fds with it, which are closed here. False: the kernel
   * has no room now; the fds stay the caller's, and `drained` comes when there is room. A broken connection throws
   * (EPIPE, ECONNRESET, ECONNREFUSED), a packet that is too large too (EMSGSIZE).
   */
  send(packet: Uint8Array, fds?: readonly Fd[]): boolean {
    if (this.type === 'stream')
      throw new TypeError('send() is for seqpacket and dgram sockets, write() for stream ones');
    return this.#writeSide.send(packet, fds);
  }

  /** Drives the socket from the event loop; another call replaces the handlers. Keeps the process alive unless unref'd. */
  watch(on: SocketHandlers): void {
    this.#on = on;
    this.#update();
  }

  /** No more `readable` until resumeReading(): the peer then feels that its data is not taken. */
  pauseReading(): void {
    this.#paused = true;
    this.#update();
  }

  resumeReading(): void {
    this.#paused = false;
    this.#update();
  }

  ref(): void {
    this.#referenced = true;
    this.#poll?.ref();
  }

  unref(): void {
    this.#referenced = false;
    this.#poll?.unref();
  }

  /** shutdown(2), for every holder of the open file, in whatever process. A socket that is not connected any more is no error. */
  shutdown(how: keyof typeof shutdownHows = 'both'): void {
    const result = native.shutdown(this.fd.number, shutdownHows[how]);
    if (result !== -errno.ENOTCONN) check(result, 'shutdown', this.fd.what);
  }

  get closed(): boolean {
    return this.fd.closed;
  }

  /** Idempotent. What is queued and not flushed is dropped, its fds are closed; no callback comes any more. */
  close(): void {
    this.#on = {};
    this.#writeSide.close();
    this.#poll?.close();
    this.#poll = undefined;
    this.fd.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Makes the poll wait for exactly what somebody wants to know. */
  #update(): void {
    if (this.fd.closed) return;
    let wanted = 0;
    if (this.#on.readable && !this.#paused && !this.#ended) wanted |= PollEvents.readable;
    if (this.#writeSide.wantsWritable) wanted |= PollEvents.writable;
    if (!this.#poll) {
      if (wanted === 0) return;
      this.#poll = Poll.idle(this.fd, (events) => this.#onEvents(events));
      if (!this.#referenced) this.#poll.unref();
    }
    this.#poll.change(wanted);
  }

  #onEvents(events: number): void {
    // After EPOLLERR (the peer went without reading all) both sides find out for themselves what is left.
    const happened = events === PollEvents.error ? PollEvents.readable | PollEvents.writable : events;
    try {
      if (happened & PollEvents.writable) this.#writeSide.retry();
      if (happened & PollEvents.readable && !this.#paused && !this.#ended) this.#on.readable?.();
    } finally {
      this.#update();
    }
  }
}
