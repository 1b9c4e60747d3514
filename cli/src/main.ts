import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { activateCommand } from './commands/activate.js';
import { busCommands } from './commands/bus.js';
import { completionCommand } from './commands/completion.js';
import { consoleCommand } from './commands/console.js';
import { doctorCommand } from './commands/doctor.js';
import { downCommand } from './commands/down.js';
import { emergencyCommand } from './commands/emergency.js';
import { kernelLogCommands } from './commands/kernelLog.js';
import { keyboardCommands } from './commands/keyboard.js';
import { killCommand } from './commands/kill.js';
import { lockCommands } from './commands/lock.js';
import { logCommand } from './commands/log.js';
import { mirrorCommand } from './commands/mirror.js';
import { pointerCommands } from './commands/pointer.js';
import { recordCommand } from './commands/record.js';
import { runCommand } from './commands/run.js';
import { screenshotCommand } from './commands/screenshot.js';
import { seatCommands } from './commands/seat.js';
import { sendCommand } from './commands/send.js';
import { sessionsCommand } from './commands/sessions.js';
import { statusCommand } from './commands/status.js';
import { upCommand } from './commands/up.js';
import { exitCode, Failure } from './Failure.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('yard')
  .description('Linux seats in user space: sessions take turns on a screen, a keyboard and a pointer')
  .version(version)
  .enablePositionalOptions()
  .showHelpAfterError('(yard --help lists the commands)')
  .exitOverride();

for (const add of [
  upCommand,
  downCommand,
  statusCommand,
  sessionsCommand,
  runCommand,
  activateCommand,
  killCommand,
  lockCommands,
  mirrorCommand,
  kernelLogCommands,
  screenshotCommand,
  sendCommand,
  consoleCommand,
  recordCommand,
  keyboardCommands,
  pointerCommands,
  logCommand,
  busCommands,
  seatCommands,
  emergencyCommand,
  doctorCommand,
  completionCommand,
]) {
  add(program);
}

// Whoever reads has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  // A full disk, say: what was to be told is not told whole.
  process.stderr.write(`yard: ${error.message}\n`);
  process.exit(exitCode.failed);
});

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError)
    process.exitCode = error.exitCode === 0 ? exitCode.done : exitCode.usage;
  else if (error instanceof Failure) {
    process.stderr.write(`yard: ${error.message}\n`);
    process.exitCode = error.code;
  } else {
    process.stderr.write(
      `yard: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exitCode = exitCode.failed;
  }
});
