import type { Connection } from '@switchyard/dbus';
import type { Command } from 'commander';
import { type BusChoice, withBus, withBusOptions } from '../../bus/BusChoice.js';
import { walkObjects } from '../../bus/ObjectWalk.js';

type Options = BusChoice & { json?: boolean; flat?: boolean };

export function treeCommand(bus: Command): void {
  withBusOptions(bus.command('tree').description('show the objects of a name, or of all names'))
    .argument('[name...]', 'whose objects')
    .option('--flat', 'one path a line')
    .option('--json', 'print JSON')
    .action((names: string[], options: Options) =>
      withBus(options, async (connection) => {
        const wanted = names.length > 0 ? names : await acquiredNames(connection);
        const found: Record<string, string[]> = {};
        for (const name of wanted) {
          const objects = await walkObjects(connection, name);
          found[name] = objects.map(({ path }) => path);
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
