import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SysDevice } from './SysDevice.js';
import type { UdevRecord } from './UdevRecord.js';

/** logind's names, so that whichever of the two manages the machine finds what the other was told. */
const FILE = /^72-seat-[A-Za-z0-9_-]+\.rules$/;
/** Behind 70-uaccess.rules, which tags, and before 73-seat-late.rules, which acts on it. */
const GUARD = '72-switchyard-cards.rules';
const GUARD_RULE = 'SUBSYSTEM=="drm", KERNEL=="card[0-9]*", TAG-="uaccess"\n';
/** udevd looks for new rules once in three seconds: the first event may still be judged by the old ones. */
const RELOAD_MS = 3500;
/** Of what a hub has behind it. */
const TRIGGERED_MAX = 512;
const DEPTH_MAX = 12;

/**
 * Assignments as udev's rules: they make ID_SEAT what it is to be in udev's database, where compositors look for the
 * devices of their seat.
 */
export class UdevRules {
  readonly #directory: string;
  readonly #runtime: string;

  /** What is to last, `/etc/udev/rules.d`, and what is for as long as we run, `/run/udev/rules.d`. */
  constructor(directory: string, runtime: string) {
    this.#directory = directory;
    this.#runtime = runtime;
  }

  /** False for a device that udev has no lasting name for. Throws what keeps the file from being written. */
  assign(record: UdevRecord | undefined, seat: string): boolean {
    const id = record?.properties.get('ID_FOR_SEAT');
    if (id === undefined || !FILE.test(`72-seat-${id}.rules`)) return false;
    mkdirSync(this.#directory, { recursive: true, mode: 0o755 });
    const path = join(this.#directory, `72-seat-${id}.rules`);
    const next = join(this.#directory, `.72-seat-${id}.next`);
    writeFileSync(next, `TAG=="seat", ENV{ID_FOR_SEAT}=="${id}", ENV{ID_SEAT}="${seat}"\n`, { mode: 0o644 });
    renameSync(next, path);
    return true;
  }

  /** Has udevd name no user on cards, whatever is tagged, until `unguardCards`. Throws what keeps the file from being written. */
  guardCards(): void {
    mkdirSync(this.#runtime, { recursive: true, mode: 0o755 });
    writeFileSync(join(this.#runtime, GUARD), GUARD_RULE, { mode: 0o644 });
  }

  unguardCards(): void {
    rmSync(join(this.#runtime, GUARD), { force: true });
  }

  /** Has udevd judge these devices, and all that hang on them, by the rules that there are now. */
  apply(devices: readonly SysDevice[]): void {
    for (const device of devices) trigger(device);
    setTimeout(() => {
      for (const device of devices) trigger(device);
    }, RELOAD_MS).unref();
  }

  flush(): void {
    let files: string[];
    try {
      files = readdirSync(this.#directory);
    } catch {
      return;
    }
    for (const file of files) if (FILE.test(file)) rmSync(join(this.#directory, file), { force: true });
  }
}

/** Has udevd look anew at a device and all that hang on it. What cannot be told so is passed over. */
export function trigger(device: SysDevice): void {
  let left = TRIGGERED_MAX;
  visit(device.path, 0);

  function visit(path: string, depth: number): void {
    if (left-- <= 0 || depth > DEPTH_MAX) return;
    try {
      writeFileSync(join(path, 'uevent'), 'change');
    } catch {
      // A directory of attributes, or gone.
    }
    let entries: { name: string; isDirectory(): boolean }[];
    try {
      entries = readdirSync(path, { withFileTypes: true });
    } catch {
      return;
    }
    for (const entry of entries) if (entry.isDirectory()) visit(join(path, entry.name), depth + 1);
  }
}
