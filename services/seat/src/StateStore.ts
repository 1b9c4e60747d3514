import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { InhibitMode } from './Inhibitor.js';
import { Lull } from './Lull.js';

/** A thousand sessions are 400 kB: whoever makes one change after another does not keep us writing. */
const PAUSE_MS = 20;
/** On a slow machine as well: the part of the time that writing may take is one of so many. */
const WRITING_SHARE = 20;
/** What we may lose when we are killed is never older than this. */
const LONGEST_PAUSE_MS = 250;

/** What is known again after a restart. */
export interface SavedState {
  readonly version: 3;
  /** Of the kernel's boot: pids and start times mean nothing in another one. */
  readonly boot: string;
  readonly nextSession: number;
  readonly nextMinor: number;
  /** In order of creation. */
  readonly sessions: readonly SavedSession[];
  readonly inhibitors: readonly SavedInhibitor[];
  /** µs since the epoch, as text. */
  readonly schedule: { readonly type: string; readonly at: string } | null;
  /** The bus's own id: names that were on another one mean nothing. "" when there was none. */
  readonly bus: string;
  readonly virtualDevices: readonly SavedVirtualDevice[];
  readonly seatdClients: readonly SavedSeatdClient[];
  /** The active session of each seat that has one. */
  readonly active: Readonly<Record<string, string>>;
}

export interface SavedInhibitor {
  readonly id: number;
  /** Joined with colons. */
  readonly what: string;
  readonly who: string;
  readonly why: string;
  readonly mode: InhibitMode;
  readonly uid: number;
  readonly pid: number;
}

export interface SavedVirtualDevice {
  readonly seat: string;
  readonly minor: number;
  readonly kind: string;
  readonly name: string;
  /** Key, signature, value; 64-bit numbers as text. */
  readonly properties: readonly (readonly [string, string, string | number | boolean])[];
  /** The provider's unique name. */
  readonly provider: string;
}

/** A connection to seatd's socket that has a session. */
export interface SavedSeatdClient {
  readonly number: number;
  readonly session: string;
  /** The session was made for it. */
  readonly own: boolean;
  readonly dialect: string;
  readonly state: 'enabled' | 'disabling' | 'disabled';
  /** Keys of its open devices, what the client calls them, and how often it opened them. */
  readonly devices: readonly (readonly [key: string, id: number, references: number])[];
}

export interface SavedSession {
  readonly id: string;
  readonly uid: number;
  readonly user: string;
  readonly leader: number;
  readonly leaderStart: string;
  readonly seat: string;
  readonly service: string;
  readonly class: string;
  readonly type: string;
  readonly originalType: string;
  readonly desktop: string;
  readonly tty: string;
  /** Where the seat has VTs. */
  readonly vt?: number | undefined;
  readonly display: string;
  readonly title: string;
  readonly remote: boolean;
  readonly remoteUser: string;
  readonly remoteHost: string;
  readonly locked: boolean;
  /** The manager keeps it locked. */
  readonly guarded?: boolean | undefined;
  readonly standsFor?: string | undefined;
  readonly lastActive: number;
  /** The controller's name, of one on the bus its unique name; "" without one. */
  readonly controller: string;
  /** Keys of the devices that it has taken, and whether it could use them. */
  readonly devices: readonly (readonly [key: string, open: boolean])[];
  readonly timestamp: string;
  readonly timestampMonotonic: string;
}

/**
 * `state/seat.json`: written to a file beside it and renamed, so that a reader (we, after a crash) sees the old state
 * or the new one. Changes of one turn of the event loop are written together at its end, and those of many quick turns
 * after a pause. What a switch changes (who is active, which devices are open) comes in many small steps, on which
 * somebody waits: it is written behind them.
 */
export class StateStore {
  readonly #path: string;
  readonly #snapshot: () => SavedState;
  readonly #failed: (error: Error) => void;
  readonly #lull: Lull;
  readonly #due = () => this.touch();
  #scheduled: NodeJS.Immediate | undefined;
  #pause: NodeJS.Timeout | undefined;
  #written = 0;
  /** Between two writings. */
  #pauseMs = PAUSE_MS;

  /** `failed`: the state could not be written (ENOSPC, …). The service goes on; only a restart would miss it. */
  constructor(
    path: string,
    snapshot: () => SavedState,
    failed: (error: Error) => void,
    lull: Lull = new Lull(),
  ) {
    this.#lull = lull;
    this.#path = path;
    this.#snapshot = snapshot;
    this.#failed = failed;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  }

  /** Undefined when there is none, or none that can be used: then nothing is restored. */
  load(): SavedState | undefined {
    try {
      const state = JSON.parse(readFileSync(this.#path, 'utf8')) as SavedState;
      return state.version === 3 && state.boot === bootId() ? state : undefined;
    } catch {
      return undefined;
    }
  }

  /** Something is another now. */
  touch(): void {
    if (this.#scheduled) return;
    clearTimeout(this.#pause);
    this.#pause = undefined;
    const left = this.#written + this.#pauseMs - performance.now();
    if (left > 0) this.#pause = setTimeout(() => this.flush(), left);
    else this.#scheduled = setImmediate(() => this.flush());
  }

  /** The same for a step of many: it is known again after a restart also without this file, from the files in the store. */
  touchLater(): void {
    this.#lull.step();
    if (!this.#scheduled && !this.#pause) this.#lull.soon(this.#due);
  }

  flush(): void {
    if (this.#scheduled) clearImmediate(this.#scheduled);
    clearTimeout(this.#pause);
    this.#scheduled = undefined;
    this.#pause = undefined;
    this.#lull.forget(this.#due);
    const next = `${this.#path}.next`;
    const started = performance.now();
    try {
      writeFileSync(next, JSON.stringify(this.#snapshot()), { mode: 0o600 });
      renameSync(next, this.#path);
      this.#written = performance.now();
      const share = (this.#written - started) * WRITING_SHARE;
      this.#pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(PAUSE_MS, share));
    } catch (error) {
      this.#failed(error as Error);
    }
  }
}

let boot: string | undefined;

/** The kernel's, which is another after each start of it. */
export function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  return boot;
}
