import type { Log } from '@switchyard/runtime';
import type { Rank } from './Lobby.js';
import type { Origin } from './Origin.js';

/** One who floods the door must not flood the log: what was counted is told once in this time (ms). */
const TELL_MS = 60_000;
/** Origins in one line. */
const ORIGINS_TOLD = 8;

/** For the log: whose sockets were let go of because they had too many. */
export class PushedOut {
  readonly #log: Log;
  readonly #door: string;
  readonly #counts = new Map<Origin, number>();
  #total = 0;
  #next = 0;

  constructor(log: Log, door: string) {
    this.#log = log;
    this.#door = door;
  }

  /** The first is told at once. */
  note(origin: Origin, rank: Rank, now = Date.now()): void {
    this.#total++;
    if (this.#counts.size < ORIGINS_TOLD || this.#counts.has(origin))
      this.#counts.set(origin, (this.#counts.get(origin) ?? 0) + 1);
    if (now < this.#next) return;
    this.#next = now + TELL_MS;
    const origins = Object.fromEntries(this.#counts);
    this.#log.warn({ door: this.#door, rank, sockets: this.#total, origins }, 'too many connections');
    this.#counts.clear();
    this.#total = 0;
  }
}
