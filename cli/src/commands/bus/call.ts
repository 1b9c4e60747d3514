import type { Command } from 'commander';
import { busName, objectPath } from '../../bus/BusArguments.js';
import {
  type BusChoice,
  type Patience,
  patience,
  withBus,
  withBusOptions,
  withTimeout,
} from '../../bus/BusChoice.js';
import { chosenCall } from '../../bus/MethodChoice.js';
import { blockOf, jsonBody } from '../../bus/ValueText.js';

type Options = BusChoice & Patience & { json?: boolean; signature?: string; reply: boolean };

export function callCommand(bus: Command): void {
  withTimeout(
    withBusOptions(
      bus
        .command('call')
        .description('call a method, and print what it returns')
        .usage('[options] <name> <path> [interface] <method> [argument...]')
        .argument('<name>', 'the owner’s name', busName)
        .argument('<path>', 'the object’s path', objectPath)
        .argument('<method...>', 'METHOD, INTERFACE.METHOD or INTERFACE METHOD, and then the arguments'),
    ),
  )
    .option('--signature <signature>', 'the arguments’ types; otherwise the object is asked')
    .option('--no-reply', 'do not wait for one')
    .option('--json', 'print {"type", "data"}, as busctl does')
    .addHelpText(
      'after',
      `
Arguments: a word for each, containers as JSON; or as busctl(1) has them, arrays with their length first.

  yard bus call org.freedesktop.login1 /org/freedesktop/login1 ListSessions
  yard bus call org.example.Lamp /lamp Blink 3 '{"colour": "red"}'
  yard bus call org.example.Lamp /lamp org.example.Lamp1 Blink ua{sv} 3 1 colour s red

In JSON a variant is a plain value, or {"type": "u", "data": 3}. An fd is an inherited one’s number, or a file to read.`,
    )
    .action((name: string, path: string, words: string[], options: Options) =>
      withBus(options, async (connection) => {
        const call = {
          destination: name,
          path,
          ...(await chosenCall(connection, name, path, words, options.signature, patience(options))),
        };
        if (!options.reply) {
          connection.callNoReply(call);
          return;
        }
        const { signature, body } = await connection.callAndTake(
          { ...call, ...patience(options) },
          (reply) => ({ signature: reply.signature, body: reply.body }),
        );
        if (options.json) process.stdout.write(`${JSON.stringify(jsonBody(signature, body))}\n`);
        else process.stdout.write(blockOf(signature, body));
      }),
    );
}
