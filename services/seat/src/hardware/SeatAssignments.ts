import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseRule, type SeatRule } from './SeatRule.js';
import type { SysDevice } from './SysDevice.js';

/** Each was made by an administrator by hand. */
const ASSIGNMENTS_MAX = 1024;

/**
 * What AttachDevice was told, in `STATE/hardware.json`, in the format of rules: kept across boots, until FlushDevices.
 * The last word on a path is the one that counts.
 */
export class SeatAssignments {
  readonly #path: string;
  #rules: SeatRule[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  get rules(): readonly SeatRule[] {
    return this.#rules;
  }

  /** Returns what was wrong with the file; its good part, the rules before, is not used either. */
  load(): Error | undefined {
    try {
      const { rules } = JSON.parse(readFileSync(this.#path, 'utf8')) as { rules: unknown[] };
      this.#rules = rules.map(parseRule);
      return undefined;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : (error as Error);
    }
  }

  /** Throws what keeps it from being written, and RangeError when there are too many; then nothing is changed. */
  assign(device: SysDevice, seat: string): void {
    const path = stablePath(device);
    const others = this.#rules.filter((rule) => rule.match.path !== path);
    if (others.length >= ASSIGNMENTS_MAX) throw new RangeError(`More than ${ASSIGNMENTS_MAX} assignments`);
    this.#write([{ match: { path }, seat }, ...others]);
  }

  /** The same for one of a card's connectors. */
  assignConnector(card: SysDevice, connector: string, seat: string): void {
    const path = stablePath(card);
    const others = this.#rules.filter(({ match }) => match.path !== path || match.connector !== connector);
    if (others.length >= ASSIGNMENTS_MAX) throw new RangeError(`More than ${ASSIGNMENTS_MAX} assignments`);
    this.#write([{ match: { path, connector }, seat }, ...others]);
  }

  flush(): void {
    if (this.#rules.length > 0) this.#write([]);
  }

  #write(rules: SeatRule[]): void {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    const next = `${this.#path}.next`;
    const text = JSON.stringify({ rules: rules.map(({ match, seat }) => ({ ...match, seat })) }, null, 2);
    writeFileSync(next, `${text}\n`, { mode: 0o600 });
    renameSync(next, this.#path);
    this.#rules = rules;
  }
}

/**
 * Where a device is, in words that are true after it was plugged in anew: numbers that the kernel gives out in order
 * become a star. What is nowhere (made by a program) has nothing but that number.
 */
export function stablePath(device: SysDevice): string {
  const path = `/sys${device.devpath}`;
  if (path.startsWith('/sys/devices/virtual/')) return path;
  return path
    .replace(/\/(input|event|mouse|js|card|renderD|hidraw|video|virtio)\d+(?=\/|$)/g, '/$1*')
    .replace(/(\/[0-9A-F]{4}:[0-9A-F]{4}:[0-9A-F]{4})\.[0-9A-F]{4}(?=\/|$)/g, '$1.*');
}
