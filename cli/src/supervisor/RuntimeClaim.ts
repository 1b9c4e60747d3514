import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RuntimeDir } from '@switchyard/runtime';
import { Listener, Socket, SystemError } from '@switchyard/sys';
import { Failure } from '../Failure.js';

/** Makes the runtime directory, this user's alone. Throws Failure for one that is somebody's or something else's. */
export function prepareRuntimeDir(directory: RuntimeDir): void {
  const { path, state, sessions, logs } = directory;
  try {
    makeDirectory(path);
    const stat = lstatSync(path);
    if (!stat.isDirectory()) throw new Failure(`${path} is no directory; choose another with --runtime-dir`);
    if (stat.uid !== process.getuid?.()) {
      throw new Failure(`${path} belongs to uid ${stat.uid}; choose another directory with --runtime-dir`);
    }
    if ((stat.mode & 0o077) !== 0) {
      // Others' access is taken away from our own directory or an empty one, never from one with another purpose.
      if (!existsSync(logs) && readdirSync(path).length > 0) {
        throw new Failure(
          `${path} is in use for something else and open to others; choose another with --runtime-dir`,
        );
      }
      chmodSync(path, 0o700);
    }
    for (const folder of [state, sessions, logs]) makeDirectory(folder);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      `cannot use ${path} as runtime directory: ${(error as Error).message}; choose another with --runtime-dir`,
    );
  }
}

/** Step by step: a recursive mkdirSync() never ends where directories cannot be made, as in /proc. */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

/** Claims the runtime directory until the claim is closed: no other supervisor is at work in it. */
export function claimRuntimeDir(directory: RuntimeDir): Listener {
  prepareRuntimeDir(directory);
  const { path } = directory;
  try {
    return Listener.listen(claimOf(path), {
      mode: 0o600,
      onConnection: (socket) => socket.close(),
    });
  } catch (error) {
    if (error instanceof SystemError && error.code === 'EADDRINUSE') {
      throw new Failure(
        `another yard is starting or running in ${path}; wait for it, or choose another directory with --runtime-dir`,
      );
    }
    throw new Failure(
      `cannot use ${path} as runtime directory: ${(error as Error).message}; choose another with --runtime-dir`,
    );
  }
}

/** Whether a supervisor is at work there, be it only starting. */
export function isClaimed({ path }: RuntimeDir): boolean {
  try {
    Socket.connect(claimOf(path)).close();
    return true;
  } catch {
    return false;
  }
}

const claimOf = (path: string): string => join(path, 'supervisor');
