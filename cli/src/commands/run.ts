import { constants } from 'node:os';
import { DBusError, Variant } from '@switchyard/dbus';
import { Fd } from '@switchyard/sys';
import { type Command, InvalidArgumentError } from 'commander';
import { exitCode, Failure } from '../Failure.js';
import { Yard } from '../Yard.js';

interface RunOptions {
  name?: string;
  seat?: string;
  background?: boolean;
  wait?: boolean;
  x11?: boolean;
  shared?: boolean;
  follow?: boolean;
  privilege?: string[];
  privileged?: boolean;
  runtimeDir?: string;
}

/** services/display knows what they are. */
const privilegeNames = ['capture', 'clipboard', 'virtual-input', 'input-method', 'session-lock'];

const supervisor = 'org.switchyard.Supervisor1';

export function runCommand(program: Command): void {
  program
    .command('run')
    .description('start a program as a new session and print its id; without a program, a terminal')
    .argument('[cmd...]', 'the program and its arguments')
    .option('--name <name>', 'the session’s name; else the program’s')
    .option('--seat <seat>', 'the seat it is for')
    .option('--background', 'leave the active session in front')
    .option('--x11', 'in an X server of its own: a program or a desktop for X')
    .option('--shared', 'several seats can show it: yard mirror')
    .option('--follow', 'with --shared: its size is that of the seat that was used last')
    .option('--wait', 'stay until it ends, with its input and output, and end with its status')
    .option(
      '--privilege <name>',
      `what it may do beyond showing its own windows: ${privilegeNames.join(', ')} (repeatable)`,
      privilegeName,
    )
    .option('--privileged', 'all of these')
    .option('--runtime-dir <dir>', 'where the tree runs')
    .passThroughOptions()
    .action((argv: string[], options: RunOptions) =>
      Yard.with(options.runtimeDir, (yard) => run(yard, argv, options)),
    );
}

async function run(yard: Yard, argv: string[], options: RunOptions): Promise<void> {
  if (options.x11 && argv.length === 0)
    throw new Failure('say what to run in the X server: yard run --x11 -- xterm', exitCode.usage);
  const seat = await yard.findSeat(options.seat);
  const settings = new Map<string, Variant>([['seat', new Variant('s', seat)]]);
  if (options.name) settings.set('title', new Variant('s', options.name));
  if (options.shared) settings.set('shared', new Variant('b', true));
  if (options.follow) settings.set('follow', new Variant('b', true));
  if (options.x11) settings.set('x11', new Variant('b', true));
  if (options.background) settings.set('background', new Variant('b', true));
  const privileges = options.privileged ? privilegeNames : (options.privilege ?? []);
  if (privileges.length > 0) settings.set('privileges', new Variant('as', privileges));
  const environment = new Map(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])) as [
      string,
      string,
    ][],
  );
  const stdio = options.wait ? [0, 1, 2].map(duplicate) : [];
  let session: string;
  let pid: number;
  try {
    [session, pid] = (await yard.supervisor.call(
      supervisor,
      'Run',
      'asa{ss}sa{sv}ah',
      argv,
      environment,
      process.cwd(),
      settings,
      stdio,
    )) as [string, number];
  } catch (error) {
    if (error instanceof DBusError) throw new Failure(`cannot run ${argv.join(' ')}: ${error.message}`);
    throw error;
  }
  if (!options.wait) {
    process.stdout.write(`${session}\n`);
    return;
  }
  process.stderr.write(`${session}\n`);
  // What would end a program in the foreground ends this one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const arguments_ = [session, 'all', constants.signals[signal]];
      yard.manager
        .call('org.freedesktop.login1.Manager', 'KillSession', 'ssi', ...arguments_)
        .catch(() => {});
    });
  }
  const [status] = (await yard.bus.call({
    destination: 'org.switchyard.Supervisor',
    path: '/org/switchyard/Supervisor1',
    interface: supervisor,
    member: 'Wait',
    signature: 'u',
    body: [pid],
    timeout: Number.POSITIVE_INFINITY,
  })) as [number];
  process.exitCode = status;
}

function privilegeName(name: string, before: string[] = []): string[] {
  if (privilegeNames.includes(name)) return [...before, name];
  throw new InvalidArgumentError(`it is one of ${privilegeNames.join(', ')}.`);
}

/** A duplicate to send away; the number itself stays this process's. */
function duplicate(number: number): Fd {
  const own = Fd.adopt(number);
  try {
    return own.dup();
  } finally {
    own.take();
  }
}
