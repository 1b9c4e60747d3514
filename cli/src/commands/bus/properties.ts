import { type Connection, parseSingleType, Variant } from '@switchyard/dbus';
import type { Command } from 'commander';
import { valuesOfWords } from '../../bus/ArgumentWords.js';
import { type BusChoice, withBus, withBusOptions } from '../../bus/BusChoice.js';
import { spelledBody } from '../../bus/MethodChoice.js';
import { blockOf, jsonBody, plainOf } from '../../bus/ValueText.js';
import { exitCode, Failure } from '../../Failure.js';

export function propertyCommands(bus: Command): void {
  withBusOptions(bus.command('get').description('print a property, or all of an interface'))
    .argument('<name>', 'the owner’s name')
    .argument('<path>', 'the object’s path')
    .argument('<interface>', 'the interface')
    .argument('[property]', 'the property; all without it')
    .option('--json', 'print {"type", "data"}, as busctl does')
    .action(
      (
        name: string,
        path: string,
        one: string,
        property: string | undefined,
        options: BusChoice & { json?: boolean },
      ) =>
        withBus(options, async (connection) => {
          const object = connection.proxy(name, path);
          if (property === undefined) {
            const all = await object.getAll(one);
            const entries = [...all].map(([key, { signature, value }]) =>
              options.json
                ? [key, jsonProperty(signature, value)]
                : [key, plainOf(parseSingleType(signature), value)],
            );
            process.stdout.write(
              options.json
                ? `${JSON.stringify(Object.fromEntries(entries))}\n`
                : entries.map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`).join(''),
            );
            return;
          }
          const [value] = await object.call('org.freedesktop.DBus.Properties', 'Get', 'ss', one, property);
          const { signature, value: inner } = value as Variant;
          process.stdout.write(
            options.json
              ? `${JSON.stringify(jsonProperty(signature, inner))}\n`
              : blockOf(signature, [inner]),
          );
        }),
    );
  withBusOptions(
    bus
      .command('set')
      .description('write a property')
      .usage('[options] <name> <path> <interface> <property> [signature] <value...>'),
  )
    .argument('<name>', 'the owner’s name')
    .argument('<path>', 'the object’s path')
    .argument('<interface>', 'the interface')
    .argument('<property>', 'the property')
    .argument('<value...>', 'its value, as an argument of yard bus call; a signature may stand before it')
    .action(
      (name: string, path: string, one: string, property: string, words: string[], options: BusChoice) =>
        withBus(options, async (connection) => {
          const type = await typeOf(connection, name, path, one, property);
          const { signature, value } = typedValue(type, property, words);
          await connection.proxy(name, path).set(one, property, new Variant(signature, value));
        }),
    );
}

function jsonProperty(signature: string, value: unknown): { type: string; data: unknown } {
  const { type, data } = jsonBody(signature, [value]);
  return { type, data: data[0] };
}

/** The property's type as the object tells it; undefined when it does not. */
async function typeOf(
  bus: Connection,
  name: string,
  path: string,
  one: string,
  property: string,
): Promise<string | undefined> {
  const { interfaces } = await bus.proxy(name, path).introspect();
  const properties = interfaces.find((description) => description.name === one)?.properties;
  if (properties && !Object.hasOwn(properties, property))
    throw new Failure(
      `${one} has no property ${property}; it has: ${Object.keys(properties).join(', ') || 'none'}`,
      exitCode.notFound,
    );
  return properties?.[property]?.type;
}

function typedValue(
  type: string | undefined,
  property: string,
  words: readonly string[],
): { signature: string; value: unknown } {
  if (type === undefined) {
    const { signature, body } = spelledBody(words);
    return { signature, value: body[0] };
  }
  const values = words[0] === type && words.length > 1 ? words.slice(1) : words;
  return { signature: type, value: valuesOfWords(type, values, [property])[0] };
}
