import type { Limits } from './Limits.js';

type Wait<Peer> = { caller: Peer; serial: number; callee: Peer; until: number };

/** Calls in the order in which they time out: all have the same time, so that is the order in which they came. */
export class ReplyTimeouts<Peer> {
  readonly #limits: Pick<Limits, 'replyTimeout'>;
  readonly #expired: (caller: Peer, serial: number, callee: Peer) => void;
  #waits: Wait<Peer>[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** `expired` is asked about every call, also about those that have been answered. */
  constructor(
    limits: Pick<Limits, 'replyTimeout'>,
    expired: (caller: Peer, serial: number, callee: Peer) => void,
  ) {
    this.#limits = limits;
    this.#expired = expired;
  }

  /** Hot where calls never time out. */
  add(caller: Peer, serial: number, callee: Peer): void {
    const { replyTimeout } = this.#limits;
    if (replyTimeout === Number.POSITIVE_INFINITY) return;
    this.#waits.push({ caller, serial, callee, until: performance.now() + replyTimeout });
    this.#timer ??= setTimeout(() => this.#expire(), replyTimeout).unref();
  }

  #expire(): void {
    const now = performance.now();
    const due = this.#waits.findIndex(({ until }) => until > now);
    const expired = this.#waits.splice(0, due < 0 ? this.#waits.length : due);
    const next = this.#waits[0];
    this.#timer = next && setTimeout(() => this.#expire(), Math.ceil(next.until - now)).unref();
    for (const { caller, serial, callee } of expired) this.#expired(caller, serial, callee);
  }
}
