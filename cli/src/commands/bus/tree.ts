import { type Connection, DBusError } from '@switchyard/dbus';
import type { Command } from 'commander';
import { busName, several } from '../../bus/BusArguments.js';
import {
  type BusChoice,
  type Patience,
  patience,
  withBus,
  withBusOptions,
  withTimeout,
} from '../../bus/BusChoice.js';
import { walkObjects } from '../../bus/ObjectWalk.js';

type Options = BusChoice & Patience & { json?: boolean; flat?: boolean };

export function treeCommand(bus: Command): void {
  withTimeout(withBusOptions(bus.command('tree').description('show the objects of a name, or of all names')))
    .argument('[name...]', 'whose objects', several(busName))
    .option('--flat', 'one path a line')
    .option('--json', 'print JSON')
    .action((names: string[], options: Options) =>
      withBus(options, async (connection) => {
        const wanted = names.length > 0 ? names : await acquiredNames(connection);
        const found: Record<string, string[]> = {};
        for (const name of wanted) {
          const objects = await walkObjects(connection, name, patience(options)).catch((error: unknown) => {
            // Of all names, one that is busy, for others only, or gone meanwhile, is told of and left out.
            if (names.length > 0 || !(error instanceof DBusError)) throw error;
            process.stderr.write(`yard: ${name}: ${error.message}\n`);
            return [];
          });
          if (objects.length > 0) found[name] = objects.map(({ path }) => path);
        }
        if (options.json) process.stdout.write(`${JSON.stringify(found)}\n`);
        else
          for (const [name, paths] of Object.entries(found)) {
            if (wanted.length > 1) process.stdout.write(`${name}\n`);
            process.stdout.write(options.flat ? paths.map((path) => `${path}\n`).join('') : drawn(paths));
          }
      }),
    );
}

async function acquiredNames(bus: Connection): Promise<string[]> {
  const [names] = await bus
    .proxy('org.freedesktop.DBus', '/org/freedesktop/DBus')
    .call('org.freedesktop.DBus', 'ListNames');
  return (names as string[]).filter((name) => !name.startsWith(':')).sort();
}

type Branch = Map<string, Branch>;

/** Paths as a tree with lines; each shows its last element. */
function drawn(paths: readonly string[]): string {
  const root: Branch = new Map();
  for (const path of paths) {
    let at = root;
    for (const element of path.split('/').filter(Boolean)) {
      const next = at.get(element) ?? new Map();
      at.set(element, next);
      at = next;
    }
  }
  const lines = ['/\n'];
  const draw = (branch: Branch, indent: string, path: string): void => {
    const entries = [...branch];
    entries.forEach(([element, below], i) => {
      const last = i === entries.length - 1;
      lines.push(`${indent}${last ? '└─ ' : '├─ '}${path}/${element}\n`);
      draw(below, `${indent}${last ? '   ' : '│  '}`, `${path}/${element}`);
    });
  };
  draw(root, '', '');
  return lines.join('');
}
