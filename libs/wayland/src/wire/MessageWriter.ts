import { Fd } from '@switchyard/sys';

/** libwayland's receive buffer: a longer message would end the peer, so it is never sent. */
export const MAX_MESSAGE_BYTES = 4096;

/** libwayland receives at most this many fds with one recvmsg (MAX_FDS_OUT); the rest would be lost. */
export const MAX_FDS_PER_SEND = 28;

/** What gathers before it goes to the socket even though the turn is not over. */
const BUFFER_BYTES = 16 * 1024;

const encoder = new TextEncoder();

export type MessageSink = {
  /** Takes the fds over; the bytes are only valid during the call. */
  write(bytes: Uint8Array, fds: Fd[]): void;
  /** Something waits to be flushed; called once until the next flush. */
  scheduleFlush(): void;
};

/**
 * Encodes messages into one buffer that leaves as a whole: when the turn ends, when it is full, or when so many fds have
 * gathered that the peer could not receive more at once.
 *
 * Hot: allocates nothing. `begin … end` is one message; without `end` it was never there.
 */
export class MessageWriter {
  readonly #sink: MessageSink;
  readonly #bytes = new Uint8Array(BUFFER_BYTES);
  readonly #words = new Int32Array(this.#bytes.buffer);
  #fds: Fd[] = [];
  #committedFds = 0;
  /** In words: [0, committed) is whole messages, [committed, position) the one being written. */
  #committed = 0;
  #position = 0;

  constructor(sink: MessageSink) {
    this.#sink = sink;
  }

  begin(object: number, opcode: number): void {
    if (this.#fds.length > this.#committedFds) this.#closeUncommittedFds();
    if (this.#committed * 4 > BUFFER_BYTES - MAX_MESSAGE_BYTES) this.flush();
    this.#position = this.#committed + 2;
    this.#words[this.#committed] = object;
    this.#words[this.#committed + 1] = opcode;
  }

  int(value: number): void {
    this.#reserve(4);
    this.#words[this.#position++] = value;
  }

  uint(value: number): void {
    this.int(value);
  }

  fixed(value: number): void {
    this.int(Math.round(value * 256));
  }

  string(value: string | null): void {
    if (value === null) {
      this.int(0);
      return;
    }
    if (value.includes('\0')) throw new RangeError('a Wayland string cannot contain a NUL');
    // Three bytes are the most that UTF-8 needs for one UTF-16 unit; only a long string is measured exactly.
    const bound = value.length * 3 + 1;
    const length = bound < 512 ? bound : Buffer.byteLength(value) + 1;
    this.#reserve(4 + length + 3);
    const start = (this.#position + 1) * 4;
    const { written } = encoder.encodeInto(value, this.#bytes.subarray(start, start + length));
    this.#words[this.#position] = written + 1;
    this.#position += 1 + this.#pad(start + written, written + 1);
  }

  array(value: Uint8Array): void {
    this.#reserve(4 + value.length + 3);
    const start = (this.#position + 1) * 4;
    this.#bytes.set(value, start);
    this.#words[this.#position] = value.length;
    this.#position += 1 + this.#pad(start + value.length, value.length);
  }

  /** Moves the fd out of the caller's `Fd`; it is closed once it has left. */
  fd(fd: Fd): void {
    // A new owner: the caller's Fd is closed from now on, not only when the turn ends.
    this.#fds.push(Fd.adopt(fd.take(), fd.what));
  }

  end(): void {
    this.#words[this.#committed + 1]! |= ((this.#position - this.#committed) * 4) << 16;
    const first = this.#committed === 0;
    this.#committed = this.#position;
    if (this.#fds.length - this.#committedFds > 0) this.#commitFds();
    if (first && this.#committed > 0) this.#sink.scheduleFlush();
  }

  flush(): void {
    if (this.#committed === 0) return;
    const bytes = this.#bytes.subarray(0, this.#committed * 4);
    const fds = this.#fds.splice(0, this.#committedFds);
    this.#committed = 0;
    this.#committedFds = 0;
    this.#sink.write(bytes, fds);
  }

  /** Forgets everything that has not left. */
  discard(): void {
    this.#committed = 0;
    this.#committedFds = 0;
    this.#closeUncommittedFds();
  }

  #commitFds(): void {
    this.#committedFds = this.#fds.length;
    if (this.#committedFds >= MAX_FDS_PER_SEND) this.flush();
  }

  #closeUncommittedFds(): void {
    for (const fd of this.#fds.splice(this.#committedFds)) fd.close();
  }

  #reserve(bytes: number): void {
    const size = (this.#position - this.#committed) * 4 + bytes;
    if (size <= MAX_MESSAGE_BYTES) return;
    this.#closeUncommittedFds();
    throw new RangeError(`a Wayland message of ${size} bytes: at most ${MAX_MESSAGE_BYTES} can be sent`);
  }

  /** Zeroes from `from` to the next word boundary after the argument, and returns the argument's words. */
  #pad(from: number, length: number): number {
    const words = (length + 3) >>> 2;
    const end = (this.#position + 1 + words) * 4;
    this.#bytes.fill(0, from, end);
    return words;
  }
}
