import type { Fd } from '@switchyard/sys';
import { Channel } from './Channel.js';
import type { Device } from './Device.js';

/**
 * A device as one session sees it.
 *
 *        TakeDevice, active                    TakeDevice, inactive
 *                │                                     │
 *                ▼                                     ▼
 *   ┌─────▶ live ──pause──▶ pausing ──ack | force──▶ paused
 *   │         └───────────────force───────────────────▶│
 *   └──────────────────────resume──────────────────────┘
 *            any ──release | unplug | session ends──▶ gone
 *
 * There is a channel in `live` and `pausing`, and only there.
 */
export class SessionDevice {
  readonly device: Device;
  #state: 'live' | 'pausing' | 'paused' | 'gone' = 'paused';
  #channel: Channel | undefined;

  constructor(device: Device) {
    this.device = device;
  }

  get state(): 'live' | 'pausing' | 'paused' | 'gone' {
    return this.#state;
  }
  /** The session can read or write this device. */
  get open(): boolean {
    return this.#channel !== undefined;
  }

  /** paused → live: a new channel, whose ends are the caller's to deliver. */
  resume(): { sessionEnd: Fd; providerEnd: Fd } {
    if (this.#state !== 'paused') throw new Error(`device ${this.device.key}: resume while ${this.#state}`);
    const { channel, sessionEnd, providerEnd } = Channel.open();
    this.#channel = channel;
    this.#state = 'live';
    return { sessionEnd, providerEnd };
  }

  /** live → pausing: the session has been asked. */
  pause(): void {
    if (this.#state !== 'live') throw new Error(`device ${this.device.key}: pause while ${this.#state}`);
    this.#state = 'pausing';
  }

  /** live, pausing → paused: from here on the session reads nothing of this device. */
  revoke(): void {
    if (this.#state !== 'gone') this.#state = 'paused';
    this.#channel?.revoke();
    this.#channel = undefined;
  }

  /** Revoked for good. */
  forget(): void {
    this.revoke();
    this.#state = 'gone';
  }
}
