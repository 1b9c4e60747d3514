import type { Command } from 'commander';
import { type BusChoice, withBus, withBusOptions } from '../../bus/BusChoice.js';
import { spelledBody } from '../../bus/MethodChoice.js';

export function emitCommand(bus: Command): void {
  withBusOptions(bus.command('emit').description('send a signal'))
    .argument('<path>', 'the object that it is from')
    .argument('<interface>', 'the interface')
    .argument('<signal>', 'the signal')
    .argument('[argument...]', 'the signature, and the arguments as for yard bus call')
    .option('--to <name>', 'only to this connection')
    .addHelpText('after', '\n  yard bus emit /lamp org.example.Lamp1 Blinked uo 3 /lamp')
    .action(
      (path: string, one: string, member: string, words: string[], options: BusChoice & { to?: string }) =>
        withBus(options, async (connection) => {
          const { signature, body } = spelledBody(words);
          const destination = options.to === undefined ? {} : { destination: options.to };
          connection.emit({ path, interface: one, member, signature, body, ...destination });
          // What the bus has answered after it has gone through.
          await connection
            .proxy('org.freedesktop.DBus', '/org/freedesktop/DBus')
            .call('org.freedesktop.DBus', 'GetId');
        }),
    );
}
