import type { Log } from '@switchyard/runtime';
import type { SysDevice } from './SysDevice.js';

/** How long a new device waits for udevd to say what it is. Where udevd does not run, its database may still be there. */
const PATIENCE_MS = 3000;

/** Devices of which udevd has not said anything yet. */
export class UdevPatience {
  readonly #look: () => void;
  readonly #log: Log;
  /** Since when, in ms, by their paths in sysfs. */
  readonly #waiting = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  /** `look` is called when some may have waited long enough. */
  constructor(look: () => void, log: Log) {
    this.#look = look;
    this.#log = log;
  }

  /** The device has waited long enough; it begins to, if it does not yet. */
  isOver(sys: SysDevice): boolean {
    const now = performance.now();
    const since = this.#waiting.get(sys.path);
    if (since === undefined) this.#waiting.set(sys.path, now);
    else if (now - since >= PATIENCE_MS) {
      this.#log.warn(`udev says nothing of ${sys.path}: it is taken as the kernel has it`);
      return true;
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#look();
    }, PATIENCE_MS + 10).unref();
    return false;
  }

  /** It waits no more. */
  end(path: string): void {
    this.#waiting.delete(path);
  }

  /** Only these are there. */
  keep(present: ReadonlySet<string>): void {
    for (const path of this.#waiting.keys()) if (!present.has(path)) this.#waiting.delete(path);
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
