import type { Connection } from '@switchyard/dbus';
import type { Command } from 'commander';
import { type BusChoice, withBus, withBusOptions } from '../../bus/BusChoice.js';
import { peerOf } from '../../bus/Peers.js';
import { table } from '../../table.js';

type Options = BusChoice & { json?: boolean; unique?: boolean; acquired?: boolean; activatable?: boolean };

/** One name as `yard bus ls --json` shows it. */
type NameListing = {
  name: string;
  /** The unique name of its owner; null when it is only activatable. */
  owner: string | null;
  pid: number | null;
  process: string;
  uid: number | null;
  user: string;
  activatable: boolean;
};

export function listCommand(bus: Command): void {
  withBusOptions(bus.command('ls').alias('list').description('list the names on the bus and who owns them'))
    .option('--unique', 'only connections’ own names')
    .option('--acquired', 'only names that were acquired')
    .option('--activatable', 'only names that start a service')
    .option('--json', 'print JSON')
    .action((options: Options) =>
      withBus(options, async (connection) => {
        const all = await listings(connection);
        const any = options.unique || options.acquired || options.activatable;
        const shown = all.filter(
          ({ name, owner, activatable }) =>
            !any ||
            (options.unique && name.startsWith(':')) ||
            (options.acquired && !name.startsWith(':') && owner !== null) ||
            (options.activatable && activatable),
        );
        process.stdout.write(options.json ? `${JSON.stringify(shown)}\n` : asTable(shown));
      }),
    );
}

async function listings(bus: Connection): Promise<NameListing[]> {
  const driver = bus.proxy('org.freedesktop.DBus', '/org/freedesktop/DBus');
  const ask = async (member: string) => (await driver.call('org.freedesktop.DBus', member))[0] as string[];
  const [owned, activatable] = [await ask('ListNames'), new Set(await ask('ListActivatableNames'))];
  const names = [...new Set([...owned, ...activatable])].filter((name) => name !== bus.uniqueName);
  const found = await Promise.all(
    names.map((name) => listing(bus, name, owned.includes(name), activatable.has(name))),
  );
  return found.filter((one) => one !== undefined).sort(byName);
}

async function listing(
  bus: Connection,
  name: string,
  isOwned: boolean,
  activatable: boolean,
): Promise<NameListing | undefined> {
  const nobody = { name, owner: null, pid: null, process: '', uid: null, user: '', activatable };
  if (!isOwned) return nobody;
  const driver = bus.proxy('org.freedesktop.DBus', '/org/freedesktop/DBus');
  const [owner, peer] = await Promise.all([
    driver.call('org.freedesktop.DBus', 'GetNameOwner', 's', name).catch(() => undefined),
    peerOf(bus, name),
  ]);
  if (!owner) return activatable ? nobody : undefined;
  const { pid, uid, process: program, user } = peer;
  return {
    name,
    owner: owner[0] as string,
    pid: pid ?? null,
    process: program,
    uid: uid ?? null,
    user,
    activatable,
  };
}

/** Acquired names first, then connections in the order in which they came. */
function byName(a: NameListing, b: NameListing): number {
  const [first, second] = [a.name.startsWith(':'), b.name.startsWith(':')];
  if (first !== second) return first ? 1 : -1;
  return first ? a.name.localeCompare(b.name, 'en', { numeric: true }) : a.name < b.name ? -1 : 1;
}

function asTable(shown: readonly NameListing[]): string {
  return table(
    ['NAME', 'PID', 'PROCESS', 'USER', 'CONNECTION'],
    shown.map(({ name, owner, pid, process: program, user }) => [
      name,
      pid === null ? '-' : String(pid),
      program || '-',
      user || '-',
      owner ?? '(activatable)',
    ]),
  );
}
