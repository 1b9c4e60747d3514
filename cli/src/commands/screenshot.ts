import { writeFileSync, writeSync } from 'node:fs';
import { DBusError } from '@switchyard/dbus';
import type { Fd } from '@switchyard/sys';
import type { Command } from 'commander';
import { PNG } from 'pngjs';
import { Failure } from '../Failure.js';
import { findSubject, Snapshot, type SnapshotOptions } from '../Snapshot.js';
import { monitorNumber } from '../VirtualInput.js';
import { Yard } from '../Yard.js';

export function screenshotCommand(program: Command): void {
  program
    .command('screenshot')
    .description('write the pixels of a seat or of a session, also of one in the background, as PNG')
    .argument('<out>', 'the file; - is stdout')
    .option('--seat <seat>', 'the seat')
    .option('--session <session>', 'the session: its id, name or number')
    .option('--monitor <number>', 'of the seat’s monitors this one alone', monitorNumber)
    .option('--runtime-dir <dir>', 'where the tree runs')
    .action((out: string, options: SnapshotOptions & { runtimeDir?: string }) =>
      Yard.with(options.runtimeDir, async (yard) => {
        const subject = await findSubject(yard, options);
        using snapshot = await Snapshot.take(yard, subject);
        const png = encode(snapshot);
        if (subject.kind !== 'session') await tellWhoDraws(yard, subject.seat);
        if (out === '-') writeAll(1, png);
        else {
          try {
            writeFileSync(out, png);
          } catch (error) {
            throw new Failure(`cannot write the screenshot: ${(error as Error).message}`);
          }
        }
      }),
    );
}

/** Who has taken the seat's monitor for itself (an emergency session, a lock screen) is on no picture of the display's. */
async function tellWhoDraws(yard: Yard, seat: string): Promise<void> {
  const [active] = (await yard.seat(seat).get('org.freedesktop.login1.Seat', 'ActiveSession')) as [
    string,
    string,
  ];
  if (active === '') return;
  try {
    const [memfd] = (await yard
      .display(seat)
      .call('org.switchyard.Display1', 'Screenshot', 'ss', 'session', active)) as [Fd];
    memfd.close();
  } catch (error) {
    if (!(error instanceof DBusError)) throw error;
    if (error.name !== 'org.freedesktop.login1.NoSuchSession') return;
    process.stderr.write(
      `yard: session ${active} is in front of ${seat} and draws there itself; the picture is what the display would show\n`,
    );
  }
}

function encode({ bytes, width, height, stride }: Snapshot): Buffer {
  const png = new PNG({ width, height });
  for (let y = 0, to = 0; y < height; y++) {
    for (let from = y * stride, end = from + width * 4; from < end; from += 4, to += 4) {
      png.data[to] = bytes[from + 2]!;
      png.data[to + 1] = bytes[from + 1]!;
      png.data[to + 2] = bytes[from]!;
      png.data[to + 3] = 255;
    }
  }
  return PNG.sync.write(png, { colorType: 2, inputHasAlpha: true });
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}
