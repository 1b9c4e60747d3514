import type { Device } from './Device.js';
import type { Theft } from './hardware/MasterGuard.js';
import type { Seat } from './Seat.js';
import type { Session } from './Session.js';
import type { User } from './User.js';

/** Properties of sessions that change, by the names that login1 and Session1 have for them. */
export type SessionProperty =
  | 'Active'
  | 'State'
  | 'Type'
  | 'Class'
  | 'TTY'
  | 'Display'
  | 'Title'
  | 'Hung'
  | 'IdleHint'
  | 'LockedHint';
export type SeatProperty = 'ActiveSession' | 'CanGraphical' | 'IdleHint';
export type UserProperty = 'Display' | 'State' | 'IdleHint' | 'Linger';

export interface SwitchOutcome {
  /** Devices that were not given up in time. */
  readonly forced: number;
  /** Somebody waits for an answer. */
  readonly awaited: boolean;
}

/** What seats, sessions, users and devices tell everyone, in the order in which it is to be heard. */
export interface SeatEvents {
  sessionNew(session: Session): void;
  sessionChanged(session: Session, ...properties: SessionProperty[]): void;
  sessionRemoved(session: Session): void;
  seatNew(seat: Seat): void;
  seatChanged(seat: Seat, ...properties: SeatProperty[]): void;
  seatRemoved(seat: Seat): void;
  userNew(user: User): void;
  userChanged(user: User, ...properties: UserProperty[]): void;
  userRemoved(user: User): void;
  deviceAdded(device: Device): void;
  /** Its properties are others now: a screen was plugged into a card. */
  deviceChanged(device: Device): void;
  deviceRemoved(device: Device): void;
  /** Somebody at the seat pressed the secure attention key. */
  attention(seat: Seat): void;
  /** A stranger was master of a card when a session was to be. */
  cardStolen(theft: Theft): void;
  /** A switch did not come about: the kernel stays at its VT. */
  switchRefused(seat: Seat, why: string): void;
  /** A switch is over; whoever asked for it has the answer next. */
  switched(seat: Seat, from: Session | undefined, to: Session | undefined, how: SwitchOutcome): void;
}
