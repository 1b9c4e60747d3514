import { rmSync } from 'node:fs';
import { isRunning, RuntimeDir } from '@switchyard/runtime';
import type { Command } from 'commander';
import { exitCode, Failure } from '../Failure.js';
import { closedTree } from '../NoTree.js';
import { endProcesses, treeProcesses } from '../supervisor/Descendants.js';
import { readTreeFile } from '../supervisor/TreeFile.js';
import { readYardFile, removeYardFile } from '../YardFile.js';

/** The supervisor ends its sessions and services in less; after this it is ended itself and the rest swept up. */
const patience = 12_000;
const look = 20;

export function downCommand(program: Command): void {
  program
    .command('down')
    .description('stop the seat: sessions first, then the services')
    .option('--runtime-dir <dir>', 'where it runs')
    .action((options: { runtimeDir?: string }) => down(RuntimeDir.resolve(options.runtimeDir)));
}

async function down(directory: RuntimeDir): Promise<void> {
  const yard = readYardFile(directory);
  const tree = readTreeFile(directory);
  const supervised = yard !== undefined && isRunning(yard);
  if (!supervised && (!tree || treeProcesses(tree.tree).length === 0)) {
    throw (
      closedTree(directory) ?? new Failure(`nothing is running in ${directory.path}`, exitCode.notRunning)
    );
  }
  if (supervised) {
    process.kill(yard.pid, 'SIGTERM');
    const deadline = Date.now() + patience;
    while (isRunning(yard) && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, look));
    if (isRunning(yard)) process.kill(yard.pid, 'SIGKILL');
  }
  // Nothing is left here unless the supervisor died before its tree.
  if (tree) await endProcesses(() => treeProcesses(tree.tree));
  removeYardFile(directory);
  for (const path of directory.leftovers) rmSync(path, { recursive: true, force: true });
}
