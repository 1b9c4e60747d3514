import type { Variant } from '@switchyard/dbus';
import type { InputChannelEvents } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import type { Hold } from './Hold.js';

/** A piece of a seat's hardware, by the numbers under which TakeDevice knows it. */
export abstract class Device {
  constructor(
    readonly seat: string,
    readonly major: number,
    readonly minor: number,
  ) {}

  /** What it is, for those who list hardware: `monitor`, `keyboard`, …, of the kernel's `card`, `evdev`, `hidraw`. */
  abstract readonly kind: string;
  abstract readonly name: string;
  abstract readonly properties: ReadonlyMap<string, Variant>;
  /** Input is revoked before the screen: a background session that still draws is ugly, one that reads keys is a leak. */
  abstract readonly isInput: boolean;
  /** A seat with such a one can show pictures. */
  abstract readonly isScreen: boolean;
  /** What clients of the seatd protocol open. */
  abstract readonly path: string;
  /** After a pause the session's own file works again (DRM); of other kinds it needs a new one. */
  abstract readonly resumesInPlace: boolean;
  /** It can be opened at this moment. */
  abstract readonly usable: boolean;

  /** `kept`: what the hold of the same session had when the manager before this one died; the new hold's. */
  abstract hold(session: string, kept?: Fd): Hold;

  /**
   * The manager's own ear: every event of the device beside what its session reads, until closed. Undefined for a
   * device without keys, unless `any` input is of interest.
   */
  abstract listen(on: InputChannelEvents, any?: boolean): { close(): void } | undefined;

  get key(): string {
    return deviceKey(this.major, this.minor);
  }
}

export function deviceKey(major: number, minor: number): string {
  return `${major}:${minor}`;
}
