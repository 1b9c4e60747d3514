import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';

/** Of an attribute; sysfs gives at most a page, `uevent` included. */
const ATTRIBUTE_MAX = 4096;

/** A device of the kernel as sysfs has it. What is asked of one that is gone meanwhile is undefined. */
export class SysDevice {
  /** Where sysfs is, and the device's own directory in it, without symbolic links. */
  readonly sysfs: string;
  readonly path: string;
  #properties: ReadonlyMap<string, string> | undefined;

  private constructor(sysfs: string, path: string) {
    this.sysfs = sysfs;
    this.path = path;
  }

  /** `path` may be a link, as those in /sys/class are. Undefined when no device is there. */
  static at(sysfs: string, path: string): SysDevice | undefined {
    let real: string;
    let devices: string;
    try {
      real = realpathSync.native(path);
      devices = realpathSync.native(join(sysfs, 'devices'));
    } catch {
      return undefined;
    }
    if (!real.startsWith(devices + sep)) return undefined;
    const device = new SysDevice(dirname(devices), real);
    return device.attribute('uevent') === undefined ? undefined : device;
  }

  /** All of a class, in the order of their names: `drm`, `input`. */
  static *ofClass(sysfs: string, name: string): Generator<SysDevice> {
    const directory = join(sysfs, 'class', name);
    let entries: string[];
    try {
      entries = readdirSync(directory);
    } catch {
      return;
    }
    for (const entry of entries.sort(byNumber)) {
      const device = SysDevice.at(sysfs, join(directory, entry));
      if (device) yield device;
    }
  }

  /** `card0` */
  get name(): string {
    return basename(this.path);
  }
  /** From sysfs's root on, as uevents have it. */
  get devpath(): string {
    return this.path.slice(this.sysfs.length);
  }
  get subsystem(): string | undefined {
    return this.#link('subsystem');
  }
  /** Of the device itself or of the nearest of those that it hangs on. */
  get driver(): string | undefined {
    return this.#link('driver') ?? this.parent?.driver;
  }

  /** What the kernel says of it, as with each of its uevents. */
  get properties(): ReadonlyMap<string, string> {
    this.#properties ??= new Map(
      (this.attribute('uevent') ?? '').split('\n').flatMap((line): [string, string][] => {
        const equals = line.indexOf('=');
        return equals < 1 ? [] : [[line.slice(0, equals), line.slice(equals + 1)]];
      }),
    );
    return this.#properties;
  }

  /** Of its node; undefined for a device without one. */
  get number(): { major: number; minor: number } | undefined {
    const major = this.properties.get('MAJOR');
    const minor = this.properties.get('MINOR');
    if (!/^\d+$/.test(major ?? '') || !/^\d+$/.test(minor ?? '')) return undefined;
    return { major: Number(major), minor: Number(minor) };
  }

  /** `/dev/dri/card0` */
  get node(): string | undefined {
    const name = this.properties.get('DEVNAME');
    return name === undefined || name.split('/').includes('..') ? undefined : join('/dev', name);
  }

  /** The device that this one hangs on. */
  get parent(): SysDevice | undefined {
    const devices = join(this.sysfs, 'devices');
    for (let path = dirname(this.path); path.startsWith(devices + sep); path = dirname(path)) {
      const device = SysDevice.at(this.sysfs, path);
      if (device) return device;
    }
    return undefined;
  }

  /** The device, then what it hangs on, up to the root. */
  *lineage(): Generator<SysDevice> {
    for (let device: SysDevice | undefined = this; device; device = device.parent) yield device;
  }

  /** A file in its directory, without the newline at its end. */
  attribute(name: string): string | undefined {
    try {
      const text = readFileSync(join(this.path, name), 'utf8');
      return text.length > ATTRIBUTE_MAX ? undefined : text.replace(/\n$/, '');
    } catch {
      return undefined;
    }
  }

  /** Names of directories in its own: card0's connectors. */
  children(): string[] {
    try {
      return readdirSync(this.path).sort(byNumber);
    } catch {
      return [];
    }
  }

  #link(name: string): string | undefined {
    try {
      return basename(readlinkSync(join(this.path, name)));
    } catch {
      return undefined;
    }
  }
}

/** event2 before event10. */
function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
