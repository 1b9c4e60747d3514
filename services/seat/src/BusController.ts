import type { Connection } from '@switchyard/dbus';
import { login1, type PauseKind, sessionPath } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import type { Controller, DeviceNumber } from './Controller.js';
import type { Session } from './Session.js';
import { FormerOwner } from './vt/FormerOwner.js';

/** A caller of TakeControl: the signals about its session's devices go to it alone. */
export class BusController implements Controller {
  readonly onBus = true;
  readonly takesFds = true;
  readonly #connection: Connection;
  /** Of which the answer is awaited, without limit: one of each. */
  readonly #recalling = new Set<Session>();

  constructor(
    connection: Connection,
    readonly name: string,
  ) {
    this.#connection = connection;
  }

  pauseDevice(session: Session, device: DeviceNumber, kind: PauseKind): void {
    this.#emit(session, 'PauseDevice', 'uus', device.major, device.minor, kind);
  }

  resumeDevice(session: Session, device: DeviceNumber, end: Fd): void {
    this.#emit(session, 'ResumeDevice', 'uuh', device.major, device.minor, end);
  }

  /** It is asked about its devices one by one, and hears of its turns by the property Active. */
  readonly leaving = false;
  turnEnding(): void {}
  turnBegan(session: Session): void {
    const signal = session.missedLeaving ? session.seat?.vts?.signalTakenFrom(session) : undefined;
    if (signal === undefined || this.#recalling.has(session)) return;
    this.#recalling.add(session);
    const here = () => session.controller === this && session.active && session.seat?.switch.idle === true;
    void this.#ownerOf(session)
      .recall(signal, here)
      .then((told) => {
        this.#recalling.delete(session);
        if (told) session.missedLeaving = false;
      });
  }

  tellToLeave(session: Session, signal: number, refused: () => void): boolean {
    void this.#ownerOf(session)
      .tell(signal)
      .then((told) => told || refused());
    return true;
  }

  #ownerOf(session: Session): FormerOwner {
    return new FormerOwner(this.#connection, this.name, session.uid);
  }
  turnEnded(): void {}

  /** On a bus that is gone nobody hears it, and the fds in `body` are closed. */
  #emit(session: Session, member: string, signature: string, ...body: unknown[]): void {
    const path = sessionPath(session.id);
    this.#connection.emit({
      path,
      interface: login1.session,
      member,
      signature,
      body,
      destination: this.name,
    });
  }
}
