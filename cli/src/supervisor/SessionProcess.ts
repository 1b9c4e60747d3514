import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Writable } from 'node:stream';

/**
 * Waits on fd 3 for three lines, the session's id, its Wayland socket and the one that its seat's programs have in common, then becomes
 * the program. So the leader's pid is known, and alive, before the session is registered, and stays the program's own pid.
 */
const gate = `IFS= read -r XDG_SESSION_ID <&3 && IFS= read -r WAYLAND_DISPLAY <&3 && IFS= read -r YARD_WAYLAND_DISPLAY <&3 || exit 125
exec 3<&-
export XDG_SESSION_ID WAYLAND_DISPLAY YARD_WAYLAND_DISPLAY
exec "$@"`;

export interface SessionCommand {
  readonly argv: readonly string[];
  /**
   * Where it waits for its session: at the gate; by itself, having loaded meanwhile (the terminal's --at-gate); or at its Wayland
   * socket, where the display will listen, with all that is told at the gate in its environment.
   */
  readonly waits: 'at the gate' | 'by itself' | 'at its socket';
  readonly environment: NodeJS.ProcessEnv;
  readonly directory: string;
  /** stdin, stdout, stderr. */
  readonly stdio: readonly ['ignore' | number, number, number];
}

/** A session's leader as the supervisor's child: held until its session exists. */
export class SessionProcess {
  readonly pid: number;
  /** wait(2)'s result in the shell's way: the exit status, or 128 + the signal's number. */
  readonly exit: Promise<number>;
  /** Undefined of one that waits at its socket. */
  readonly #gate: Writable | undefined;

  constructor(command: SessionCommand) {
    const { waits, argv } = command;
    const [program, ...rest] = waits === 'at the gate' ? ['/bin/sh', '-c', gate, 'sh', ...argv] : argv;
    const child: ChildProcess = spawn(program!, rest, {
      cwd: command.directory,
      env: command.environment,
      // Leader of a process group and session of its own, so that all of it can be signalled.
      detached: true,
      stdio: waits === 'at its socket' ? [...command.stdio] : [...command.stdio, 'pipe'],
    });
    this.exit = new Promise((resolve) => {
      child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
      child.on('error', () => resolve(127));
    });
    if (child.pid === undefined)
      throw new Error(
        `cannot start ${command.argv[0]} in ${command.directory}: is that a directory of this user?`,
      );
    this.pid = child.pid;
    this.#gate = waits === 'at its socket' ? undefined : (child.stdio[3] as Writable);
    this.#gate?.on('error', () => {
      // It died at the gate; `exit` tells.
    });
  }

  /** Lets the program start. */
  open(session: string, waylandDisplay: string, commonDisplay: string): void {
    this.#gate?.end(`${session}\n${waylandDisplay}\n${commonDisplay}\n`);
  }

  /** All of its process group, at once. */
  kill(): void {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // It has ended; `exit` tells.
    }
  }

  /** Ends it where it waits: there is no session for it. */
  refuse(): void {
    if (this.#gate) this.#gate.destroy();
    else this.kill();
  }
}
