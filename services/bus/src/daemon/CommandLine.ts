/** What dbus-daemon(1)'s options ask for. */
export type CommandLine = {
  action: 'run' | 'introspect' | 'version' | 'help';
  configFile: string | undefined;
  /** Instead of those that the configuration says. */
  address: string | undefined;
  /** fds to tell the address and the pid to. */
  printAddress: number | undefined;
  printPid: number | undefined;
  /** undefined: as the configuration says. */
  fork: boolean | undefined;
  pidFile: boolean;
  syslog: 'asConfigured' | 'never' | 'too' | 'only';
  systemdActivation: boolean;
};

/** Options that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const standardConfigs = {
  session: '/usr/share/dbus-1/session.conf',
  system: '/usr/share/dbus-1/system.conf',
} as const;

export const usage =
  'yard-busd [--version] [--session] [--system] [--config-file=FILE] [--print-address[=DESCRIPTOR]] ' +
  '[--print-pid[=DESCRIPTOR]] [--introspect] [--address=ADDRESS] [--nopidfile] [--nosyslog] [--syslog] ' +
  '[--syslog-only] [--nofork] [--fork] [--systemd-activation]';

/** Options with a value; those in the second set may do without. */
const withValue = new Set(['--config-file', '--address', '--print-address', '--print-pid']);
const optionalValue = new Set(['--print-address', '--print-pid']);
const stdout = '1';

/** Reads the arguments: values as `--option=value` or as the next word. Throws UsageError. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const line: CommandLine = {
    action: 'run',
    configFile: undefined,
    address: undefined,
    printAddress: undefined,
    printPid: undefined,
    fork: undefined,
    pidFile: true,
    syslog: 'asConfigured',
    systemdActivation: false,
  };
  for (let i = 0; i < args.length; i++) {
    const [name, inline] = split(args[i]!);
    if (!withValue.has(name)) {
      if (inline !== undefined) throw new UsageError(`${name} takes no value`);
      takeSwitch(line, name);
      continue;
    }
    const next = args[i + 1];
    const isNext = inline === undefined && next !== undefined && !next.startsWith('-');
    if (isNext) i++;
    const value = inline ?? (isNext ? next : optionalValue.has(name) ? stdout : undefined);
    if (value === undefined) throw new UsageError(`${name} needs a value`);
    takeValue(line, name, value);
  }
  return line;
}

function split(argument: string): [string, string | undefined] {
  const equals = argument.indexOf('=');
  return equals < 0 || !argument.startsWith('--')
    ? [argument, undefined]
    : [argument.slice(0, equals), argument.slice(equals + 1)];
}

function takeValue(line: CommandLine, name: string, value: string): void {
  switch (name) {
    case '--config-file':
      takeConfig(line, value);
      return;
    case '--address':
      if (line.address !== undefined) throw new UsageError('--address is there twice');
      line.address = value;
      return;
    case '--print-address':
      line.printAddress = descriptor(name, value);
      return;
    case '--print-pid':
      line.printPid = descriptor(name, value);
      return;
  }
}

function descriptor(name: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new UsageError(`Invalid file descriptor: "${value}" for ${name}`);
  return Number(value);
}

function takeConfig(line: CommandLine, file: string): void {
  if (line.configFile !== undefined)
    throw new UsageError(
      `--config-file specified but configuration file ${line.configFile} already requested`,
    );
  line.configFile = file;
}

function takeSwitch(line: CommandLine, name: string): void {
  switch (name) {
    case '--session':
      takeConfig(line, standardConfigs.session);
      return;
    case '--system':
      takeConfig(line, standardConfigs.system);
      return;
    case '--fork':
      line.fork = true;
      return;
    case '--nofork':
      line.fork = false;
      return;
    case '--nopidfile':
      line.pidFile = false;
      return;
    case '--nosyslog':
      line.syslog = 'never';
      return;
    case '--syslog':
      line.syslog = 'too';
      return;
    case '--syslog-only':
      line.syslog = 'only';
      return;
    case '--systemd-activation':
      line.systemdActivation = true;
      return;
    case '--introspect':
      line.action = 'introspect';
      return;
    case '--version':
      line.action = 'version';
      return;
    case '--help':
    case '-h':
    case '-?':
      line.action = 'help';
      return;
    default:
      throw new UsageError(usage);
  }
}
