import type { Log } from '@switchyard/runtime';
import type { Origin } from './Origin.js';

/** Lines of the log in a minute for one origin, and for all of them; what is more is counted. */
const LINES_OF_ONE = 20;
const LINES = 200;
const MINUTE_MS = 60_000;
/** Of what a stranger has sent us (characters). */
const TOLD_MAX = 100;

/** For the log: who was not let in, and why. The log is kept in memory or on a disk, which strangers must not fill. */
export class TurnedAway {
  readonly #log: Log;
  readonly #lines = new Map<Origin, number>();
  #since = 0;
  #total = 0;
  #untold = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  note(origin: Origin, fields: Readonly<Record<string, unknown>>, what: string, now = Date.now()): void {
    if (now - this.#since >= MINUTE_MS) this.#begin(now);
    const lines = this.#lines.get(origin) ?? 0;
    if (lines >= LINES_OF_ONE || this.#total >= LINES) {
      this.#untold++;
      return;
    }
    this.#lines.set(origin, lines + 1);
    this.#total++;
    const told = Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.slice(0, TOLD_MAX) : value,
    ]);
    this.#log.warn(Object.fromEntries(told), what);
  }

  #begin(now: number): void {
    if (this.#untold > 0) this.#log.warn({ more: this.#untold }, 'others were turned away and not told of');
    this.#since = now;
    this.#total = this.#untold = 0;
    this.#lines.clear();
  }
}
