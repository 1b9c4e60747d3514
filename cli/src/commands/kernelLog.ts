import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { RuntimeDir } from '@switchyard/runtime';
import type { Command } from 'commander';
import { Failure } from '../Failure.js';
import { treeVariable } from '../supervisor/Descendants.js';
import { kernelLogCommand } from '../supervisor/services.js';
import { readTreeFile } from '../supervisor/TreeFile.js';
import { Yard } from '../Yard.js';

/** How long it may take to come up on a machine that is busy. */
const patience = 15_000;
const look = 100;

export function kernelLogCommands(program: Command): void {
  program
    .command('kernel-log')
    .description('show the kernel’s log on the seat, as a session of its own')
    .option('--seat <seat>', 'the seat')
    .option('--runtime-dir <dir>', 'where the tree runs')
    .action((options: { seat?: string; runtimeDir?: string }) =>
      Yard.with(options.runtimeDir, async (yard) => {
        const seat = await yard.findSeat(options.seat);
        const there = await logSession(yard, seat);
        if (there !== undefined) {
          await yard.manager.call('org.freedesktop.login1.Manager', 'ActivateSession', 's', there);
          process.stdout.write(`${there}\n`);
          return;
        }
        process.stdout.write(`${await start(yard, seat)}\n`);
      }),
    );
}

async function logSession(yard: Yard, seat: string): Promise<string | undefined> {
  return (await yard.sessions()).find((one) => one.class === 'log' && one.seat === seat)?.id;
}

/** A process of the tree's, which ends with it. */
async function start(yard: Yard, seat: string): Promise<string> {
  const directory = new RuntimeDir(yard.file.runtimeDir);
  const tree = readTreeFile(directory)?.tree;
  const [program, ...rest] = kernelLogCommand(directory.path, seat, {}, false);
  const log = openSync(directory.log('kernel-log'), 'a', 0o600);
  const child = spawn(program!, rest, {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, [treeVariable]: tree },
  });
  closeSync(log);
  child.unref();
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  for (const end = Date.now() + patience; Date.now() < end && !ended; ) {
    const id = await logSession(yard, seat);
    if (id !== undefined) return id;
    await new Promise((resolve) => setTimeout(resolve, look));
  }
  throw new Failure('the kernel’s log is not shown; yard log kernel-log says why');
}
