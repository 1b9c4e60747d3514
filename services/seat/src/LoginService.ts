import {
  type CallContext,
  type Connection,
  closeFdsIn,
  DBusError,
  ErrorName,
  NameFlag,
  RequestNameReply,
} from '@switchyard/dbus';
import type { Log } from '@switchyard/runtime';
import { login1, type PauseKind, seatPath, sessionPath, switchyard } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import type { Device } from './Device.js';
import { deviceManagerInterface } from './DeviceManagerInterface.js';
import { loginError } from './LoginError.js';
import { managerInterface } from './ManagerInterface.js';
import { PeerWatch } from './PeerWatch.js';
import type { Seat } from './Seat.js';
import type { SeatEvents } from './SeatEvents.js';
import { seatInterface } from './SeatInterface.js';
import type { SeatManager } from './SeatManager.js';
import { callersSeat, callersSession, displaySession } from './Self.js';
import type { Session } from './Session.js';
import { sessionInterface } from './SessionInterface.js';
import { SwitchSuperseded } from './SwitchSuperseded.js';
import { switchyardSessionInterface } from './SwitchyardSessionInterface.js';

/** How long a provider may take to accept a channel. Nobody waits for it; it bounds what is outstanding. */
const OPEN_CHANNEL_TIMEOUT_MS = 5000;

/**
 * The session manager's face on the bus: exports what exists, says what happens.
 *
 *   away ──connected()──▶ claiming ──org.freedesktop.login1 is ours──▶ serving
 *     ▲────────────────────── bus lost ──────────────────────────────────┘
 */
export class LoginService implements SeatEvents {
  readonly manager: SeatManager;
  readonly #log: Log;
  #connection: Connection | undefined;
  #peers: PeerWatch | undefined;

  /** `manager` is made with the service as its listener. */
  constructor(manager: (events: SeatEvents) => SeatManager, log: Log) {
    this.#log = log;
    this.manager = manager(this);
  }

  /** Throws when somebody else owns org.freedesktop.login1 on this bus. */
  async serve(connection: Connection): Promise<void> {
    this.#connection = connection;
    this.#peers = new PeerWatch(connection, (name) => this.manager.peerVanished(name));
    connection.export(login1.path, managerInterface(this));
    connection.export(login1.path, deviceManagerInterface(this));
    for (const seat of this.manager.seats) this.#exportSeat(seat);
    for (const session of this.manager.sessions) this.#exportSession(session);
    // The objects that mean the caller's own.
    for (const [path, find] of [
      ['session/self', callersSession],
      ['session/auto', displaySession],
    ] as const) {
      const resolve = (context?: CallContext) => find(this.manager, context);
      connection.export(`${login1.path}/${path}`, sessionInterface(this, resolve));
      connection.export(`${login1.path}/${path}`, switchyardSessionInterface(this, resolve));
    }
    for (const path of ['seat/self', 'seat/auto']) {
      connection.export(
        `${login1.path}/${path}`,
        seatInterface(this, (context) => callersSeat(this.manager, context)),
      );
    }
    const reply = await connection.requestName(login1.name, NameFlag.doNotQueue);
    if (reply !== RequestNameReply.primaryOwner) {
      throw new Error(`${login1.name} is owned by another session manager on this bus; stop that one first`);
    }
    this.manager.busConnected();
  }

  lost(): void {
    this.#peers?.close();
    this.#peers = undefined;
    this.#connection = undefined;
    this.manager.busLost();
  }

  /**
   * Throws Disconnected for a call that came over a bus which is gone: its sender's name means nothing any more, or
   * somebody else.
   */
  requireCurrent(context: CallContext): void {
    if (context.connection === this.#connection) return;
    throw new DBusError(ErrorName.disconnected, 'The bus was lost during the call');
  }

  /** From now on the manager hears when this unique name vanishes. */
  watchPeer(name: string): void {
    this.#peers?.watch(name);
  }

  /**
   * Switches for a caller. Answers when the switch is done; but a caller that has devices of its own to give up for
   * it, and may be waiting for this answer before it reads on, is answered at once.
   */
  async activate(session: Session, sender: string): Promise<void> {
    if (!session.seat) throw loginError.notSupported(`Session ${session.id} has no seat to be active on`);
    const leaving = session.seat.active;
    const done = session.seat.switch.request(session);
    if (leaving?.controller === sender) {
      done.catch(() => {});
      return;
    }
    try {
      await done;
    } catch (error) {
      throw error instanceof SwitchSuperseded ? loginError.superseded(error.message) : error;
    }
  }

  /** Session.Lock and Session.Unlock: a word to the session's own locker. */
  announceLock(session: Session, locked: boolean): void {
    this.#emit(sessionPath(session.id), login1.session, locked ? 'Lock' : 'Unlock', '', []);
  }

  propertiesChanged(session: Session, interfaceName: string, ...names: string[]): void {
    this.#say((bus) => bus.emitPropertiesChanged(sessionPath(session.id), interfaceName, names));
    this.manager.touch();
  }

  /** login1 and Session1 both tell it. */
  displayChanged(session: Session): void {
    this.propertiesChanged(session, login1.session, 'Display');
    this.propertiesChanged(session, switchyard.session, 'Display');
  }

  // SeatEvents

  openChannel(device: Device, session: string, end: Fd): void {
    if (!this.#connection || device.provider === undefined) {
      end.close();
      return;
    }
    this.#connection
      .call({
        destination: device.provider,
        path: switchyard.deviceProviderPath,
        interface: switchyard.deviceProvider,
        member: 'OpenChannel',
        signature: 'uush',
        body: [device.major, device.minor, session, end],
        timeout: OPEN_CHANNEL_TIMEOUT_MS,
      })
      .catch((error: Error) => {
        this.#log.warn({ device: device.key, session, error: error.message }, 'provider refused a channel');
      });
  }

  pauseDevice(session: Session, device: Device, kind: PauseKind): void {
    this.#emit(
      sessionPath(session.id),
      login1.session,
      'PauseDevice',
      'uus',
      [device.major, device.minor, kind],
      session.controller,
    );
  }

