import type { Fd } from '@switchyard/sys';
import type { DeviceNumber } from '../Controller.js';
import type { Device } from '../Device.js';
import type { SavedSeatdClient } from '../StateStore.js';

/** seatd's own bound. */
export const SEATD_DEVICES_MAX = 128;

export interface SeatdDevice {
  readonly device: Device;
  /** What the client calls it. */
  readonly id: number;
  /** A duplicate of what the client has, for opening the same path again; of before a restart there is none. */
  readonly fd: Fd | undefined;
  /** How often the client has opened it. */
  references: number;
}

/**
 * The devices that a client has open, under the numbers by which it knows them.
 *
 *   not open ──open──▶ open ──opened once more | closed once──▶ open ──closed as often | gone──▶ not open
 *                       ▲
 *   former ──the session has it again
 */
export class SeatdDevices implements Iterable<SeatdDevice> {
  readonly #open = new Map<number, SeatdDevice>();
  /** Of before a restart of the manager: what the client calls devices that were not seen again yet. */
  readonly #former = new Map<string, { id: number; references: number }>();

  [Symbol.iterator](): Iterator<SeatdDevice> {
    return this.#open.values();
  }

  get full(): boolean {
    return this.#open.size >= SEATD_DEVICES_MAX;
  }
  /** Some of before a restart were not seen again yet. */
  get waits(): boolean {
    return this.#former.size > 0;
  }

  /** What another manager must know to go on with them. */
  save(): SavedSeatdClient['devices'] {
    const open = [...this.#open.values()].map(
      ({ device, id, references }) => [device.key, id, references] as const,
    );
    const waiting = [...this.#former].map(([key, { id, references }]) => [key, id, references] as const);
    return [...open, ...waiting];
  }

  restore(saved: SavedSeatdClient['devices']): void {
    for (const [key, id, references] of saved) this.#former.set(key, { id, references });
  }

  /** Devices of before a restart that the session has again have the numbers again that the client knows. */
  meet(held: Iterable<{ readonly device: Device }>): void {
    for (const { device } of held) {
      const known = this.#former.get(device.key);
      if (!known) continue;
      this.#former.delete(device.key);
      this.#open.set(known.id, { device, id: known.id, fd: undefined, references: known.references });
    }
  }

  at(id: number): SeatdDevice | undefined {
    return this.#open.get(id);
  }

  of({ major, minor }: DeviceNumber): SeatdDevice | undefined {
    for (const open of this.#open.values()) {
      if (open.device.major === major && open.device.minor === minor) return open;
    }
    return undefined;
  }

  /** Opened for the first time, under a number that is no other's, nor was before a restart. The fd is taken over. */
  add(device: Device, fd: Fd): SeatdDevice {
    const former = [...this.#former.values()].map((known) => known.id);
    const id = Math.max(0, ...this.#open.keys(), ...former) + 1;
    const open = { device, id, fd, references: 1 };
    this.#open.set(id, open);
    return open;
  }

  /** Closed once. True: the client has it no more. */
  release(open: SeatdDevice): boolean {
    open.references--;
    if (open.references !== 0) return false;
    this.forget(open.device);
    return true;
  }

  /** Idempotent. */
  forget(device: DeviceNumber): void {
    const open = this.of(device);
    if (!open) return;
    open.fd?.close();
    this.#open.delete(open.id);
  }

  close(): void {
    for (const open of this.#open.values()) open.fd?.close();
    this.#open.clear();
  }
}
