import { Fd, Poll, PollEvents, read, SystemError } from '@switchyard/sys';

/** Given on at once. The kernel hands out at most 4 kB a read(2): what is there is taken together. */
const PIECE_BYTES = 16 << 10;
/**
 * For so long one turn of the event loop takes pieces, as long as there are whole ones: by time and not by bytes, since some output costs
 * a hundred times as much as other. Keys, and the display's word that a frame may come, wait no longer. It is shorter than what the
 * kernel lets run at once where the processor is shared: whoever has just been woken must come to the keys before he is put aside again.
 */
const TURN_MS = 1;
/** Read after the program's end: more than the kernel keeps. */
const LAST_TURNS = 4;

/** Our reading side of the pseudo-terminal's master. */
export class PtyOutput {
  readonly #fd: Fd;
  readonly #poll: Poll;
  readonly #output: (bytes: Uint8Array) => void;
  /** A Buffer, as what it is parted into is. */
  readonly #buffer = Buffer.alloc(PIECE_BYTES);
  #held = false;

  /** `master` stays the caller's. `output` must not keep the bytes: the next piece overwrites them. */
  constructor(master: number, output: (bytes: Uint8Array) => void) {
    const borrowed = Fd.adopt(master, 'pty');
    try {
      this.#fd = borrowed.dup('pty');
    } finally {
      borrowed.take();
    }
    this.#output = output;
    this.#poll = Poll.watch(this.#fd, 'readable', () => this.#turn());
  }

  /** Nothing is read, until it is again. */
  hold(held: boolean): void {
    this.#held = held;
    this.#poll.change(held ? 0 : PollEvents.readable);
  }

  /** The program has ended: what it wrote last is still there to be read. Others that hold the terminal are not waited for. */
  finish(): void {
    for (let turn = 0; turn < LAST_TURNS && !this.#fd.closed; turn++) if (this.#turn() === 0) break;
    this.close();
  }

  close(): void {
    this.#poll.close();
    this.#fd.close();
  }

  /** Bytes that came. */
  #turn(): number {
    const end = performance.now() + TURN_MS;
    let total = 0;
    let length: number;
    do {
      length = this.#piece();
      total += length;
    } while (length === PIECE_BYTES && !this.#held && !this.#fd.closed && performance.now() < end);
    return total;
  }

  #piece(): number {
    let length = 0;
    let ended = false;
    try {
      while (length < PIECE_BYTES) {
        const count = read(this.#fd, this.#buffer.subarray(length));
        ended = count === 0;
        if (count <= 0) break;
        length += count;
      }
    } catch (error) {
      // EIO: nobody has the other side open. The program's end is told by its exit.
      if (!(error instanceof SystemError)) throw error;
      ended = true;
    }
    if (ended) this.close();
    if (length > 0) this.#output(this.#buffer.subarray(0, length));
    return length;
  }
}
