import type { Seat } from './Seat.js';
import type { Session } from './Session.js';

/**
 * Locks what is in front of a seat that nobody has used for a while.
 *
 *   used ──time over──▶ locked ──somebody uses it──▶ used
 *    ▲          └──idleness is inhibited──┐
 *    └────────────────────────────────────┘
 */
export class IdleLock {
  readonly #after: number;
  readonly #inhibited: () => boolean;
  readonly #lock: (session: Session) => void;
  /** When each seat was used last, monotonic ms. */
  readonly #used = new Map<Seat, number>();
  readonly #timers = new Map<Seat, NodeJS.Timeout>();

  /** `after` in ms. */
  constructor(after: number, inhibited: () => boolean, lock: (session: Session) => void) {
    this.#after = after;
    this.#inhibited = inhibited;
    this.#lock = lock;
  }

  /** Hot: with every event of its devices. */
  used(seat: Seat): void {
    this.#used.set(seat, performance.now());
    if (!this.#timers.has(seat)) this.#wait(seat, this.#after);
  }

  seatGone(seat: Seat): void {
    clearTimeout(this.#timers.get(seat));
    this.#timers.delete(seat);
    this.#used.delete(seat);
  }

  #wait(seat: Seat, ms: number): void {
    const timer = setTimeout(() => this.#look(seat), ms);
    this.#timers.set(seat, timer.unref());
  }

  #look(seat: Seat): void {
    this.#timers.delete(seat);
    const rest = (this.#used.get(seat) ?? 0) + this.#after - performance.now();
    if (rest > 0) {
      this.#wait(seat, rest);
      return;
    }
    // A film is a use as well.
    if (this.#inhibited()) this.#wait(seat, this.#after);
    else if (seat.active?.canLock) this.#lock(seat.active);
  }
}
