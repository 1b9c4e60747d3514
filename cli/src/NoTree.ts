import { accessSync, constants, statSync } from 'node:fs';
import type { RuntimeDir } from '@switchyard/runtime';
import { exitCode, Failure } from './Failure.js';
import { runsOn } from './supervisor/TreeFile.js';

/** Why no tree can be reached in that directory, and what to do. `otherwise`: what else can be done when none runs. */
export function noTree(directory: RuntimeDir, otherwise = ''): Failure {
  const { path } = directory;
  const closed = closedTree(directory);
  if (closed) return closed;
  if (runsOn(directory))
    return new Failure(
      `the supervisor in ${path} has died, and its services run on; yard up takes them over, yard down ends them`,
      exitCode.notRunning,
    );
  return new Failure(
    `nothing is running in ${path}; start it with: yard up${otherwise}`,
    exitCode.notRunning,
  );
}

/** When the directory is another user's. */
export function closedTree({ path }: RuntimeDir): Failure | undefined {
  const owner = statSync(path, { throwIfNoEntry: false })?.uid;
  if (owner === undefined || mayEnter(path)) return undefined;
  return new Failure(
    `${path} belongs to uid ${owner}: what runs there is for that user and root; choose another directory with --runtime-dir`,
    exitCode.notRunning,
  );
}

function mayEnter(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
