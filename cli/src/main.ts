import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { exitCode, Failure } from './Failure.js';
import { addVerbs } from './Verbs.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('yard')
  .description('Linux seats in user space: sessions take turns on a screen, a keyboard and a pointer')
  .version(version)
  .enablePositionalOptions()
  .configureOutput({ outputError: (text, write) => write(plainly(text)) })
  .showHelpAfterError('(yard --help lists the commands)')
  .exitOverride();

// Whoever reads has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  // A full disk, say: what was to be told is not told whole.
  process.stderr.write(`yard: ${error.message}\n`);
  process.exit(exitCode.failed);
});

/** Of the library's sentences, what was wrong and why, as all other errors say it. */
function plainly(text: string): string {
  return text
    .replace(/^error: option '(--[\w-]+)[^']*' argument '(.*)' is invalid\. /, 'yard: $1 $2: ')
    .replace(/^error: command-argument value '(.*)' is invalid for argument '(.*)'\. /, 'yard: $2 $1: ')
    .replace(/^error: /, 'yard: ');
}

async function run(): Promise<void> {
  await addVerbs(program, process.argv[2]);
  await program.parseAsync();
}

run().catch((error: unknown) => {
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
