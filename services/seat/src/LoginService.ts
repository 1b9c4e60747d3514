import {
  type CallContext,
  type Connection,
  DBusError,
  ErrorName,
  NameFlag,
  RequestNameReply,
} from '@switchyard/dbus';
import type { Log } from '@switchyard/runtime';
import { login1, seatPath, sessionPath, switchyard, userPath } from '@switchyard/seat';
import { BusController } from './BusController.js';
import { BusProvider } from './BusProvider.js';
import type { Device } from './Device.js';
import { deviceManagerInterface } from './DeviceManagerInterface.js';
import type { Hardware } from './hardware/Hardware.js';
import type { Theft } from './hardware/MasterGuard.js';
import { type InhibitMode, joinWhats } from './Inhibitor.js';
import type { InhibitorEvents } from './InhibitorRegistry.js';
import { loginError } from './LoginError.js';
import { managerInterface } from './ManagerInterface.js';
import { PeerWatch } from './PeerWatch.js';
import { type Action, type Permission, Policy } from './Policy.js';
import { Power, type PowerOptions } from './Power.js';
import type { Seat } from './Seat.js';
import type { SeatEvents, SeatProperty, SessionProperty, SwitchOutcome, UserProperty } from './SeatEvents.js';
import { seatInterface } from './SeatInterface.js';
import type { SeatManager } from './SeatManager.js';
import { callersSeat, callersSession, callersUser, displaySession } from './Self.js';
import type { Session } from './Session.js';
import { sessionInterface } from './SessionInterface.js';
import type { Place } from './Switch.js';
import { SwitchRefused } from './SwitchRefused.js';
import { SwitchSuperseded } from './SwitchSuperseded.js';
import { switchyardSessionInterface } from './SwitchyardSessionInterface.js';
import type { User } from './User.js';
import { userInterface } from './UserInterface.js';

/**
 * A switch between clients of seatd's protocol, which nobody on the bus waits for, is told this much later there: a
 * stream of them then costs the bus a few messages, and the switches themselves none.
 */
const LATER_MS = 5;

/**
 * The session manager's face on the bus: exports what exists, says what happens.
 *
 *   away ──connected()──▶ claiming ──org.freedesktop.login1 is ours──▶ serving
 *     ▲────────────────────── bus lost ──────────────────────────────────┘
 */
export class LoginService implements SeatEvents, InhibitorEvents {
  readonly manager: SeatManager;
  readonly policy: Policy;
  readonly power: Power;
  /** What shutdown(8) would say to everyone; kept for those who ask. */
  readonly wall = { text: '', enabled: true };
  readonly log: Log;
  #connection: Connection | undefined;
  #peers: PeerWatch | undefined;
  /** Changed properties that are told later, by object and interface. */
  readonly #changes = new Map<string, Set<string>>();
  #later: NodeJS.Timeout | undefined;
  /** What was told last. */
  readonly #inhibited = new Map<InhibitMode, string>();

  /** `rules`: what the policy has otherwise than by default. */
  constructor(
    manager: SeatManager,
    power: PowerOptions,
    rules: Partial<Record<Action, Permission>>,
    log: Log,
    readonly hardware?: Hardware,
  ) {
    this.manager = manager;
    this.log = log;
    this.policy = new Policy(manager.users, rules);
    this.power = new Power(power, manager, this.policy, (what, begins) => this.#prepare(what, begins), log);
    manager.inhibitors.listen(this);
    manager.leftAlone = (session) => this.announceLock(session, true);
  }

  /** Throws when somebody else owns org.freedesktop.login1 on this bus. */
  async serve(connection: Connection): Promise<void> {
    this.#connection = connection;
    this.#peers = new PeerWatch(connection, (name) => this.manager.peers.vanished(name));
    connection.export(login1.path, managerInterface(this));
    connection.export(login1.path, deviceManagerInterface(this));
    for (const seat of this.manager.seats) this.#exportSeat(seat);
    for (const session of this.manager.sessions) this.#exportSession(session);
    for (const user of this.manager.users) this.#exportUser(user);
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
    connection.export(
      `${login1.path}/user/self`,
      userInterface(this, (context) => callersUser(this.manager, context)),
    );
    await this.#meetFormerPeers(connection);
    const reply = await connection.requestName(login1.name, NameFlag.doNotQueue);
    if (reply !== RequestNameReply.primaryOwner) {
      throw new Error(`${login1.name} is owned by another session manager on this bus; stop that one first`);
    }
    this.manager.peers.busConnected();
  }

  /**
   * After a restart of the manager alone its peers are on the bus under the names that they had. Before our name is
   * claimed, so that whoever hears of us finds everything in its place.
   */
  async #meetFormerPeers(connection: Connection): Promise<void> {
    const bus = 'org.freedesktop.DBus';
    const ask = (member: string, signature = '', ...body: unknown[]) =>
      connection.call({
        destination: bus,
        path: '/org/freedesktop/DBus',
        interface: bus,
        member,
        signature,
        body,
      });
    const [id] = (await ask('GetId')) as [string];
    const { peers } = this.manager;
    if (id !== peers.bus) peers.forgetFormer();
    peers.bus = id;
    for (const name of peers.former()) {
      const [there] = await ask('NameHasOwner', 's', name);
      if (!there) continue;
      const provider = new BusProvider(connection, name, this.log);
      peers.returned(new BusController(connection, name), provider);
      this.watchPeer(name);
    }
  }

