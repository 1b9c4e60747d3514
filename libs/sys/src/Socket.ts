import native from '@switchyard/native';
import { Fd, takeAll } from './Fd.js';
import { OutgoingQueue } from './OutgoingQueue.js';
import { Poll, PollEvents } from './Poll.js';
import { check, errno, SystemError } from './SystemError.js';

/** SCM_MAX_FD of the kernel: more fds in one message are EINVAL. */
export const MAX_FDS = 253;
/** When the kernel refuses for a reason that polling cannot see (too many fds in flight, no memory), it is asked again after this time. */
const RETRY_MS = 10;

const socketTypes = { stream: 1, dgram: 2, seqpacket: 5 } as const;
const shutdownHows = { read: 0, write: 1, both: 2 } as const;
const SO = { SNDBUF: 7, RCVBUF: 8, PASSCRED: 16, PEERSEC: 31, PEERGROUPS: 59, PEERPIDFD: 77 } as const;
const MSG_TRUNCATED = 0x08 | 0x20;
const RESULT = { FLAGS: 0, FD_COUNT: 1, HAS_CREDENTIALS: 2, PID: 3, UID: 4, GID: 5, FDS: 8 } as const;

export type SocketType = keyof typeof socketTypes;
/** Of a process as the kernel saw it; pid 0 when it is in no pid namespace that we can see. */
export type PeerCredentials = { pid: number; uid: number; gid: number };
export type SocketHandlers = {
  /** There is something to read, or the end has come. Called again and again until it has been read. */
  readable?: () => void;
  /** stream: the outgoing queue has become empty. seqpacket, dgram: there is room again after a `send` that gave false. */
  drained?: () => void;
  /** The write side is broken (EPIPE, ECONNRESET, …); comes once. What was queued is gone, what the peer sent before can still be read. */
  failed?: (error: SystemError) => void;
};

/** More fds are in flight than this user may have (RLIMIT_NOFILE); node:os does not name it. */
const ETOOMANYREFS = 109;

