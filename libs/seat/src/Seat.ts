import { constants } from 'node:os';
import { type Fd, SystemError } from '@switchyard/sys';
import { openBackend, type SeatOptions } from './backends/openBackend.js';
import type { BackendDevice, SeatBackend } from './SeatBackend.js';
import { SeatDevice, type SeatDeviceHandlers } from './SeatDevice.js';

const { errno } = constants;

/** What a compositor does about its seat. None of them is called before Seat.open() has resolved. */
export interface SeatHandlers {
  /** The session has the seat: devices can be opened. Those that are open resume behind this, one by one. */
  enabled?(): void;
  /**
   * The session leaves the seat; its devices are paused. Once this returns, or what it returns resolves, the others may
   * go on. They do without it when it takes too long.
   */
  disabled?(): void | Promise<void>;
  /** The seat was taken away for good, and its devices with it. */
  closed?(error: Error): void;
}

/**
 * The seat of the session that this process runs in, as a compositor has it: what libseat is for one in C.
 *
 *   inactive ──enabled──▶ active ──to leave──▶ leaving ──disabled() is through──▶ inactive
 *                                                 │  enabled meanwhile: it is active again behind it
 *   any ──close() | the manager hung up──▶ closed
 */
export class Seat {
  readonly #backend: SeatBackend;
  readonly #on: SeatHandlers;
  readonly #devices = new Map<BackendDevice, SeatDevice>();
  #state: 'inactive' | 'active' | 'leaving' | 'closed' = 'inactive';
  /** What is to be told, in order: nothing else is told while disabled() takes its time. */
  readonly #news: (() => void | Promise<void>)[] = [];
  #telling = false;

  private constructor(backend: SeatBackend, on: SeatHandlers) {
    this.#backend = backend;
    this.#on = on;
  }

  /**
   * Takes control of the seat by the first way that works, or by the one that `options` or $LIBSEAT_BACKEND names.
   * Rejects with what the last of them said.
   */
  static async open(on: SeatHandlers, options: SeatOptions = {}): Promise<Seat> {
    // What comes before the seat is there waits for it.
    let seat: Seat | undefined;
    const early: ((seat: Seat) => void)[] = [];
    const tell = (what: (seat: Seat) => void): void => {
      if (seat) what(seat);
      else early.push(what);
    };
    const backend = await openBackend(options, {
      enabled: () => tell((one) => one.#tell(() => one.#enabled())),
      disabling: () => tell((one) => one.#tell(() => one.#disabling())),
      resumed: (device, fd) => tell((one) => one.#tell(() => one.#resumed(device, fd))),
      gone: (device) => tell((one) => one.#tell(() => one.#gone(device))),
      closed: (error) => tell((one) => one.#tell(() => one.#lost(error))),
    });
    const opened = new Seat(backend, on);
    seat = opened;
    // Behind the caller, who has the seat then.
    setImmediate(() => {
      for (const what of early.splice(0)) what(opened);
    });
    return opened;
  }

  /** Its name: `seat0`. */
  get name(): string {
    return this.#backend.seat;
  }

  get active(): boolean {
    return this.#state === 'active';
  }

  /**
   * Opens a device of the seat by its path (of a virtual one: /dev/switchyard/MAJOR:MINOR). Rejects with EPERM while
   * the session is not active, ENODEV or ENOENT for what is no device of the seat.
   */
  async openDevice(path: string, on: SeatDeviceHandlers = {}): Promise<SeatDevice> {
    if (this.#state !== 'active') throw new SystemError(errno.EPERM, 'openDevice', path);
    const { device, fd } = await this.#backend.open(path);
    if (this.#closed) {
      fd.close();
      throw new SystemError(errno.ENOTCONN, 'openDevice', path);
    }
    const opened = new SeatDevice(device, fd, on, async () => {
      this.#devices.delete(device);
      if (!this.#closed) await this.#backend.close(device);
    });
    this.#devices.set(device, opened);
    // It was paused before anybody knew of it.
    if (this.#state !== 'active') opened.pause();
    return opened;
  }

  /**
   * Asks for another session: its VT's number, or on a seat without VTs its position, from 1. Resolves when that is
   * asked; disabled() tells when it is to happen. Rejects with EPERM while the session is not active.
   */
  async switchSession(number: number): Promise<void> {
    if (this.#state !== 'active') throw new SystemError(errno.EPERM, 'switchSession', `${number}`);
    await this.#backend.switchSession(number);
  }

  /** Gives everything back. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#state = 'closed';
    this.#loseDevices();
    await this.#backend.leave();
  }

  get #closed(): boolean {
    return this.#state === 'closed';
  }

  #tell(news: () => void | Promise<void>): void {
    this.#news.push(news);
    if (!this.#telling) void this.#tellAll();
  }

  async #tellAll(): Promise<void> {
    this.#telling = true;
    try {
      for (let news = this.#news.shift(); news; news = this.#news.shift()) {
        const wait = news();
        if (wait) await wait;
      }
    } finally {
      this.#telling = false;
    }
  }

  #enabled(): void {
    if (this.#closed || this.#state === 'active') return;
    this.#state = 'active';
    this.#on.enabled?.();
  }

  #disabling(): void | Promise<void> {
    if (this.#closed) return;
    const wasActive = this.#state === 'active';
    this.#state = 'leaving';
    for (const device of this.#devices.values()) device.pause();
    const done = () => {
      if (this.#closed) return;
      this.#state = 'inactive';
      this.#backend.acknowledge();
    };
    const wait = wasActive ? this.#on.disabled?.() : undefined;
    if (wait) return wait.then(done);
    done();
  }

  #resumed(device: BackendDevice, fd: Fd | undefined): void {
    const known = this.#devices.get(device);
    if (known) known.resume(fd);
    else fd?.close();
  }

  #gone(device: BackendDevice): void {
    this.#devices.get(device)?.lose();
    this.#devices.delete(device);
  }

  #lost(error: Error): void {
    if (this.#closed) return;
    this.#state = 'closed';
    this.#loseDevices();
    this.#on.closed?.(error);
  }

  #loseDevices(): void {
    const devices = [...this.#devices.values()];
    this.#devices.clear();
    for (const device of devices) device.lose();
  }
}
