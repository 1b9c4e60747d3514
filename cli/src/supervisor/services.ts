import { createRequire } from 'node:module';
import { yardProgram } from '../YardProgram.js';

const require = createRequire(import.meta.url);

/** What a seat of the tree can be told. */
export interface SeatOptions {
  readonly listen: string;
  readonly port: number;
  readonly size: string;
  readonly seat: string;
  /** Not the tree's first seat. */
  readonly further: boolean;
  /** When videos go to browsers as H.264: auto, always or off. */
  readonly video?: string | undefined;
  /** It is never without a terminal. */
  readonly console: boolean;
  /** More of the web seat's own options. */
  readonly web?: string[] | undefined;
  /** It is nobody's screen: one session runs there that other seats show. */
  readonly shared?: SharedOptions | undefined;
  /** It is on the machine's own screens, and has no page. */
  readonly screens?: boolean | undefined;
}

export interface SharedOptions {
  readonly title: string;
  /** Whose session it is. */
  readonly uid: number;
  /** Its screen takes the size of the seat that was used last. */
  readonly follow: boolean;
}

/** What is told of the machine. */
export interface MachineOptions {
  /** The kernel's VTs are seat0's. */
  readonly vt?: boolean | undefined;
  /** What is in front of a seat that nobody has used for so many seconds is locked. */
  readonly lockAfter?: number | undefined;
  /** The first seat shows how far the start is. */
  readonly splash?: boolean | undefined;
  /** People log in at each seat. */
  readonly greeter?: boolean | undefined;
  /** The first seat has the kernel's log as a session. */
  readonly kernelLog?: boolean | undefined;
  /** A file of the displays' rules; else the one that it looks for by itself. */
  readonly privileges?: string | undefined;
}

export interface ServiceCommand {
  readonly name: string;
  readonly argv: string[];
}

function main(name: string): string {
  return require.resolve(`@switchyard/service-${name}/main`);
}

function node(name: string, service: string, runtimeDir: string, ...rest: string[]): ServiceCommand {
  return { name, argv: [process.execPath, main(service), '--runtime-dir', runtimeDir, ...rest] };
}

/** What the tree has once. All services start together: each waits by itself for the bus and for those it needs. */
export function treeServices(runtimeDir: string, options: MachineOptions & ConsoleOptions): ServiceCommand[] {
  const emergency = ['--emergency-command', emergencyCommand(runtimeDir, options)];
  const lock = [
    ...['--end-silent-bus', '--lock-command', lockCommand(runtimeDir, options)],
    ...(options.lockAfter === undefined ? [] : ['--lock-after', String(options.lockAfter)]),
  ];
  return [
    node('bus', 'bus', runtimeDir),
    node('seat', 'seat', runtimeDir, ...emergency, ...lock, ...(options.vt ? ['--vt'] : [])),
  ];
}

/** What each seat has for itself. */
export function seatServices(
  runtimeDir: string,
  options: SeatOptions,
  { privileges, kernelLog, greeter, ...look }: MachineOptions & ConsoleOptions,
): ServiceCommand[] {
  const { seat, further, listen, port, size, shared, screens } = options;
  const name = (service: string) => (further ? `${service}.${seat}` : service);
  const place = ['--seat', seat, ...(further ? ['--further'] : [])];
  const page = [
    ...['--listen', listen, '--port', String(port), '--size', size],
    ...(options.video === undefined ? [] : ['--video', options.video]),
  ];
  return [
    node(
      name('display'),
      'display',
      runtimeDir,
      ...place,
      ...(privileges === undefined ? [] : ['--privileges', privileges]),
    ),
    shared
      ? node(
          name('mirror'),
          'mirror',
          runtimeDir,
          ...place,
          ...[
            '--size',
            size,
            '--title',
            shared.title,
            '--uid',
            String(shared.uid),
            ...(shared.follow ? ['--follow'] : []),
          ],
        )
      : screens
        ? node(name('screens'), 'screens', runtimeDir, ...place)
        : node(name('web'), 'web', runtimeDir, ...page, ...place, ...(options.web ?? [])),
    ...(greeter && !shared
      ? [{ name: name('greeter'), argv: [...seatSessionCommand('greeter', runtimeDir, look), ...place] }]
      : []),
    ...(kernelLog && !further
      ? [{ name: 'kernel-log', argv: kernelLogCommand(runtimeDir, seat, look, true) }]
      : []),
  ];
}

