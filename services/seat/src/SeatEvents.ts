import type { PauseKind } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import type { Device } from './Device.js';
import type { Seat } from './Seat.js';
import type { Session } from './Session.js';

/**
 * What seats, sessions and devices tell the world, in the order in which it is to hear it. The bus face implements
 * it; while there is no bus the news is dropped (and fds closed), since nobody is there to hear it.
 */
export interface SeatEvents {
  /** To the device's provider: its end of a new channel. */
  openChannel(device: Device, session: string, end: Fd): void;
  /** To the session's controller. */
  pauseDevice(session: Session, device: Device, kind: PauseKind): void;
  resumeDevice(session: Session, device: Device, end: Fd): void;
  /** To everyone. */
  sessionNew(session: Session): void;
  sessionChanged(session: Session, ...properties: ('Active' | 'State')[]): void;
  sessionRemoved(session: Session): void;
  seatNew(seat: Seat): void;
  seatChanged(seat: Seat, ...properties: ('ActiveSession' | 'CanGraphical')[]): void;
  seatRemoved(seat: Seat): void;
  deviceAdded(device: Device): void;
  deviceRemoved(device: Device): void;
  /** A switch is over. `forced` devices were not given up in time. */
  switched(seat: Seat, from: Session | undefined, to: Session | undefined, forced: number): void;
}
