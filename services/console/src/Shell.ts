import { accessSync, constants, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { givenEnvironment } from '@switchyard/runtime';
import { type IPty, spawn } from 'node-pty';
import { PtyInput } from './PtyInput.js';
import { PtyOutput } from './PtyOutput.js';

/** Variables of ours that are not the child's: our supervisor's socket, our connection, a size that would be wrong after a resize. */
const notForChildren = [
  'NOTIFY_SOCKET',
  'WAYLAND_SOCKET',
  'YARD_WAYLAND_DISPLAY',
  'LINES',
  'COLUMNS',
  'NODE_CHANNEL_FD',
];

export interface ShellOptions {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly columns: number;
  readonly rows: number;
  readonly environment: NodeJS.ProcessEnv;
  readonly directory: string;
}

export interface ShellEvents {
  output(bytes: Uint8Array): void;
  exited(status: number, signal: number): void;
}

/** What node-pty's typings leave out: the master, and the stream that would read it 4 kB at a time in JavaScript. */
interface PtyInternals {
  readonly fd: number;
  readonly _socket: { destroy(): void };
}

/** The program on the other side of the pseudo-terminal. */
export class Shell {
  readonly #pty: IPty;
  readonly #input: PtyInput;
  readonly #output: PtyOutput;
  #running = true;

  /** Throws when the program cannot be started. */
  constructor(options: ShellOptions, events: ShellEvents) {
    const [program, ...programArguments] = options.command;
    const file = findProgram(program ?? '', options.environment['PATH'] ?? '');
    this.#pty = spawn(file, programArguments, {
      name: 'xterm-256color',
      cols: options.columns,
      rows: options.rows,
      cwd: options.directory,
      env: programEnvironment(options.environment),
      encoding: null,
    });
    const { fd, _socket: reader } = this.#pty as unknown as PtyInternals;
    this.#input = new PtyInput(fd);
    this.#output = new PtyOutput(fd, events.output);
    reader.destroy();
    this.#pty.onExit(({ exitCode, signal }) => {
      this.#running = false;
      this.#input.close();
      this.#output.finish();
      events.exited(exitCode, signal ?? 0);
    });
  }

  /** The program asks for something that is not to be seen. */
  get readsSecret(): boolean {
    return this.#input.line.hidesLines;
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** What the user typed, pasted or pointed at. */
  write(data: string | Uint8Array): void {
    this.#input.write(typeof data === 'string' ? Buffer.from(data) : data);
  }

  /** What the terminal answers to the program's queries. */
  answer(text: string): void {
    this.#input.answer(Buffer.from(text));
  }

  /** `width` and `height` in pixels. */
  resize(columns: number, rows: number, width: number, height: number): void {
    this.#input.line.resize(columns, rows, width, height);
  }

  /** What the program prints is left unread, until it is no more. */
  hold(held: boolean): void {
    this.#output.hold(held);
  }

  /** What a terminal that is unplugged does: SIGHUP to the shell's process group; the pty's end tells the foreground's. */
  hangUp(): void {
    if (!this.#running) return;
    this.#running = false;
    this.#input.close();
    this.#output.close();
    try {
      process.kill(-this.#pty.pid, 'SIGHUP');
      process.kill(-this.#pty.pid, 'SIGCONT');
    } catch {
      // It was gone already.
    }
  }
}

/** $SHELL, else the user's in the password database, else /bin/sh. */
export function userShell(environment: NodeJS.ProcessEnv = process.env): string {
  const shell = environment['SHELL'];
  if (shell) return shell;
  try {
    return userInfo().shell || '/bin/sh';
  } catch {
    return '/bin/sh';
  }
}

/** The terminal's own variables. Programs started in it come to the common display, where each becomes a session of its own. */
export function programEnvironment(own: NodeJS.ProcessEnv): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(givenEnvironment(own))) {
    if (value !== undefined && !notForChildren.includes(name)) environment[name] = value;
  }
  const display = own['YARD_WAYLAND_DISPLAY'] ?? own['WAYLAND_DISPLAY'];
  if (display) environment['WAYLAND_DISPLAY'] = display;
  return {
    ...environment,
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    TERM_PROGRAM: 'switchyard',
  };
}

function findProgram(program: string, path: string): string {
  const candidates = program.includes('/')
    ? [program]
    : path.split(delimiter).map((directory) => join(directory || '.', program));
  let reason = 'no such program in PATH';
  for (const candidate of candidates) {
    try {
      accessSync(candidate, constants.X_OK);
      if (statSync(candidate).isFile()) return candidate;
      reason = 'is not a file';
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (program.includes('/') || code !== 'ENOENT')
        reason = code === 'EACCES' ? 'not executable' : String(code);
    }
  }
  throw new Error(`cannot start ${program || 'an empty command'}: ${reason}`);
}
