import type { Device } from './Device.js';
import type { Theft } from './hardware/MasterGuard.js';
import type { Seat } from './Seat.js';
import type { SeatEvents, SeatProperty, SessionProperty, SwitchOutcome, UserProperty } from './SeatEvents.js';
import type { Session } from './Session.js';
import type { User } from './User.js';

/** Hands every event to all who listen, in the order in which they came. */
export class SeatEventsHub implements SeatEvents {
  readonly #listeners: Partial<SeatEvents>[] = [];

  add(listener: Partial<SeatEvents>): void {
    this.#listeners.push(listener);
  }

  sessionNew(session: Session): void {
    for (const one of this.#listeners) one.sessionNew?.(session);
  }
  sessionChanged(session: Session, ...properties: SessionProperty[]): void {
    for (const one of this.#listeners) one.sessionChanged?.(session, ...properties);
  }
  sessionRemoved(session: Session): void {
    for (const one of this.#listeners) one.sessionRemoved?.(session);
  }
  seatNew(seat: Seat): void {
    for (const one of this.#listeners) one.seatNew?.(seat);
  }
  seatChanged(seat: Seat, ...properties: SeatProperty[]): void {
    for (const one of this.#listeners) one.seatChanged?.(seat, ...properties);
  }
  seatRemoved(seat: Seat): void {
    for (const one of this.#listeners) one.seatRemoved?.(seat);
  }
  userNew(user: User): void {
    for (const one of this.#listeners) one.userNew?.(user);
  }
  userChanged(user: User, ...properties: UserProperty[]): void {
    for (const one of this.#listeners) one.userChanged?.(user, ...properties);
  }
  userRemoved(user: User): void {
    for (const one of this.#listeners) one.userRemoved?.(user);
  }
  deviceAdded(device: Device): void {
    for (const one of this.#listeners) one.deviceAdded?.(device);
  }
  deviceChanged(device: Device): void {
    for (const one of this.#listeners) one.deviceChanged?.(device);
  }
  deviceRemoved(device: Device): void {
    for (const one of this.#listeners) one.deviceRemoved?.(device);
  }
  attention(seat: Seat): void {
    for (const one of this.#listeners) one.attention?.(seat);
  }
  cardStolen(theft: Theft): void {
    for (const one of this.#listeners) one.cardStolen?.(theft);
  }
  switchRefused(seat: Seat, why: string): void {
    for (const one of this.#listeners) one.switchRefused?.(seat, why);
  }
  switched(seat: Seat, from: Session | undefined, to: Session | undefined, how: SwitchOutcome): void {
    for (const one of this.#listeners) one.switched?.(seat, from, to, how);
  }
}
