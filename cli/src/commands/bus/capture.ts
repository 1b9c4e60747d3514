import { closeSync, openSync, writeSync } from 'node:fs';
import type { Command } from 'commander';
import { busName, positive, several } from '../../bus/BusArguments.js';
import { type BusChoice, withBusOptions } from '../../bus/BusChoice.js';
import { pcapHeader, pcapRecord, realtime } from '../../bus/Pcap.js';
import { collected, watchBus } from '../../bus/Watch.js';
import { Failure } from '../../Failure.js';
import { ended } from './monitor.js';

const pause = new Int32Array(new SharedArrayBuffer(4));

type Options = BusChoice & { match?: string[]; count?: number };

export function captureCommand(bus: Command): void {
  withBusOptions(
    bus
      .command('capture')
      .description('write the messages on the bus to a pcap file, for Wireshark and tshark'),
  )
    .argument('<file>', 'where to; - is stdout')
    .argument('[name...]', 'only what these send and get', several(busName))
    .option('--match <rule>', 'only what a match rule wants; may come again', collected)
    .option('--count <n>', 'end after so many', positive)
    .addHelpText(
      'after',
      '\n  yard bus capture bus.pcap     then: wireshark bus.pcap\n  yard bus capture - | tshark -r -',
    )
    .action(async (file: string, names: string[], options: Options) => {
      let count = 0;
      let failure: unknown;
      // Begun when the bus lets us watch: until then a file that is there stays as it is.
      let begun: number | undefined;
      const output = () => {
        if (begun !== undefined) return begun;
        begun = file === '-' ? 1 : opened(file);
        writeAll(begun, pcapHeader(), file);
        return begun;
      };
      const monitor = await watchBus(options, names, (_, bytes, watching) => {
        if (failure !== undefined || count === options.count) return;
        try {
          writeAll(output(), pcapRecord(bytes, realtime()), file);
          count++;
        } catch (error) {
          failure = error;
        }
        if (failure !== undefined || count === options.count) watching.close();
      });
      try {
        output();
        if (process.stderr.isTTY) process.stderr.write('capturing; Ctrl+C ends it\n');
        await ended(monitor);
      } finally {
        monitor.close();
      }
      if (failure !== undefined) throw failure;
      if (begun !== undefined && begun !== 1) closeSync(begun);
      process.stderr.write(`${count} message${count === 1 ? '' : 's'}${file === '-' ? '' : ` in ${file}`}\n`);
    });
}

function opened(file: string): number {
  try {
    return openSync(file, 'w', 0o600);
  } catch (error) {
    throw new Failure((error as Error).message);
  }
}

/** Whole records only; a reader of a pipe that has gone ends us as it does everybody. */
function writeAll(fd: number, bytes: Buffer, file: string): void {
  for (let at = 0; at < bytes.length; )
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') process.exit();
      if (code !== 'EAGAIN')
        throw new Failure(`cannot write ${file === '-' ? 'to stdout' : file}: ${message}`);
      // A pipe whose reader is slow: so are we.
      Atomics.wait(pause, 0, 0, 5);
    }
}
