import type { PauseKind } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import type { Session } from './Session.js';

/** What a device is called on the wire. */
export interface DeviceNumber {
  readonly major: number;
  readonly minor: number;
}

/** Who takes a session's devices and is told what becomes of them: a connection to the bus, or a seatd client. */
export interface Controller {
  /** Of a bus connection its unique name. No two controllers have the same. */
  readonly name: string;
  /** It has a name on the bus, and loses it with the bus. */
  readonly onBus: boolean;
  /** It can be given a new fd at any time (ResumeDevice). Others open a paused device again by themselves. */
  readonly takesFds: boolean;
  pauseDevice(session: Session, device: DeviceNumber, kind: PauseKind): void;
  /** The fd is the controller's. */
  resumeDevice(session: Session, device: DeviceNumber, end: Fd): void;
  /** It was asked to leave and has not said yet that it did, apart from its devices. */
  readonly leaving: boolean;
  /** Its session is asked to leave the seat. */
  turnEnding(session: Session): void;
  /** Its session has the seat, and all that can be is resumed; or has it no more, and all is revoked. */
  turnBegan(session: Session): void;
  turnEnded(session: Session): void;
  /**
   * The kernel would have told it by this signal that it wants to leave its session's VT, and it has to leave now. False: it
   * cannot be told; `refused` is called when that is only found out later.
   */
  tellToLeave?(session: Session, signal: number, refused: () => void): boolean;
}
