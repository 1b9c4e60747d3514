import { type Fd, type Socket, SystemError } from '@switchyard/sys';
import { MessageReader } from './MessageReader.js';
import { MAX_MESSAGE_BYTES, MessageWriter } from './MessageWriter.js';

/** Four of the longest messages: one read takes what libwayland sends at once (its buffer is 4096 bytes) and more. */
const RECEIVE_BYTES = 16 * 1024;

/**
 * Received fds that no message has taken yet. A sender may put them all (253 at most, SCM_MAX_FD) on the first byte of
 * a batch, so a second batch may come before the first is decoded; nothing honest holds more.
 */
export const MAX_QUEUED_FDS = 512;

const HEADER_BYTES = 8;

export type ConnectionHandler = {
  /** One whole message; its arguments are read from `connection.reader` before this returns. */
  message(object: number, opcode: number): void;
  /** The stream broke the wire format; nothing after it can be decoded. */
  malformed(object: number, what: string): void;
  /** The peer is gone: undefined at an orderly end. */
  ended(error: SystemError | undefined): void;
};

/**
 * The wire: a stream of messages with fds over a socket, in both directions.
 *
 * Bytes arrive behind what is left of the last read; whole messages are decoded in place and what remains of a message
 * that is not whole yet (less than 4096 bytes) moves to the buffer's start.
 */
export class Connection {
  readonly reader: MessageReader;
  readonly writer: MessageWriter;
  readonly #socket: Socket;
  readonly #handler: ConnectionHandler;
  readonly #bytes: Uint8Array;
  readonly #words: Uint32Array;
  readonly #fds: Fd[] = [];
  #start = 0;
  #end = 0;
  #paused = false;
  #draining = false;
  #open = true;
  #writeError: SystemError | undefined;

  constructor(socket: Socket, handler: ConnectionHandler) {
    this.#socket = socket;
    this.#handler = handler;
    const buffer = new ArrayBuffer(RECEIVE_BYTES);
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Uint32Array(buffer);
    this.reader = new MessageReader(buffer, this.#fds);
    this.writer = new MessageWriter({
      write: (bytes, fds) => this.#write(bytes, fds),
      scheduleFlush: () => queueMicrotask(() => this.flush()),
    });
    socket.watch({
      readable: () => this.#readable(),
      failed: (error) => this.#writeFailed(error),
    });
  }

  get open(): boolean {
    return this.#open;
  }

  /** Bytes that the kernel has not taken yet. */
  get queuedBytes(): number {
    return this.#open ? this.#socket.pending : 0;
  }

  /** Hands everything written so far to the kernel, as far as it takes it. */
  flush(): void {
    if (!this.#open) return;
    this.writer.flush();
    if (this.#open) this.#socket.flush();
  }

  /** No message is dispatched until resumed, not even one that has been received. */
  pause(): void {
    this.#paused = true;
    if (this.#open) this.#socket.pauseReading();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    if (!this.#open) return;
    this.#socket.resumeReading();
    queueMicrotask(() => this.#drain());
  }

  ref(): void {
    if (this.#open) this.#socket.ref();
  }

  unref(): void {
    if (this.#open) this.#socket.unref();
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.writer.discard();
    this.reader.closeFds();
    for (const fd of this.#fds.splice(0)) fd.close();
    this.#socket.close();
  }

  #write(bytes: Uint8Array, fds: Fd[]): void {
    if (this.#open) this.#socket.write(bytes, fds);
    else for (const fd of fds) fd.close();
  }

  /**
   * What the peer said before it went (a protocol error, mostly) is still to be read, so the end comes by reading; except
   * for a peer that is there and leaves too much unread (ENOBUFS, see Socket.limitPending).
   */
  #writeFailed(error: SystemError): void {
    this.#writeError = error;
    if (this.#paused || error.code === 'ENOBUFS') this.#handler.ended(error);
    else this.#readable();
  }

  #readable(): void {
    if (!this.#open || this.#paused) return;
    let received: number;
    try {
      received = this.#socket.receive(this.#bytes, this.#fds, this.#end);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      this.#handler.ended(error);
      return;
    }
    if (received === 0) {
      this.#handler.ended(this.#writeError);
      return;
    }
    if (received < 0) {
      if (this.#writeError !== undefined) this.#handler.ended(this.#writeError);
      return;
    }
    this.#end += received;
    if (this.#socket.lastTruncated) {
      this.#handler.malformed(0, 'file descriptors were lost');
      return;
    }
    if (this.#fds.length > MAX_QUEUED_FDS) {
      this.#handler.malformed(0, 'too many file descriptors');
      return;
    }
    this.#drain();
  }

  #drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    try {
      while (this.#open && !this.#paused && this.#end - this.#start >= HEADER_BYTES) {
        const word = this.#start >> 2;
        const object = this.#words[word]!;
        const size = this.#words[word + 1]! >>> 16;
        if (size < HEADER_BYTES || size > MAX_MESSAGE_BYTES || size % 4 !== 0) {
          this.#handler.malformed(object, `message length ${size}`);
          break;
        }
        if (this.#end - this.#start < size) break;
        const begin = this.#start;
        this.#start += size;
        this.reader.begin(begin + HEADER_BYTES, this.#start);
        this.#handler.message(object, this.#words[word + 1]! & 0xffff);
      }
    } finally {
      this.#draining = false;
    }
    if (this.#start > 0) {
      this.#bytes.copyWithin(0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
    }
  }
}
