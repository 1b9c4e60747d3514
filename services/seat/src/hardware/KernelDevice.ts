import { constants } from 'node:fs';
import { constants as os } from 'node:os';
import { Variant } from '@switchyard/dbus';
import { Fd, fileStat, SystemError } from '@switchyard/sys';
import { Device } from '../Device.js';
import type { SysDevice } from './SysDevice.js';
import type { UdevRecord } from './UdevRecord.js';

/** Kinds of devices of seats that the kernel has, as ListDevices names them. */
export type KernelKind = 'card' | 'evdev' | 'hidraw';

/** As logind opens them. */
const OPEN_FLAGS = constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY;

/** A device of the kernel, opened by its node in /dev. */
export abstract class KernelDevice extends Device {
  abstract override readonly kind: KernelKind;
  readonly name: string;
  readonly path: string;
  readonly usable = true;
  readonly sys: SysDevice;
  readonly #about: Readonly<Record<string, string>>;

  /** `about`: what ListDevices tells beside its paths. */
  constructor(seat: string, sys: SysDevice, name: string, about: Readonly<Record<string, string>>) {
    const { number, node } = sys;
    if (!number || node === undefined) throw new Error(`${sys.path} has no node`);
    super(seat, number.major, number.minor);
    this.sys = sys;
    this.name = name;
    this.path = node;
    this.#about = about;
  }

  get properties(): ReadonlyMap<string, Variant> {
    const { path, sys } = this;
    return new Map(
      Object.entries({ path, sysfs: sys.path, ...this.#about }).map(([key, value]) => [
        key,
        new Variant('s', value),
      ]),
    );
  }

  /** A new open file, of this very device: nodes are names, and may lead elsewhere by now. */
  protected openNode(): Fd {
    const fd = Fd.open(this.path, OPEN_FLAGS);
    const { rdev, mode } = fileStat(fd);
    const character = (mode & constants.S_IFMT) === constants.S_IFCHR;
    if (character && rdev.major === this.major && rdev.minor === this.minor) return fd;
    fd.close();
    throw new SystemError(os.errno.ENODEV, 'open', this.path);
  }
}

/** What is told of any device, from sysfs and, where it has it, udev. */
export function commonProperties(sys: SysDevice, record: UdevRecord | undefined): Record<string, string> {
  const about: Record<string, string> = {};
  const idPath = record?.properties.get('ID_PATH');
  if (idPath !== undefined) about['id-path'] = idPath;
  const { driver } = sys;
  if (driver !== undefined) about['driver'] = driver;
  return about;
}
