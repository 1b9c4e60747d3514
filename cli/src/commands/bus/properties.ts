import { DBusError, ErrorName, parseSingleType, type Proxy as RemoteObject, Variant } from '@switchyard/dbus';
import type { Command } from 'commander';
import { valuesOfWords } from '../../bus/ArgumentWords.js';
import { busName, interfaceName, objectPath } from '../../bus/BusArguments.js';
import {
  type BusChoice,
  type Patience,
  patience,
  withBus,
  withBusOptions,
  withTimeout,
} from '../../bus/BusChoice.js';
import { spelledBody } from '../../bus/MethodChoice.js';
import { blockOf, jsonBody, plainOf } from '../../bus/ValueText.js';
import { exitCode, Failure } from '../../Failure.js';

export function propertyCommands(bus: Command): void {
  withTimeout(withBusOptions(bus.command('get').description('print a property, or all of an interface')))
    .argument('<name>', 'the owner’s name', busName)
    .argument('<path>', 'the object’s path', objectPath)
    .argument('<interface>', 'the interface', interfaceName)
    .argument('[property]', 'the property; all without it')
    .option('--json', 'print {"type", "data"}, as busctl does')
    .action(
      (
        name: string,
        path: string,
        one: string,
        property: string | undefined,
        options: BusChoice & Patience & { json?: boolean },
      ) =>
        withBus(options, async (connection) => {
          const object = connection.proxy(name, path, patience(options));
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
          const { signature, value } = await object
            .getVariant(one, property)
            // Services have many words for a property that is not there; its own description has one.
            .catch(async (error: unknown) => {
              if (!(error instanceof DBusError) || notAboutIt.includes(error.name)) throw error;
              await typeOf(object, one, property).catch((reason) => {
                if (reason instanceof Failure) throw reason;
              });
              throw error;
            });
          process.stdout.write(
            options.json
              ? `${JSON.stringify(jsonProperty(signature, value))}\n`
              : blockOf(signature, [value]),
          );
        }),
    );
  withTimeout(
    withBusOptions(
      bus
        .command('set')
        .description('write a property')
        .usage('[options] <name> <path> <interface> <property> [signature] <value...>'),
    ),
  )
    .argument('<name>', 'the owner’s name', busName)
    .argument('<path>', 'the object’s path', objectPath)
    .argument('<interface>', 'the interface', interfaceName)
    .argument('<property>', 'the property')
    .argument('<value...>', 'its value, as an argument of yard bus call; a signature may stand before it')
    .action(
      (
        name: string,
        path: string,
        one: string,
        property: string,
        words: string[],
        options: BusChoice & Patience,
      ) =>
        withBus(options, async (connection) => {
          const object = connection.proxy(name, path, patience(options));
          const type = await typeOf(object, one, property);
          const { signature, value } = typedValue(type, property, words);
          await object.set(one, property, new Variant(signature, value));
        }),
    );
}

/** Errors that do not come from the object. */
const notAboutIt: readonly string[] = [ErrorName.serviceUnknown, ErrorName.nameHasNoOwner, ErrorName.noReply];

function jsonProperty(signature: string, value: unknown): { type: string; data: unknown } {
  const { type, data } = jsonBody(signature, [value]);
  return { type, data: data[0] };
}

/** The property's type as the object tells it; undefined when it does not. Throws Failure for one that is not there. */
async function typeOf(object: RemoteObject, one: string, property: string): Promise<string | undefined> {
  const { interfaces } = await object.introspect();
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
    if (body.length !== 1) throw new Failure(`a property has one value, not '${signature}'`, exitCode.usage);
    return { signature, value: body[0] };
  }
  const values = words[0] === type && words.length > 1 ? words.slice(1) : words;
  return { signature: type, value: valuesOfWords(type, values, [property])[0] };
}
