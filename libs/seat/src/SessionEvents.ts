import type { Variant } from '@switchyard/dbus';
import type { Fd } from '@switchyard/sys';
import type { DeviceKind, PauseKind } from './Login1.js';

export interface SessionOptions {
  readonly seat: string;
  /** A session that is there already (`$XDG_SESSION_ID`): its control is taken, and nothing is created. */
  readonly id?: string;
  /** The id that a new session is to have: `y` and a number. Default: the manager's choice. */
  readonly chosenId?: string | undefined;
  /** Default: our own. Another's takes root or the session manager's own uid. */
  readonly uid?: number;
  /** The process whose end is the session's end. Default: this one. */
  readonly leader?: number;
  readonly type?: 'wayland' | 'x11' | 'tty' | 'mir' | 'web' | 'unspecified';
  readonly class?: string;
  readonly service?: string;
  readonly desktop?: string;
  readonly title?: string;
  /** The session's Wayland socket. */
  readonly display?: string;
  /** Do not take the screen at once. */
  readonly background?: boolean;
}

/** A device with a live channel: ours until closed() is called for it. */
export interface OpenDevice {
  readonly major: number;
  readonly minor: number;
  readonly kind: DeviceKind;
  readonly name: string;
  readonly properties: ReadonlyMap<string, Variant>;
}

export interface SessionEvents {
  /** The device can be used: at take while active, and at every resume. The channel is the callee's to close. */
  opened(device: OpenDevice, channel: Fd): void;
  /**
   * Stop using the device and close its channel now: "pause" is acknowledged when this returns, "force" and "gone"
   * are past, "lost" means that the session manager is new and will open devices again.
   */
  closed(device: OpenDevice, why: PauseKind | 'lost'): void;
  active?(active: boolean): void;
  lock?(): void;
  unlock?(): void;
  /** The session manager had forgotten the session; it lives on under another id. */
  renamed?(id: string): void;
  /** The session is over, whoever ended it but us. */
  ended(): void;
  /** Something failed that the session survives: a device could not be taken. */
  failed?(error: Error): void;
}
