import { Variant } from '@switchyard/dbus';
import { type DeviceKind, deviceKinds } from '@switchyard/seat';
import { type Device, deviceKey } from './Device.js';
import { loginError } from './LoginError.js';
import type { SavedVirtualDevice } from './StateStore.js';
import { type Provider, VirtualDevice } from './VirtualDevice.js';

/** No kernel driver has it: character majors end at 511, and 12 bits are what dev_t gives them. */
export const VIRTUAL_MAJOR = 4095;
/** A seat has three to five; this is enough for a provider of ten seats, and bounds what one peer makes us hold. */
export const DEVICES_PER_PROVIDER_MAX = 64;
const NAME_MAX = 256;
const PROPERTIES_MAX = 32;
const PROPERTY_TEXT_MAX = 256;

/** logind's rule for names of seats. */
export function checkSeatName(seat: string): void {
  if (!/^seat[A-Za-z0-9_-]{0,60}$/.test(seat)) {
    throw loginError.invalid(`'${seat}' is no name for a seat: it is "seat" and up to 60 of A-Z a-z 0-9 _ -`);
  }
}

/** All hardware of all seats. */
export class DeviceRegistry {
  /** By number: a card that seats share is a device of each of them. */
  readonly #devices = new Map<string, Device[]>();
  /** Never used before, also not before a restart: what names a device names it for ever. */
  nextMinor = 1;

  *[Symbol.iterator](): IterableIterator<Device> {
    for (const devices of this.#devices.values()) yield* devices;
  }

  /** The seat's own, where it has one of that number; otherwise another's. */
  get(major: number, minor: number, seat?: string): Device | undefined {
    return best(this.#devices.get(deviceKey(major, minor)) ?? [], seat);
  }

  has(device: Device): boolean {
    return this.#devices.get(device.key)?.includes(device) ?? false;
  }

  *virtual(): Generator<VirtualDevice> {
    for (const device of this) if (device instanceof VirtualDevice) yield device;
  }

  /** As get. */
  atPath(path: string, seat?: string): Device | undefined {
    return best(
      [...this].filter((device) => device.path === path),
      seat,
    );
  }

  /** A new piece, not added yet. Throws InvalidArgs or LimitsExceeded. */
  makeVirtual(
    seat: string,
    kind: string,
    name: string,
    properties: ReadonlyMap<string, Variant>,
    provider: Provider,
  ): VirtualDevice {
    checkSeatName(seat);
    if (!deviceKinds.has(kind)) {
      throw loginError.invalid(`'${kind}' is no kind of device: ${[...deviceKinds].join(', ')}`);
    }
    if (name === '' || name.length > NAME_MAX) {
      throw loginError.invalid(`A device's name has 1…${NAME_MAX} characters`);
    }
    checkProperties(properties);
    let count = 0;
    for (const device of this.virtual()) if (device.provider?.name === provider.name) count++;
    if (count >= DEVICES_PER_PROVIDER_MAX) {
      throw loginError.limit(`A provider attaches at most ${DEVICES_PER_PROVIDER_MAX} devices`);
    }
    const device = new VirtualDevice(
      seat,
      VIRTUAL_MAJOR,
      this.nextMinor++,
      kind as DeviceKind,
      name,
      properties,
      provider,
    );
    return device;
  }

  /** One that the manager before this one had; without its provider. */
  restoreVirtual({ seat, minor, kind, name, properties, provider }: SavedVirtualDevice): VirtualDevice {
    const about = new Map(
      properties.map(([key, signature, value]) => [
        key,
        new Variant(signature, /^[xt]$/.test(signature) ? BigInt(value) : value),
      ]),
    );
    const device = new VirtualDevice(seat, VIRTUAL_MAJOR, minor, kind as DeviceKind, name, about, undefined);
    device.formerProvider = provider;
    return device;
  }

  add(device: Device): void {
    this.#devices.set(device.key, [...(this.#devices.get(device.key) ?? []), device]);
  }

  remove(device: Device): void {
    const others = this.#devices.get(device.key)?.filter((other) => other !== device) ?? [];
    if (others.length > 0) this.#devices.set(device.key, others);
    else this.#devices.delete(device.key);
  }

  /** The device that its provider, nameless since the bus went, attaches anew. */
  orphanOf(device: VirtualDevice): VirtualDevice | undefined {
    for (const other of this.virtual()) {
      const same = other.seat === device.seat && other.kind === device.kind && other.name === device.name;
      if (same && !other.usable) return other;
    }
    return undefined;
  }
}

function best(devices: readonly Device[], seat: string | undefined): Device | undefined {
  return devices.find((device) => device.seat === seat) ?? devices[0];
}

function checkProperties(properties: ReadonlyMap<string, Variant>): void {
  if (properties.size > PROPERTIES_MAX) {
    throw loginError.invalid(`A device has at most ${PROPERTIES_MAX} properties`);
  }
  for (const [key, { signature, value }] of properties) {
    const text = typeof value === 'string' ? value : '';
    if (
      !/^[bynqiuxtds]$/.test(signature) ||
      key.length > PROPERTY_TEXT_MAX ||
      text.length > PROPERTY_TEXT_MAX
    ) {
      throw loginError.invalid(
        `Property '${key.slice(0, 40)}': a number, boolean or string of ${PROPERTY_TEXT_MAX} characters is meant`,
      );
    }
  }
}
