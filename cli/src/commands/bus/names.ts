import type { Connection } from '@switchyard/dbus';
import type { Command } from 'commander';
import { busName, several } from '../../bus/BusArguments.js';
import { type BusChoice, withBus, withBusOptions } from '../../bus/BusChoice.js';
import { untilStopped } from '../../bus/Stop.js';
import { table } from '../../table.js';

type Options = BusChoice & { json?: boolean; watch?: boolean };

export function namesCommand(bus: Command): void {
  withBusOptions(
    bus.command('names').description('show acquired names with the connections that wait for them'),
  )
    .argument('[name...]', 'only these', several(busName))
    .option('-w, --watch', 'then tell of every change of any name, connections coming and going included')
    .option('--json', 'print JSON; with --watch one line for each change')
    .action((names: string[], options: Options) =>
      withBus(options, async (connection) => {
        if (options.watch) {
          const match = watch(connection, new Set(names), options.json === true);
          await match.ready;
        }
        const queues = await queuesOf(connection, names);
        if (options.json) process.stdout.write(`${JSON.stringify(queues)}\n`);
        else
          process.stdout.write(
            table(
              ['NAME', 'OWNER', 'WAITING'],
              queues.map(({ name, owner, waiting }) => [name, owner, waiting.join(' ') || '-']),
            ),
          );
        if (options.watch) await untilStopped(connection.closed);
      }),
    );
}

type Queue = { name: string; owner: string; waiting: string[] };

async function queuesOf(bus: Connection, wanted: readonly string[]): Promise<Queue[]> {
  const driver = bus.proxy('org.freedesktop.DBus', '/org/freedesktop/DBus');
  const ask = (member: string, ...body: string[]) =>
    driver.call('org.freedesktop.DBus', member, body.length > 0 ? 's' : '', ...body);
  const listed = wanted.length > 0 ? wanted : ((await ask('ListNames'))[0] as string[]);
  const names = listed.filter((name) => !name.startsWith(':')).sort();
  return await Promise.all(
    names.map(async (name) => {
      const [[owner, ...waiting]] = (await ask('ListQueuedOwners', name)) as [string[]];
      return { name, owner: owner ?? '', waiting };
    }),
  );
}

function watch(bus: Connection, names: ReadonlySet<string>, json: boolean) {
  const rule = { type: 'signal', sender: 'org.freedesktop.DBus', member: 'NameOwnerChanged' } as const;
  return bus.match(rule, (message) => {
    if (message.signature !== 'sss') return;
    const [name, before, now] = message.body as [string, string, string];
    if (names.size > 0 && !names.has(name)) return;
    const change =
      before === ''
        ? `${name} → ${now}`
        : now === ''
          ? `${name} gone (${before})`
          : `${name}: ${before} → ${now}`;
    const mark = before === '' ? '+' : now === '' ? '-' : '~';
    process.stdout.write(json ? `${JSON.stringify({ name, before, now })}\n` : `${mark} ${change}\n`);
  });
}
