import type { Fd } from '@switchyard/sys';

/**
 * A message that breaks the wire format or its signature. Thrown by the reader while a message is decoded and caught by
 * the runtime that dispatches it; it never reaches a handler.
 */
export class MalformedMessage extends Error {}

const decoder = new TextDecoder();

/**
 * Decodes the arguments of one message at a time, in place, from the connection's receive buffer.
 *
 * Hot: allocates for strings, arrays and fds only. Words are in the host's byte order, as Wayland has it, and always
 * aligned, since every message is a multiple of four bytes.
 */
export class MessageReader {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #fds: Fd[];
  readonly #taken: Fd[] = [];
  #position = 0;
  #end = 0;

  /** @param fds the queue of received fds, in order; arguments take from its front. */
  constructor(buffer: ArrayBuffer, fds: Fd[]) {
    this.#words = new Int32Array(buffer);
    this.#bytes = new Uint8Array(buffer);
    this.#fds = fds;
  }

  /** Turns to the arguments that lie in [start, end), both in bytes. */
  begin(start: number, end: number): void {
    this.#position = start >> 2;
    this.#end = end >> 2;
    this.#taken.length = 0;
  }

  /** Called when all arguments are read: what remains was not in the signature. */
  end(): void {
    if (this.#position !== this.#end) throw new MalformedMessage('longer than its arguments');
  }

  int(): number {
    if (this.#position >= this.#end) throw new MalformedMessage('shorter than its arguments');
    return this.#words[this.#position++]!;
  }

  uint(): number {
    return this.int() >>> 0;
  }

  /** 24.8 fixed point. */
  fixed(): number {
    return this.int() / 256;
  }

  string(): string {
    return this.stringOrNull() ?? malformed('a null string where none may be');
  }

  stringOrNull(): string | null {
    const length = this.uint();
    if (length === 0) return null;
    const start = this.#skip(length);
    const last = start + length - 1;
    if (this.#bytes.indexOf(0, start) !== last)
      throw new MalformedMessage('a string that does not end with its NUL');
    return decoder.decode(this.#bytes.subarray(start, last));
  }

  /** A copy, the caller's own. */
  array(): Uint8Array {
    const length = this.uint();
    const start = this.#skip(length);
    return this.#bytes.slice(start, start + length);
  }

  /** The next received fd, the caller's from now on. */
  fd(): Fd {
    const fd = this.#fds.shift() ?? malformed('fewer file descriptors than arguments');
    this.#taken.push(fd);
    return fd;
  }

  /** Closes what the current message brought and nobody has taken over: it failed half-way. */
  closeFds(): void {
    for (const fd of this.#taken) fd.close();
    this.#taken.length = 0;
  }

  #skip(length: number): number {
    const start = this.#position * 4;
    // The length is the peer's: compared before it is rounded up, so that 0xffffffff cannot wrap to 0.
    if (length > this.#end * 4 - start) throw new MalformedMessage('a length beyond the message');
    this.#position += (length + 3) >>> 2;
    return start;
  }
}

function malformed(what: string): never {
  throw new MalformedMessage(what);
}
