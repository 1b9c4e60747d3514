import { Fd, Poll, SystemError, write } from '@switchyard/sys';
import { LineDiscipline } from './LineDiscipline.js';

/** Input that the program has not read yet: a paste of the largest size that we take, and what is typed meanwhile. */
const QUEUE_LIMIT = 9 << 20;
/** With this much unread, the terminal stops answering queries: a program that asks without reading cannot fill our memory. */
const ANSWER_LIMIT = 64 << 10;

/** Our writing side of the pseudo-terminal's master: never blocks, and waits without spinning while the program does not read. */
export class PtyInput {
  /** What stands between it and the program. */
  readonly line: LineDiscipline;
  readonly #fd: Fd;
  #queue: Uint8Array[] = [];
  #queued = 0;
  #poll: Poll | undefined;

  /** `master` stays the caller's. */
  constructor(master: number) {
    const borrowed = Fd.adopt(master, 'pty');
    try {
      this.#fd = borrowed.dup('pty');
    } finally {
      borrowed.take();
    }
    this.line = new LineDiscipline(this.#fd);
  }

  write(bytes: Uint8Array): void {
    if (this.#fd.closed || this.#queued + bytes.length > QUEUE_LIMIT) return;
    const rest = this.#queued > 0 ? bytes : this.#send(bytes);
    if (!rest) return;
    this.#queue.push(rest.slice());
    this.#queued += rest.length;
    this.#poll ??= Poll.watch(this.#fd, 'writable', () => this.#drain());
  }

  /** As `write`, for what nobody typed. */
  answer(bytes: Uint8Array): void {
    if (this.#queued < ANSWER_LIMIT) this.write(bytes);
  }

  close(): void {
    this.#poll?.close();
    this.#poll = undefined;
    this.#queue = [];
    this.#queued = 0;
    this.#fd.close();
  }

  /** What the kernel did not take; undefined when all is gone, or nobody will ever read it. */
  #send(bytes: Uint8Array): Uint8Array | undefined {
    let sent = 0;
    try {
      while (sent < bytes.length) {
        const count = write(this.#fd, bytes.subarray(sent));
        if (count < 0) return bytes.subarray(sent);
        sent += count;
      }
    } catch (error) {
      // EIO: the other side is closed. Its end is told by the process's exit.
      if (!(error instanceof SystemError)) throw error;
      this.#queue = [];
      this.#queued = 0;
    }
    return undefined;
  }

  #drain(): void {
    while (this.#queue.length > 0) {
      const first = this.#queue[0]!;
      const rest = this.#send(first);
      if (rest) {
        this.#queued -= first.length - rest.length;
        this.#queue[0] = rest;
        return;
      }
      this.#queue.shift();
      this.#queued -= Math.min(this.#queued, first.length);
    }
    this.#poll?.close();
    this.#poll = undefined;
  }
}
