import type { Seat } from '../Seat.js';
import type { SeatManager } from '../SeatManager.js';
import type { CardPart } from './CardPart.js';
import type { ConnectorSeats, SharedCard } from './SharedCard.js';

/**
 * Connectors of a shared card on their way from seat to seat.
 *
 *   settled ──deal()──▶ asking ──whoever loses or gains has given the card up | grace over──▶ settled
 *                        ▲  │
 *                        └──┘ deal(): this outcome instead; the clock runs on
 *
 * A lease cannot be changed: the session in front of a seat that has another share than before gets a new one, and sees it as a
 * switch that was taken back: all its devices pause and resume. A seat without any connector has the card no more.
 */
export class CardDealer {
  readonly card: SharedCard;
  readonly #manager: SeatManager;
  readonly #grace: number;
  readonly #settled: () => void;
  #target: ConnectorSeats | undefined;
  #clock: NodeJS.Timeout | undefined;
  /** Seats whose session in front begins anew when it is settled. */
  readonly #paused = new Set<Seat>();
  #waiters: (() => void)[] = [];

  /** `grace` in ms; 0 forces at once. `settled`: the card may have parts now that nobody has heard of. */
  constructor(card: SharedCard, manager: SeatManager, grace: number, settled: () => void) {
    this.card = card;
    this.#manager = manager;
    this.#grace = grace;
    this.#settled = settled;
    card.onRevoked = () => this.#progress();
  }

  /** Resolves when every seat has its own. */
  deal(seats: ConnectorSeats): Promise<void> {
    if (same(seats, this.#target ?? this.card.seats)) return this.whenSettled();
    const asked = this.#target !== undefined;
    this.#target = seats;
    const done = this.whenSettled();
    for (const seat of this.#leaseholders()) {
      this.#paused.add(seat);
      if (this.#grace > 0) seat.active?.askToPause();
    }
    if (!asked) this.#clock = setTimeout(() => this.#settle(), this.#grace);
    this.#progress();
    return done;
  }

  whenSettled(): Promise<void> {
    if (!this.#target) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** The card is gone, or one seat's as a whole. */
  close(): void {
    clearTimeout(this.#clock);
    this.#target = undefined;
    this.card.onRevoked = () => {};
    for (const part of this.card.parts) this.#manager.removeDevice(part);
    this.card.close();
    this.#answer();
  }

  #progress(): void {
    if (this.#target && !this.#changing().some((part) => this.card.isLeased(part))) this.#settle();
  }

  #settle(): void {
    const target = this.#target;
    if (!target) return;
    clearTimeout(this.#clock);
    const changing = this.#changing();
    const concerned = new Set([...this.#paused, ...this.#leaseholders()]);
    this.#paused.clear();
    this.#target = undefined;
    // What is still held is taken from all before any of it is given to others.
    for (const seat of concerned) seat.active?.revokeDevices();
    const gone = this.card.assign(target);
    for (const part of gone) this.#manager.removeDevice(part);
    for (const part of changing) this.#manager.deviceChanged(part);
    for (const { active, switch: change } of concerned) {
      // Of a switch on which the seat is, this was one of the things that it waited for.
      if (change.target) change.progress();
      else if (active) {
        active.resumeDevices();
        // Who has no device left to resume would take itself for paused.
        this.#manager.sessionChanged(active, 'Active');
      }
    }
    this.#settled();
    this.#answer();
  }

  /** Parts that have another share before than after. */
  #changing(): CardPart[] {
    const [before, after] = [this.card.seats, this.#target ?? this.card.seats];
    const names = new Set([...before.keys(), ...after.keys()]);
    const seats = new Set(
      [...names]
        .filter((name) => before.get(name) !== after.get(name))
        .flatMap((name) => [before.get(name), after.get(name)]),
    );
    return this.card.parts.filter(({ seat }) => seats.has(seat));
  }

  /** Seats of those parts whose session in front has its lease. */
  #leaseholders(): Seat[] {
    const leased = this.#changing().filter((part) => this.card.isLeased(part));
    return leased.flatMap(({ seat }) => this.#manager.seats.get(seat) ?? []);
  }

  #answer(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}

function same(one: ConnectorSeats, other: ConnectorSeats): boolean {
  return one.size === other.size && [...one].every(([name, seat]) => other.get(name) === seat);
}
