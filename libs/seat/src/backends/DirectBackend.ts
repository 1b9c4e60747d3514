import { constants as files, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { Fd, fileStat, SystemError } from '@switchyard/sys';
import { DrmCard, Evdev } from '@switchyard/uapi/calls';
import {
  type BackendDevice,
  resumesInPlace,
  type SeatBackend,
  type SeatBackendEvents,
} from '../SeatBackend.js';
import { OwnVt } from './OwnVt.js';
import type { SeatOptions } from './openBackend.js';

const { errno } = constants;
/** As seatd and logind open them. */
const OPEN_FLAGS = files.O_RDWR | files.O_NOCTTY | files.O_NONBLOCK | files.O_NOFOLLOW;

class DirectDevice implements BackendDevice {
  /** A duplicate of what the caller has. */
  file: Fd | undefined;
  constructor(
    readonly path: string,
    /** Without symbolic links. */
    readonly real: string,
  ) {}
}

/**
 * The seat without anybody who manages it: this process opens the devices itself, which takes root or the groups that
 * may, and follows its VT. There is nobody to force it from a VT either: the kernel waits for it.
 */
export class DirectBackend implements SeatBackend {
  readonly seat = 'seat0';
  readonly #on: SeatBackendEvents;
  readonly #devices = new Set<DirectDevice>();
  #vt: OwnVt | undefined;
  #left = false;

  private constructor(on: SeatBackendEvents) {
    this.#on = on;
  }

  /** Rejects with SystemError when this process may not have the VT, or there is none. */
  static async open(options: SeatOptions, on: SeatBackendEvents): Promise<SeatBackend> {
    const backend = new DirectBackend(on);
    backend.#vt = OwnVt.take(options.vt, options.environment ?? process.env, {
      acquired: () => backend.#acquired(),
      releasing: () => on.disabling(),
    });
    if (backend.#vt.inFront) on.enabled();
    return backend;
  }

  /** Always active; there is nothing to switch to. */
  static async openWithoutVt(_options: SeatOptions, on: SeatBackendEvents): Promise<SeatBackend> {
    on.enabled();
    return new DirectBackend(on);
  }

  async open(path: string): Promise<{ device: BackendDevice; fd: Fd }> {
    const device = new DirectDevice(path, realPath(path));
    const fd = this.#open(device);
    this.#devices.add(device);
    return { device, fd };
  }

  async close(device: BackendDevice): Promise<void> {
    if (!this.#devices.delete(device as DirectDevice)) return;
    revoke(device as DirectDevice);
    closeFile(device as DirectDevice);
  }

  acknowledge(): void {
    this.#revokeAll();
    this.#vt?.release();
  }

  async switchSession(number: number): Promise<void> {
    if (!this.#vt) throw new SystemError(errno.EOPNOTSUPP, 'switchSession', `${number}`);
    this.#vt.activate(number);
  }

  async leave(): Promise<void> {
    if (this.#left) return;
    this.#left = true;
    this.#revokeAll();
    for (const device of this.#devices) closeFile(device);
    this.#devices.clear();
    this.#vt?.giveBack();
  }

  #acquired(): void {
    if (this.#left) return;
    this.#on.enabled();
    for (const device of [...this.#devices]) {
      try {
        if (!resumesInPlace(device.real)) {
          closeFile(device);
          this.#on.resumed(device, this.#open(device));
          continue;
        }
        if (device.file) becomeMaster(device.file);
        this.#on.resumed(device, undefined);
      } catch {
        this.#devices.delete(device);
        closeFile(device);
        this.#on.gone(device);
      }
    }
  }

  /** Input first: who is in front next must not share one key with us. */
  #revokeAll(): void {
    const all = [...this.#devices];
    for (const device of all) if (!resumesInPlace(device.real)) revoke(device);
    for (const device of all) if (resumesInPlace(device.real)) revoke(device);
  }

  #open(device: DirectDevice): Fd {
    const fd = Fd.open(device.real, OPEN_FLAGS);
    if ((fileStat(fd).mode & files.S_IFMT) !== files.S_IFCHR) {
      fd.close();
      throw new SystemError(errno.ENODEV, 'open', device.path);
    }
    if (resumesInPlace(device.real)) becomeMaster(fd);
    device.file = fd;
    return fd.dup();
  }
}

/** Throws SystemError: ENOENT for what is no device of a seat's kind. */
function realPath(path: string): string {
  let real: string;
  try {
    real = realpathSync.native(path);
  } catch (error) {
    throw new SystemError(-((error as NodeJS.ErrnoException).errno ?? -errno.ENOENT), 'realpath', path);
  }
  if (!/^\/dev\/(input\/event|dri\/|hidraw)/.test(real)) throw new SystemError(errno.ENOENT, 'open', path);
  return real;
}

/** Render nodes have no master (EACCES, EINVAL); a card whose master is another serves for what needs none. */
function becomeMaster(fd: Fd): void {
  try {
    new DrmCard(fd).setMaster();
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
}

/** Of the open file, and so of the caller's duplicates. What is unplugged has nothing left to revoke. */
function revoke({ file, real }: DirectDevice): void {
  if (!file) return;
  try {
    if (resumesInPlace(real)) new DrmCard(file).dropMaster();
    else if (real.startsWith('/dev/input/')) new Evdev(file).revoke();
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
}

function closeFile(device: DirectDevice): void {
  device.file?.close();
  device.file = undefined;
}