  lost(): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    this.#changes.clear();
    this.#peers?.close();
    this.#peers = undefined;
    this.#connection = undefined;
    this.manager.peers.busLost();
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
    const { seat } = session;
    // A program that starts asks to be seen, and is when somebody goes there: nothing comes over the emergency session or a lock screen by itself.
    if (seat.held && session !== seat.active && session.controller?.name === sender) return;
    await this.switchTo(seat, session, sender);
  }

  /** The same for a place that may be a VT without a session. */
  async switchTo(seat: Seat, place: Place, sender: string): Promise<void> {
    const leaving = seat.active;
    const done = seat.switch.request(place);
    if (leaving?.controller?.name === sender) {
      done.catch(() => {});
      return;
    }
    try {
      await done;
    } catch (error) {
      if (error instanceof SwitchSuperseded) throw loginError.superseded(error.message);
      throw error instanceof SwitchRefused ? loginError.errno('EBUSY', error.message) : error;
    }
  }

  /** The session's idleness is its seat's, its user's and everyone's. */
  idleHintChanged(session: Session): void {
    this.manager.sessionChanged(session, 'IdleHint');
    if (session.seat) this.seatChanged(session.seat, 'IdleHint');
    const user = this.manager.users.get(session.uid);
    if (user) this.userChanged(user, 'IdleHint');
    this.#changed(login1.path, login1.manager, ['IdleHint']);
  }

  /** Session.Lock and Session.Unlock: what the manager does about it, and a word to the session's own locker. */
  announceLock(session: Session, locked: boolean): void {
    if (locked) this.manager.lock(session);
    else this.manager.unlock(session);
    this.#emit(sessionPath(session.id), login1.session, locked ? 'Lock' : 'Unlock', '', []);
  }

  // InhibitorEvents

  inhibitorsChanged(): void {
    const { inhibitors } = this.manager;
    for (const [mode, property] of Object.entries(inhibitedProperties) as [InhibitMode, string][]) {
      const inhibited = joinWhats(inhibitors.inhibited(mode));
      if (this.#inhibited.get(mode) === inhibited) continue;
      this.#inhibited.set(mode, inhibited);
      // Who inhibits idleness makes everyone busy.
      this.#changed(login1.path, login1.manager, [property, 'IdleHint']);
    }
  }

  // SeatEvents

  sessionNew(session: Session): void {
    this.#exportSession(session);
    this.#emit(login1.path, login1.manager, 'SessionNew', 'so', [session.id, sessionPath(session.id)]);
  }

  sessionChanged(session: Session, ...properties: SessionProperty[]): void {
    if (properties.includes('Active') && !isFollowed(session)) {
      this.#changedLater(sessionPath(session.id), login1.session, properties);
      return;
    }
    const login = properties.flatMap((name) =>
      name === 'Title' || name === 'Hung' ? [] : withDependants(name),
    );
    // Session1 has these as well.
    const own = properties.filter((name) => name === 'Title' || name === 'Hung' || name === 'Display');
    const path = sessionPath(session.id);
    this.#say((bus) => {
      bus.emitPropertiesChanged(path, login1.session, login);
      bus.emitPropertiesChanged(path, switchyard.session, own);
    });
  }

  sessionRemoved(session: Session): void {
    this.#tellChanges();
    this.#connection?.unexport(sessionPath(session.id));
    this.#emit(login1.path, login1.manager, 'SessionRemoved', 'so', [session.id, sessionPath(session.id)]);
  }

  seatNew(seat: Seat): void {
    this.#exportSeat(seat);
    this.#emit(login1.path, login1.manager, 'SeatNew', 'so', [seat.id, seatPath(seat.id)]);
  }

  seatChanged(seat: Seat, ...properties: SeatProperty[]): void {
    const later = properties.includes('ActiveSession') && seat.active && !isFollowed(seat.active);
    if (later) this.#changedLater(seatPath(seat.id), login1.seat, properties);
    else this.#changed(seatPath(seat.id), login1.seat, properties);
  }

  seatRemoved(seat: Seat): void {
    this.#tellChanges();
    this.#connection?.unexport(seatPath(seat.id));
    this.#emit(login1.path, login1.manager, 'SeatRemoved', 'so', [seat.id, seatPath(seat.id)]);
  }

  userNew(user: User): void {
    this.#exportUser(user);
    this.#emit(login1.path, login1.manager, 'UserNew', 'uo', [user.uid, userPath(user.uid)]);
  }

  userChanged(user: User, ...properties: UserProperty[]): void {
    const later = properties.includes('Display') && user.display && !isFollowed(user.display);
    if (later) this.#changedLater(userPath(user.uid), login1.user, properties);
    else this.#changed(userPath(user.uid), login1.user, properties);
  }

  userRemoved(user: User): void {
    this.#tellChanges();
    this.#connection?.unexport(userPath(user.uid));
    this.#emit(login1.path, login1.manager, 'UserRemoved', 'uo', [user.uid, userPath(user.uid)]);
  }

  deviceAdded(device: Device): void {
    const { seat, major, minor, kind, name, properties } = device;
    const body = [seat, major, minor, kind, name, properties];
    this.#emit(login1.path, switchyard.deviceManager, 'DeviceAdded', 'suussa{sv}', body);
  }

  deviceChanged(device: Device): void {
    const { seat, major, minor, kind, name, properties } = device;
    const body = [seat, major, minor, kind, name, properties];
    this.#emit(login1.path, switchyard.deviceManager, 'DeviceChanged', 'suussa{sv}', body);
  }

  deviceRemoved(device: Device): void {
    const body = [device.seat, device.major, device.minor];
    this.#emit(login1.path, switchyard.deviceManager, 'DeviceRemoved', 'suu', body);
  }

  attention(seat: Seat): void {
    this.#emit(login1.path, login1.manager, 'SecureAttentionKey', 'so', [seat.id, seatPath(seat.id)]);
  }

  cardStolen({ card, pid, uid, name, done }: Theft): void {
    const body = [card.seat, card.major, card.minor, pid, uid, name, done];
    this.#emit(login1.path, switchyard.deviceManager, 'CardStolen', 'suuuuss', body);
  }

  switchRefused(seat: Seat, why: string): void {
    this.log.warn({ seat: seat.id, active: seat.active?.id }, why);
  }

  switched(seat: Seat, from: Session | undefined, to: Session | undefined, how: SwitchOutcome): void {
    this.log.info({ seat: seat.id, from: from?.id, to: to?.id, forced: how.forced }, 'switched');
    // Before the one who asked has his answer: a manager that dies now must not bring the old session back.
    if (how.awaited) this.#tellChanges();
    if (how.awaited) this.manager.flush();
    else this.manager.touch();
  }

  /** In a while, together with what changes until then. Whatever else is said comes behind it. */
  #changedLater(path: string, interfaceName: string, properties: readonly string[]): void {
    if (!this.#connection) return;
    const key = `${path} ${interfaceName}`;
    const known = this.#changes.get(key);
    if (known) for (const name of properties) known.add(name);
    else this.#changes.set(key, new Set(properties));
    this.#later ??= setTimeout(() => this.#tellChanges(), LATER_MS);
  }

  #tellChanges(): void {
    if (this.#changes.size === 0) return;
    clearTimeout(this.#later);
    this.#later = undefined;
    const changes = [...this.#changes];
    this.#changes.clear();
    for (const [key, properties] of changes) {
      const [path, interfaceName] = key.split(' ') as [string, string];
      this.#changed(path, interfaceName, [...properties]);
    }
  }

  #prepare(what: 'shutdown' | 'sleep', begins: boolean): void {
    const member = what === 'sleep' ? 'PrepareForSleep' : 'PrepareForShutdown';
    this.#emit(login1.path, login1.manager, member, 'b', [begins]);
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

  #exportUser(user: User): void {
    this.#connection?.export(
      userPath(user.uid),
      userInterface(this, () => user),
    );
  }

  #changed(path: string, interfaceName: string, properties: string[]): void {
    const names = properties.flatMap(withDependants);
    this.#say((bus) => bus.emitPropertiesChanged(path, interfaceName, names));
  }

  #emit(path: string, interfaceName: string, member: string, signature: string, body: unknown[]): void {
    this.#say((bus) => bus.emit({ path, interface: interfaceName, member, signature, body }));
  }

  /** Without a bus nobody is there to hear it, also when its end is not known here yet. */
  #say(what: (bus: Connection) => void): void {
    this.#tellChanges();
    if (!this.#connection) return;
    try {
      what(this.#connection);
    } catch (error) {
      if (!isDisconnected(error)) throw error;
    }
  }
}

const inhibitedProperties = {
  block: 'BlockInhibited',
  'block-weak': 'BlockWeakInhibited',
  delay: 'DelayInhibited',
} as const satisfies Record<InhibitMode, string>;

/** Who controls it listens on the bus; clients of seatd's protocol hear of their turns on their own socket. */
function isFollowed(session: Session): boolean {
  return session.controller?.onBus !== false;
}

/** Idleness has a since, on two clocks. */
function withDependants(property: string): string[] {
  return property === 'IdleHint' ? ['IdleHint', 'IdleSinceHint', 'IdleSinceHintMonotonic'] : [property];
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
