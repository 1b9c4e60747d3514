import { constants } from 'node:os';
import type { Log } from '@switchyard/runtime';
import { SystemError, Uevents } from '@switchyard/sys';
import type { Device } from '../Device.js';
import { loginError } from '../LoginError.js';
import type { Seat } from '../Seat.js';
import type { SeatEvents } from '../SeatEvents.js';
import type { SeatManager } from '../SeatManager.js';
import type { Session } from '../Session.js';
import { cardConnectors } from './CardConnector.js';
import { CardPart } from './CardPart.js';
import { DrmDevice, type Usurped } from './DrmDevice.js';
import { EvdevDevice } from './EvdevDevice.js';
import { HidrawDevice } from './HidrawDevice.js';
import type { KernelDevice, KernelKind } from './KernelDevice.js';
import type { SeatAssignments } from './SeatAssignments.js';
import type { SeatMembership } from './SeatMembership.js';
import type { Candidate } from './SeatRule.js';
import { SharedCards } from './SharedCards.js';
import { SysDevice } from './SysDevice.js';
import type { UdevDatabase } from './UdevDatabase.js';
import { UdevPatience } from './UdevPatience.js';
import type { UdevRecord } from './UdevRecord.js';
import type { UdevRules } from './UdevRules.js';
import { parseUevent, type Uevent } from './Uevent.js';
import type { UserAccess } from './UserAccess.js';

/** A card says that something changed before it has looked what: then, again. */
const CONNECTORS_SETTLE_MS = 300;
/** A machine with more is not a set of seats; and each device costs a look at every rule. */
const DEVICES_MAX = 4096;

/** The kernel's classes in which devices of seats are, and what they are called there. */
const classes: readonly { name: string; node: RegExp; kind: KernelKind }[] = [
  { name: 'drm', node: /^card\d+$/, kind: 'card' },
  { name: 'input', node: /^event\d+$/, kind: 'evdev' },
  { name: 'hidraw', node: /^hidraw\d+$/, kind: 'hidraw' },
];

export interface HardwareOptions {
  readonly sysfs: string;
  readonly udev: UdevDatabase;
  readonly membership: SeatMembership;
  readonly usurped: Usurped;
  readonly assignments: SeatAssignments;
  /** None: udev is not told of assignments. */
  readonly udevRules: UdevRules | undefined;
  readonly access: UserAccess;
  /** How long sessions may take to give a card up of which connectors change seats, in ms; 0 forces at once. */
  readonly grace: number;
}

/**
 * The machine's own devices, and which seat has them.
 *
 *   unknown ──uevent | scan──▶ waiting for udev ──record | patience over──▶ known ──its seat is there──▶ attached
 *      ▲                                                                     ▲  └───── its seat is gone ─────┘
 *      └──────────────────────────────── unplugged ──────────────────────────┴────────────────────────────────
 *
 * A seat other than seat0 is there when a screen of it is: keyboards alone make none. sysfs is the truth; uevents only say
 * when to look there.
 */
export class Hardware implements Partial<SeatEvents> {
  readonly #manager: SeatManager;
  readonly #options: HardwareOptions;
  readonly #log: Log;
  /** By their paths in sysfs: all that belong to a seat, attached or not. */
  readonly #known = new Map<string, KernelDevice>();
  readonly #shared: SharedCards;
  readonly #patience: UdevPatience;
  #uevents: Uevents | undefined;
  #settling = false;

  constructor(manager: SeatManager, options: HardwareOptions, log: Log) {
    this.#manager = manager;
    this.#options = options;
    this.#log = log;
    this.#patience = new UdevPatience(() => this.rescan(), log);
    const { membership, usurped, grace } = options;
    this.#shared = new SharedCards(manager, membership, usurped, grace, () => this.#settleLater());
  }

