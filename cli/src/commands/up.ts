import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { createLog, onTerminate, RuntimeDir } from '@switchyard/runtime';
import { parseMonitorSize } from '@switchyard/seat';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { announce, announceMore } from '../Announcement.js';
import { Failure } from '../Failure.js';
import { keyboardLayout, useLayout } from '../KeyboardLayout.js';
import { prepareRuntimeDir } from '../supervisor/RuntimeClaim.js';
import { Supervisor } from '../supervisor/Supervisor.js';
import { checkFont, fontSize } from '../TerminalFont.js';
import { runningTree, type YardFile } from '../YardFile.js';
import { yardProgram } from '../YardProgram.js';

/** A monitor is at least this wide and high, and at most. */
const smallestSize = 64;
const largestSize = 8192;
interface UpOptions {
  detach?: boolean;
  listen: string;
  port: number;
  size: string;
  video: string;
  seat: string;
  vt?: boolean;
  session?: string[];
  console: boolean;
  login?: boolean;
  font?: string;
  fontSize?: number;
  splash?: boolean;
  lockAfter?: number;
  greeter?: boolean;
  kernelLog?: boolean;
  privileges?: string;
  runtimeDir?: string;
  json?: boolean;
  reportFd?: number;
  layout?: string;
  vnc?: string | true;
  tls?: boolean;
  tlsCert?: string;
  tlsKey?: string;
  accounts?: string | true;
}

/** What says how to answer, and nothing of the seat. */
const ownOptions: ReadonlySet<string> = new Set(['detach', 'json', 'runtimeDir', 'reportFd']);

export function upCommand(program: Command): void {
  program
    .command('up')
    .description('start a seat and print the URL of its screen')
    .option('-d, --detach', 'return when it is up; it goes on in the background')
    .option('--listen <address>', 'the address that the web seat listens on', '127.0.0.1')
    .option('--port <port>', 'its port; 0 picks a free one', portNumber, 7070)
    .option('--size <WxH[@scale]>', 'the monitor’s size in pixels, and its scale', monitorSize, '1280x720')
    .addOption(
      new Option(
        '--video <when>',
        'send videos as H.264: auto is when JPEG would fill another machine’s wire',
      )
        .choices(['auto', 'always', 'off'])
        .default('auto'),
    )
    .option('--seat <seat>', 'the seat’s name', seatName, 'seat0')
    .option(
      '--layout <layout>',
      'the keyboard’s layout, as XKB names it: de, or de(nodeadkeys)',
      keyboardLayout,
    )
    .option('--tls', 'HTTPS, with a certificate that is made for this seat')
    .option('--tls-cert <file>', 'HTTPS with this certificate …', (file: string) => resolve(file))
    .option('--tls-key <file>', '… and its key, both PEM', (file: string) => resolve(file))
    .option(
      '--accounts [users]',
      'let these users of the machine (u,v,…) sign in by password; without names: you',
    )
    .option('--vnc [address]', 'let VNC clients in, on ADDRESS:PORT (127.0.0.1:5900) or unix:/PATH')
    .option('--vt', 'the kernel’s VTs are seat0’s: sessions get one, and switches go there (root only)')
    .option(
      '--session <cmd>',
      'start this program as a session too (repeatable)',
      (cmd: string, all: string[] = []) => [...all, cmd],
    )
    .option('--no-console', 'start no terminal session')
    .option('--login', 'the terminal asks who logs in, instead of running your shell (root only)')
    .option(
      '--lock-after <seconds>',
      'lock the session in front when nobody used the seat for so long',
      seconds,
    )
    .option('--splash', 'the seat shows how far the start is, until there is a session')
    .option('--greeter', 'people log in at the seat, instead of having your shell there (root only)')
    .option(
      '--kernel-log',
      'the kernel’s log is a session too, and comes to the front at an oops (root only)',
    )
    .option('--font <file>', 'the terminal’s font, TrueType or OpenType', (file: string) => resolve(file))
    .option('--font-size <px>', 'its size in pixels', fontSize)
    .option(
      '--privileges <file>',
      'who may see other windows, type into them, …; see docs/display.md',
      (file: string) => resolve(file),
    )
    .option('--runtime-dir <dir>', 'where its sockets, state and logs are')
    .option('--json', 'print one line of JSON')
    .option('--report-fd <fd>', '', Number)
    .action((options: UpOptions, command: Command) => {
      const given = command.options.filter(
        (option) =>
          command.getOptionValueSource(option.attributeName()) === 'cli' &&
          !ownOptions.has(option.attributeName()),
      );
      return up(
        options,
        given.map(({ long }) => long ?? ''),
      );
    });
  const command = program.commands.at(-1)!;
  command.options.find((option) => option.long === '--report-fd')!.hidden = true;
}

