import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { DBusError } from '@switchyard/dbus';
import type { User } from '../config/UserDatabase.js';
import { helperError, spawnError } from './SpawnError.js';

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
 * with 0 may have left another process to do its work, so only a failure is told.
 */
export function launch(
  { name, command, isHelper, environment, user }: Launch,
  failed: (error: DBusError) => void,
): void {
  const [program, ...args] = command;
  let child: ChildProcess;
  try {
    child = spawn(program!, args, {
      env: environment,
      stdio: ['ignore', 'inherit', 'inherit'],
      ...(user && { uid: user.uid, gid: user.gid }),
    });
  } catch (error) {
    failed(spawnError('ExecFailed', `Failed to execute program ${program}: ${(error as Error).message}`));
    return;
  }
  child.once('error', (error) => {
    failed(spawnError('ExecFailed', `Failed to execute program ${program}: ${error.message}`));
  });
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
