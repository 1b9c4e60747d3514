import type { Seat } from './Seat.js';
import type { SeatEvents } from './SeatEvents.js';
import type { Session } from './Session.js';
import { SwitchSuperseded } from './SwitchSuperseded.js';

interface Waiter {
  resolve(): void;
  reject(error: Error): void;
}

/**
 * A seat's change of the active session.
 *
 *            request(B)                     all of A's devices done | grace over | A ended
 *   idle ───────────────────▶ negotiating ──────────────────────────────────────────────▶ B active, idle
 *    ▲                         │       ▲ │
 *    │  request(A) | B ended   │       └─┘ request(C): C replaces B; the clock runs on
 *    └────(A is resumed)───────┘
 *
 * A device of A is done when it was acknowledged, released, unplugged, or when A's controller is gone. The grace time
 * runs from the first request, so no stream of requests and no silence can hold a switch up for longer. Handing over
 * is one step without waiting: every channel of A is shut down, input first, before B hears that it is active.
 */
export class Switch {
  readonly #seat: Seat;
  readonly #events: SeatEvents;
  readonly #grace: number;
  #target: Session | undefined;
  #clock: NodeJS.Timeout | undefined;
  #waiters: Waiter[] = [];

  /** `grace` in ms; 0 forces at once. */
  constructor(seat: Seat, events: SeatEvents, grace: number) {
    this.#seat = seat;
    this.#events = events;
    this.#grace = grace;
  }

  /** Who is to become active; undefined when idle. */
  get target(): Session | undefined {
    return this.#target;
  }

  /** Resolves when `session` is active; rejects with SwitchSuperseded when it will not become so. */
  request(session: Session): Promise<void> {
    return new Promise<void>((resolve, reject) => this.#start(session, { resolve, reject }));
  }

  /** The same for those who wait for no answer: keys. */
  start(session: Session): void {
    this.#start(session, undefined);
  }

  /** Nobody is asked: for what may not wait. */
  force(session: Session): void {
    this.#settle((one) => one.reject(new SwitchSuperseded(session.id)));
    if (session === this.#seat.active) this.#cancel();
    else this.#handOver(session);
  }

  #start(session: Session, waiter: Waiter | undefined): void {
    if (session !== this.#target) this.#settle((one) => one.reject(new SwitchSuperseded(session.id)));
    if (waiter) this.#waiters.push(waiter);
    if (session === this.#seat.active) {
      this.#cancel();
      this.#settle((waiter) => waiter.resolve());
    } else if (this.#target) {
      this.#target = session;
    } else {
      this.#target = session;
      const leaving = this.#seat.active;
      if (leaving && this.#grace > 0) {
        this.#clock = setTimeout(() => this.expire(), this.#grace);
        leaving.askToPause();
      }
      this.progress();
    }
  }

  /** A device of the leaving session may be done. */
  progress(): void {
    if (this.#target && !this.#seat.active?.pausing) this.#handOver(this.#target);
  }

  /** The grace time is over. */
  expire(): void {
    if (this.#target) this.#handOver(this.#target);
  }

  /** The session is leaving the seat, its devices are revoked already. */
  sessionEnded(session: Session): void {
    if (session === this.#target) {
      this.#cancel();
      this.#settle((waiter) => waiter.reject(new SwitchSuperseded(undefined)));
    }
    if (session === this.#seat.active) this.#handOver(this.#target ?? this.#seat.successorOf(session));
  }

  #cancel(): void {
    if (!this.#target) return;
    this.#target = undefined;
    clearTimeout(this.#clock);
    this.#seat.active?.resumeDevices();
  }

  #handOver(to: Session | undefined): void {
    clearTimeout(this.#clock);
    this.#target = undefined;
    const from = this.#seat.active;
    const forced = from?.revokeDevices() ?? 0;
    this.#seat.active = to;
    if (to) to.lastActive = ++this.#seat.activations;
    if (from) this.#events.sessionChanged(from, 'Active', 'State');
    if (to) {
      this.#events.sessionChanged(to, 'Active', 'State');
      to.resumeDevices();
    }
    this.#events.seatChanged(this.#seat, 'ActiveSession');
    this.#events.switched(this.#seat, from, to, { forced, awaited: this.#waiters.length > 0 });
    this.#settle((waiter) => waiter.resolve());
  }

  #settle(how: (waiter: Waiter) => void): void {
    for (const waiter of this.#waiters.splice(0)) how(waiter);
  }
}
