import type { Variant } from '@switchyard/dbus';
import type { DeviceKind } from '@switchyard/seat';

/**
 * A piece of virtual hardware. It belongs to its provider's connection and goes with it.
 *
 *   attached ──bus lost──▶ orphaned ──provider attaches it anew (as another Device) | too late──▶ gone
 *       └──DetachDevice | provider gone──▶ gone
 */
export class Device {
  /** The provider's unique name; undefined when it is orphaned: the bus on which it had that name is gone. */
  provider: string | undefined;

  constructor(
    readonly seat: string,
    readonly major: number,
    readonly minor: number,
    readonly kind: DeviceKind,
    readonly name: string,
    readonly properties: ReadonlyMap<string, Variant>,
    provider: string,
  ) {
    this.provider = provider;
  }

  get orphaned(): boolean {
    return this.provider === undefined;
  }
  /** Input is revoked before the screen: a background session that still draws is ugly, one that reads keys is a leak. */
  get isInput(): boolean {
    return this.kind !== 'monitor';
  }
  get key(): string {
    return deviceKey(this.major, this.minor);
  }
}

export function deviceKey(major: number, minor: number): string {
  return `${major}:${minor}`;
}
