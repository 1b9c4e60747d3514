import type { Fd } from '@switchyard/sys';
import type { Device } from './Device.js';
import type { Hold } from './Hold.js';

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
 * The device works for the session in `live` and `pausing`, and only there.
 */
export class SessionDevice {
  readonly device: Device;
  readonly #hold: Hold;
  #state: 'live' | 'pausing' | 'paused' | 'gone' = 'paused';

  constructor(device: Device, session: string) {
    this.device = device;
    this.#hold = device.hold(session);
  }

  get state(): 'live' | 'pausing' | 'paused' | 'gone' {
    return this.#state;
  }
  /** The session can read or write this device. */
  get open(): boolean {
    return this.#state === 'live' || this.#state === 'pausing';
  }

  /** paused → live. The fd is the session's. */
  resume(): Fd {
    if (this.#state !== 'paused') throw new Error(`device ${this.device.key}: resume while ${this.#state}`);
    const end = this.#hold.open();
    this.#state = 'live';
    return end;
  }

  /** Stays paused. The fd, through which nothing comes, is the session's. */
  openPaused(): Fd {
    return this.#hold.openRevoked();
  }

  /** live → pausing: the session has been asked. */
  pause(): void {
    if (this.#state !== 'live') throw new Error(`device ${this.device.key}: pause while ${this.#state}`);
    this.#state = 'pausing';
  }

  /** live, pausing → paused: from here on the session reads nothing of this device. */
  revoke(): void {
    if (this.#state !== 'gone') this.#state = 'paused';
    this.#hold.revoke();
  }

  /** Revoked for good. */
  forget(): void {
    this.#state = 'gone';
    this.#hold.close();
  }
}
