import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RuntimeDir } from '@switchyard/runtime';
import { Listener, SystemError } from '@switchyard/sys';
import { Failure } from '../Failure.js';

/** Makes the runtime directory and claims it until the claim is closed: it is this user's alone, and no other supervisor is at work in it. */
export function claimRuntimeDir({ path, state, sessions, logs }: RuntimeDir): Listener {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const stat = lstatSync(path);
    if (!stat.isDirectory()) throw new Failure(`${path} is no directory; choose another with --runtime-dir`);
    if (stat.uid !== process.getuid?.()) {
      throw new Failure(`${path} belongs to uid ${stat.uid}; choose another directory with --runtime-dir`);
    }
    chmodSync(path, 0o700);
    for (const folder of [state, sessions, logs]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    return Listener.listen(join(path, 'supervisor'), {
      mode: 0o600,
      onConnection: (socket) => socket.close(),
    });
  } catch (error) {
    if (error instanceof Failure) throw error;
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