  /** Finds what there is, and follows it from now on. */
  start(): void {
    try {
      this.#uevents = Uevents.listen({
        message: (bytes) => {
          const uevent = parseUevent(bytes);
          if (uevent) this.#heard(uevent);
        },
        lost: () => {
          this.#log.warn('uevents were lost; looking at all devices');
          this.rescan();
        },
      });
    } catch (error) {
      this.#log.warn(`no device will be seen to come or go: ${(error as Error).message}`);
    }
    const { udev, udevRules } = this.#options;
    try {
      if (udev.present) udevRules?.guardCards();
    } catch (error) {
      this.#log.warn(`udevd may name users on cards: ${(error as Error).message}`);
    }
    udev.watch(() => this.rescan());
    this.#options.access.start();
    this.rescan();
  }

  /** Devices stay as they are for the sessions that have them; ACLs are as they were before. */
  close(): void {
    this.#options.udevRules?.unguardCards();
    this.#options.access.close();
    this.#uevents?.close();
    this.#options.udev.close();
    this.#patience.close();
  }

  /** Compares everything with sysfs and udev. */
  rescan(): void {
    const present = new Set<string>();
    const udev = this.#options.udev.present;
    for (const { name, node, kind } of classes) {
      for (const sys of SysDevice.ofClass(this.#options.sysfs, name)) {
        if (!node.test(sys.name) || present.size >= DEVICES_MAX) continue;
        present.add(sys.path);
        this.#look(sys, kind, udev);
      }
    }
    this.#options.access.rescan();
    for (const [path, device] of this.#known) if (!present.has(path)) this.#forget(device);
    for (const { path } of [...this.#shared.cards()]) if (!present.has(path)) this.#shared.forget(path);
    this.#patience.keep(present);
    this.#settle();
  }

  /**
   * Assigns a device, and all that hang on it, to a seat, from now on and after a restart. Throws ENODEV for what is none
   * of a seat's devices, and what keeps the assignment from being written.
   */
  attach(path: string, seat: string): void {
    const { sysfs, udev, assignments, udevRules } = this.#options;
    const sys = SysDevice.at(sysfs, path);
    if (!sys || !this.#isOfSeats(sys)) throw new SystemError(constants.errno.ENODEV, 'attach', path);
    const connector = this.#connectorAt(sys);
    if (connector) {
      this.#assignConnector(connector.card, connector.name, seat);
      return;
    }
    assignments.assign(sys, seat);
    this.#log.info({ path, seat }, 'attached to a seat');
    try {
      if (udevRules?.assign(udev.record(sys), seat)) udevRules.apply([sys]);
    } catch (error) {
      this.#log.warn(`udev is not told: ${(error as Error).message}`);
    }
    this.rescan();
  }

  /**
   * Gives a connector of a card to a seat, from now on and after a restart; "" is nobody. Resolves when the sessions that lose
   * or gain it know. Throws ENODEV, and EBUSY for a card that a session has as a whole.
   */
  async moveConnector(major: number, minor: number, connector: string, seat: string): Promise<void> {
    const card = [...this.#all()].find(
      (device) => device.kind === 'card' && device.major === major && device.minor === minor,
    );
    if (!card || !cardConnectors(card.sys).some(({ name }) => name === connector)) {
      throw loginError.errno(
        'ENODEV',
        `Card ${major}:${minor} has no connector ${connector}; see ListDevices`,
      );
    }
    this.#assignConnector(card.sys, connector, seat);
    await this.#shared.settled(card.sys.path);
  }

  /** Every device is where it is without AttachDevice. */
  flush(): void {
    const { assignments, udevRules } = this.#options;
    assignments.flush();
    udevRules?.flush();
    udevRules?.apply(
      [...this.#known.values()].map(({ sys }) => (sys.subsystem === 'drm' ? sys : (sys.parent ?? sys))),
    );
    this.rescan();
  }

  /** Of a device that is not taken: a light. */
  seatOf(sys: SysDevice): string {
    return this.#options.membership.seatOfAny(sys);
  }

  // SeatEvents

  deviceAdded(device: Device): void {
    if (device.isScreen) this.#settleLater();
  }
  deviceRemoved(device: Device): void {
    if (device.isScreen) this.#settleLater();
  }
  seatNew(_seat: Seat): void {
    this.#settleLater();
  }
  switched(): void {
    this.#shared.turnEnded();
  }
  sessionRemoved(session: Session): void {
    if (session.seat) this.#settleLater();
  }

  /** udev says so, or a device of a seat is this one or hangs on it. */
  #isOfSeats(sys: SysDevice): boolean {
    if (this.#options.udev.record(sys)?.tags.has('seat')) return true;
    for (const { sys: known } of this.#all()) {
      if (known.path === sys.path || known.path.startsWith(`${sys.path}/`)) return true;
    }
    return this.#connectorAt(sys) !== undefined;
  }

  /** What is a connector of a card of ours. */
  #connectorAt(sys: SysDevice): { card: SysDevice; name: string } | undefined {
    const card = sys.parent;
    if (
      !card ||
      ![...this.#all()].some((device) => device.kind === 'card' && device.sys.path === card.path)
    ) {
      return undefined;
    }
    const found = cardConnectors(card).find(({ name }) => `${card.name}-${name}` === sys.name);
    return found && { card, name: found.name };
  }

  #assignConnector(card: SysDevice, connector: string, seat: string): void {
    const whole = this.#known.get(card.path);
    if (whole instanceof DrmDevice && whole.inUse) {
      throw loginError.errno(
        'EBUSY',
        `${whole.path} is a session's as a whole; a hardware rule that names a connector of it shares it from the start`,
      );
    }
    this.#options.assignments.assignConnector(card, connector, seat);
    this.#log.info({ card: card.path, connector, seat }, 'connector given to a seat');
    this.rescan();
  }

  *#all(): Generator<KernelDevice> {
    yield* this.#known.values();
    yield* this.#shared.parts();
  }

  #heard({ action, devpath, properties }: Uevent): void {
    if (properties.has('DEVNAME')) this.#options.access.rescan();
    const subsystem = properties.get('SUBSYSTEM');
    const found = classes.find(
      (one) => one.name === subsystem && one.node.test(devpath.replace(/^.*\//, '')),
    );
    if (!found) return;
    const sys = SysDevice.at(this.#options.sysfs, this.#options.sysfs + devpath);
    if (action === 'remove' || !sys) {
      for (const device of this.#known.values()) if (device.sys.devpath === devpath) this.#forget(device);
      for (const card of [...this.#shared.cards()])
        if (card.devpath === devpath) this.#shared.forget(card.path);
      // Another has its name by now.
      if (sys) this.#look(sys, found.kind, this.#options.udev.present);
    } else {
      this.#look(sys, found.kind, this.#options.udev.present);
      // LEASE=1 (drm_sysfs_lease_event) is told at the end of every lease, which is no news of the hardware.
      if (action === 'change' && !properties.has('LEASE')) {
        for (const device of this.#all()) if (device.sys.path === sys.path) this.#changed(device);
      }
    }
    this.#settle();
  }

  #changed(device: KernelDevice): void {
    this.#manager.deviceChanged(device);
    if (!(device instanceof DrmDevice || device instanceof CardPart)) return;
    const connected = `${device.connected()}`;
    setTimeout(() => {
      if (`${device.connected()}` !== connected) this.#manager.deviceChanged(device);
    }, CONNECTORS_SETTLE_MS).unref();
  }

  /** A device that is in sysfs: is it a seat's, and whose? */
  #look(sys: SysDevice, kind: KernelKind, udev: boolean): void {
    const record = udev ? this.#record(sys, kind) : undefined;
    if (udev && !record && this.#options.udev.record(sys) === undefined && !this.#patience.isOver(sys))
      return;
    this.#patience.end(sys.path);
    const candidate: Candidate = { kind, sys, record };
    const known = this.#known.get(sys.path);
    if (kind === 'card' && this.#shared.look(candidate)) {
      if (known) this.#forget(known);
      return;
    }
    const seat = record && !record.tags.has('seat') ? undefined : this.#options.membership.seatOf(candidate);
    const number = sys.number;
    if (known && known.seat === seat && known.major === number?.major && known.minor === number.minor) return;
    if (known) this.#forget(known);
    if (seat === undefined || !number || sys.node === undefined) return;
    this.#known.set(sys.path, this.#make(kind, seat, sys, record));
  }

  /** Of an input device, udev says what it is at its parent, of which `eventN` is but one node. */
  #record(sys: SysDevice, kind: KernelKind): UdevRecord | undefined {
    const { udev } = this.#options;
    const own = udev.record(sys);
    if (kind !== 'evdev' || own === undefined) return own;
    return (sys.parent && udev.record(sys.parent)) ?? own;
  }

  #make(kind: KernelKind, seat: string, sys: SysDevice, record: UdevRecord | undefined): KernelDevice {
    switch (kind) {
      case 'card':
        return new DrmDevice(seat, sys, record, this.#options.usurped);
      case 'evdev':
        return new EvdevDevice(seat, sys, record);
      case 'hidraw':
        return new HidrawDevice(seat, sys, record);
    }
  }

  #forget(device: KernelDevice): void {
    this.#known.delete(device.sys.path);
    this.#manager.removeDevice(device);
  }

  /** Not within what is just being told. */
  #settleLater(): void {
    if (this.#settling) return;
    this.#settling = true;
    setImmediate(() => {
      this.#settling = false;
      this.#settle();
    });
  }

  /** Screens first: they make the seats that the rest is then on. */
  #settle(): void {
    for (const device of this.#all()) {
      if (device.isScreen && !this.#attached(device)) this.#manager.addDevice(device);
    }
    for (const device of this.#known.values()) {
      if (device.isScreen) continue;
      const there = this.#isThere(device.seat);
      if (there && !this.#attached(device)) this.#manager.addDevice(device);
      else if (!there && this.#attached(device)) this.#manager.removeDevice(device);
    }
  }

  #attached(device: KernelDevice): boolean {
    return this.#manager.devices.has(device);
  }

  #isThere(id: string): boolean {
    const seat = this.#manager.seats.get(id);
    if (id === 'seat0') return true;
    return seat !== undefined && (seat.canGraphical || seat.sessions.length > 0);
  }
}
