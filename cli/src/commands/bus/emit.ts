import type { Connection } from '@switchyard/dbus';
import type { Command } from 'commander';
import { busName, interfaceName, memberName, objectPath } from '../../bus/BusArguments.js';
import { type BusChoice, withBus, withBusOptions } from '../../bus/BusChoice.js';
import { spelledBody } from '../../bus/MethodChoice.js';

export function emitCommand(bus: Command): void {
  withBusOptions(bus.command('emit').description('send a signal'))
    .argument('<path>', 'the object that it is from', objectPath)
    .argument('<interface>', 'the interface', interfaceName)
    .argument('<signal>', 'the signal', memberName)
    .argument('[argument...]', 'the signature, and the arguments as for yard bus call')
    .option('--to <name>', 'only to this connection', busName)
    .addHelpText('after', '\n  yard bus emit /lamp org.example.Lamp1 Blinked uo 3 /lamp')
    .action(
      (path: string, one: string, member: string, words: string[], options: BusChoice & { to?: string }) =>
        withBus(options, async (connection) => {
          const { signature, body } = spelledBody(words);
          // A signal to nobody is no error for a bus, but for a person who writes one.
          if (options.to !== undefined) await mustBeThere(connection, options.to);
          const destination = options.to === undefined ? {} : { destination: options.to };
          connection.emit({ path, interface: one, member, signature, body, ...destination });
          // What the bus has answered after it has gone through.
          await driverOf(connection).call('org.freedesktop.DBus', 'GetId');
        }),
    );
}

const driverOf = (bus: Connection) => bus.proxy('org.freedesktop.DBus', '/org/freedesktop/DBus');

/** Throws the bus's NameHasNoOwner for a name that nobody has and nothing starts for. */
async function mustBeThere(bus: Connection, name: string): Promise<void> {
  const driver = driverOf(bus);
  const [activatable] = await driver.call('org.freedesktop.DBus', 'ListActivatableNames');
  if ((activatable as string[]).includes(name)) return;
  await driver.call('org.freedesktop.DBus', 'GetNameOwner', 's', name);
}