  resumeDevice(session: Session, device: Device, end: Fd): void {
    this.#emit(
      sessionPath(session.id),
      login1.session,
      'ResumeDevice',
      'uuh',
      [device.major, device.minor, end],
      session.controller,
    );
  }

  sessionNew(session: Session): void {
    this.#exportSession(session);
    this.#emit(login1.path, login1.manager, 'SessionNew', 'so', [session.id, sessionPath(session.id)]);
  }

  sessionChanged(session: Session, ...properties: ('Active' | 'State')[]): void {
    this.propertiesChanged(session, login1.session, ...properties);
  }

  sessionRemoved(session: Session): void {
    this.#connection?.unexport(sessionPath(session.id));
    this.#emit(login1.path, login1.manager, 'SessionRemoved', 'so', [session.id, sessionPath(session.id)]);
  }

  seatNew(seat: Seat): void {
    this.#exportSeat(seat);
    this.#emit(login1.path, login1.manager, 'SeatNew', 'so', [seat.id, seatPath(seat.id)]);
  }

  seatChanged(seat: Seat, ...properties: ('ActiveSession' | 'CanGraphical')[]): void {
    this.#say((bus) => bus.emitPropertiesChanged(seatPath(seat.id), login1.seat, properties));
  }

  seatRemoved(seat: Seat): void {
    this.#connection?.unexport(seatPath(seat.id));
    this.#emit(login1.path, login1.manager, 'SeatRemoved', 'so', [seat.id, seatPath(seat.id)]);
  }

  deviceAdded(device: Device): void {
    const { seat, major, minor, kind, name, properties } = device;
    const body = [seat, major, minor, kind, name, properties];
    this.#emit(login1.path, switchyard.deviceManager, 'DeviceAdded', 'suussa{sv}', body);
  }

  deviceRemoved(device: Device): void {
    const body = [device.seat, device.major, device.minor];
    this.#emit(login1.path, switchyard.deviceManager, 'DeviceRemoved', 'suu', body);
  }

  switched(seat: Seat, from: Session | undefined, to: Session | undefined, forced: number): void {
    this.#log.info({ seat: seat.id, from: from?.id, to: to?.id, forced }, 'switched');
    // Before the one who asked has his answer: a manager that dies now must not bring the old session back.
    this.manager.flush();
  }

  #exportSeat(seat: Seat): void {
    this.#connection?.export(
      seatPath(seat.id),
      seatInterface(this, () => seat),
    );
  }

  #exportSession(session: Session): void {
    const path = sessionPath(session.id);
    this.#connection?.export(
      path,
      sessionInterface(this, () => session),
    );
    this.#connection?.export(
      path,
      switchyardSessionInterface(this, () => session),
    );
  }

  #emit(
    path: string,
    interfaceName: string,
    member: string,
    signature: string,
    body: unknown[],
    destination?: string,
  ): void {
    if (!this.#connection) closeFdsIn(body);
    this.#say((bus) =>
      bus.emit({
        path,
        interface: interfaceName,
        member,
        signature,
        body,
        ...(destination !== undefined && { destination }),
      }),
    );
  }

  /** Without a bus nobody is there to hear it, also when its end is not known here yet (emit closes the body's fds). */
  #say(what: (bus: Connection) => void): void {
    if (!this.#connection) return;
    try {
      what(this.#connection);
    } catch (error) {
      if (!isDisconnected(error)) throw error;
    }
  }
}

/** The bus went in the middle; its link comes back by itself. */
export function isDisconnected(error: unknown): boolean {
  return error instanceof DBusError && error.name === ErrorName.disconnected;
}

/** A session as `(so)`; none is ("", "/"). */
export function sessionReference(session: Session | undefined): [string, string] {
  return session ? [session.id, sessionPath(session.id)] : ['', '/'];
}

export function seatReference(seat: Seat | undefined): [string, string] {
  return seat ? [seat.id, seatPath(seat.id)] : ['', '/'];
}
