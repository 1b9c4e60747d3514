import type { Command } from 'commander';
import { table } from '../table.js';
import { Yard } from '../Yard.js';

export function sessionsCommand(program: Command): void {
  program
    .command('sessions')
    .description('list the sessions')
    .option('--json', 'print JSON')
    .option('--runtime-dir <dir>', 'where the tree runs')
    .action((options: { json?: boolean; runtimeDir?: string }) =>
      Yard.with(options.runtimeDir, async (yard) => {
        const sessions = await yard.sessions();
        if (options.json) {
          process.stdout.write(`${JSON.stringify(sessions)}\n`);
          return;
        }
        process.stdout.write(
          table(
            ['ID', 'SEAT', 'NAME', 'TYPE', 'CLASS', 'STATE', 'USER', 'LEADER'],
            sessions.map(
              ({ id, seat, name, type, class: sessionClass, state, locked, hung, user, leader }) => [
                id,
                seat,
                name,
                type,
                sessionClass,
                [state, locked ? 'locked' : [], hung ? 'not responding' : []].flat().join(', '),
                user,
                String(leader),
              ],
            ),
          ),
        );
      }),
    );
}
