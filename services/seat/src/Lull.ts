/** A compositor takes its devices one after the other, and draws when it has them all. */
const QUIET_MS = 100;
/** However long it goes on asking. */
const WAIT_MAX_MS = 500;

/**
 * What a switch leaves to be written waits until who came to the front has what it asks for: its picture does not wait for
 * files.
 *
 *   idle ──soon()──▶ waiting ──no step() for a while | waited long enough──▶ idle, all done
 */
export class Lull {
  readonly #waiting = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #since = 0;
  #last = 0;

  /** Somebody asked for something and will ask for more. */
  step(): void {
    if (this.#timer) this.#last = performance.now();
  }

  /** `what` is done in the next lull, once. */
  soon(what: () => void): void {
    this.#waiting.add(what);
    if (this.#timer) return;
    this.#since = performance.now();
    this.#last = this.#since;
    this.#timer = setTimeout(() => this.#look(), QUIET_MS);
  }

  /** It is done already. */
  forget(what: () => void): void {
    this.#waiting.delete(what);
  }

  #look(): void {
    const now = performance.now();
    const left = Math.min(this.#last + QUIET_MS, this.#since + WAIT_MAX_MS) - now;
    if (left >= 1) {
      this.#timer = setTimeout(() => this.#look(), left);
      return;
    }
    this.#timer = undefined;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const what of waiting) what();
  }
}
