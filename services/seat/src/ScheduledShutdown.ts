import { loginError } from './LoginError.js';
import type { PowerVerb } from './PowerVerb.js';

/** setTimeout's longest wait; later ones are waited for in pieces. */
const TIMEOUT_MAX_MS = 2 ** 31 - 1;
const TYPES: ReadonlySet<string> = new Set(['poweroff', 'reboot', 'halt', 'kexec', 'soft-reboot']);
const DRY = 'dry-';

/** When, in µs since the epoch, and what: a verb, with "dry-" before it for a rehearsal. */
export interface Schedule {
  readonly type: string;
  readonly at: bigint;
}

/** The one shutdown that is planned (shutdown(8)); another plan replaces it. */
export class ScheduledShutdown {
  readonly #due: (verb: PowerVerb, dry: boolean) => void;
  readonly #changed: () => void;
  #schedule: Schedule | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(due: (verb: PowerVerb, dry: boolean) => void, changed: () => void) {
    this.#due = due;
    this.#changed = changed;
  }

  get schedule(): Schedule | undefined {
    return this.#schedule;
  }

  set(schedule: Schedule): void {
    this.#schedule = schedule;
    this.#changed();
    this.#wait();
  }

  /** False when none was planned. */
  cancel(): boolean {
    clearTimeout(this.#timer);
    const was = this.#schedule !== undefined;
    this.#schedule = undefined;
    if (was) this.#changed();
    return was;
  }

  #wait(): void {
    clearTimeout(this.#timer);
    if (!this.#schedule) return;
    const { type, at } = this.#schedule;
    const left = Number(at / 1000n) - Date.now();
    if (left > 0) {
      this.#timer = setTimeout(() => this.#wait(), Math.min(left, TIMEOUT_MAX_MS)).unref();
      return;
    }
    this.cancel();
    this.#due(...parseShutdownType(type));
  }
}

/** Throws InvalidArgs. */
export function parseShutdownType(type: string): [verb: PowerVerb, dry: boolean] {
  const dry = type.startsWith(DRY);
  const verb = dry ? type.slice(DRY.length) : type;
  if (!TYPES.has(verb))
    throw loginError.invalid(`'${type}' is no kind of shutdown: ${[...TYPES].join(', ')}`);
  return [verb as PowerVerb, dry];
}
