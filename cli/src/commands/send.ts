import { constants } from 'node:fs';
import { basename } from 'node:path';
import { DBusError } from '@switchyard/dbus';
import { Fd } from '@switchyard/sys';
import type { Command } from 'commander';
import { Failure } from '../Failure.js';
import { Yard } from '../Yard.js';

/** `yard send`: a file to the browser of the person at the seat. */
export function sendCommand(program: Command): void {
  program
    .command('send')
    .description('send files to the browser that the seat is used in; it saves them')
    .argument('<file...>', 'plain files')
    .option('--seat <seat>', 'the seat')
    .option('--runtime-dir <dir>', 'where the tree runs')
    .action((files: string[], options: { seat?: string; runtimeDir?: string }) =>
      Yard.with(options.runtimeDir, (yard) => send(yard, options.seat, files)),
    );
}

async function send(yard: Yard, seat: string | undefined, files: readonly string[]): Promise<void> {
  const web = yard.web(await yard.findSeat(seat));
  for (const file of files) {
    let fd: Fd;
    try {
      // Opened by who sends it: what he may not read he cannot send. O_NONBLOCK: a fifo is refused, not waited for.
      fd = Fd.open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      throw new Failure(`cannot read ${file}: ${(error as Error).message}`);
    }
    try {
      await web.call('org.switchyard.Web1', 'Send', 'sh', basename(file), fd);
    } catch (error) {
      throw error instanceof DBusError ? new Failure(`${file} was not sent: ${error.message}`) : error;
    }
  }
}
