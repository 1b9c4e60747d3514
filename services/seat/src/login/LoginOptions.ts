import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { RuntimeDir } from '@switchyard/runtime';
import { type PasswdEntry, passwdEntry, passwdEntryNamed } from '../Passwd.js';

/** MAX_NR_CONSOLES of the kernel. */
const VT_MAX = 63;

/** What a session is to be, and what runs in it. */
export interface LoginOptions {
  readonly bus: string;
  readonly user: PasswdEntry;
  readonly seat: string;
  /** 0: on no VT. */
  readonly vt: number;
  /** "": the manager's choice. */
  readonly type: string;
  readonly class: string;
  readonly desktop: string;
  readonly activate: boolean;
  readonly background: boolean;
  /** Empty: the user's shell. */
  readonly command: readonly string[];
}

const usage = `usage: yard seat open-session [--user USER] [--seat SEAT] [--vt N] [--type TYPE] [--class CLASS]
                              [--desktop NAME] [--activate | --background] [--bus ADDRESS | --runtime-dir DIR]
                              [--] [CMD…]

Opens a session with the session manager, as a login program does; runs CMD in it (the user's shell when there is
none), and ends with its status. The session ends with CMD.

  --user USER        whose session: a name or a number (default: yours; another's is for root)
  --seat SEAT        on which seat; "" for none (default seat0)
  --vt N             on the virtual terminal ttyN, which becomes CMD's controlling terminal and its standard input,
                     and its output where that is a terminal
  --type TYPE        unspecified, tty, x11, wayland, mir or web (default: tty on a terminal)
  --class CLASS      user, greeter, lock-screen, background, … (default user)
  --desktop NAME     which desktop it is
  --activate         switch to it before CMD starts
  --background       leave the active session in front
  --bus ADDRESS      where the session manager is (default: $DBUS_SYSTEM_BUS_ADDRESS, the tree that runs, the system's)
  --runtime-dir DIR  the tree that is meant

CMD finds XDG_SESSION_ID, XDG_SEAT, XDG_VTNR, XDG_RUNTIME_DIR, XDG_SESSION_TYPE, XDG_SESSION_CLASS and
XDG_SESSION_DESKTOP set.
`;

/** The options, or what to print and the status to exit with. */
export function parseLoginOptions(
  argv: string[],
  environment: NodeJS.ProcessEnv = process.env,
): LoginOptions | { message: string; status: 0 | 2 | 4 } {
  // What stands behind the program's name is the program's.
  const end = commandStart(argv);
  let values: ReturnType<typeof parse>;
  try {
    values = parse(argv.slice(0, end));
  } catch (error) {
    return { message: `${(error as Error).message}\n${usage}`, status: 2 };
  }
  if (values.help) return { message: usage, status: 0 };
  const vt = values.vt ?? '0';
  if (!/^[0-9]{1,2}$/.test(vt) || Number(vt) > VT_MAX) {
    return { message: `--vt: ${vt} is not 1…${VT_MAX}\n`, status: 2 };
  }
  if (values.activate && values.background) {
    return { message: '--activate and --background: only one of them\n', status: 2 };
  }
  const given = values.user ?? `${process.getuid?.() ?? 0}`;
  const user = /^[0-9]+$/.test(given) ? passwdEntry(Number(given)) : passwdEntryNamed(given);
  if (!user) return { message: `--user: there is no user ${given} in /etc/passwd\n`, status: 4 };
  const command = argv.slice(end);
  return {
    bus: values.bus ?? defaultBus(values['runtime-dir'], environment),
    user,
    seat: values.seat ?? 'seat0',
    vt: Number(vt),
    type: values.type ?? '',
    class: values.class ?? 'user',
    desktop: values.desktop ?? '',
    activate: values.activate ?? false,
    background: values.background ?? false,
    command: command[0] === '--' ? command.slice(1) : command,
  };
}

const options = {
  user: { type: 'string' },
  seat: { type: 'string' },
  vt: { type: 'string' },
  type: { type: 'string' },
  class: { type: 'string' },
  desktop: { type: 'string' },
  activate: { type: 'boolean' },
  background: { type: 'boolean' },
  bus: { type: 'string' },
  'runtime-dir': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

function parse(args: string[]) {
  return parseArgs({ args, options }).values;
}

/** The index of "--", or of the first argument that is neither an option nor an option's value. */
function commandStart(argv: readonly string[]): number {
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i]!;
    if (argument === '--' || !argument.startsWith('-')) return i;
    const option = options[argument.slice(2) as keyof typeof options];
    if (option?.type === 'string') i++;
  }
  return argv.length;
}

function defaultBus(runtimeDir: string | undefined, environment: NodeJS.ProcessEnv): string {
  const tree = RuntimeDir.resolve(runtimeDir, environment);
  if (runtimeDir !== undefined) return tree.busAddress;
  const system = environment['DBUS_SYSTEM_BUS_ADDRESS'];
  if (system) return system;
  return existsSync(tree.busSocket) ? tree.busAddress : 'unix:path=/run/dbus/system_bus_socket';
}
