import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, YardTree } from '../support/YardTree.js';

/** What a large program needs to start on a busy machine (ms). */
const patience = 90_000;
/** Debian's, which has GTK and Qt. */
const python = '/usr/bin/python3';
/** Of Debian's user nobody. */
const nobody = 65_534;

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const images = path('../../docs/images/programs');

/** With YARD_DOCS_IMAGES=1 the pictures that docs/programs.md shows are made anew. */
const documents = process.env['YARD_DOCS_IMAGES'] === '1';

describe('real programs', () => {
  let tree: YardTree;
  let directory: string;
  let notes: string;
  beforeAll(async () => {
    tree = await YardTree.up('--no-console', '--size', '640x400');
    directory = mkdtempSync(join(tmpdir(), 'yard-programs-'));
    chmodSync(directory, 0o777);
    notes = join(directory, 'notes');
    execFileSync('ffmpeg', [
      ...['-loglevel', 'error', '-f', 'lavfi', '-i', 'color=red:s=320x200:r=10:d=1'],
      ...['-f', 'lavfi', '-i', 'color=blue:s=320x200:r=10:d=1', '-filter_complex', 'concat=n=2:v=1'],
      ...['-c:v', 'libvpx', '-y', join(directory, 'video.webm')],
    ]);
  }, patience);
  afterEach(async () => {
    for (const { id } of await tree.sessions()) await tree.attempt('kill', id);
    await eventually('their end', async () => (await tree.sessions()).length === 0, patience);
    rmSync(notes, { force: true });
  });
  afterAll(async () => {
    await tree?.down();
    rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
  });

  async function start(...argv: string[]): Promise<string> {
    const id = await tree.run(...argv);
    await eventually(
      `${argv[0]} to be in front`,
      async () => (await tree.sessions()).find((session) => session.id === id)?.state === 'active',
      patience,
    );
    return id;
  }
  /** How much of the picture is of each of a few colours, in percent. */
  async function colours(id: string): Promise<Map<string, number>> {
    const file = join(directory, 'shot.png');
    await tree.yard('screenshot', '--session', id, file);
    const { data } = PNG.sync.read(readFileSync(file));
    const counts = new Map<string, number>();
    const share = 400 / data.length;
    for (let i = 0; i < data.length; i += 4) {
      const [r, g, b] = [data[i]! > 127, data[i + 1]! > 127, data[i + 2]! > 127];
      const name = (r ? 'r' : '') + (g ? 'g' : '') + (b ? 'b' : '');
      counts.set(name, (counts.get(name) ?? 0) + share);
    }
    return counts;
  }
  const shows = (id: string, colour: string, least: number) =>
    eventually(`${colour} on ${id}`, async () => ((await colours(id)).get(colour) ?? 0) >= least, patience);
  async function picture(id: string, name: string): Promise<void> {
    await tree.yard('screenshot', '--session', id, join(directory, `${name}.png`));
    if (documents) copyFileSync(join(directory, `${name}.png`), join(images, `${name}.png`));
  }
  /** Types a line until the program has noted it: windows come before they listen. */
  async function enters(text: string, line: string): Promise<void> {
    await eventually(
      `${text} to be noted`,
      async () => {
        await tree.yard('type', `${line}\n`);
        return readFileSync(notes, 'utf8').includes(`${text}\n`);
      },
      patience,
    );
  }

  it('foot', async () => {
    const id = await start('foot', 'sh');
    await enters('from foot', `echo from foot | tee -a ${notes}`);
    await picture(id, 'foot');
  });

  it('weston-terminal', async () => {
    const id = await start('weston-terminal', '--shell=/bin/sh');
    await enters('from weston', `echo from weston | tee -a ${notes}`);
    await picture(id, 'weston-terminal');
  });

  it.each(['3.0', '4.0'])('GTK %s', async (version) => {
    const id = await start(python, path('programs/gtk.py'), version, notes);
    await enters(`typed into GTK ${version}`, `typed into GTK ${version}`);
    await picture(id, `gtk-${version}`);
  });

  it('Qt 5', async () => {
    const id = await start('env', 'QT_QPA_PLATFORM=wayland', python, path('programs/qt.py'), notes);
    await enters('typed into Qt', 'typed into Qt');
    await picture(id, 'qt');
  });

  it('Chromium, with a video that is started by a click', async () => {
    const page = join(directory, 'page.html');
    writeFileSync(
      page,
      `<title>waiting</title><style>body { margin: 0; background: #0f0 } video { width: 100vw; height: 100vh; object-fit: fill }</style>
       <video src="video.webm" muted loop onclick="this.play()"></video>`,
    );
    const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
    const profile = `--user-data-dir=${join(directory, 'chromium')}`;
    const id = await start('chromium', '--ozone-platform=wayland', ...flags, profile, `file://${page}`);
    await shows(id, 'r', 60);
    // It may be seen before it listens.
    await eventually(
      'the video to play',
      async () => {
        await tree.yard('pointer move', '320', '250');
        await tree.yard('pointer click');
        for (let looks = 0; looks < 20; looks++) if (((await colours(id)).get('b') ?? 0) >= 60) return true;
        return false;
      },
      patience,
    );
    await picture(id, 'chromium');
  });

  it('mpv, which a key pauses', async () => {
    const socket = join(directory, 'mpv');
    const flags = ['--fullscreen', '--keepaspect=no', '--loop', '--no-config', '--osc=no', '--vo=wlshm'];
    const id = await start('mpv', ...flags, `--input-ipc-server=${socket}`, join(directory, 'video.webm'));
    await shows(id, 'r', 90);
    await shows(id, 'b', 90);
    const film = join(directory, 'film.webm');
    await tree.yard('record', '--session', id, '--seconds', '5', film);
    expect(secondsOf(film)).toBeGreaterThan(4);
    // Both of its colours are in it.
    const pixels = ['-vf', 'scale=1:1', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
    const frames = execFileSync('ffmpeg', ['-loglevel', 'error', '-i', film, ...pixels]);
    const reds = Array.from({ length: frames.length / 3 }, (_, i) => frames[i * 3]! > frames[i * 3 + 2]!);
    expect(new Set(reds).size).toBe(2);
    await tree.yard('type', ' ');
    await eventually(
      'the pause',
      async () => (await ask(socket, 'get_property', 'pause')) === true,
      patience,
    );
    await picture(id, 'mpv');
  });

  it('weston within, with a terminal of its own', async () => {
    const shell = join(directory, 'weston.ini');
    writeFileSync(shell, '[shell]\nbackground-color=0xff00ff00\npanel-position=none\n');
    const inside = `foot -o colors.background=ff0000 sh -c 'while read -r l; do echo "$l" >> ${notes}; done'`;
    const id = await start(
      'sh',
      '-c',
      `weston --config=${shell} --socket=inner & until [ -S $XDG_RUNTIME_DIR/inner ]; do sleep 0.1; done
       WAYLAND_DISPLAY=inner exec ${inside}`,
    );
    await shows(id, 'g', 30);
    await shows(id, 'r', 20);
    await enters('through weston', 'through weston');
    await picture(id, 'weston');
  });

  it('sway within, at the full size', async () => {
    const config = join(directory, 'sway');
    const reader = join(directory, 'reader');
    writeFileSync(reader, `#!/bin/sh\nwhile read -r line; do echo "$line" >> ${notes}; done\n`, {
      mode: 0o755,
    });
    writeFileSync(
      config,
      `default_border none\nexec foot -o colors.background=ff0000 ${reader}\nbar { mode invisible }\n`,
    );
    const id = await start(
      'python3',
      path('programs/as-user.py'),
      String(nobody),
      'sway',
      '--config',
      config,
    );
    await shows(id, 'r', 90);
    await enters('through sway', 'through sway');
    await picture(id, 'sway');
  });

  it('cage within, with one program at the full size', async () => {
    const reader = join(directory, 'kiosk');
    writeFileSync(reader, `#!/bin/sh\nwhile read -r line; do echo "$line" >> ${notes}; done\n`, {
      mode: 0o755,
    });
    const foot = ['foot', '-o', 'colors.background=ff0000', '-o', 'pad=0x0', reader];
    const id = await start('python3', path('programs/as-user.py'), String(nobody), 'cage', '--', ...foot);
    await shows(id, 'r', 90);
    await enters('through cage', 'through cage');
    await picture(id, 'cage');
  });
});

function secondsOf(film: string): number {
  const show = ['-loglevel', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', film];
  return Number(execFileSync('ffprobe', show).toString());
}

/** One command of mpv's JSON IPC; resolves with its data. */
function ask(socket: string, ...command: string[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const connection = createConnection(socket, () => {
      connection.write(`${JSON.stringify({ command, request_id: 1 })}\n`);
    });
    let text = '';
    connection.setEncoding('utf8').on('error', reject);
    connection.on('data', (part: string) => {
      text += part;
      const answer = text.split('\n').find((line) => line.includes('"request_id":1'));
      if (answer === undefined) return;
      connection.destroy();
      resolve((JSON.parse(answer) as { data: unknown }).data);
    });
  });
}
