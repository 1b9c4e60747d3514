import {
  childPath,
  DBusError,
  type InterfaceDescription,
  type IntrospectedNode,
  ProtocolError,
  type Variant,
} from '@switchyard/dbus';
import type { Command } from 'commander';
import { busName, interfaceName, objectPath } from '../../bus/BusArguments.js';
import {
  type BusChoice,
  type Patience,
  patience,
  withBus,
  withBusOptions,
  withTimeout,
} from '../../bus/BusChoice.js';
import { jsonBody, lineOf } from '../../bus/ValueText.js';
import { exitCode, Failure } from '../../Failure.js';
import { table } from '../../table.js';

type Options = BusChoice & Patience & { json?: boolean; xml?: boolean };

/** One interface or member, as `--json` shows it. */
type MemberListing = {
  interface: string;
  name: string;
  type: 'interface' | 'method' | 'property' | 'signal';
  signature: string;
  /** What a method returns. */
  result?: string;
  names?: string[];
  /** A property's, if it can be read. */
  value?: { type: string; data: unknown[] };
  /** The same for a person; not in the JSON. */
  shown?: string;
  flags: string[];
};
/** Of a value in a table. */
const longestValue = 60;

export function introspectCommand(bus: Command): void {
  withTimeout(
    withBusOptions(
      bus.command('introspect').description('show an object’s interfaces, methods, properties and signals'),
    ),
  )
    .argument('<name>', 'the owner’s name', busName)
    .argument('<path>', 'the object’s path', objectPath)
    .argument('[interface]', 'only this one', interfaceName)
    .option('--xml', 'print what the object says, as it is')
    .option('--json', 'print JSON')
    .action((name: string, path: string, only: string | undefined, options: Options) =>
      withBus(options, async (connection) => {
        const object = connection.proxy(name, path, patience(options));
        if (options.xml) {
          process.stdout.write(await object.introspectionData());
          return;
        }
        const node = await object.introspect();
        if (node.interfaces.length === 0) throw new Failure(nothingAt(node, name, path), exitCode.notFound);
        const interfaces = node.interfaces.filter((one) => only === undefined || one.name === only);
        if (only !== undefined && interfaces.length === 0)
          throw new Failure(
            `${path} of ${name} has no interface ${only}; it has: ${node.interfaces.map((one) => one.name).join(', ')}`,
            exitCode.notFound,
          );
        const listings: MemberListing[] = [];
        for (const one of interfaces) {
          const values =
            Object.keys(one.properties ?? {}).length > 0 ? await valuesOf(object, one.name) : new Map();
          listings.push(...membersOf(one, values));
        }
        process.stdout.write(options.json ? asJson(listings) : asTable(listings));
      }),
    );
}

/** GLib's services and ours answer for every path: what has no interfaces is no object, or only the way to others. */
function nothingAt({ children }: IntrospectedNode, name: string, path: string): string {
  const below = children.slice(0, 5).map((one) => childPath(path, one));
  const where =
    below.length > 0 ? `below it: ${below.join(', ')}` : `yard bus tree ${name} shows its objects`;
  return `${path} of ${name} has no interfaces; ${where}`;
}

async function valuesOf(
  object: { getAll(name: string): Promise<Map<string, Variant>> },
  name: string,
): Promise<Map<string, Variant>> {
  try {
    return await object.getAll(name);
  } catch (error) {
    if (error instanceof DBusError || error instanceof ProtocolError) return new Map();
    throw error;
  }
}

function membersOf(one: InterfaceDescription, values: ReadonlyMap<string, Variant>): MemberListing[] {
  const own = { interface: one.name };
  const methods = Object.entries(one.methods ?? {}).map(
    ([name, { in: signature = '', out: result = '', inNames = [], deprecated, noReply }]): MemberListing => ({
      ...own,
      name,
      type: 'method',
      signature,
      result,
      names: inNames,
      flags: [...(deprecated ? ['deprecated'] : []), ...(noReply ? ['no-reply'] : [])],
    }),
  );
  const properties = Object.entries(one.properties ?? {}).map(
    ([name, { type, emits = 'true', set }]): MemberListing => {
      const value = values.get(name);
      const told = {
        true: ['emits-change'],
        invalidates: ['emits-invalidation'],
        const: ['const'],
        false: [],
      }[emits];
      return {
        ...own,
        name,
        type: 'property',
        signature: type,
        ...(value ? { value: jsonBody(value.signature, [value.value]), shown: shortened(value) } : {}),
        flags: [...told, ...(set ? ['writable'] : [])],
      };
    },
  );
  const signals = Object.entries(one.signals ?? {}).map(
    ([name, { args, names = [] }]): MemberListing => ({
      ...own,
      name,
      type: 'signal',
      signature: args,
      names,
      flags: [],
    }),
  );
  const byName = (a: MemberListing, b: MemberListing) => (a.name < b.name ? -1 : 1);
  return [
    { ...own, name: one.name, type: 'interface', signature: '', flags: [] },
    ...methods.sort(byName),
    ...properties.sort(byName),
    ...signals.sort(byName),
  ];
}

function shortened({ signature, value }: Variant): string {
  const text = lineOf(signature, [value]);
  return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;
}

function asJson(listings: readonly MemberListing[]): string {
  return `${JSON.stringify(listings.map(({ shown: _, ...one }) => one))}\n`;
}

function asTable(listings: readonly MemberListing[]): string {
  return table(
    ['NAME', 'TYPE', 'SIGNATURE', 'RESULT/VALUE', 'FLAGS'],
    listings.map((one) => [
      one.type === 'interface' ? one.name : `.${one.name}`,
      one.type,
      one.signature || '-',
      one.result || one.shown || '-',
      one.flags.join(' ') || '-',
    ]),
  );
}
