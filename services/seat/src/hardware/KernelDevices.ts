import type { Log } from '@switchyard/runtime';
import type { SeatManager } from '../SeatManager.js';
import { cardConnectors } from './CardConnector.js';
import { DrmDevice, type Usurped } from './DrmDevice.js';
import { EvdevDevice } from './EvdevDevice.js';
import { HidrawDevice } from './HidrawDevice.js';
import type { KernelDevice, KernelKind } from './KernelDevice.js';
import type { SeatMembership } from './SeatMembership.js';
import type { Candidate } from './SeatRule.js';
import { SharedCards } from './SharedCards.js';
import { SysDevice } from './SysDevice.js';
import type { UdevDatabase } from './UdevDatabase.js';
import { UdevPatience } from './UdevPatience.js';
import type { UdevRecord } from './UdevRecord.js';
import type { Uevent } from './Uevent.js';

/** A machine with more is not a set of seats; and each device costs a look at every rule. */
const DEVICES_MAX = 4096;

/** The kernel's classes in which devices of seats are, and what they are called there. */
const classes: readonly { name: string; node: RegExp; kind: KernelKind }[] = [
  { name: 'drm', node: /^card\d+$/, kind: 'card' },
  { name: 'input', node: /^event\d+$/, kind: 'evdev' },
  { name: 'hidraw', node: /^hidraw\d+$/, kind: 'hidraw' },
];

export interface KernelDevicesOptions {
  readonly sysfs: string;
  readonly udev: UdevDatabase;
  readonly membership: SeatMembership;
  readonly usurped: Usurped;
  /** How long sessions may take to give a card up of which connectors change seats, in ms; 0 forces at once. */
  readonly grace: number;
}

/**
 * All devices of the machine that belong to a seat, attached to it or not.
 *
 *   unknown ──uevent | scan──▶ waiting for udev ──record | patience over──▶ known
 *      ▲                                                                      │
 *      └───────────────── unplugged | of no seat, or another ─────────────────┘
 *
 * A card of which a rule names connectors is not known as a whole, but by its parts. What is forgotten, the manager has
 * no more.
 */
export class KernelDevices implements Iterable<KernelDevice> {
  readonly #manager: SeatManager;
  readonly #options: KernelDevicesOptions;
  /** By their paths in sysfs. */
  readonly #whole = new Map<string, KernelDevice>();
  readonly #shared: SharedCards;
  readonly #patience: UdevPatience;

  /** `due`: some may have waited for udev long enough. `settled`: there may be new parts of cards, not attached yet. */
  constructor(
    manager: SeatManager,
    options: KernelDevicesOptions,
    log: Log,
    due: () => void,
    settled: () => void,
  ) {
    this.#manager = manager;
    this.#options = options;
    this.#patience = new UdevPatience(due, log);
    const { membership, usurped, grace } = options;
    this.#shared = new SharedCards(manager, membership, usurped, grace, settled);
  }

  *[Symbol.iterator](): Generator<KernelDevice> {
    yield* this.#whole.values();
    yield* this.#shared.parts();
  }
  /** Those that are one seat's as a whole. */
  whole(): Iterable<KernelDevice> {
    return this.#whole.values();
  }

