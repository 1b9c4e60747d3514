import { existsSync, readdirSync } from 'node:fs';
import { release } from 'node:os';
import { Keymap } from '@switchyard/input';
import { haveJpeg, haveLz4 } from '@switchyard/pixels';
import { RuntimeDir } from '@switchyard/runtime';
import { addSeals, createMemfd, Pidfd, Socket } from '@switchyard/sys';
import type { Command } from 'commander';
import { exitCode } from '../Failure.js';
import { findProgram } from '../supervisor/Program.js';
import { table } from '../table.js';

/** Where Linux systems keep fonts for all. */
const fontFolders = ['/usr/share/fonts', '/usr/local/share/fonts'];

type Verdict = 'ok' | 'missing' | 'absent';

/** One thing about this machine. `missing` can be mended as `advice` says; `absent` hardware is only a fact. */
interface Finding {
  readonly group: 'kernel' | 'libraries' | 'devices' | 'programs' | 'fonts' | 'permissions';
  readonly name: string;
  readonly verdict: Verdict;
  readonly detail: string;
  readonly advice: string;
  /** Without it nothing works. */
  readonly required: boolean;
}

export function doctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('say what this machine can do, and what to install for what it cannot')
    .option('--json', 'print JSON')
    .option('--runtime-dir <dir>', 'where a tree would run')
    .action((options: { json?: boolean; runtimeDir?: string }) => {
      const findings = examine(RuntimeDir.resolve(options.runtimeDir));
      if (options.json) process.stdout.write(`${JSON.stringify(findings)}\n`);
      else
        process.stdout.write(
          table(
            ['', 'WHAT', 'FOUND', 'ADVICE'],
            findings.map(({ verdict, name, detail, advice }) => [
              { ok: '✓', missing: '✗', absent: '–' }[verdict],
              name,
              detail,
              verdict === 'missing' ? advice : '',
            ]),
          ),
        );
      if (findings.some(({ required, verdict }) => required && verdict !== 'ok'))
        process.exitCode = exitCode.failed;
    });
}

function examine(directory: RuntimeDir): Finding[] {
  return [...kernel(), ...libraries(), ...devices(), ...programs(), ...fonts(), ...permissions(directory)];
}

function finding(
  group: Finding['group'],
  name: string,
  works: boolean,
  detail: string,
  advice: string,
  kind: 'required' | 'optional' | 'hardware' = 'optional',
): Finding {
  const verdict = works ? 'ok' : kind === 'hardware' ? 'absent' : 'missing';
  return { group, name, verdict, detail, advice, required: kind === 'required' };
}

