import { type FSWatcher, readdirSync, readFileSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { SysDevice } from './SysDevice.js';
import { parseUdevRecord, type UdevRecord } from './UdevRecord.js';

/** udevd writes one file after another; they are looked at together. */
const SETTLE_MS = 20;

/**
 * udevd's database, read as files: nobody but root can write there, and it is there also when nobody listens to udevd's
 * broadcasts. Machines without udev have none, and then the kernel's word is all there is.
 */
export class UdevDatabase {
  readonly #directory: string;
  #watcher: FSWatcher | undefined;
  #settling: NodeJS.Timeout | undefined;

  /** `/run/udev` */
  constructor(directory: string) {
    this.#directory = directory;
  }

  get present(): boolean {
    try {
      return statSync(join(this.#directory, 'data')).isDirectory();
    } catch {
      return false;
    }
  }

  /** Undefined when udevd has not seen the device (yet). */
  record(device: SysDevice): UdevRecord | undefined {
    const id = udevId(device);
    if (id === undefined) return undefined;
    try {
      return parseUdevRecord(readFileSync(join(this.#directory, 'data', id), 'utf8'));
    } catch {
      return undefined;
    }
  }

  /** Ids of the devices that have (or had) a tag. */
  tagged(tag: string): string[] {
    try {
      return readdirSync(join(this.#directory, 'tags', tag));
    } catch {
      return [];
    }
  }

  /** Calls back some time after records changed. Without a database, or where inotify has no room, never. */
  watch(changed: () => void): void {
    try {
      this.#watcher = watch(join(this.#directory, 'data'), { persistent: false }, () => {
        this.#settling ??= setTimeout(() => {
          this.#settling = undefined;
          changed();
        }, SETTLE_MS);
      });
      this.#watcher.on('error', () => {});
    } catch {
      this.#watcher = undefined;
    }
  }

  close(): void {
    this.#watcher?.close();
    clearTimeout(this.#settling);
  }
}

/** `c13:64`; `+input:input5` for what has no node. */
export function udevId(device: SysDevice): string | undefined {
  const { subsystem, number } = device;
  if (subsystem === undefined) return undefined;
  if (number) return `${subsystem === 'block' ? 'b' : 'c'}${number.major}:${number.minor}`;
  return `+${subsystem}:${device.name}`;
}
