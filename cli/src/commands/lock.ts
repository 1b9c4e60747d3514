import type { Command } from 'commander';
import { Yard } from '../Yard.js';

export function lockCommands(program: Command): void {
  for (const [verb, one, all] of [
    ['lock', 'LockSession', 'LockSessions'],
    ['unlock', 'UnlockSession', 'UnlockSessions'],
  ] as const) {
    program
      .command(verb)
      .description(`${verb} a session, or all`)
      .argument('[session]', 'its id, name or number')
      .option('--runtime-dir <dir>', 'where the tree runs')
      .action((which: string | undefined, options: { runtimeDir?: string }) =>
        Yard.with(options.runtimeDir, async (yard) => {
          const manager = 'org.freedesktop.login1.Manager';
          if (which === undefined) await yard.manager.call(manager, all, '');
          else await yard.manager.call(manager, one, 's', (await yard.find(which)).id);
        }),
      );
  }
}
