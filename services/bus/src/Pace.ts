/** What a connection may have on its way to readers before it is not read any more: a long message, or a few reads' worth of short ones. */
const highWater = 1024 * 1024;
/** It is read again when no more than this is left. */
const lowWater = 512 * 1024;
/** A message weighs this besides its bytes: readers take their time for each. */
export const messageWeight = 512;
/** A reader that takes nothing for so long paces nobody: what goes to it is a matter of its quota alone. */
export const patience = 100;
/** How long one rests who sends on although it was told that it is over its quota. */
const rest = 10;

/** What a pace stops and starts. */
export interface Paced {
  /** Whether it is to be read. */
  reads(on: boolean): void;
  /** Whoever keeps it waiting has had time enough. */
  impatient(): void;
}

/**
 * Makes a sender as slow as those who read from it, and never slower because somebody does not read:
 *
 *   read ──more than the high-water mark waits for readers──▶ stopped ──drained to the low one──▶ read
 *    └──over its quota──▶ resting ──10 ms──▶ read                └──100 ms──▶ the readers that took nothing do not count
 */
export class Pace {
  /** What waits for those who read: bytes, and the weight of each message. */
  #waiting = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #over = false;
  readonly #paced: Paced;

  constructor(paced: Paced) {
    this.#paced = paced;
  }

  /** More waits, or less. Hot. */
  change(weight: number): void {
    this.#waiting += weight;
    if (this.#stopped && this.#waiting <= lowWater) this.#go();
  }

  /** It sent something that its quota has no room for. */
  refused(): void {
    this.#over = true;
  }

  /** Asked before each read. False: not now; it will be read again. Hot. */
  mayRead(): boolean {
    if (this.#waiting <= highWater && !this.#over) return true;
    if (this.#stopped) return false;
    this.#stopped = true;
    this.#paced.reads(false);
    if (this.#over) this.#timer = setTimeout(() => this.#go(), rest);
    else this.#wait();
    this.#over = false;
    return false;
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    this.#timer = setTimeout(() => {
      this.#paced.impatient();
      if (this.#stopped) this.#wait();
    }, patience);
  }

  #go(): void {
    clearTimeout(this.#timer);
    this.#stopped = false;
    this.#paced.reads(true);
  }
}
