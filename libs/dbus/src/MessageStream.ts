import { closeFdsIn } from './FdsIn.js';
import type { Match } from './Subscriptions.js';

/** What a consumer has not taken yet is at most so much by default; what comes beyond that is counted and dropped. */
const defaultLimit = 1024;

export type StreamOptions = {
  /** How many values may wait to be taken. */
  limit?: number;
};

/**
 * Signals, one after the other, for `for await`. It ends with its connection, and with `break`, `return` and `throw` in the
 * loop; if no loop was begun, dispose it. Values that nobody takes are closed with it, fds included.
 */
export class MessageStream<Value> implements AsyncIterableIterator<Value>, Disposable {
  /** Resolves when the bus has the rule: what is sent from then on is in the stream. */
  readonly ready: Promise<void>;
  readonly #limit: number;
  readonly #match: Match;
  readonly #discard: (value: Value) => void;
  #values: Value[] = [];
  #takers: ((result: IteratorResult<Value>) => void)[] = [];
  #ended = false;
  #lost = 0;

  /** `open` makes the match; its handler gives each value to `push`. `closed`: when the connection ends. */
  constructor(
    open: (push: (value: Value) => void) => Match,
    closed: Promise<unknown>,
    { limit = defaultLimit }: StreamOptions = {},
    discard: (value: Value) => void = closeFdsIn,
  ) {
    this.#discard = discard;
    this.#limit = limit;
    this.#match = open((value) => this.#push(value));
    this.ready = this.#match.ready;
    void closed.then(() => this.#end());
  }

  /** How many values were dropped because too many waited. */
  get lost(): number {
    return this.#lost;
  }

  next(): Promise<IteratorResult<Value>> {
    const value = this.#values.shift();
    if (value !== undefined) return Promise.resolve({ value, done: false });
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  return(): Promise<IteratorResult<Value>> {
    this[Symbol.dispose]();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  [Symbol.dispose](): void {
    this.#match[Symbol.dispose]();
    for (const value of this.#values.splice(0)) this.#discard(value);
    this.#end();
  }

  #push(value: Value): void {
    const taker = this.#takers.shift();
    if (taker) taker({ value, done: false });
    else if (!this.#ended && this.#values.length < this.#limit) this.#values.push(value);
    else {
      this.#lost++;
      this.#discard(value);
    }
  }

  /** What has come may still be taken. */
  #end(): void {
    this.#ended = true;
    for (const taker of this.#takers.splice(0)) taker({ value: undefined, done: true });
  }
}
