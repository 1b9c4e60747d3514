import type { Activity } from '../input/Activity.js';

/** Inhibitors come and go with windows: whether there is one is looked at this often (ms). */
const inhibitedPause = 1000;
/** What setTimeout takes; a longer time is waited for in parts. */
const longestTimer = 2 ** 31 - 1;

export interface IdleWatchOptions {
  readonly activity: Activity;
  /** ms. */
  readonly timeout: number;
  /** Something keeps the seat awake now, or nobody knows what happens on it. */
  awake(): boolean;
  idled(): void;
  resumed(): void;
}

/**
 * Tells when nothing has happened on the seat for a while, and when something does again.
 *
 *   busy ──nothing for `timeout`──▶ idle ──activity──▶ busy
 */
export class IdleWatch implements Disposable {
  readonly #options: IdleWatchOptions;
  #timer: NodeJS.Timeout | undefined;
  #since = performance.now();
  #stopListening: (() => void) | undefined;

  constructor(options: IdleWatchOptions) {
    this.#options = options;
    this.#wait(options.timeout);
  }

  get idle(): boolean {
    return this.#stopListening !== undefined;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#stopListening?.();
  }

  #wait(milliseconds: number): void {
    this.#timer = setTimeout(() => this.#look(), Math.min(longestTimer, Math.max(1, milliseconds)));
    this.#timer.unref();
  }

  #look(): void {
    const { activity, timeout, awake, idled } = this.#options;
    const now = performance.now();
    if (awake()) {
      this.#since = now;
      this.#wait(Math.min(timeout, inhibitedPause));
      return;
    }
    const rest = Math.max(this.#since, activity.last) + timeout - now;
    if (rest > 0) {
      this.#wait(Math.ceil(rest));
      return;
    }
    this.#stopListening = activity.onNotice(() => this.#resume());
    idled();
  }

  #resume(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#options.resumed();
    this.#wait(this.#options.timeout);
  }
}
