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
import { DrmDevice } from './DrmDevice.js';
import type { KernelDevice } from './KernelDevice.js';
import { KernelDevices, type KernelDevicesOptions } from './KernelDevices.js';
import type { SeatAssignments } from './SeatAssignments.js';
import { SysDevice } from './SysDevice.js';
import type { UdevRules } from './UdevRules.js';
import { parseUevent, type Uevent } from './Uevent.js';
import type { UserAccess } from './UserAccess.js';

/** A card says that something changed before it has looked what: then, again. */
const CONNECTORS_SETTLE_MS = 300;

export interface HardwareOptions extends KernelDevicesOptions {
  readonly assignments: SeatAssignments;
  /** None: udev is not told of assignments. */
  readonly udevRules: UdevRules | undefined;
  readonly access: UserAccess;
}

/**
 * The machine's own devices, and which seat has them.
 *
 *   known (KernelDevices) ──its seat is there──▶ attached ──unplugged──▶ unknown
 *     ▲                                             │
 *     └─────────────its seat is gone────────────────┘
 *
 * A seat other than seat0 is there when a screen of it is: keyboards alone make none. sysfs is the truth; uevents only say
 * when to look there.
 */
export class Hardware implements Partial<SeatEvents> {
  readonly #manager: SeatManager;
  readonly #options: HardwareOptions;
  readonly #log: Log;
  readonly #devices: KernelDevices;
  #uevents: Uevents | undefined;
  #settling = false;

  constructor(manager: SeatManager, options: HardwareOptions, log: Log) {
    this.#manager = manager;
    this.#options = options;
    this.#log = log;
    this.#devices = new KernelDevices(
      manager,
      options,
      log,
      () => this.rescan(),
      () => this.#settleLater(),
    );
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
    this.#devices.close();
  }

  /** Compares everything with sysfs and udev. */
  rescan(): void {
    const present = this.#devices.scan();
    this.#options.access.rescan();
    this.#devices.keep(present);
    this.#settle();
  }

  /**
   * Assigns a device, and all that hang on it, to a seat, from now on and after a restart. Throws ENODEV for what is none
   * of a seat's devices, and what keeps the assignment from being written.
   */
  attach(path: string, seat: string): void {
    const { sysfs, udev, assignments, udevRules } = this.#options;
    const sys = SysDevice.at(sysfs, path);
    if (!sys || !this.#devices.isOfSeats(sys)) throw new SystemError(constants.errno.ENODEV, 'attach', path);
    const connector = this.#devices.connectorAt(sys);
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
    const card = this.#devices.card(major, minor);
    if (!card || !cardConnectors(card).some(({ name }) => name === connector)) {
      throw loginError.errno(
        'ENODEV',
        `Card ${major}:${minor} has no connector ${connector}; see ListDevices`,
      );
    }
    this.#assignConnector(card, connector, seat);
    await this.#devices.connectorsSettled(card);
  }

  /** Every device is where it is without AttachDevice. */
  flush(): void {
    const { assignments, udevRules } = this.#options;
    assignments.flush();
    udevRules?.flush();
    udevRules?.apply(
      [...this.#devices.whole()].map(({ sys }) => (sys.subsystem === 'drm' ? sys : (sys.parent ?? sys))),
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
    this.#devices.turnEnded();
  }
  sessionRemoved(session: Session): void {
    if (session.seat) this.#settleLater();
  }

  #assignConnector(card: SysDevice, connector: string, seat: string): void {
    const whole = this.#devices.wholeInUse(card);
    if (whole) {
      throw loginError.errno(
        'EBUSY',
        `${whole.path} is a session's as a whole; a hardware rule that names a connector of it shares it from the start`,
      );
    }
    this.#options.assignments.assignConnector(card, connector, seat);
    this.#log.info({ card: card.path, connector, seat }, 'connector given to a seat');
    this.rescan();
  }

  #heard(uevent: Uevent): void {
    const { action, properties } = uevent;
    if (properties.has('DEVNAME')) this.#options.access.rescan();
    const sys = this.#devices.heard(uevent);
    if (sys === undefined) return;
    // LEASE=1 (drm_sysfs_lease_event) is told at the end of every lease, which is no news of the hardware.
    if (sys !== 'gone' && action === 'change' && !properties.has('LEASE')) {
      for (const device of this.#devices) if (device.sys.path === sys.path) this.#changed(device);
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
    for (const device of this.#devices) {
      if (device.isScreen && !this.#attached(device)) this.#manager.addDevice(device);
    }
    for (const device of this.#devices.whole()) {
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
