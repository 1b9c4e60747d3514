import { loginError } from './LoginError.js';
import { Seat } from './Seat.js';
import type { SeatEvents } from './SeatEvents.js';
import type { SeatVts } from './vt/SeatVts.js';

/** A machine has one screen for its VTs, and by everybody's convention it is this seat's. */
const SEAT_WITH_VTS = 'seat0';

/** A seat exists while it has devices or sessions; a permanent one always. */
export class SeatRegistry {
  readonly #seats = new Map<string, Seat>();
  readonly #events: SeatEvents;
  readonly #grace: number;
  readonly #permanent: ReadonlySet<string>;
  readonly #vts: ((seat: Seat) => SeatVts) | undefined;

  /** `vts`: the kernel's VTs for the seat that has them. */
  constructor(
    events: SeatEvents,
    grace: number,
    permanent: ReadonlySet<string>,
    vts?: (seat: Seat) => SeatVts,
  ) {
    this.#events = events;
    this.#grace = grace;
    this.#permanent = vts ? new Set([...permanent, SEAT_WITH_VTS]) : permanent;
    this.#vts = vts;
  }

  [Symbol.iterator](): IterableIterator<Seat> {
    return this.#seats.values();
  }

  get(id: string): Seat | undefined {
    return this.#seats.get(id);
  }

  /** Throws NoSuchSeat. */
  require(id: string): Seat {
    const seat = this.#seats.get(id);
    if (!seat) throw loginError.noSuchSeat(id);
    return seat;
  }

  /** The seat, which appears with this call if need be. */
  ensure(id: string): Seat {
    let seat = this.#seats.get(id);
    if (!seat) {
      seat = new Seat(id, this.#events, this.#grace, id === SEAT_WITH_VTS ? this.#vts : undefined);
      this.#seats.set(id, seat);
      this.#events.seatNew(seat);
    }
    return seat;
  }

  ensurePermanent(): void {
    for (const id of this.#permanent) this.ensure(id);
  }

  /** It vanishes if nothing is left of it. */
  release(seat: Seat): void {
    if (!seat.empty || this.#permanent.has(seat.id) || this.#seats.get(seat.id) !== seat) return;
    this.#seats.delete(seat.id);
    this.#events.seatRemoved(seat);
  }
}
