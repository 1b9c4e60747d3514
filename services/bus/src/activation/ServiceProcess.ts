import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants as fileConstants, statSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import type { DBusError } from '@switchyard/dbus';
import type { User } from '../config/UserDatabase.js';
import { helperError, spawnError } from './SpawnError.js';

/** Node raises its own limit of fds to the hard one; a service that uses select(2) cannot have more than this. */
const serviceFds = 1024;
/** Sets that limit, and becomes the command. */
const wrapper = `ulimit -Sn ${serviceFds} 2>/dev/null; exec "$@"`;

export type Launch = {
  name: string;
  command: readonly string[];
  /** Whether the command is dbus-daemon's setuid helper: its exit codes speak of the service. */
  isHelper: boolean;
  environment: NodeJS.ProcessEnv;
  /** Only root may start services as somebody else. */
  user: User | undefined;
};

/**
 * A service's process from start to end. It gets no fd of ours but stdout and stderr, and outlives us. One that exits
 * with 0 may have left another process to do its work, so only a failure is told. Throws DBusError when there is no such
 * program.
 */
export function launch(
  { name, command, isHelper, environment, user }: Launch,
  failed: (error: DBusError) => void,
): void {
  const [program, ...args] = command;
  const cannot = (why: string) => spawnError('ExecFailed', `Failed to execute program ${name}: ${why}`);
  const obstacle = whatHinders(program);
  if (obstacle !== undefined) throw cannot(obstacle);
  let child: ChildProcess;
  try {
    child = spawn('/bin/sh', ['-c', wrapper, 'sh', resolve(program!), ...args], {
      env: environment,
      stdio: ['ignore', 'inherit', 'inherit'],
      ...(user && { uid: user.uid, gid: user.gid }),
    });
  } catch (error) {
    throw cannot((error as Error).message);
  }
  child.once('error', (error) => failed(cannot(error.message)));
  child.once('exit', (code, signal) => {
    if (signal !== null)
      failed(spawnError('ChildSignaled', `Process ${name} received signal ${constants.signals[signal]}`));
    else if (code !== 0 && code !== null)
      failed(
        isHelper
          ? helperError(name, code)
          : spawnError('ChildExited', `Process ${name} exited with status ${code}`),
      );
  });
  child.unref();
}

/** What execv(2) would say: it does not look into PATH. */
function whatHinders(program: string | undefined): string | undefined {
  try {
    if (!program) throw new Error('nothing to execute');
    const isFile = statSync(program).isFile();
    accessSync(program, fileConstants.X_OK);
    return isFile ? undefined : 'Permission denied';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES'
      ? 'Permission denied'
      : 'No such file or directory';
  }
}
