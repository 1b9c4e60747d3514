import { closeSync, openSync, writeSync } from 'node:fs';
import { DBusError, type Proxy as RemoteObject } from '@switchyard/dbus';
import { createPipe, type Fd, Poll, read as readFrom } from '@switchyard/sys';
import type { Command } from 'commander';
import { exitCode, Failure } from '../Failure.js';
import { Yard } from '../Yard.js';

const interfaceName = 'org.switchyard.Terminal1';
/** More rows than any terminal keeps. */
const ALL_ROWS = 0xffffffff;

interface Options {
  readonly runtimeDir?: string;
}

export function consoleCommand(program: Command): void {
  const group = program.command('console').description('what terminals show and showed, as text');
  group
    .command('text')
    .description('print a terminal’s text')
    .argument('[session]', 'the session: its id, name or number; else the one in front')
    .option('--scrollback [rows]', 'what scrolled away too: so many rows, or all')
    .option(
      '--search <text>',
      'only the rows with this text, with their numbers; the last row is 0, those above are negative',
    )
    .option('--runtime-dir <dir>', 'where the tree runs')
    .action(
      (session: string | undefined, options: Options & { scrollback?: string | true; search?: string }) =>
        Yard.with(options.runtimeDir, async (yard) => {
          const terminal = await find(yard, session);
          const wanted = options.scrollback ?? (options.search === undefined ? undefined : true);
          const screen = await read(terminal, 'Text');
          const above = wanted === undefined ? '' : await read(terminal, 'Scrollback', rowsOf(wanted));
          const text = above === '' ? screen : `${above}\n${screen}`;
          if (options.search === undefined) {
            process.stdout.write(`${text}\n`);
            return;
          }
          const found = search(text.replace(/\n+$/, '').split('\n'), options.search);
          for (const [row, line] of found) process.stdout.write(`${row}: ${line}\n`);
          if (found.length === 0) process.exitCode = exitCode.failed;
        }),
    );
  group
    .command('record')
    .description(
      'write what a terminal’s program prints from now on as an asciicast (v2), until Ctrl+C or its end',
    )
    .argument('<out>', 'the file')
    .argument('[session]', 'the session: its id, name or number; else the one in front')
    .option('--runtime-dir <dir>', 'where the tree runs')
    .action((out: string, session: string | undefined, options: Options) =>
      Yard.with(options.runtimeDir, async (yard) => {
        const terminal = await find(yard, session);
        const file = open(out);
        const { reading, writing } = createPipe('recording');
        try {
          await call(terminal, 'Record', 'h', writing);
          await copy(reading, file);
        } finally {
          reading.close();
          closeSync(file);
        }
      }),
    );
}

function search(lines: readonly string[], text: string): (readonly [row: number, line: string])[] {
  const exact = text !== text.toLowerCase();
  const last = lines.length - 1;
  return lines.flatMap((line, index) =>
    (exact ? line : line.toLowerCase()).includes(text) ? [[index - last, line] as const] : [],
  );
}

function rowsOf(value: string | true): number {
  if (value === true) return ALL_ROWS;
  if (!/^\d{1,9}$/.test(value))
    throw new Failure(`--scrollback ${value}: give a number of rows`, exitCode.usage);
  return Number(value);
}

async function find(yard: Yard, which: string | undefined): Promise<RemoteObject> {
  const session =
    which === undefined
      ? (await yard.sessions()).find(({ seat, state }) => seat === yard.file.seat && state === 'active')
      : await yard.find(which);
  if (!session) throw new Failure('no session is in front; name one', exitCode.notFound);
  const name = `${interfaceName}.${session.id}`;
  const [owned] = await yard.bus
    .proxy('org.freedesktop.DBus', '/org/freedesktop/DBus')
    .call('org.freedesktop.DBus', 'NameHasOwner', 's', name);
  if (!owned)
    throw new Failure(`session ${session.id} (${session.name}) is no terminal of ours`, exitCode.notFound);
  return yard.bus.proxy(name, '/org/switchyard/Terminal1');
}

async function read(terminal: RemoteObject, member: string, rows?: number): Promise<string> {
  const [text] = await (rows === undefined ? call(terminal, member, '') : call(terminal, member, 'u', rows));
  return String(text);
}

async function call(terminal: RemoteObject, member: string, signature: string, ...body: unknown[]) {
  try {
    return await terminal.call(interfaceName, member, signature, ...body);
  } catch (error) {
    if (error instanceof DBusError) throw new Failure(error.message);
    throw error;
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    throw unwritable(error);
  }
}

/** Until the writer closes its end. Rejects when the file takes no more. */
function copy(from: Fd, to: number): Promise<void> {
  const buffer = new Uint8Array(64 << 10);
  return new Promise((resolve, reject) => {
    const poll = Poll.watch(from, 'readable', () => {
      const length = readFrom(from, buffer);
      try {
        if (length > 0) writeSync(to, buffer, 0, length);
      } catch (error) {
        poll.close();
        reject(unwritable(error));
      }
      if (length !== 0) return;
      poll.close();
      resolve();
    });
  });
}

function unwritable(error: unknown): Failure {
  return new Failure(`cannot write the recording: ${(error as Error).message}`);
}
