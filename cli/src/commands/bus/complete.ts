import { Connection } from '@switchyard/dbus';
import type { Command } from 'commander';
import { type BusChoice, busAddress } from '../../bus/BusChoice.js';
import { walkObjects } from '../../bus/ObjectWalk.js';

/** Verbs whose first words are a name, a path and an interface. */
const takesObject = ['call', 'get', 'set', 'introspect', 'codegen', 'tree', 'monitor', 'names', 'emit'];
/** A shell asks at every key: who does not answer soon is not offered. */
const patience = 2000;

/** What completions ask: candidates for the last word of `yard bus WORD…`. */
export function completeCommand(bus: Command): void {
  bus
    .command('complete', { hidden: true })
    .argument('[word...]')
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (words: string[]) => {
      const timer = setTimeout(() => process.exit(), patience);
      try {
        for (const one of await candidates(words)) process.stdout.write(`${one}\n`);
      } catch {
        // Nothing to offer.
      }
      clearTimeout(timer);
    });
}

async function candidates(words: readonly string[]): Promise<string[]> {
  const choice: BusChoice = {};
  const plain: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === '--session') choice.session = true;
    else if (word === '--system') choice.system = true;
    else if (word === '--address') choice.address = words[++i] ?? '';
    else if (word === '--runtime-dir') choice.runtimeDir = words[++i] ?? '';
    else if (!word.startsWith('-')) plain.push(word);
  }
  const [verb = '', name = '', path = '', ...members] = plain;
  if (!takesObject.includes(verb)) return [];
  const last = plain.at(-1) ?? '';
  using bus = await Connection.connect(busAddress(choice));
  const found = await offered(bus, verb, plain.length, { name, path, members });
  return found.filter((one) => one.startsWith(last));
}

async function offered(
  bus: Connection,
  verb: string,
  count: number,
  { name, path, members }: { name: string; path: string; members: readonly string[] },
): Promise<string[]> {
  if (count === 2 || verb === 'tree' || verb === 'monitor' || verb === 'names') {
    const [names] = await bus
      .proxy('org.freedesktop.DBus', '/org/freedesktop/DBus')
      .call('org.freedesktop.DBus', 'ListNames');
    return names as string[];
  }
  if (count === 3) return (await walkObjects(bus, name)).map((object) => object.path);
  const { interfaces } = await bus.proxy(name, path).introspect();
  if (count === 4) return interfaces.map((one) => one.name);
  const one = interfaces.find((description) => description.name === members[0]);
  if (count !== 5 || !one) return [];
  return Object.keys((verb === 'call' ? one.methods : one.properties) ?? {});
}
