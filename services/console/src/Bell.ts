/** Long enough to be seen in one frame at 30 Hz or more. */
const FLASH_MS = 60;
/** A program that rings all the time must not make the screen flicker: at most about three flashes a second (WCAG 2.3.1). */
const PAUSE_MS = 350;

/** The visual bell: the screen is inverted for a moment. */
export class Bell {
  readonly #changed: () => void;
  /** The user may not want it. */
  silent = false;
  #last = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get flashes(): boolean {
    return this.#timer !== undefined;
  }

  ring(): void {
    const now = performance.now();
    if (this.silent || now - this.#last < PAUSE_MS) return;
    this.#last = now;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#changed();
    }, FLASH_MS);
    this.#changed();
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