/** `given`: the options on the command line that say how the seat is to be. */
async function up(options: UpOptions, given: readonly string[]): Promise<void> {
  const directory = RuntimeDir.resolve(options.runtimeDir);
  const running = runningTree(directory);
  if (running) {
    process.stderr.write(`already running in ${directory.path} (pid ${running.pid})\n`);
    if (given.length > 0)
      process.stderr.write(
        `${given.join(', ')} changed nothing: the seat stays as it was started; yard down ends it\n`,
      );
    announce(running, options);
    return;
  }
  checkConsole(options);
  // Whoever comes in by a greeter has a terminal of his own.
  if (options.greeter) options.console = false;
  if (options.privileges !== undefined && !existsSync(options.privileges))
    throw new Failure(`there is no file ${options.privileges} to read privileges from`);
  if (options.detach) return detach(directory, options);

  if (options.layout !== undefined) useLayout(options.layout);
  const log = createLog('supervisor');
  const supervisor = new Supervisor(
    directory,
    { ...options, sessions: options.session ?? [], web: webOptions(options) },
    log,
  );
  onTerminate(async () => {
    if (process.stderr.isTTY) process.stderr.write('\ntaking the seat down\n');
    await supervisor.shutdown();
  }, 15_000);
  const progress = (what: string) => {
    if (process.stderr.isTTY) process.stderr.write(`\x1b[2m${what}\x1b[0m\n`);
  };
  // People can open the page while the rest of the tree starts; scripts are told when all of it is up.
  const isForPeople = options.reportFd === undefined && !options.json;
  let told = '';
  const reachable = (url: string) => {
    if (isForPeople && told === '') process.stdout.write(`${options.seat}  ${url}\n`);
    told = url;
  };
  let file: YardFile;
  try {
    file = await supervisor.start({ progress, reachable });
  } catch (error) {
    const failure = error instanceof Failure ? error : new Failure((error as Error).message);
    if (options.reportFd !== undefined)
      report(options.reportFd, { error: failure.message, code: failure.code });
    throw failure;
  }
  if (options.reportFd !== undefined) report(options.reportFd, { file });
  else if (told === file.url && isForPeople) announceMore(file);
  else announce(file, options);
  await supervisor.ended;
}

/** The web seat's own options among those of `yard up`. */
function webOptions({ vnc, tls, tlsCert, tlsKey, accounts }: UpOptions): string[] {
  return [
    ...(accounts === undefined ? [] : ['--accounts', accounts === true ? '' : accounts]),
    ...(vnc === undefined ? [] : ['--vnc', vnc === true ? '127.0.0.1:5900' : vnc]),
    ...(tls ? ['--tls'] : []),
    ...(tlsCert === undefined ? [] : ['--tls-cert', tlsCert]),
    ...(tlsKey === undefined ? [] : ['--tls-key', tlsKey]),
  ];
}

type Report = { file: YardFile } | { error: string; code: number };

function report(fd: number, what: Report): void {
  writeSync(fd, `${JSON.stringify(what)}\n`);
  closeSync(fd);
}

/** Starts the supervisor as a process of its own and waits for its report. */
async function detach(directory: RuntimeDir, options: UpOptions): Promise<void> {
  prepareRuntimeDir(directory);
  const log = openSync(directory.log('supervisor'), 'a', 0o600);
  const child = spawn(
    process.execPath,
    [
      yardProgram,
      ...['up', '--report-fd', '3', '--runtime-dir', directory.path],
      ...[
        '--listen',
        options.listen,
        '--port',
        String(options.port),
        '--size',
        options.size,
        '--seat',
        options.seat,
      ],
      ...['--video', options.video],
      ...(options.session ?? []).flatMap((command) => ['--session', command]),
      ...(options.console ? [] : ['--no-console']),
      ...(options.vt ? ['--vt'] : []),
      ...(options.layout === undefined ? [] : ['--layout', options.layout]),
      ...webOptions(options),
      ...(options.login ? ['--login'] : []),
      ...(options.splash ? ['--splash'] : []),
      ...(options.lockAfter === undefined ? [] : ['--lock-after', String(options.lockAfter)]),
      ...(options.greeter ? ['--greeter'] : []),
      ...(options.kernelLog ? ['--kernel-log'] : []),
      ...(options.font === undefined ? [] : ['--font', options.font]),
      ...(options.fontSize === undefined ? [] : ['--font-size', String(options.fontSize)]),
      ...(options.privileges === undefined ? [] : ['--privileges', options.privileges]),
    ],
    { detached: true, stdio: ['ignore', log, log, 'pipe'] },
  );
  closeSync(log);
  child.unref();
  let text = '';
  for await (const chunk of child.stdio[3] as AsyncIterable<Buffer>) text += chunk.toString();
  if (!text)
    throw new Failure(`the supervisor ended before the seat was up; see ${directory.log('supervisor')}`);
  const what = JSON.parse(text) as Report;
  if ('error' in what) throw new Failure(what.error, what.code);
  announce(what.file, options);
}

/** What the terminal would fail at is told here, where somebody reads it. */
function checkConsole({ login, greeter, kernelLog, font }: UpOptions): void {
  if (greeter && process.getuid?.() !== 0)
    throw new Failure('--greeter needs root: only root may start sessions of others');
  if (kernelLog && process.getuid?.() !== 0)
    throw new Failure('--kernel-log needs root, who may read /dev/kmsg');
  if (login && process.getuid?.() !== 0)
    throw new Failure('--login needs root: only root may start login(1)');
  if (font !== undefined) checkFont(font);
}

function seconds(text: string): number {
  if (!/^[0-9]{1,6}$/.test(text)) throw new InvalidArgumentError('give a number of seconds; 0 is never.');
  return Number(text);
}

export function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535)
    throw new InvalidArgumentError('a port is a number from 0 to 65535.');
  return port;
}

export function monitorSize(text: string): string {
  const size = parseMonitorSize(text);
  const fits = (side: number) => side >= smallestSize && side <= largestSize;
  if (!size || !fits(size.width) || !fits(size.height)) {
    throw new InvalidArgumentError(
      `a size is WIDTHxHEIGHT, each from ${smallestSize} to ${largestSize}, like 1280x720; with a scale of 0.5 to 4 WIDTHxHEIGHT@SCALE, like 2560x1440@2.`,
    );
  }
  return text;
}

export function seatName(text: string): string {
  if (!/^seat[A-Za-z0-9_-]{1,64}$/.test(text)) {
    throw new InvalidArgumentError('a seat’s name is “seat” and then letters, digits, - or _, like seat0.');
  }
  return text;
}
