import { type Fd, SystemError } from '@switchyard/sys';
import { DrmLeases } from '@switchyard/uapi/calls';
import { type BackendDevice, resumesInPlace } from './SeatBackend.js';

/** One that works, as long as it does. */
export type OpenSeatDevice = SeatDevice & { readonly fd: Fd };

/** What a compositor does about a device. */
export interface SeatDeviceHandlers {
  /** Nothing more comes through it, or goes. Its fd is closed behind this, unless it is a graphics card's. */
  paused?(device: SeatDevice): void;
  /**
   * It works again; `fd` is a new one, unless it is a graphics card's that the seat has as a whole. Of a card that seats share, what
   * comes back is a new lease: none of the old file's buffers, and perhaps other connectors.
   */
  resumed?(device: OpenSeatDevice): void;
  /** Unplugged, or the seat is closed. Its fd is closed behind this. */
  gone?(device: SeatDevice): void;
}

/**
 * A device of the seat that was opened for this session.
 *
 *   open ◀──pause, resume──▶ paused       any ──close | unplug | seat closed──▶ gone
 */
export class SeatDevice {
  readonly path: string;
  /** For the Seat that made it. */
  readonly backend: BackendDevice;
  readonly #on: SeatDeviceHandlers;
  readonly #closing: (device: SeatDevice) => Promise<void>;
  #state: 'open' | 'paused' | 'gone' = 'open';
  #fd: Fd | undefined;

  /** Made by Seat.openDevice(). */
  constructor(
    backend: BackendDevice,
    fd: Fd,
    on: SeatDeviceHandlers,
    closing: (device: SeatDevice) => Promise<void>,
  ) {
    this.path = backend.path;
    this.backend = backend;
    this.#fd = fd;
    this.#on = on;
    this.#closing = closing;
  }

  get state(): 'open' | 'paused' | 'gone' {
    return this.#state;
  }

  /** Borrowed: this object closes it. Undefined while it is paused, unless it is a graphics card's, and when it is gone. */
  get fd(): Fd | undefined {
    return this.#fd;
  }

  /** Gives the device back. Idempotent. */
  async close(): Promise<void> {
    if (this.#state === 'gone') return;
    this.#end();
    await this.#closing(this);
  }

  // What the Seat tells it.

  pause(): void {
    if (this.#state !== 'open') return;
    this.#state = 'paused';
    this.#on.paused?.(this);
    if (!resumesInPlace(this.path)) this.#closeFd();
  }

  resume(fd: Fd | undefined): void {
    // The same file, of which we have an fd already.
    const keep = this.#fd !== undefined && resumesInPlace(this.path) && !leaseEnded(this.#fd);
    if (keep || this.#state === 'gone') fd?.close();
    else if (fd) {
      this.#closeFd();
      this.#fd = fd;
    }
    if (this.#state === 'gone' || this.#fd === undefined) return;
    this.#state = 'open';
    this.#on.resumed?.(this as OpenSeatDevice);
  }

  lose(): void {
    if (this.#state === 'gone') return;
    this.#state = 'gone';
    this.#on.gone?.(this);
    this.#closeFd();
  }

  #end(): void {
    this.#state = 'gone';
    this.#closeFd();
  }

  #closeFd(): void {
    this.#fd?.close();
    this.#fd = undefined;
  }
}

/** A lease that was revoked has no object any more; a card's own file has them all. */
function leaseEnded(fd: Fd): boolean {
  try {
    return new DrmLeases(fd).objects().length === 0;
  } catch (error) {
    // EOPNOTSUPP: it is a card that shows nothing, and has no leases. ENOTTY: it is none at all.
    if (error instanceof SystemError) return false;
    throw error;
  }
}
