import { DBusError, Variant } from '@switchyard/dbus';
import type { Command } from 'commander';
import { exitCode, Failure } from '../Failure.js';
import { Yard } from '../Yard.js';
import { monitorSize, portNumber, seatName } from './up.js';

const supervisor = 'org.switchyard.Supervisor1';

interface AddOptions {
  listen: string;
  port: number;
  size: string;
  console: boolean;
  screens?: boolean;
  json?: boolean;
  runtimeDir?: string;
}

/** `yard seat add` and `remove`: further seats of a running tree. */
export function seatsCommands(seat: Command): void {
  seat
    .command('add')
    .description('add a seat to the running tree, and print the URL of its screen')
    .argument('<seat>', 'its name, as seat1', seatName)
    .option('--listen <address>', 'the address that its page listens on', '127.0.0.1')
    .option('--port <port>', 'its port; 0 picks a free one', portNumber, 0)
    .option('--size <WxH[@scale]>', 'its monitor’s size in pixels, and its scale', monitorSize, '1280x720')
    .option('--screens', 'this machine’s own screens, keyboards and mice instead of a page')
    .option('--no-console', 'start no terminal session')
    .option('--json', 'print one line of JSON')
    .option('--runtime-dir <dir>', 'where the tree runs')
    .action((name: string, options: AddOptions) =>
      Yard.with(options.runtimeDir, async (yard) => {
        const settings = new Map<string, Variant>([
          ['listen', new Variant('s', options.listen)],
          ['port', new Variant('u', options.port)],
          ['size', new Variant('s', options.size)],
          ['console', new Variant('b', options.console)],
          ['screens', new Variant('b', options.screens ?? false)],
        ]);
        const [url] = await ask(yard, 'AddSeat', 'sa{sv}', name, settings);
        process.stdout.write(
          options.json
            ? `${JSON.stringify({ seat: name, url })}\n`
            : `${name}  ${options.screens ? 'this machine’s own screens' : url}\n`,
        );
      }),
    );
  seat
    .command('remove')
    .description('end a seat that was added, with its sessions')
    .argument('<seat>', 'its name', seatName)
    .option('--runtime-dir <dir>', 'where the tree runs')
    .action((name: string, options: { runtimeDir?: string }) =>
      Yard.with(options.runtimeDir, async (yard) => {
        await ask(yard, 'RemoveSeat', 's', name);
      }),
    );
}

async function ask(yard: Yard, member: string, signature: string, ...body: unknown[]): Promise<unknown[]> {
  try {
    return await yard.supervisor.call(supervisor, member, signature, ...body);
  } catch (error) {
    if (!(error instanceof DBusError)) throw error;
    throw new Failure(error.message, error.name.endsWith('NoSuchSeat') ? exitCode.notFound : exitCode.failed);
  }
}
