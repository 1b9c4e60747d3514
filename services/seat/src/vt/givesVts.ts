import { join } from 'node:path';
import type { Log } from '@switchyard/runtime';
import type { Seat } from '../Seat.js';
import type { SeatManagerOptions } from '../SeatManagerOptions.js';
import { AutoVts } from './AutoVts.js';
import { SeatVts } from './SeatVts.js';
import { VtGuard } from './VtGuard.js';
import { VtLedger } from './VtLedger.js';

/** What makes the machine's VTs those of a seat; undefined where they are left alone. */
export function givesVts(options: SeatManagerOptions, log: Log): ((seat: Seat) => SeatVts) | undefined {
  const { vts, getty } = options;
  if (!vts) return undefined;
  const ledger = new VtLedger(join(options.stateDir, 'vts.json'));
  const guard = new VtGuard(ledger.path, options.restoreCommand);
  const prompts = getty === undefined ? undefined : new AutoVts(getty, options.autoVts, log);
  return (seat) => new SeatVts(vts, ledger, guard, seat, log, prompts);
}
