import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, chownSync, constants, existsSync } from 'node:fs';
import { constants as system } from 'node:os';
import { isatty } from 'node:tty';
import { Fd } from '@switchyard/sys';
import type { PasswdEntry } from '../Passwd.js';

/** The group of terminals, "tty": login.defs(5) has it as TTYGROUP, Debian's base-passwd as this number. */
const TTY_GROUP = 5;
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

export interface SessionProgramOptions {
  readonly user: PasswdEntry;
  /** 0: the terminal stays what it is. */
  readonly vt: number;
  /** Empty: the user's shell, as a login shell. */
  readonly command: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * The program of a session: as its user, with all the user's groups, in the user's home; on a VT in a process session
 * of its own, whose controlling terminal the VT is (setsid(2), TIOCSCTTY). Resolves to its exit status, 128 and the
 * signal's number when one killed it, 127 when there is no such program. Signals to this process are passed on to it.
 */
export async function runSessionProgram(options: SessionProgramOptions): Promise<number> {
  const { user, vt, environment } = options;
  using terminal = vt > 0 ? takeTerminal(`/dev/tty${vt}`, user) : undefined;
  const shell = options.command.length === 0;
  // Each becomes the next by execve(2), so the child is the program in the end.
  const line = [
    ...(terminal ? ['setsid', '--ctty'] : []),
    ...(process.getuid?.() === user.uid ? [] : asUser(user)),
    ...(shell ? [user.shell, '-l'] : options.command),
  ];
  const number = terminal?.fd.number;
  const stream = (fd: 0 | 1 | 2) => (number !== undefined && (fd === 0 || isatty(fd)) ? number : fd);
  // Before there is a program: one that comes right behind its start must not end us and leave it.
  const pass = (signal: NodeJS.Signals) => void child.kill(signal);
  for (const signal of FORWARDED) process.on(signal, pass);
  const child = spawn(line[0]!, line.slice(1), {
    stdio: [stream(0), stream(1), stream(2)],
    env: environment,
    cwd: existsSync(user.home) ? user.home : '/',
  });
  try {
    return await statusOf(child);
  } finally {
    for (const signal of FORWARDED) process.off(signal, pass);
  }
}

/** initgroups(3), setgid(2), setuid(2). Node's own `uid` option drops all groups. */
function asUser(user: PasswdEntry): string[] {
  return ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--init-groups', '--inh-caps=-all'];
}

function statusOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      process.stderr.write(`${error.message}\n`);
      resolve(127);
    });
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? system.signals[signal] : 0)));
  });
}

/** A VT that is the user's for a while, as login(1) does it: theirs to write, other users' only by the group. */
function takeTerminal(path: string, user: PasswdEntry): { fd: Fd } & Disposable {
  const fd = Fd.open(path, constants.O_RDWR | constants.O_NOCTTY);
  const root = process.getuid?.() === 0;
  if (root) {
    chownSync(path, user.uid, TTY_GROUP);
    chmodSync(path, 0o620);
  }
  return {
    fd,
    [Symbol.dispose]: () => {
      fd.close();
      if (!root) return;
      chownSync(path, 0, TTY_GROUP);
      chmodSync(path, 0o620);
    },
  };
}
