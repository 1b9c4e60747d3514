import { constants, lstatSync, type Stats, unlinkSync } from 'node:fs';
import native from '@switchyard/native';
import { Fd } from './Fd.js';
import { Poll, PollEvents } from './Poll.js';
import { Socket, type SocketType } from './Socket.js';
import { check, errno, SystemError } from './SystemError.js';

/** Connections that may wait for us; the kernel cuts it to net.core.somaxconn (4096 by default). */
const DEFAULT_BACKLOG = 4096;
/** Connections accepted before the loop gets its turn again, so that a storm of them starves nobody. */
const MAX_ACCEPTS_A_TURN = 64;
/** How long accepting rests when this process or the system has no descriptors or memory left. */
const EXHAUSTED_PAUSE_MS = 100;

const typeNumbers = { stream: 1, seqpacket: 5, dgram: 2 } as const;

export type ListenOptions = {
  /** stream when not said; dgram sockets do not listen (see Socket.bind). */
  type?: 'stream' | 'seqpacket';
  /** Permissions of the socket's file; the umask's when not said. */
  mode?: number;
  backlog?: number;
  /** The socket belongs to the callee. */
  onConnection: (socket: Socket) => void;
  /**
   * It can be accepted from no more, as somebody else who has the socket may cause (shutdown(2)); it is closed. Without
   * this, that throws.
   */
  failed?: (error: SystemError) => void;
};

/** An AF_UNIX socket that accepts connections. When descriptors run out, it rests and goes on by itself; those who connect wait in the backlog. */
export class Listener implements Disposable {
  readonly fd: Fd;
  readonly #type: SocketType;
  readonly #onConnection: (socket: Socket) => void;
  readonly #failed: ((error: SystemError) => void) | undefined;
  readonly #poll: Poll;
  /** The file that is ours to remove: it may be another's by the time we close. */
  readonly #file: { path: string; device: number; inode: number } | undefined;
  #pause: NodeJS.Timeout | undefined;
  #referenced = true;

  private constructor(fd: Fd, options: ListenOptions, path: string | undefined) {
    this.fd = fd;
    this.#type = options.type ?? 'stream';
    this.#onConnection = options.onConnection;
    this.#failed = options.failed;
    const status = path === undefined ? undefined : statOf(path);
    if (path !== undefined && status) this.#file = { path, device: status.dev, inode: status.ino };
    this.#poll = Poll.watch(fd, 'readable', () => this.#accept());
  }

  /**
   * Listens at a path or an abstract `@name`. A socket file that nobody listens at is replaced; one that somebody does,
   * or a file that is no socket, throws EADDRINUSE.
   */
  static listen(address: string, options: ListenOptions): Listener {
    const fd = Listener.open(address, options);
    return new Listener(fd, options, address.startsWith('@') ? undefined : address);
  }

  /**
   * The same for another process that will accept (by `adopt`): who connects meanwhile waits. The fd and the file are
   * the caller's.
   */
  static open(address: string, options: Pick<ListenOptions, 'type' | 'mode' | 'backlog'> = {}): Fd {
    const type = typeNumbers[options.type ?? 'stream'];
    const mode = options.mode ?? -1;
    let number = native.bindSocket(address, type, mode);
    if (number === -errno.EADDRINUSE && isStale(address, type)) {
      unlinkSync(address);
      number = native.bindSocket(address, type, mode);
    }
    const fd = Fd.adopt(check(number, 'bind', address), address);
    try {
      check(native.listen(fd.number, options.backlog ?? DEFAULT_BACKLOG), 'listen', address);
      return fd;
    } catch (error) {
      fd.close();
      throw error;
    }
  }

  /** Takes over a socket that listens already (LISTEN_FDS); its file stays at close. */
  static adopt(fd: Fd, options: ListenOptions): Listener {
    const flags = check(native.getFlags(fd.number), 'fcntl(F_GETFL)', fd.what);
    check(native.setFlags(fd.number, flags | constants.O_NONBLOCK), 'fcntl(F_SETFL)', fd.what);
    return new Listener(fd, options, undefined);
  }

  ref(): void {
    this.#referenced = true;
    this.#poll.ref();
    this.#pause?.ref();
  }

  /** Lets the process end though this listens. */
  unref(): void {
    this.#referenced = false;
    this.#poll.unref();
    this.#pause?.unref();
  }

  get closed(): boolean {
    return this.fd.closed;
  }

  /** Idempotent. Removes the socket's file if it is still ours. Accepted sockets live on. */
  close(): void {
    if (this.fd.closed) return;
    clearTimeout(this.#pause);
    this.#poll.close();
    this.fd.close();
    const status = this.#file && statOf(this.#file.path);
    if (this.#file && status?.dev === this.#file.device && status.ino === this.#file.inode) {
      unlinkSync(this.#file.path);
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #accept(): void {
    for (let i = 0; i < MAX_ACCEPTS_A_TURN && !this.fd.closed; i++) {
      const number = native.accept(this.fd.number);
      if (number >= 0) {
        this.#onConnection(Socket.adopt(Fd.adopt(number, `client of ${this.fd.what}`), this.#type));
      } else if (number === -errno.EAGAIN) {
        return;
      } else if (isExhaustion(number)) {
        this.#rest();
        return;
      } else if (number !== -errno.ECONNABORTED && number !== -errno.EINTR) {
        const error = new SystemError(-number, 'accept', this.fd.what);
        if (!this.#failed) throw error;
        this.close();
        this.#failed(error);
        return;
      }
    }
  }

  #rest(): void {
    this.#poll.change(0);
    this.#pause = setTimeout(() => this.#poll.change(PollEvents.readable), EXHAUSTED_PAUSE_MS);
    if (!this.#referenced) this.#pause.unref();
  }
}

function isExhaustion(result: number): boolean {
  return (
    result === -errno.EMFILE ||
    result === -errno.ENFILE ||
    result === -errno.ENOBUFS ||
    result === -errno.ENOMEM
  );
}

function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** A socket's file at which nobody listens: its process is gone. */
function isStale(address: string, type: number): boolean {
  if (address.startsWith('@') || !statOf(address)?.isSocket()) return false;
  const probe = native.connectSocket(address, type);
  if (probe >= 0) native.close(probe);
  return probe === -errno.ECONNREFUSED;
}
