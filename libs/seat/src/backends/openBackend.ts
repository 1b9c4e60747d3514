import type { SeatBackend, SeatBackendEvents } from '../SeatBackend.js';
import { DirectBackend } from './DirectBackend.js';
import { Login1Backend } from './Login1Backend.js';
import { SeatdBackend } from './SeatdBackend.js';

/** By libseat's names: seatd's socket, login1 on a bus, this process itself, and this process without a VT. */
export type SeatBackendName = 'seatd' | 'logind' | 'builtin' | 'noop';

export interface SeatOptions {
  /** Only this one; else $LIBSEAT_BACKEND; else seatd, logind and builtin in turn. */
  readonly backend?: SeatBackendName;
  /** Of login1; else $DBUS_SYSTEM_BUS_ADDRESS, else the system's. */
  readonly bus?: string;
  /** Of login1; else $XDG_SESSION_ID, else the session that this process runs in. */
  readonly session?: string;
  /** Of seatd; else $SEATD_SOCK, else seatd's own. */
  readonly socket?: string;
  /** Of builtin; else $XDG_VTNR, else the VT that is this process's standard input, else the one in front. */
  readonly vt?: number;
  readonly environment?: NodeJS.ProcessEnv;
}

type Opener = (options: SeatOptions, on: SeatBackendEvents) => Promise<SeatBackend>;

const openers: Readonly<Record<SeatBackendName, Opener>> = {
  seatd: SeatdBackend.open,
  logind: Login1Backend.open,
  builtin: DirectBackend.open,
  noop: DirectBackend.openWithoutVt,
};

/** libseat's order. */
const automatic: readonly SeatBackendName[] = ['seatd', 'logind', 'builtin'];

/** Rejects with what the last one that was tried said. */
export async function openBackend(options: SeatOptions, on: SeatBackendEvents): Promise<SeatBackend> {
  const environment = options.environment ?? process.env;
  const named = options.backend ?? (environment['LIBSEAT_BACKEND'] || undefined);
  if (named !== undefined && !Object.hasOwn(openers, named)) {
    throw new Error(`LIBSEAT_BACKEND: ${named} is none of ${Object.keys(openers).join(', ')}`);
  }
  const names = named === undefined ? automatic : [named as SeatBackendName];
  const failures: string[] = [];
  for (const name of names) {
    try {
      return await openers[name](options, on);
    } catch (error) {
      if (names.length === 1) throw error;
      failures.push(`${name}: ${(error as Error).message}`);
    }
  }
  throw new Error(`there is no way to a seat; ${failures.join('; ')}`);
}
