import { type Composition, longestText } from './TextInputState.js';

/**
 * How long after a client has seen a change it may take to tell of the cursor's new place (ms): it draws a frame first.
 */
const settleTime = 50;

/** What waits behind a client that has seen nothing yet; a person composes more slowly. */
const mostWaiting = 64;

export interface CompositionPaceOptions {
  send(composition: Composition): void;
  /** Calls back when the client has seen what was sent. */
  whenSeen(callback: () => void): void;
}

/**
 * Changes of one text field, one at a time:
 *
 *   free ──change──▶ sent ──seen by the client──▶ settling ──50 ms──▶ free, or the next change
 *
 * Each change names the state of the client that it is for. Some clients (foot) forget a change when they have told of
 * another state meanwhile, as they do after every change, so that the second of two that come at once would be lost. What
 * waits is made one change as far as it goes.
 */
export class CompositionPace {
  readonly #options: CompositionPaceOptions;
  readonly #waiting: Composition[] = [];
  #busy = false;
  #timer: NodeJS.Timeout | undefined;
  /** Counts the fields: what a client has seen in another one is none of this one's business. */
  #field = 0;

  constructor(options: CompositionPaceOptions) {
    this.#options = options;
  }

  add(composition: Composition): void {
    if (!this.#busy) {
      this.#send(composition);
      return;
    }
    const last = this.#waiting.at(-1);
    const merged = last && merge(last, composition);
    if (merged) this.#waiting[this.#waiting.length - 1] = merged;
    else if (this.#waiting.length < mostWaiting) this.#waiting.push(composition);
  }

  /** Another field, or none: nothing of this one counts. */
  clear(): void {
    this.#field++;
    this.#waiting.length = 0;
    this.#busy = false;
    clearTimeout(this.#timer);
  }

  #send(composition: Composition): void {
    const field = this.#field;
    this.#busy = true;
    this.#options.send(composition);
    this.#options.whenSeen(() => {
      if (field !== this.#field) return;
      this.#timer = setTimeout(() => {
        const next = this.#waiting.shift();
        if (next) this.#send(next);
        else this.#busy = false;
      }, settleTime);
    });
  }
}

/** One change that does what the two do; undefined when there is none. */
function merge(first: Composition, second: Composition): Composition | undefined {
  const deletes = second.before > 0 || second.after > 0;
  if (deletes && first.commit !== '') return undefined;
  const commit = first.commit + second.commit;
  if (Buffer.byteLength(commit) > longestText) return undefined;
  const before = Math.min(first.before + second.before, 0xffff_ffff);
  return { ...second, commit, before, after: Math.min(first.after + second.after, 0xffff_ffff) };
}
