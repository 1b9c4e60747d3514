/** The answer to the first wrong password comes after this, to each further one after twice as long… */
const FIRST_DELAY_MS = 1000;
/** …and no later than this: who has mistyped must not be locked out by somebody who guesses. */
const LONGEST_DELAY_MS = 30_000;
/** Tries for one key that wait for those before them. */
const QUEUE_LIMIT = 4;
/** Keys of which failures are remembered; the one that failed longest ago is forgotten. */
const KEY_LIMIT = 1024;

interface Tries {
  failures: number;
  waiting: number;
  last: Promise<unknown>;
}

/**
 * Makes guessing slow: tries for one key (a user, an address) go one after the other, and one that fails is answered only
 * after a delay that doubles with each failure in a row. The delay runs from the beginning of the try, so the time until
 * the answer does not tell what was wrong.
 */
export class Throttle {
  readonly #first: number;
  readonly #tries = new Map<string, Tries>();

  constructor(firstDelay = FIRST_DELAY_MS) {
    this.#first = firstDelay;
  }

  /** Milliseconds that the answer to the next failure takes at least. */
  delay(key: string): number {
    return Math.min(LONGEST_DELAY_MS, this.#first * 2 ** (this.#tries.get(key)?.failures ?? 0));
  }

  /** Resolves to what `attempt` does; undefined when too many wait already. `succeeded` tells whether it counts as a failure. */
  async run<T>(
    key: string,
    attempt: () => Promise<T>,
    succeeded: (result: T) => boolean,
  ): Promise<T | undefined> {
    const tries = this.#of(key);
    if (tries.waiting >= QUEUE_LIMIT) return undefined;
    tries.waiting++;
    const turn = tries.last.then(() => this.#attempt(key, tries, attempt, succeeded));
    tries.last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      tries.waiting--;
      if (tries.failures === 0 && tries.waiting === 0 && this.#tries.get(key) === tries)
        this.#tries.delete(key);
    }
  }

  async #attempt<T>(
    key: string,
    tries: Tries,
    attempt: () => Promise<T>,
    succeeded: (result: T) => boolean,
  ): Promise<T> {
    const over = performance.now() + this.delay(key);
    const result = await attempt();
    if (succeeded(result)) {
      tries.failures = 0;
      return result;
    }
    tries.failures++;
    const left = over - performance.now();
    if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
    return result;
  }

  #of(key: string): Tries {
    const known = this.#tries.get(key);
    // Again behind all others, as the last that was used.
    this.#tries.delete(key);
    const tries = known ?? { failures: 0, waiting: 0, last: Promise.resolve() };
    this.#tries.set(key, tries);
    for (const [oldest, { waiting }] of this.#tries) {
      if (this.#tries.size <= KEY_LIMIT) break;
      if (waiting === 0 && oldest !== key) this.#tries.delete(oldest);
    }
    return tries;
  }
}
