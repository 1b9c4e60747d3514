import { constants } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { Yard } from '../Yard.js';

const manager = 'org.freedesktop.login1.Manager';

export function killCommand(program: Command): void {
  program
    .command('kill')
    .description('end a session, or send a signal to its processes')
    .argument('<session>', 'its id, name or number')
    .option('-s, --signal <signal>', 'send this signal instead of ending the session', signalNumber)
    .option('--runtime-dir <dir>', 'where the tree runs')
    .action((which: string, options: { signal?: number; runtimeDir?: string }) =>
      Yard.with(options.runtimeDir, async (yard) => {
        const { id } = await yard.find(which);
        if (options.signal === undefined) await yard.manager.call(manager, 'TerminateSession', 's', id);
        else await yard.manager.call(manager, 'KillSession', 'ssi', id, 'all', options.signal);
      }),
    );
}

function signalNumber(text: string): number {
  const name = text.toUpperCase().replace(/^(?!SIG)/, 'SIG');
  const number = /^\d+$/.test(text) ? Number(text) : constants.signals[name as NodeJS.Signals];
  if (!number || number > 64)
    throw new InvalidArgumentError(`no signal ${text}; use a name like TERM or a number.`);
  return number;
}
