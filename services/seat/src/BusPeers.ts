import type { Log } from '@switchyard/runtime';
import type { Controller } from './Controller.js';
import { revokeLeft } from './FileKeeper.js';
import type { SeatManager } from './SeatManager.js';
import type { Provider } from './VirtualDevice.js';

/** How long controllers and providers may take to come back after the bus did; their BusLink asks once a second. */
const RETURN_GRACE_MS = 10_000;

/**
 * Whoever on the bus controls sessions and provides devices, when the bus or the manager before this one is gone.
 *
 *   there ──unique name vanishes──▶ gone
 *     │ ▲
 *     │ └── claims what it had | the manager alone was restarted, and its name is there ──┐
 *     └──bus lost | manager dies──▶ former ───────────────────────────────────────────────┘
 *                                     └── RETURN_GRACE_MS after the bus is there ──▶ what it had is revoked
 */
export class BusPeers {
  /** The id of the bus that we were on last; "" before the first. */
  bus = '';
  readonly #manager: SeatManager;
  readonly #log: Log;
  #returning: NodeJS.Timeout | undefined;

  constructor(manager: SeatManager, log: Log) {
    this.#manager = manager;
    this.#log = log;
  }

  /** Unique names of before our restart that something here belonged to. */
  former(): Set<string> {
    const { sessions, devices } = this.#manager;
    const names = new Set<string>();
    // A seatd client's name is no name on a bus.
    for (const { former } of sessions) if (former?.controller.startsWith(':')) names.add(former.controller);
    for (const { formerProvider } of devices.virtual()) if (formerProvider) names.add(formerProvider);
    return names;
  }

  /** It is there still: it controls what it controlled, and provides what it provided. */
  returned(controller: Controller, provider: Provider): void {
    const { name } = controller;
    for (const device of this.#manager.devices.virtual()) {
      if (device.formerProvider !== name) continue;
      device.provider = provider;
      device.formerProvider = undefined;
    }
    for (const session of this.#manager.sessions) {
      if (session.former?.controller !== name) continue;
      this.#log.info({ session: session.id, controller: name }, 'its controller is there still');
      session.regainControl(controller);
    }
  }

  /** None of the names of before means anything: this is another bus. */
  forgetFormer(): void {
    for (const device of this.#manager.devices.virtual()) device.formerProvider = undefined;
    for (const session of this.#manager.sessions) {
      if (session.former?.controller.startsWith(':')) session.former = undefined;
    }
  }

  /** A unique name is gone: its controls are released, its devices unplugged. */
  vanished(name: string): void {
    for (const session of this.#manager.sessions) {
      if (session.controller?.name !== name) continue;
      this.#log.info({ session: session.id, controller: name }, 'controller is gone');
      this.#manager.dropControl(session);
    }
    for (const device of [...this.#manager.devices.virtual()]) {
      if (device.provider?.name === name) this.#manager.removeDevice(device);
    }
  }

  /** No name means anything any more. Channels stay up, so that screen and keys live on. */
  busLost(): void {
    clearTimeout(this.#returning);
    for (const device of this.#manager.devices.virtual()) device.provider = undefined;
    for (const session of this.#manager.sessions) session.loseBus();
  }

  /** Controllers and providers come back by themselves; what they did not claim in time is revoked. */
  busConnected(): void {
    clearTimeout(this.#returning);
    const { devices, seats } = this.#manager;
    for (const device of devices.virtual()) if (device.usable) this.#manager.watchKeyboard(device);
    // What was being asked for when the manager before this one died is over; and what is new has to be opened.
    for (const { active } of seats) if (active?.former) active.resumeDevices();
    this.#returning = setTimeout(() => this.#revokeUnclaimed(), RETURN_GRACE_MS).unref();
  }

  #revokeUnclaimed(): void {
    const { sessions, devices, files } = this.#manager;
    for (const session of sessions) session.forgetFormer();
    revokeLeft(files, () => true);
    for (const session of sessions) if (session.controller === undefined) this.#manager.dropControl(session);
    for (const device of [...devices.virtual()]) if (!device.usable) this.#manager.removeDevice(device);
  }
}
