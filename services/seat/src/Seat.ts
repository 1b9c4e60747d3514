import type { Device } from './Device.js';
import type { SeatEvents } from './SeatEvents.js';
import type { Session } from './Session.js';
import { Switch } from './Switch.js';
import type { Place } from './SwitchGoal.js';
import type { SeatVts } from './vt/SeatVts.js';

/** A screen, a keyboard and a pointer, on which sessions take turns. */
export class Seat {
  readonly id: string;
  readonly switch: Switch;
  /** The kernel's VTs, between which it then switches; one seat of a machine can have them. */
  readonly vts: SeatVts | undefined;
  /** In order of creation: the position of a session is its index + 1. */
  readonly sessions: Session[] = [];
  readonly devices = new Set<Device>();
  /** Moved by Switch alone (and by the restoration of state). */
  active: Session | undefined;
  /** How often a session became active here; orders `lastActive`. */
  activations = 0;
  /** Who is shown when somebody goes to the session: it, or its lock screen; undefined: nobody for the moment. */
  admit: (session: Session) => Session | undefined = (session) => session;
  readonly #events: SeatEvents;

  constructor(
    id: string,
    events: SeatEvents,
    grace: number,
    vts: (seat: Seat) => SeatVts | undefined = () => undefined,
  ) {
    this.id = id;
    this.#events = events;
    this.vts = vts(this);
    this.switch = new Switch(this, events, grace);
  }

  get canGraphical(): boolean {
    for (const device of this.devices) if (device.isScreen) return true;
    return false;
  }
  /** The emergency session or a lock screen is in front: nothing comes over these by itself. */
  get held(): boolean {
    return this.active?.class === 'emergency' || this.active?.standsFor !== undefined;
  }
  get empty(): boolean {
    return this.devices.size === 0 && this.sessions.length === 0;
  }

  addDevice(device: Device): void {
    const before = this.canGraphical;
    this.devices.add(device);
    for (const session of this.sessions) session.deviceReturned(device);
    if (before !== this.canGraphical) this.#events.seatChanged(this, 'CanGraphical');
  }

  /** Unplugged: every session that holds it is told "gone". */
  removeDevice(device: Device): void {
    const before = this.canGraphical;
    this.devices.delete(device);
    for (const session of this.sessions) session.deviceUnplugged(device);
    if (before !== this.canGraphical) this.#events.seatChanged(this, 'CanGraphical');
  }

  /** Its devices are revoked. If it was the active one, another becomes active. */
  removeSession(session: Session): void {
    this.sessions.splice(this.sessions.indexOf(session), 1);
    this.switch.sessionEnded(session);
  }

  /** The turn is another's, or nobody's; whoever had it has lost its devices before. For Switch alone. */
  passTo(session: Session | undefined): void {
    const from = this.active;
    this.active = session;
    if (session) session.lastActive = ++this.activations;
    if (from) this.#events.sessionChanged(from, 'Active', 'State');
    if (session) this.#events.sessionChanged(session, 'Active', 'State');
    // Before the devices: with those a compositor begins to draw, and libseat sends a Ping with every call that it makes
    // while there is something that it has not looked at.
    this.#events.seatChanged(this, 'ActiveSession');
    session?.resumeDevices();
  }

  /** Who takes the screen when `session` ends: whoever had it last, else the oldest that never had it. */
  successorOf(session: Session | undefined): Session | undefined {
    let best: Session | undefined;
    for (const other of this.sessions) {
      if (other === session || other.state === 'closing') continue;
      if (!best || other.lastActive > best.lastActive) best = other;
    }
    return best;
  }

  /**
   * What a number means: a VT, used or not, where the seat has VTs; else the position of a session, of which 1 is the
   * oldest. Undefined when there is no such one.
   */
  at(number: number): Place | undefined {
    return this.vts ? this.vts.at(number) : this.sessions[number - 1];
  }

  /** From the session that is active or about to be, round the end. Undefined when the seat has none. */
  neighbour(direction: 'next' | 'previous'): Session | undefined {
    const order = this.sessions.filter((one) => !one.guarded).sort((a, b) => (a.vt ?? 0) - (b.vt ?? 0));
    if (order.length === 0) return this.sessions[0];
    const current = this.switch.target ?? this.active;
    const step = direction === 'next' ? 1 : -1;
    const from = current ? order.indexOf(current) : direction === 'next' ? -1 : 0;
    return order[(from + step + order.length) % order.length];
  }
}
