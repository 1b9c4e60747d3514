import type { Command } from 'commander';
import { moveCommand } from './move.js';
import { seatsCommands } from './seats.js';
import { shareCommands } from './share.js';

/** `yard seat`: the session manager by itself. */
export function seatCommands(program: Command): void {
  const seat = program.command('seat').description('the session manager by itself');
  seat
    .command('open-session')
    .description('open a session as a login program does, and run a program in it')
    .argument('[option...]', '--help shows them')
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (argv: string[]) => {
      // Only here: no other command needs it.
      const { openSession } = await import('@switchyard/service-seat/open-session');
      process.exitCode = await openSession(argv);
    });
  seatsCommands(seat);
  moveCommand(seat);
  shareCommands(seat);
}
