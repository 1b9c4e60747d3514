import { readFileSync, writeFileSync } from 'node:fs';
import {
  type InterfaceDescription,
  interfaceModule,
  isBusName,
  ProtocolError,
  parseIntrospection,
} from '@switchyard/dbus';
import type { Command } from 'commander';
import { objectPath, several } from '../../bus/BusArguments.js';
import {
  type BusChoice,
  type Patience,
  patience,
  withBus,
  withBusOptions,
  withTimeout,
} from '../../bus/BusChoice.js';
import { collected } from '../../bus/Watch.js';
import { exitCode, Failure } from '../../Failure.js';

type Options = BusChoice & Patience & { interface?: string[]; out?: string; library?: string };

export function codegenCommand(bus: Command): void {
  withTimeout(
    withBusOptions(
      bus
        .command('codegen')
        .description(
          'make TypeScript of interfaces: typed proxies, and what objects have to have to be exported',
        ),
    ),
  )
    .argument('<file or name>', 'introspection XML (- is stdin), or a name on the bus')
    .argument('[path...]', 'with a name: its objects', several(objectPath))
    .option('--interface <name>', 'only this one; may come again', collected)
    .option('--out <file>', 'write there instead of to stdout')
    .option('--library <module>', 'what the code imports', '@switchyard/dbus')
    .addHelpText(
      'after',
      `
  yard bus codegen lamp.xml --out lamp.ts
  yard bus codegen --system org.freedesktop.login1 /org/freedesktop/login1 --out login1.ts`,
    )
    .action(async (source: string, paths: string[], options: Options) => {
      const interfaces = paths.length === 0 ? fromFile(source) : await fromBus(source, paths, options);
      const wanted = chosen(interfaces, options.interface, [source, ...paths].join(' '));
      const code = interfaceModule(wanted, {
        source: [source, ...paths].join(' '),
        ...(options.library === undefined ? {} : { library: options.library }),
      });
      if (options.out === undefined) process.stdout.write(code);
      else
        try {
          writeFileSync(options.out, code);
        } catch (error) {
          throw new Failure(`cannot write ${options.out}: ${(error as Error).message}`);
        }
    });
}

function fromFile(file: string): InterfaceDescription[] {
  try {
    return parseIntrospection(readFileSync(file === '-' ? 0 : file, 'utf8')).interfaces;
  } catch (error) {
    if (error instanceof ProtocolError) throw new Failure(`${file}: ${error.message}`);
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Failure(`${message}; for an object on the bus give its path too: yard bus codegen NAME PATH`);
  }
}

function fromBus(
  name: string,
  paths: readonly string[],
  choice: BusChoice & Patience,
): Promise<InterfaceDescription[]> {
  if (!isBusName(name)) throw new Failure(`${JSON.stringify(name)} is no name on a bus`, exitCode.usage);
  return withBus(choice, async (bus) => {
    const nodes = await Promise.all(
      paths.map((path) => bus.proxy(name, path, patience(choice)).introspect()),
    );
    const byName = new Map(nodes.flatMap(({ interfaces }) => interfaces.map((one) => [one.name, one])));
    return [...byName.values()];
  });
}

function chosen(
  interfaces: readonly InterfaceDescription[],
  wanted: readonly string[] | undefined,
  source: string,
): readonly InterfaceDescription[] {
  if (interfaces.length === 0)
    throw new Failure(`${source} describes no interfaces: there is nothing to make`, exitCode.notFound);
  if (!wanted) return interfaces;
  return wanted.map((name) => {
    const found = interfaces.find((one) => one.name === name);
    if (found) return found;
    throw new Failure(
      `${source} has no interface ${name}; it has: ${interfaces.map((one) => one.name).join(', ')}`,
      exitCode.notFound,
    );
  });
}
