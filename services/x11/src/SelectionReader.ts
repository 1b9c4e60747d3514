import type { XEvent } from 'x11';
import { none, type XClient } from './XClient.js';

/** An owner that does nothing for this long is given up (ms). */
const patience = 3000;
/** All portions of one value have so long (ms): who sends them one by one holds up who reads the next. */
const longest = 30_000;
/** Reads that wait for the ones before them; more get nothing. */
const waitingLimit = 32;

/**
 * Reads what the owner of a selection has (ICCCM 2.4, 2.7.2), by a property of a window of ours. Reads go one after the
 * other, since all use that property; when somebody else becomes the owner, those for the one before get nothing, at once.
 */
export class SelectionReader {
  readonly #client: XClient;
  readonly #window: number;
  readonly #selection: number;
  readonly #property: number;
  readonly #incr: number;
  /** The owner's time, by which it is known. */
  #owner = 0;
  #reading: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #notified: ((property: number | undefined) => void) | undefined;
  #target: number = none;
  /** Our property has a value that was not looked at. */
  #hasPortion = false;
  #portionArrived: ((isThere: true | undefined) => void) | undefined;

  constructor(client: XClient, parts: { window: number; selection: number; property: number; incr: number }) {
    this.#client = client;
    ({
      window: this.#window,
      selection: this.#selection,
      property: this.#property,
      incr: this.#incr,
    } = parts);
  }

  /** When it became the owner. */
  get owner(): number {
    return this.#owner;
  }

  /** Somebody else owns the selection since that time. */
  ownedSince(time: number): void {
    this.#owner = time;
    this.#notified?.(undefined);
    this.#portionArrived?.(undefined);
  }

  /** An event for our window: the owner has answered. */
  notified(event: XEvent): void {
    // What comes late belongs to a read that was given up.
    if (event['target'] === this.#target) this.#notified?.(Number(event['property']));
  }

  /** Our property has a new value. */
  changed(): void {
    this.#hasPortion = true;
    this.#portionArrived?.(true);
  }

  /** What the owner since `owner` has as `target`; undefined when it does not come, or is more than `limit` bytes. */
  read(owner: number, target: number, limit: number): Promise<Buffer | undefined> {
    if (owner !== this.#owner || this.#waiting >= waitingLimit) return Promise.resolve(undefined);
    this.#waiting++;
    const turn = this.#reading
      .then(() => (owner === this.#owner ? this.#readNow(target, limit) : undefined))
      .finally(() => this.#waiting--);
    this.#reading = turn.catch(() => {});
    return turn;
  }

  async #readNow(target: number, limit: number): Promise<Buffer | undefined> {
    const answer = within<number>((done) => {
      this.#notified = done;
    });
    this.#target = target;
    this.#hasPortion = false;
    this.#client.send('ConvertSelection', this.#window, this.#selection, target, this.#property, this.#owner);
    const property = await answer;
    this.#notified = undefined;
    if (property !== this.#property) return undefined;
    const value = await this.#client.property(this.#window, property, { limit, take: true });
    if (!value || value.truncated) return undefined;
    return value.type === this.#incr ? this.#portions(limit) : value.bytes;
  }

  /** Each portion comes when the one before it has been removed; an empty one ends it. */
  async #portions(limit: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    let length = 0;
    const [owner, start] = [this.#owner, performance.now()];
    while (this.#owner === owner && performance.now() - start < longest) {
      // It may have come with the answer that took the one before it.
      const arrived =
        this.#hasPortion ||
        (await within<true>((done) => {
          this.#portionArrived = done;
        }));
      if (!arrived || this.#owner !== owner) return undefined;
      this.#hasPortion = false;
      const value = await this.#client.property(this.#window, this.#property, { limit, take: true });
      // It was the notice of the value before this one.
      if (!value) continue;
      if (value.bytes.length === 0) return Buffer.concat(parts);
      length += value.bytes.length;
      if (length > limit) return undefined;
      parts.push(value.bytes);
    }
    // Somebody else copied something meanwhile, or it took too long.
    return undefined;
  }
}

/** Undefined when it has not come in time. */
function within<T>(start: (done: (value: T | undefined) => void) => void): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), patience);
    start((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
