import { type Connection, DBusError, ErrorName } from '@switchyard/dbus';
import type { Log } from '@switchyard/runtime';
import { login1, seatPath, sessionPath, switchyard, userPath } from '@switchyard/seat';
import type { Device } from './Device.js';
import type { Theft } from './hardware/MasterGuard.js';
import { type InhibitMode, joinWhats } from './Inhibitor.js';
import type { InhibitorEvents } from './InhibitorRegistry.js';
import type { LoginObjects } from './LoginObjects.js';
import type { Seat } from './Seat.js';
import type { SeatEvents, SeatProperty, SessionProperty, SwitchOutcome, UserProperty } from './SeatEvents.js';
import type { SeatManager } from './SeatManager.js';
import type { Session } from './Session.js';
import type { User } from './User.js';

/**
 * A switch between clients of seatd's protocol, which nobody on the bus waits for, is told this much later there: a
 * stream of them then costs the bus a few messages, and the switches themselves none.
 */
const LATER_MS = 5;

/** All that the session manager says on the bus unasked. Whoever hears of an object finds it there. */
export class LoginSignals implements SeatEvents, InhibitorEvents {
  readonly #manager: SeatManager;
  readonly #objects: LoginObjects;
  readonly #log: Log;
  #connection: Connection | undefined;
  /** Changed properties that are told later, by object and interface. */
  readonly #changes = new Map<string, Set<string>>();
  #later: NodeJS.Timeout | undefined;
  /** What was told last. */
  readonly #inhibited = new Map<InhibitMode, string>();

  constructor(manager: SeatManager, objects: LoginObjects, log: Log) {
    this.#manager = manager;
    this.#objects = objects;
    this.#log = log;
    manager.inhibitors.listen(this);
  }

  connected(connection: Connection): void {
    this.#connection = connection;
  }

  lost(): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    this.#changes.clear();
    this.#connection = undefined;
  }

  /** PrepareForShutdown, PrepareForSleep. */
  prepare(what: 'shutdown' | 'sleep', begins: boolean): void {
    const member = what === 'sleep' ? 'PrepareForSleep' : 'PrepareForShutdown';
    this.#emit(login1.path, login1.manager, member, 'b', [begins]);
  }

  /** Session.Lock and Session.Unlock. */
  lock(session: Session, locked: boolean): void {
    this.#emit(sessionPath(session.id), login1.session, locked ? 'Lock' : 'Unlock', '', []);
  }

  /** The session's idleness is its seat's, its user's and everyone's. */
  idleHintChanged(session: Session): void {
    this.#manager.sessionChanged(session, 'IdleHint');
    if (session.seat) this.seatChanged(session.seat, 'IdleHint');
    const user = this.#manager.users.get(session.uid);
    if (user) this.userChanged(user, 'IdleHint');
    this.#changed(login1.path, login1.manager, ['IdleHint']);
  }

  // InhibitorEvents

  inhibitorsChanged(): void {
    const { inhibitors } = this.#manager;
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
    this.#objects.addSession(session);
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
    this.#objects.remove(sessionPath(session.id));
    this.#emit(login1.path, login1.manager, 'SessionRemoved', 'so', [session.id, sessionPath(session.id)]);
  }

  seatNew(seat: Seat): void {
    this.#objects.addSeat(seat);
    this.#emit(login1.path, login1.manager, 'SeatNew', 'so', [seat.id, seatPath(seat.id)]);
  }

  seatChanged(seat: Seat, ...properties: SeatProperty[]): void {
    const later = properties.includes('ActiveSession') && seat.active && !isFollowed(seat.active);
    if (later) this.#changedLater(seatPath(seat.id), login1.seat, properties);
    else this.#changed(seatPath(seat.id), login1.seat, properties);
  }

  seatRemoved(seat: Seat): void {
    this.#tellChanges();
    this.#objects.remove(seatPath(seat.id));
    this.#emit(login1.path, login1.manager, 'SeatRemoved', 'so', [seat.id, seatPath(seat.id)]);
  }

  userNew(user: User): void {
    this.#objects.addUser(user);
    this.#emit(login1.path, login1.manager, 'UserNew', 'uo', [user.uid, userPath(user.uid)]);
  }

  userChanged(user: User, ...properties: UserProperty[]): void {
    const later = properties.includes('Display') && user.display && !isFollowed(user.display);
    if (later) this.#changedLater(userPath(user.uid), login1.user, properties);
    else this.#changed(userPath(user.uid), login1.user, properties);
  }

  userRemoved(user: User): void {
    this.#tellChanges();
    this.#objects.remove(userPath(user.uid));
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
    this.#log.warn({ seat: seat.id, active: seat.active?.id }, why);
  }

  switched(seat: Seat, from: Session | undefined, to: Session | undefined, how: SwitchOutcome): void {
    this.#log.info({ seat: seat.id, from: from?.id, to: to?.id, forced: how.forced }, 'switched');
    // Before the one who asked has his answer: a manager that dies now must not bring the old session back.
    if (how.awaited) this.#tellChanges();
    if (how.awaited) this.#manager.flush();
    else this.#manager.touchLater();
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