/** Puts back the kernel's VTs that a seat manager left which was killed. */
export function restoreVtsCommand(runtimeDir: string): string[] {
  return [process.execPath, main('seat'), '--runtime-dir', runtimeDir, '--restore-vts'];
}

/** How the seat's terminals look, and whom they let in. */
export interface ConsoleOptions {
  /** Ask who logs in, instead of running the shell of the user who started the seat. */
  readonly login?: boolean | undefined;
  readonly font?: string | undefined;
  /** Pixels. */
  readonly fontSize?: number | undefined;
}

/** What the seat manager has a shell run when somebody presses the secure attention key: no display stands between. */
function emergencyCommand(
  runtimeDir: string,
  { font, fontSize, greeter }: ConsoleOptions & MachineOptions,
): string {
  const words = [
    ...consoleCommand(runtimeDir, { font, fontSize }),
    ...[
      '--class',
      'emergency',
      '--',
      process.execPath,
      yardProgram,
      'emergency',
      '--runtime-dir',
      runtimeDir,
      ...(greeter ? ['--ask'] : []),
    ],
  ];
  const [program, main, ...rest] = words.map(quoted);
  return `exec ${program} ${main} --seat "$XDG_SEAT" ${rest.join(' ')}`;
}

/** What the seat manager has a shell run as the lock screen of a session. */
function lockCommand(runtimeDir: string, options: ConsoleOptions): string {
  return `exec ${seatSessionCommand('lock', runtimeDir, options).map(quoted).join(' ')}`;
}

/** The kernel's log as a session; in the background until it is asked for, or has to be seen. */
export function kernelLogCommand(
  runtimeDir: string,
  seat: string,
  look: ConsoleOptions,
  background: boolean,
): string[] {
  return [
    ...seatSessionCommand('log', runtimeDir, look),
    ...['--seat', seat],
    ...(background ? ['--background'] : []),
  ];
}

/** What the first seat shows of the start. */
export function splashCommand(runtimeDir: string, seat: string, look: ConsoleOptions): string[] {
  return [...seatSessionCommand('splash', runtimeDir, look), '--seat', seat];
}

/** A session that has a seat by itself. */
function seatSessionCommand(kind: string, runtimeDir: string, { font, fontSize }: ConsoleOptions): string[] {
  return [
    ...[process.execPath, require.resolve('@switchyard/service-console/session'), kind],
    ...['--runtime-dir', runtimeDir],
    ...fontOptions({ font, fontSize }),
  ];
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function fontOptions({ font, fontSize }: ConsoleOptions): string[] {
  return [
    ...(font === undefined ? [] : ['--font', font]),
    ...(fontSize === undefined ? [] : ['--font-size', String(fontSize)]),
  ];
}

/** The terminal: a session like any other program's, that waits for it by itself. */
export function terminalCommand(runtimeDir: string, options: ConsoleOptions): string[] {
  return [...consoleCommand(runtimeDir, options), '--at-gate'];
}

function consoleCommand(runtimeDir: string, { login, font, fontSize }: ConsoleOptions): string[] {
  return [
    ...[process.execPath, main('console'), '--runtime-dir', runtimeDir],
    ...(login ? ['--login'] : []),
    ...fontOptions({ font, fontSize }),
  ];
}

/** A program in an X server of its own. */
export function x11Command(runtimeDir: string, argv: readonly string[], keepTitle: boolean): string[] {
  return [
    ...[process.execPath, main('x11'), '--runtime-dir', runtimeDir],
    ...(keepTitle ? ['--keep-title'] : []),
    ...['--', ...argv],
  ];
}
