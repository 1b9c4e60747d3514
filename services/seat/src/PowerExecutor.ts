import { spawn } from 'node:child_process';
import type { Log } from '@switchyard/runtime';
import type { PowerVerb } from './PowerVerb.js';

/** Does it. Resolves when it is done: for a sleep, when the machine is awake again. Rejects when it failed. */
export type PowerExecutor = (verb: PowerVerb) => Promise<void>;

/** Says what it would do. */
export function dryRun(log: Log): PowerExecutor {
  return async (verb) => log.warn({ verb }, 'nothing is done about it: no --power-command is given');
}

/** Runs a program with the verb as its argument. */
export function commandExecutor(program: string): PowerExecutor {
  return (verb) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, [verb], { stdio: ['ignore', 'ignore', 'inherit'] });
      child.on('error', reject);
      child.on('exit', (status, signal) => {
        if (status === 0) resolve();
        else reject(new Error(`${program} ${verb} ended with ${signal ?? `status ${status}`}`));
      });
    });
}
