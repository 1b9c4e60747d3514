import { createReadStream, existsSync, readdirSync, statSync, watch } from 'node:fs';
import { basename } from 'node:path';
import { RuntimeDir } from '@switchyard/runtime';
import type { Command } from 'commander';
import { prettyFactory } from 'pino-pretty';
import { exitCode, Failure } from '../Failure.js';
import { closedTree } from '../NoTree.js';

export function logCommand(program: Command): void {
  program
    .command('log')
    .description('show the services’ logs, or one’s')
    .argument('[service]', 'bus, seat, display, web, supervisor, or run-NAME of a session’s program')
    .option('-f, --follow', 'go on as lines come')
    .option('--runtime-dir <dir>', 'where the tree runs')
    .action((service: string | undefined, options: { follow?: boolean; runtimeDir?: string }) =>
      show(RuntimeDir.resolve(options.runtimeDir), service, options.follow ?? false),
    );
}

async function show(directory: RuntimeDir, service: string | undefined, follow: boolean): Promise<void> {
  if (!existsSync(directory.logs))
    throw closedTree(directory) ?? new Failure(`there are no logs in ${directory.path}`, exitCode.notRunning);
  const names = readdirSync(directory.logs)
    .filter((file) => file.endsWith('.log'))
    .map((file) => basename(file, '.log'))
    .sort();
  if (service !== undefined && !names.includes(service)) {
    throw new Failure(`no log of ${service}; there are: ${names.join(', ')}`, exitCode.notFound);
  }
  const format = prettyFactory({
    colorize: process.stdout.isTTY && !process.env['NO_COLOR'],
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid',
  });
  const logs = (service === undefined ? names : [service]).map(
    (name) => new LogReader(directory.log(name), format),
  );
  for (const log of logs) await log.readOn();
  if (!follow) return;
  await Promise.all(logs.map((log) => log.follow()));
}

/** A growing log file; each line is a JSON record, or what a program printed. */
class LogReader {
  readonly #file: string;
  readonly #format: (line: string) => string;
  #position = 0;
  #rest = '';

  constructor(file: string, format: (line: string) => string) {
    this.#file = file;
    this.#format = format;
  }

  async readOn(): Promise<void> {
    // A log that became smaller was begun anew.
    if (statSync(this.#file).size < this.#position) this.#position = 0;
    for await (const chunk of createReadStream(this.#file, { start: this.#position })) {
      this.#position += (chunk as Buffer).length;
      const lines = (this.#rest + (chunk as Buffer).toString('utf8')).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) process.stdout.write(line.startsWith('{') ? this.#format(line) : `${line}\n`);
    }
  }

  async follow(): Promise<never> {
    let reading = Promise.resolve();
    watch(this.#file, () => {
      reading = reading.then(() => this.readOn());
    });
    return new Promise<never>(() => {});
  }
}
