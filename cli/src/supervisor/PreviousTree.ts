import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, type RuntimeDir } from '@switchyard/runtime';
import { endProcesses, treeProcesses } from './Descendants.js';
import { restoreVtsCommand } from './services.js';
import { readTreeFile, type TreeFile } from './TreeFile.js';

/** The tree of a supervisor that died, when any of its services runs; if none does, its programs are of no use and end. */
export async function previousTree(directory: RuntimeDir): Promise<TreeFile | undefined> {
  const left = readTreeFile(directory);
  if (!left || left.services.some(isRunning)) return left;
  await endProcesses(() => treeProcesses(left.tree));
  await restoreVts(directory);
  return undefined;
}

/** A seat manager that was killed has left VTs on which nobody can type. */
export async function restoreVts(directory: RuntimeDir): Promise<void> {
  if (!existsSync(join(directory.state, 'vts.json'))) return;
  const [program, ...rest] = restoreVtsCommand(directory.path);
  const child = spawn(program!, rest, { stdio: ['ignore', 'ignore', 'inherit'] });
  await new Promise<void>((resolve) => {
    child.on('error', () => resolve());
    child.on('exit', () => resolve());
  });
}
