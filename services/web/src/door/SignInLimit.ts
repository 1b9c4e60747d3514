import type { Origin } from './Origin.js';

/** Tries that need no waiting: for one user somebody mistypes a few times, and behind one address may be an office. */
const FREE_OF_ONE = 4;
const FREE_OF_ORIGIN = 16;
/** After these, the next try has to wait for this, after each further one for twice as long… */
const FIRST_DELAY_MS = 10_000;
/** …up to this. */
const LONGEST_DELAY_MS = 300_000;
/** Who has not tried for as long begins anew (ms). */
const FORGET_MS = 900_000;
/** The one that was used longest ago is forgotten: costs a guesser with many addresses nothing, but us no memory. */
const TALLIES_MAX = 4096;

interface Tally {
  failures: number;
  last: number;
  until: number;
}

/** A try that was begun. It counts as failed until it succeeds, so that many at once are no way around the limit. */
export interface CountedTry {
  succeeded(): void;
}

/**
 * How often passwords may be tried: counted by origin, and by origin and user. While somebody has to wait, nothing is
 * tried for him at all, so the right password is answered as a wrong one is. Nobody else waits for it, not even for the
 * same user.
 */
export class SignInLimit {
  readonly #tallies = new Map<string, Tally>();

  /** Milliseconds to wait; or the try, which may be made now. */
  begin(origin: Origin, user: string, now = Date.now()): CountedTry | number {
    const ofOrigin = this.#tally(origin, now);
    const ofOne = this.#tally(`${origin} ${user}`, now);
    const wait = Math.max(ofOrigin.until, ofOne.until) - now;
    if (wait > 0) return wait;
    count(ofOrigin, FREE_OF_ORIGIN, now);
    count(ofOne, FREE_OF_ONE, now);
    return {
      succeeded: () => {
        // What others tried from there stays, or who has an account of his own could start his guesses anew with it.
        ofOrigin.failures--;
        ofOrigin.until = 0;
        ofOne.failures = 0;
        ofOne.until = 0;
      },
    };
  }

  #tally(name: string, now: number): Tally {
    let tally = this.#tallies.get(name);
    this.#tallies.delete(name);
    if (tally === undefined || now - Math.max(tally.last, tally.until) > FORGET_MS)
      tally = { failures: 0, last: now, until: 0 };
    this.#tallies.set(name, tally);
    if (this.#tallies.size > TALLIES_MAX) this.#tallies.delete(this.#tallies.keys().next().value!);
    return tally;
  }
}

function count(tally: Tally, free: number, now: number): void {
  tally.failures++;
  tally.last = now;
  const over = tally.failures - free;
  if (over >= 0) tally.until = now + Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** over);
}
