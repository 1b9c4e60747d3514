import { deviceKey } from './Device.js';
import { loginError } from './LoginError.js';
import type { SessionDevice } from './SessionDevice.js';

/** The devices that a session has taken, works of them what will. */
export class HeldDevices {
  readonly #byKey = new Map<string, SessionDevice>();

  [Symbol.iterator](): IterableIterator<SessionDevice> {
    return this.#byKey.values();
  }
  get(key: string): SessionDevice | undefined {
    return this.#byKey.get(key);
  }
  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  /** Throws DeviceNotTaken. */
  require(major: number, minor: number): SessionDevice {
    const held = this.#byKey.get(deviceKey(major, minor));
    if (!held) throw loginError.deviceNotTaken(deviceKey(major, minor));
    return held;
  }

  /** The same for who may have swapped the two numbers, as Xorg 21.1 does. */
  meant(major: number, minor: number): SessionDevice {
    const swapped = this.#byKey.get(deviceKey(minor, major));
    return swapped && !this.has(deviceKey(major, minor)) ? swapped : this.require(major, minor);
  }

  /** Input first. */
  get inOrder(): SessionDevice[] {
    const all = [...this];
    return [...all.filter((held) => held.device.isInput), ...all.filter((held) => !held.device.isInput)];
  }

  /** Those that can be read or written at this moment, input first. */
  get open(): SessionDevice[] {
    return this.inOrder.filter((held) => held.open);
  }

  /** One at least was asked for and is not given up. */
  get pausing(): boolean {
    for (const held of this) if (held.state === 'pausing') return true;
    return false;
  }

  /** A card of the kernel's works. */
  get drawsOnCard(): boolean {
    for (const { device, open } of this) if (open && device.kind === 'card') return true;
    return false;
  }

  add(held: SessionDevice): void {
    this.#byKey.set(held.device.key, held);
  }

  /** Revoked for good. */
  remove(held: SessionDevice): void {
    this.#byKey.delete(held.device.key);
    held.forget();
  }

  /** All of them, input first. */
  forgetAll(): void {
    const all = this.inOrder;
    for (const held of all) held.forget();
    this.#byKey.clear();
  }
}
