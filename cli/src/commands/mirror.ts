import { DBusError, ErrorName } from '@switchyard/dbus';
import type { Command } from 'commander';
import { exitCode, Failure } from '../Failure.js';
import { table } from '../table.js';
import { type SessionListing, Yard } from '../Yard.js';

const mirror1 = 'org.switchyard.Mirror1';

interface MirrorOptions {
  seat?: string;
  off?: boolean;
  list?: boolean;
  json?: boolean;
  runtimeDir?: string;
}

/** A shared session, and where it is shown. */
interface Shared {
  readonly session: SessionListing;
  readonly seats: readonly { readonly seat: string; readonly session: string }[];
}

export function mirrorCommand(program: Command): void {
  program
    .command('mirror')
    .description(
      'show a shared session (yard run --shared) on another seat too; input from all of them reaches it',
    )
    .argument('[session]', 'its id or name, or that of a session that shows it')
    .option('--seat <seat>', 'the seat to show it on')
    .option('--off', 'show it there no longer')
    .option('--list', 'list shared sessions and where they are shown')
    .option('--json', 'print JSON')
    .option('--runtime-dir <dir>', 'where the tree runs')
    .action((which: string | undefined, options: MirrorOptions) =>
      Yard.with(options.runtimeDir, (yard) => mirror(yard, which, options)),
    );
}

async function mirror(yard: Yard, which: string | undefined, options: MirrorOptions): Promise<void> {
  const all = await allShared(yard);
  if (options.list || which === undefined) return list(all, options.json ?? false);
  const wanted = await yard.find(which);
  const shared = all.find(
    ({ session, seats }) => session.id === wanted.id || seats.some((place) => place.session === wanted.id),
  );
  if (!shared)
    throw new Failure(
      `${which} is on ${wanted.seat} alone: a session that several seats can show is started with yard run --shared`,
    );
  const seat = await yard.findSeat(options.seat);
  const proxy = yard.mirror(shared.session.seat);
  try {
    if (options.off) await proxy.call(mirror1, 'Hide', 's', seat);
    else {
      const [session] = await proxy.call(mirror1, 'Show', 's', seat);
      process.stdout.write(options.json ? `${JSON.stringify({ seat, session })}\n` : `${String(session)}\n`);
    }
  } catch (error) {
    throw failed(error);
  }
}

function failed(error: unknown): unknown {
  if (!(error instanceof DBusError)) return error;
  if (error.name === ErrorName.noReply)
    return new Failure('the service that shares the session does not answer: see yard status, yard log');
  return new Failure(error.message, error.name.endsWith('NoSuchSeat') ? exitCode.notFound : exitCode.failed);
}

async function allShared(yard: Yard): Promise<Shared[]> {
  const [sessions, seats] = await Promise.all([
    yard.sessions(),
    yard.supervisor.get('org.switchyard.Supervisor1', 'SharedSeats') as Promise<string[]>,
  ]);
  const shared = sessions.filter(({ seat }) => seats.includes(seat));
  return Promise.all(
    shared.map(async (session) => {
      const seats = yard.mirror(session.seat).get(mirror1, 'Seats');
      const rows = (await seats.catch((error: unknown) => {
        throw failed(error);
      })) as [string, string][];
      return { session, seats: rows.map(([seat, id]) => ({ seat, session: id })) };
    }),
  );
}

function list(all: readonly Shared[], json: boolean): void {
  if (json) {
    const rows = all.map(({ session, seats }) => ({
      id: session.id,
      name: session.name,
      uid: session.uid,
      seats,
    }));
    process.stdout.write(`${JSON.stringify(rows)}\n`);
    return;
  }
  const rows = all.map(({ session, seats }) => [
    session.id,
    session.name,
    session.user,
    seats.map((place) => `${place.seat} (${place.session})`).join(', ') || '-',
  ]);
  process.stdout.write(table(['ID', 'NAME', 'USER', 'SHOWN ON'], rows));
}