/** The kernel had no room; nothing was sent. */
function isBusy(result: number): boolean {
  return (
    result === -errno.EAGAIN ||
    result === -errno.ENOBUFS ||
    result === -errno.ENOMEM ||
    result === -ETOOMANYREFS
  );
}
const settled = Promise.resolve();
const { results } = native;

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
  readonly fd: Fd;
  readonly #queue = new OutgoingQueue();
  #on: SocketHandlers = {};
  #poll: Poll | undefined;
  #referenced = true;
  #paused = false;
  #ended = false;
  #failed = false;
  #maxBytes = Number.POSITIVE_INFINITY;
  #maxFds = Number.POSITIVE_INFINITY;
  /** The kernel had no room: the poll waits for it, or the timer does where polling cannot tell. */
  #blocked = false;
  #retry: NodeJS.Timeout | undefined;
  #flushScheduled = false;
  readonly #flushNow = (): void => {
    this.#flushScheduled = false;
    this.flush();
  };
  #peer: PeerCredentials | undefined;
  #lastFlags = 0;
  #lastHasCredentials = false;
  #lastPid = 0;
  #lastUid = 0;
  #lastGid = 0;

  private constructor(fd: Fd, type: SocketType) {
    this.fd = fd;
    this.type = type;
  }

  /** socketpair(2): what goes into one comes out of the other. */
  static pair(type: SocketType): [Socket, Socket] {
    check(native.socketPair(socketTypes[type]), 'socketpair', type);
    const [a, b] = [results[RESULT.FDS]!, results[RESULT.FDS + 1]!];
    return [new Socket(Fd.adopt(a, `${type} pair`), type), new Socket(Fd.adopt(b, `${type} pair`), type)];
  }

  /** connect(2): ENOENT no such file, ECONNREFUSED nobody listens, EACCES, EPROTOTYPE another type, EAGAIN the backlog is full now. */
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
    if (!this.#peer) {
      check(native.peerCredentials(this.fd.number), 'getsockopt(SO_PEERCRED)', this.fd.what);
      this.#peer = {
        pid: results[RESULT.PID]!,
        uid: results[RESULT.UID]! >>> 0,
        gid: results[RESULT.GID]! >>> 0,
      };
    }
    return this.#peer;
  }

  /** A pidfd of `peer`, safe against reuse of its pid; undefined where the kernel has none (before 6.5) or the peer is reaped. */
  peerPidfd(): Fd | undefined {
    const number = native.getSocketOption(this.fd.number, SO.PEERPIDFD);
    return number < 0 ? undefined : Fd.adopt(number, `pidfd of the peer of ${this.fd.what}`);
  }

  /** The peer's supplementary groups; undefined where the kernel does not say (before 4.13). */
  peerGroups(): number[] | undefined {
    const bytes = this.#peerOption(SO.PEERGROUPS);
    return bytes && Array.from(new Uint32Array(bytes.buffer, 0, bytes.length / 4));
  }

  /** The peer's LSM label; undefined without an LSM that labels sockets. */
  peerLabel(): string | undefined {
    const bytes = this.#peerOption(SO.PEERSEC);
    return bytes && new TextDecoder().decode(bytes).replace(/\0+$/, '');
  }

  #peerOption(option: number): Uint8Array | undefined {
    for (let size = 1024; size <= 1024 * 1024; size *= 4) {
      const buffer = new Uint8Array(size);
      const length = native.peerOption(this.fd.number, option, buffer);
      if (length >= 0) return buffer.subarray(0, length);
      if (length !== -errno.ERANGE) return undefined;
    }
    return undefined;
  }

  /** SO_PASSCRED: every read then tells the sender's credentials in `lastCredentials`. */
  set passCredentials(on: boolean) {
    check(
      native.setSocketOption(this.fd.number, SO.PASSCRED, on ? 1 : 0),
      'setsockopt(SO_PASSCRED)',
      this.fd.what,
    );
  }

  /** What the kernel holds for us in bytes (it counts its own overhead too); limited by net.core.wmem_max. */
  set sendBufferSize(bytes: number) {
    check(native.setSocketOption(this.fd.number, SO.SNDBUF, bytes), 'setsockopt(SO_SNDBUF)', this.fd.what);
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
    this.#lastFlags = results[RESULT.FLAGS]!;
    const ended = received === 0 && this.type !== 'dgram' && end > start;
    // At the end nobody sent anything; the kernel then fills in zeros, which would read as root.
    this.#lastHasCredentials = results[RESULT.HAS_CREDENTIALS] !== 0 && !ended;
    this.#lastPid = results[RESULT.PID]!;
    this.#lastUid = results[RESULT.UID]!;
    this.#lastGid = results[RESULT.GID]!;
    if (fds) {
      const count = results[RESULT.FD_COUNT]!;
      for (let i = 0; i < count; i++) fds.push(Fd.adopt(results[RESULT.FDS + i]!, `fd from ${this.fd.what}`));
    }
    if (ended) {
      this.#ended = true;
      this.#update();
    }
    return received;
  }

  /** The last read lost something: the rest of a packet, or fds (too many, or this process has no numbers left). */
  get lastTruncated(): boolean {
    return (this.#lastFlags & MSG_TRUNCATED) !== 0;
  }

  /** Who sent what the last read gave; with `passCredentials` only. */
  get lastCredentials(): PeerCredentials | undefined {
    if (!this.#lastHasCredentials) return undefined;
    return { pid: this.#lastPid, uid: this.#lastUid >>> 0, gid: this.#lastGid >>> 0 };
  }

  /**
   * stream: puts a copy of the bytes, and the fds themselves, into the outgoing queue. What one turn queues leaves
   * together at its end. The fds arrive with the first byte of `bytes`. On a closed or failed socket everything is
   * dropped and the fds are closed.
   */
  write(bytes: Uint8Array, fds?: readonly Fd[]): void {
    if (this.type !== 'stream')
      throw new TypeError(`write() is for stream sockets, send() for ${this.type} ones`);
    let numbers: number[] | undefined;
    if (fds && fds.length > 0) {
      checkFdCount(fds.length);
      if (bytes.length === 0) throw new RangeError('file descriptors need at least one byte to travel with');
      numbers = takeAll(fds);
    }
    if (this.#failed || this.fd.closed) {
      if (numbers) for (const number of numbers) native.close(number);
      return;
    }
    this.#queue.append(bytes, numbers);
    if (this.#queue.length > this.#maxBytes || this.#queue.fds > this.#maxFds) {
      this.#relieve();
      return;
    }
    if (this.#flushScheduled || this.#blocked || bytes.length === 0) return;
    this.#flushScheduled = true;
    void settled.then(this.#flushNow);
  }

  /** Bytes that the kernel has not accepted yet. A peer that reads nothing makes it grow: watch it, or set a limit. */
  get pending(): number {
    return this.#queue.length;
  }

  /** Lets the socket fail with ENOBUFS as soon as more than this is pending; without it there is no limit. */
  limitPending(bytes: number, fds: number): void {
    this.#maxBytes = bytes;
    this.#maxFds = fds;
  }

  /** Sends now what is queued, as far as the kernel takes it. May call `drained` and `failed`. */
  flush(): void {
    if (this.#failed || this.fd.closed || this.#queue.length === 0) return;
    const result = this.#queue.flush(this.fd.number);
    if (result === 0) {
      this.#unblock();
      this.#on.drained?.();
    } else if (isBusy(result)) {
      this.#block(result);
    } else {
      this.#fail(new SystemError(-result, 'sendmsg', this.fd.what));
    }
  }

  /**
   * seqpacket, dgram: sends one packet. True: it is sent, and the fds with it, which are closed here. False: the kernel
   * has no room now; the fds stay the caller's, and `drained` comes when there is room. A broken connection throws
   * (EPIPE, ECONNRESET, ECONNREFUSED), a packet that is too large too (EMSGSIZE).
   */
  send(packet: Uint8Array, fds?: readonly Fd[]): boolean {
    if (this.type === 'stream')
      throw new TypeError('send() is for seqpacket and dgram sockets, write() for stream ones');
    const count = fds?.length ?? 0;
    checkFdCount(count);
    for (let i = 0; i < count; i++) sendNumbers[i] = fds![i]!.number;
    const sent = native.send(this.fd.number, packet, 0, packet.length, sendNumbers, count);
    if (isBusy(sent)) {
      this.#block(sent);
      return false;
    }
    check(sent, 'sendmsg', this.fd.what);
    for (let i = 0; i < count; i++) fds![i]!.close();
    return true;
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
    clearTimeout(this.#retry);
    this.#queue.clear();
    this.#poll?.close();
    this.#poll = undefined;
    this.fd.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Over the limit: what the kernel takes right now does not count. `failed` still comes after the caller's turn. */
  #relieve(): void {
    const result = this.#queue.flush(this.fd.number);
    if (isBusy(result) && this.#queue.length <= this.#maxBytes && this.#queue.fds <= this.#maxFds) {
      this.#block(result);
    } else if (result === 0) {
      this.#unblock();
    } else {
      const error = new SystemError(isBusy(result) ? errno.ENOBUFS : -result, 'sendmsg', this.fd.what);
      this.#failed = true;
      this.#queue.clear();
      void settled.then(() => {
        if (!this.fd.closed) this.#fail(error);
      });
    }
  }

  #fail(error: SystemError): void {
    this.#failed = true;
    this.#queue.clear();
    this.#unblock();
    this.#on.failed?.(error);
  }

  #block(reason: number): void {
    this.#blocked = true;
    if (reason !== -errno.EAGAIN) {
      this.#retry ??= setTimeout(() => {
        this.#retry = undefined;
        this.#writable();
      }, RETRY_MS);
    }
    this.#update();
  }

  #unblock(): void {
    if (!this.#blocked) return;
    this.#blocked = false;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#update();
  }

  #writable(): void {
    if (this.type === 'stream') {
      this.flush();
    } else {
      this.#unblock();
      this.#on.drained?.();
    }
  }

  /** Makes the poll wait for exactly what somebody wants to know. */
  #update(): void {
    if (this.fd.closed) return;
    let wanted = 0;
    if (this.#on.readable && !this.#paused && !this.#ended) wanted |= PollEvents.readable;
    if (this.#blocked && !this.#retry) wanted |= PollEvents.writable;
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
      if (happened & PollEvents.writable && this.#blocked) this.#writable();
      if (happened & PollEvents.readable && !this.#paused && !this.#ended) this.#on.readable?.();
    } finally {
      this.#update();
    }
  }
}

const sendNumbers = new Int32Array(MAX_FDS);

function checkFdCount(count: number): void {
  if (count > MAX_FDS) {
    throw new RangeError(
      `cannot send ${count} file descriptors with one message: the kernel carries at most ${MAX_FDS}`,
    );
  }
}
