import { MessageMetadata } from '@switchyard/dbus';
import type { Command } from 'commander';
import { busName, positive, several } from '../../bus/BusArguments.js';
import { type BusChoice, withBusOptions } from '../../bus/BusChoice.js';
import { messageJson, messageLine } from '../../bus/MessageText.js';
import { realtime } from '../../bus/Pcap.js';
import { untilStopped } from '../../bus/Stop.js';
import { collected, watchBus } from '../../bus/Watch.js';

type Options = BusChoice & { json?: boolean; match?: string[]; count?: number; metadata?: boolean };

export function monitorCommand(bus: Command): void {
  withBusOptions(
    bus.command('monitor').description('show the messages on the bus (for root and the bus’s own user)'),
  )
    .argument('[name...]', 'only what these send and get', several(busName))
    .option('--match <rule>', 'only what a match rule wants; may come again', collected)
    .option('--count <n>', 'end after so many', positive)
    .option('--metadata', 'tell which process sent each, as the kernel knows it (only on our own bus)')
    .option('--json', 'print a line of JSON for each, as busctl does')
    .action(async (names: string[], options: Options) => {
      let left = options.count ?? Number.POSITIVE_INFINITY;
      const monitor = await watchBus(
        options,
        names,
        (message, _, watching) => {
          if (left-- <= 0) return;
          using metadata = MessageMetadata.of(message);
          const now = realtime();
          process.stdout.write(
            options.json
              ? `${JSON.stringify(messageJson(message, Number(now / 1000n), metadata))}\n`
              : messageLine(message, new Date(Number(now / 1_000_000n)), metadata),
          );
          if (left === 0) watching.close();
        },
        options.metadata ? ['credentials', 'comm', 'names'] : [],
      );
      if (!options.json && process.stderr.isTTY) process.stderr.write('watching; Ctrl+C ends it\n');
      await ended(monitor);
    });
}

/** Waits until it was stopped or closed; throws Failure when the bus went. */
export async function ended(monitor: { closed: Promise<Error | undefined>; close(): void }): Promise<void> {
  await Promise.race([
    untilStopped(monitor.closed.then((error) => (error ? error : new Promise<never>(() => {})))),
    monitor.closed.then((error) => (error ? new Promise<never>(() => {}) : undefined)),
  ]);
  monitor.close();
}
