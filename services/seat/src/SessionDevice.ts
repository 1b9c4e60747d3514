import type { Fd } from '@switchyard/sys';
import type { Device } from './Device.js';
import { type FileKeeper, keptName } from './FileKeeper.js';
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
 *   A restarted manager begins where the one before it was: live or paused.
 *            any ──release | unplug | session ends──▶ gone
 *
 * The device works for the session in `live` and `pausing`, and only there.
 */
export class SessionDevice {
  readonly device: Device;
  readonly #hold: Hold;
  readonly #files: FileKeeper;
  /** Under which the next manager would find what the hold keeps. */
  readonly #name: string;
  #stored: Fd | undefined;
  #state: 'live' | 'pausing' | 'paused' | 'gone' = 'paused';

  constructor(device: Device, session: string, files: FileKeeper) {
    this.device = device;
    this.#files = files;
    this.#name = keptName(session, device.seat, device.key);
    // Of the manager before this one, if the session had the device then.
    this.#stored = files.take(this.#name);
    this.#hold = device.hold(session, this.#stored);
    if (this.#hold.live) this.#state = 'live';
  }

  get state(): 'live' | 'pausing' | 'paused' | 'gone' {
    return this.#state;
  }
  /** The session can read or write this device. */
  get open(): boolean {
    return this.#state === 'live' || this.#state === 'pausing';
  }

  /** Of the file by which it is revoked, where that is the session's own as well (not of channels); the caller's. */
  duplicate(): Fd | undefined {
    return this.#hold.kept?.dup();
  }

  /** paused → live. The fd is the session's. For `provideLater` see Hold. */
  resume(provideLater = false): Fd {
    if (this.#state !== 'paused') throw new Error(`device ${this.device.key}: resume while ${this.#state}`);
    const end = this.#hold.open(provideLater);
    this.#state = 'live';
    this.#store();
    return end;
  }

  /** Stays paused. The fd, through which nothing comes, is the session's. */
  openPaused(): Fd {
    const end = this.#hold.openRevoked();
    this.#store();
    return end;
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
    this.#store();
  }

  /** Revoked for good. */
  forget(): void {
    this.#state = 'gone';
    this.#hold.close();
    this.#store();
  }

  #store(): void {
    const { kept } = this.#hold;
    if (kept === this.#stored) return;
    this.#stored = kept;
    if (kept) this.#files.put(this.#name, kept);
    else this.#files.remove(this.#name);
  }
}