  /** Looks at everything that sysfs has. Returns what is there, by paths in sysfs. */
  scan(): ReadonlySet<string> {
    const present = new Set<string>();
    const udev = this.#options.udev.present;
    for (const { name, node, kind } of classes) {
      for (const sys of SysDevice.ofClass(this.#options.sysfs, name)) {
        if (!node.test(sys.name) || present.size >= DEVICES_MAX) continue;
        present.add(sys.path);
        this.#look(sys, kind, udev);
      }
    }
    return present;
  }

  /** Only these are there. */
  keep(present: ReadonlySet<string>): void {
    for (const [path, device] of this.#whole) if (!present.has(path)) this.#forget(device);
    for (const { path } of [...this.#shared.cards()]) if (!present.has(path)) this.#shared.forget(path);
    this.#patience.keep(present);
  }

  /**
   * The kernel said something about a device. Returns the device that is there, or that there is none any more;
   * undefined: it is none of those that seats have.
   */
  heard({ action, devpath, properties }: Uevent): SysDevice | 'gone' | undefined {
    const subsystem = properties.get('SUBSYSTEM');
    const found = classes.find(
      (one) => one.name === subsystem && one.node.test(devpath.replace(/^.*\//, '')),
    );
    if (!found) return undefined;
    const sys = SysDevice.at(this.#options.sysfs, this.#options.sysfs + devpath);
    const gone = action === 'remove' || !sys;
    if (gone) {
      for (const device of this.#whole.values()) if (device.sys.devpath === devpath) this.#forget(device);
      for (const card of [...this.#shared.cards()])
        if (card.devpath === devpath) this.#shared.forget(card.path);
    }
    // Of one that was removed, another has the name by now.
    if (sys) this.#look(sys, found.kind, this.#options.udev.present);
    return gone ? 'gone' : sys;
  }

  /** udev says so, or a device of a seat is this one or hangs on it. */
  isOfSeats(sys: SysDevice): boolean {
    if (this.#options.udev.record(sys)?.tags.has('seat')) return true;
    for (const { sys: known } of this) {
      if (known.path === sys.path || known.path.startsWith(`${sys.path}/`)) return true;
    }
    return this.connectorAt(sys) !== undefined;
  }

  /** What is a connector of a card of ours. */
  connectorAt(sys: SysDevice): { card: SysDevice; name: string } | undefined {
    const card = sys.parent;
    if (!card || ![...this].some((device) => device.kind === 'card' && device.sys.path === card.path)) {
      return undefined;
    }
    const found = cardConnectors(card).find(({ name }) => `${card.name}-${name}` === sys.name);
    return found && { card, name: found.name };
  }

  /** The card with these numbers, whole or shared. */
  card(major: number, minor: number): SysDevice | undefined {
    for (const device of this) {
      if (device.kind === 'card' && device.major === major && device.minor === minor) return device.sys;
    }
    return undefined;
  }

  /** A card that sessions have as a whole, of which no connector can be another seat's now. */
  wholeInUse(card: SysDevice): DrmDevice | undefined {
    const whole = this.#whole.get(card.path);
    return whole instanceof DrmDevice && whole.inUse ? whole : undefined;
  }

  /** Resolves when the card's connectors are where they are to be. */
  connectorsSettled(card: SysDevice): Promise<void> {
    return this.#shared.settled(card.path);
  }

  /** A switch is over on some seat. */
  turnEnded(): void {
    this.#shared.turnEnded();
  }

  close(): void {
    this.#patience.close();
  }

  /** A device that is in sysfs: is it a seat's, and whose? */
  #look(sys: SysDevice, kind: KernelKind, udev: boolean): void {
    const record = udev ? this.#record(sys, kind) : undefined;
    if (udev && !record && this.#options.udev.record(sys) === undefined && !this.#patience.isOver(sys))
      return;
    this.#patience.end(sys.path);
    const candidate: Candidate = { kind, sys, record };
    const known = this.#whole.get(sys.path);
    if (kind === 'card' && this.#shared.look(candidate)) {
      if (known) this.#forget(known);
      return;
    }
    const seat = record && !record.tags.has('seat') ? undefined : this.#options.membership.seatOf(candidate);
    const number = sys.number;
    if (known && known.seat === seat && known.major === number?.major && known.minor === number.minor) return;
    if (known) this.#forget(known);
    if (seat === undefined || !number || sys.node === undefined) return;
    this.#whole.set(sys.path, this.#make(kind, seat, sys, record));
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
    this.#whole.delete(device.sys.path);
    this.#manager.removeDevice(device);
  }
}