function attempt(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function kernel(): Finding[] {
  const sealing = attempt(() => {
    using file = createMemfd('doctor', { size: 4096 });
    addSeals(file, ['shrink', 'grow']);
  });
  const pidfd = attempt(() => Pidfd.open(process.pid)[Symbol.dispose]());
  let peerPidfd = false;
  const sockets = attempt(() => {
    const [a, b] = Socket.pair('seqpacket');
    const peer = a.peerPidfd();
    peerPidfd = peer !== undefined;
    peer?.close();
    a.close();
    b.close();
  });
  const of = `Linux ${release()}`;
  return [
    finding('kernel', 'memfd seals', !sealing, sealing ?? of, 'Linux 3.17 or newer', 'required'),
    finding('kernel', 'pidfd', !pidfd, pidfd ?? of, 'Linux 5.3 or newer', 'required'),
    finding('kernel', 'seqpacket sockets', !sockets, sockets ?? of, 'a kernel with CONFIG_UNIX', 'required'),
    finding(
      'kernel',
      'SO_PEERPIDFD',
      peerPidfd,
      peerPidfd ? of : `not in ${of}`,
      'Linux 6.5 or newer; without it peers are known by pid alone',
    ),
  ];
}

function libraries(): Finding[] {
  const keymap = attempt(() => Keymap.fromNames({ layout: 'de' }));
  return [
    finding(
      'libraries',
      'liblz4',
      haveLz4(),
      haveLz4() ? 'found' : 'slower own encoder',
      'apt install liblz4-1',
    ),
    finding(
      'libraries',
      'libjpeg-turbo',
      haveJpeg(),
      haveJpeg() ? 'found' : 'pictures go lossless only',
      'apt install libjpeg62-turbo or libturbojpeg0',
    ),
    finding(
      'libraries',
      'libxkbcommon',
      !keymap,
      keymap ? 'us layout only' : 'found',
      'apt install libxkbcommon0 xkb-data',
    ),
  ];
}

function devices(): Finding[] {
  const list = (folder: string, pattern: RegExp) => {
    try {
      return readdirSync(folder).filter((name) => pattern.test(name));
    } catch {
      return [];
    }
  };
  const cards = list('/dev/dri', /^card/);
  const inputs = list('/dev/input', /^event/);
  return [
    finding(
      'devices',
      'graphics cards',
      cards.length > 0,
      cards.join(' ') || 'none: the browser is the screen',
      '',
      'hardware',
    ),
    finding(
      'devices',
      'input devices',
      inputs.length > 0,
      inputs.join(' ') || 'none: the browser is keyboard and pointer',
      '',
      'hardware',
    ),
    finding(
      'devices',
      'virtual terminals',
      existsSync('/dev/tty0'),
      existsSync('/dev/tty0') ? '/dev/tty0' : 'none',
      '',
      'hardware',
    ),
  ];
}

function programs(): Finding[] {
  const search = process.env['PATH'] ?? '';
  const program = (name: string, use: string, advice: string) => {
    const file = findProgram(name, search, '/');
    return finding('programs', name, file !== undefined, file ?? use, advice);
  };
  return [
    program('foot', 'a terminal to try', 'apt install foot'),
    program('weston', 'a desktop, and small programs to try', 'apt install weston'),
    program('chromium', 'a browser to try, and for the tests', 'apt install chromium'),
    program('Xwayland', 'programs and desktops for X: yard run --x11', 'apt install xwayland'),
    program('busctl', 'looks at the bus', 'apt install systemd'),
    program('ffmpeg', 'sound and videos in the browser, and films', 'apt install ffmpeg'),
    program('pw-record', 'sound of PipeWire that does not speak as PulseAudio', 'apt install pipewire-bin'),
    program('openssl', 'makes the certificate of yard up --tls', 'apt install openssl'),
  ];
}

/** What the terminal's own font lacks comes from the system's. */
function fonts(): Finding[] {
  const files = fontFolders.flatMap((folder) => {
    try {
      return readdirSync(folder, { recursive: true, encoding: 'utf8' });
    } catch {
      return [];
    }
  });
  const font = (name: string, pattern: RegExp, without: string, advice: string) => {
    const file = files.find((path) => pattern.test(path));
    return finding('fonts', name, file !== undefined, file ?? `${without} in the terminal`, advice);
  };
  const fontconfig = findProgram('fc-match', process.env['PATH'] ?? '/usr/bin:/bin', '/');
  return [
    finding(
      'fonts',
      'fontconfig',
      fontconfig !== undefined,
      fontconfig ?? 'fonts in no preferred order',
      'apt install fontconfig',
    ),
    font('emoji in colour', /color-?emoji/i, 'outlines', 'apt install fonts-noto-color-emoji'),
    font(
      'Chinese, Japanese, Korean',
      /cjk|wqy|ipag|takao|unifont/i,
      'Japanese shapes, no Korean',
      'apt install fonts-noto-cjk',
    ),
    font('icons of prompts', /nerd|symbola|powerline/i, 'hollow boxes for some', 'a font of nerdfonts.com'),
  ];
}

function permissions(directory: RuntimeDir): Finding[] {
  const shell = process.env['SHELL'] ?? '/bin/sh';
  const ptys = existsSync('/dev/ptmx');
  return [
    finding(
      'permissions',
      'pseudo terminals',
      ptys,
      ptys ? '/dev/ptmx' : 'no /dev/ptmx',
      'mount devpts on /dev/pts',
      'required',
    ),
    finding('permissions', 'shell', existsSync(shell), shell, 'set $SHELL to a shell that exists'),
    finding('permissions', 'runtime directory', true, directory.path, ''),
  ];
}
