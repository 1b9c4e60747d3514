import { type Command, InvalidArgumentError } from 'commander';
import { exitCode, Failure } from '../Failure.js';
import { Film } from '../Film.js';
import { findSubject, Snapshot, type SnapshotSubject } from '../Snapshot.js';
import { monitorNumber } from '../VirtualInput.js';
import { Yard } from '../Yard.js';

interface RecordOptions {
  seat?: string;
  session?: string;
  monitor?: number;
  seconds?: number;
  runtimeDir?: string;
}

export function recordCommand(program: Command): void {
  program
    .command('record')
    .description('record a seat or a session as a film, until Ctrl+C (needs ffmpeg)')
    .argument('<out>', 'the file: .webm or .mp4')
    .option('--seat <seat>', 'the seat')
    .option('--session <session>', 'the session: its id, name or number')
    .option('--monitor <number>', 'of the seat’s monitors this one alone', monitorNumber)
    .option('--seconds <n>', 'end after this time', seconds)
    .option('--runtime-dir <dir>', 'where the tree runs')
    .action((out: string, options: RecordOptions) =>
      Yard.with(options.runtimeDir, (yard) => record(yard, out, options)),
    );
}

async function record(yard: Yard, out: string, options: RecordOptions): Promise<void> {
  if (!Film.canWrite(out)) throw new Failure(`${out}: a recording is called .webm or .mp4`, exitCode.usage);
  const subject = await findSubject(yard, options);
  let ending = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      ending = true;
    });
  const first = await Snapshot.take(yard, subject);
  const film = new Film(out, first);
  const end =
    options.seconds === undefined ? Number.POSITIVE_INFINITY : performance.now() + options.seconds * 1000;
  try {
    await film.add(first);
    while (!ending && !film.failed && performance.now() < end) {
      await film.nextTurn();
      if (!(await addPicture(yard, subject, film))) break;
      film.tell();
    }
  } finally {
    first[Symbol.dispose]();
  }
  await film.finish();
}

/** False when there is nothing to record any more: the session has ended. */
async function addPicture(yard: Yard, subject: SnapshotSubject, film: Film): Promise<boolean> {
  try {
    using snapshot = await Snapshot.take(yard, subject);
    await film.add(snapshot);
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    process.stderr.write(`yard: the recording ends: ${error.message}\n`);
    return false;
  }
}

function seconds(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 86_400) return value;
  throw new InvalidArgumentError('a number of seconds, up to a day.');
}
