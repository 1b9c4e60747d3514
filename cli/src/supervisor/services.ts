import { createRequire } from 'node:module';
import { yardProgram } from '../YardProgram.js';

const require = createRequire(import.meta.url);

/** What `yard up` can be told of the seat that it makes. */
export interface SeatOptions {
  readonly listen: string;
  readonly port: number;
  readonly size: string;
  readonly seat: string;
  /** The kernel's VTs are seat0's. */
  readonly vt?: boolean | undefined;
}

function main(name: string): string {
  return require.resolve(`@switchyard/service-${name}/main`);
}

/** The services. All start at once: each waits by itself for the bus and for those it needs. */
export function serviceCommands(
  runtimeDir: string,
  options: SeatOptions & ConsoleOptions,
): { name: string; argv: string[] }[] {
  const node = (name: string, ...rest: string[]) => ({
    name,
    argv: [process.execPath, main(name), '--runtime-dir', runtimeDir, ...rest],
  });
  return [
    node('bus'),
    node(
      'seat',
      ...['--emergency-command', emergencyCommand(runtimeDir, options)],
      ...(options.vt ? ['--vt'] : []),
    ),
    node('display', '--seat', options.seat),
    node(
      'web',
      ...['--listen', options.listen, '--port', String(options.port)],
      ...['--size', options.size, '--seat', options.seat],
    ),
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
function emergencyCommand(runtimeDir: string, { font, fontSize }: ConsoleOptions): string {
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
    ],
  ];
  const [program, main, ...rest] = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  return `exec ${program} ${main} --seat "$XDG_SEAT" ${rest.join(' ')}`;
}

/** The terminal: a session like any other program's. */
export function consoleCommand(runtimeDir: string, { login, font, fontSize }: ConsoleOptions): string[] {
  return [
    ...[process.execPath, main('console'), '--runtime-dir', runtimeDir],
    ...(login ? ['--login'] : []),
    ...(font === undefined ? [] : ['--font', font]),
    ...(fontSize === undefined ? [] : ['--font-size', String(fontSize)]),
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
