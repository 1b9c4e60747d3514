import type { Variant } from '@switchyard/dbus';
import { type DeviceKind, InputChannel, type InputChannelEvents } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import { Channel } from './Channel.js';
import { Device, deviceKey } from './Device.js';
import type { Hold } from './Hold.js';

/** Who provides virtual hardware. */
export interface Provider {
  /** Its unique name on the bus. */
  readonly name: string;
  /**
   * The provider's end of a new channel, which it owns. `session` is "" for the seat manager's own. Disposed of when the
   * channel is revoked: an end that has not gone then is closed. `later`: it may wait until what is more urgent is done.
   */
  openChannel(device: VirtualDevice, session: string, end: Fd, later: boolean): Disposable;
}

/** There is no such file. It is what a seatd client names the device by. */
const DIRECTORY = '/dev/switchyard';

/**
 * A piece of virtual hardware. It belongs to its provider's connection and goes with it.
 *
 *   attached ──bus lost──▶ orphaned ──provider attaches it anew (as another device) | too late──▶ gone
 *       │  └──manager restarted──▶ orphaned ──its provider is on the same bus still──▶ attached
 *       └──DetachDevice | provider gone──▶ gone
 */
export class VirtualDevice extends Device {
  /** Undefined when it is orphaned: the bus on which the provider had its name is gone. */
  provider: Provider | undefined;
  /** Its provider's unique name when the manager before this one died, until that is here again. */
  formerProvider: string | undefined;
  readonly resumesInPlace: boolean = false;

  constructor(
    seat: string,
    major: number,
    minor: number,
    readonly kind: DeviceKind,
    readonly name: string,
    readonly properties: ReadonlyMap<string, Variant>,
    provider: Provider | undefined,
  ) {
    super(seat, major, minor);
    this.provider = provider;
  }

  get isInput(): boolean {
    return this.kind !== 'monitor';
  }
  get isScreen(): boolean {
    return this.kind === 'monitor';
  }
  get path(): string {
    return `${DIRECTORY}/${deviceKey(this.major, this.minor)}`;
  }
  get usable(): boolean {
    return this.provider !== undefined;
  }

  hold(session: string, kept?: Fd): Hold {
    return new ChannelHold(this, session, kept && Channel.adopt(kept));
  }

  listen(on: InputChannelEvents, any = false): { close(): void } | undefined {
    const heard = any ? this.isInput : this.kind === 'keyboard';
    if (!heard || !this.provider) return undefined;
    const { channel, sessionEnd, providerEnd } = Channel.open();
    const input = new InputChannel(sessionEnd, on);
    const opening = this.provider.openChannel(this, '', providerEnd, false);
    return {
      close() {
        opening[Symbol.dispose]();
        input.close();
        channel.revoke();
      },
    };
  }
}

/** A channel while it is open, none otherwise. */
class ChannelHold implements Hold {
  readonly #device: VirtualDevice;
  readonly #session: string;
  #channel: Channel | undefined;
  #opening: Disposable | undefined;

  constructor(device: VirtualDevice, session: string, channel: Channel | undefined) {
    this.#device = device;
    this.#session = session;
    this.#channel = channel;
  }

  get kept(): Fd | undefined {
    return this.#channel?.fd;
  }
  get live(): boolean {
    return this.#channel !== undefined;
  }

  open(provideLater = false): Fd {
    const { channel, sessionEnd, providerEnd } = Channel.open();
    this.#channel = channel;
    const { provider } = this.#device;
    this.#opening = provider?.openChannel(this.#device, this.#session, providerEnd, provideLater);
    if (!provider) providerEnd.close();
    return sessionEnd;
  }

  openRevoked(): Fd {
    return Channel.revokedEnd();
  }

  revoke(): void {
    this.#opening?.[Symbol.dispose]();
    this.#opening = undefined;
    this.#channel?.revoke();
    this.#channel = undefined;
  }

  close(): void {
    this.revoke();
  }
}
