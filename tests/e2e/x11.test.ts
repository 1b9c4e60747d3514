import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, YardTree } from '../support/YardTree.js';

const documented = fileURLToPath(new URL('../../docs/images/programs/openbox.png', import.meta.url));
const red = 0xffff0000;
/** An X server, a bridge and a program start, on a busy machine (ms). */
const patience = 60_000;

describe('yard run --x11', () => {
  let tree: YardTree;
  beforeAll(async () => {
    tree = await YardTree.up('--no-console', '--size', '800x600');
  });
  afterAll(() => tree?.down());

  const run = async (...argv: string[]) => (await tree.yard('run --x11', '--', ...argv)).trim();
  const sessionOf = async (id: string) => (await tree.sessions()).find((session) => session.id === id);
  const titled = (id: string, name: string) =>
    eventually(`${id} is called ${name}`, async () => (await sessionOf(id))?.name === name);

  /** The session's pixels as ARGB words. */
  async function pixels(
    id: string,
  ): Promise<{ width: number; height: number; at(x: number, y: number): number }> {
    const file = join(tree.runtimeDir, 'x11.png');
    await tree.yard('screenshot', '--session', id, file);
    const { width, height, data } = PNG.sync.read(readFileSync(file));
    return {
      width,
      height,
      at: (x, y) => ((255 << 24) | (data.readUIntBE((y * width + x) * 4, 3) >>> 0)) >>> 0,
    };
  }
  const isRed = (id: string, x: number, y: number) =>
    eventually(`red at ${x},${y}`, async () => (await pixels(id)).at(x, y) === red, patience);

  it('shows a program that has no window manager on the whole screen, and types into it', async () => {
    const id = await run(
      'xterm',
      // As it is called before it has a window; else its window is called sh.
      '-T',
      'xterm',
      '-bg',
      'red',
      '-e',
      'sh',
      '-c',
      'read title; printf "\\033]0;%s gr\\303\\274n\\007" "$title"; read _',
    );
    expect(await sessionOf(id)).toMatchObject({ name: 'xterm', type: 'x11' });
    await isRed(id, 790, 590);
    await tree.yard('type', 'all\n');
    await titled(id, 'all grün');
    await tree.yard('type', '\n');
    await eventually('its end', async () => (await sessionOf(id)) === undefined);
    const cookies = () =>
      readdirSync(join(tree.runtimeDir, 'sessions')).filter((name) => name.endsWith('.xauthority'));
    await expect.poll(cookies).toEqual([]);
  });

  it('follows the seat’s size', async () => {
    const id = await run('xterm', '-bg', 'red', '-e', 'sleep', '1000');
    await isRed(id, 790, 590);
    const resize = (width: number, height: number) =>
      tree.yard(
        'bus call',
        'org.switchyard.Web',
        '/org/switchyard/Web1',
        'org.switchyard.Web1.SetMode',
        'seat0',
        `${width}`,
        `${height}`,
      );
    await resize(1000, 700);
    await isRed(id, 990, 690);
    await resize(800, 600);
    await isRed(id, 790, 590);
    await tree.yard('kill', id);
    await eventually('its end', async () => (await sessionOf(id)) === undefined);
  });

  it('runs a desktop, and is called as the window in front', async () => {
    const id = await run(
      'openbox',
      '--startup',
      'xterm -title one -bg red -geometry 60x20+10+30 -e sleep 1000',
    );
    await titled(id, 'one');
    await isRed(id, 30, 100);
    expect((await pixels(id)).at(790, 590)).not.toBe(red);
    if (process.env['YARD_DOCS_IMAGES'] === '1') copyFileSync(join(tree.runtimeDir, 'x11.png'), documented);
    await tree.yard('kill', id);
  });

  it('has the user’s clipboard and primary selection, both ways', async () => {
    const id = await run('sh', '-c', 'env > $YARD_RUNTIME_DIR/x11.env; exec xterm -e sleep 1000');
    await eventually('its window', async () => (await sessionOf(id))?.state === 'active', patience);
    // In front it may be before it has run, where nothing else is.
    const told = await eventually(
      'its environment',
      async () => {
        const text = readFileSync(join(tree.runtimeDir, 'x11.env'), 'utf8');
        return text.endsWith('\n') && text;
      },
      patience,
    );
    const environment = Object.fromEntries(told.split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2)));
    const env = { ...process.env, ...environment, WAYLAND_DISPLAY: tree.info.waylandDisplay };
    const picture = randomBytes(300_000);
    const may = ['--background', '--privilege', 'clipboard'];
    const wlPaste = (...args: string[]) => tree.yard('run', ...may, '--wait', '--', 'wl-paste', ...args);
    const shell = (script: string, ...more: string[]) =>
      tree.yard('run', ...may, ...more, '--', 'sh', '-c', script);

    execFileSync('xclip', ['-selection', 'clipboard'], {
      env,
      input: 'grüße aus X',
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await eventually('X’s text in Wayland', async () => (await wlPaste('-n')) === 'grüße aus X', patience);
    execFileSync('xclip', ['-selection', 'primary'], {
      env,
      input: 'primary of X',
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await eventually(
      'X’s primary selection',
      async () => (await wlPaste('-n', '-p')) === 'primary of X',
      patience,
    );

    await shell('exec wl-copy --foreground "grüße aus Wayland"');
    const xclip = (...args: string[]) =>
      execFileSync('xclip', ['-o', ...args], { env, maxBuffer: 1 << 20, timeout: 10_000 });
    await eventually(
      'Wayland’s text in X',
      async () => xclip('-selection', 'clipboard').toString() === 'grüße aus Wayland',
      patience,
    );
    expect(xclip('-selection', 'clipboard', '-t', 'TARGETS').toString()).toContain('UTF8_STRING');

    // Long values go in portions, both ways.
    const file = join(tree.runtimeDir, 'picture');
    const copy = join(tree.runtimeDir, 'copy');
    writeFileSync(file, picture);
    execFileSync('xclip', ['-selection', 'clipboard', '-t', 'image/png', '-i', file], {
      env,
      stdio: 'ignore',
    });
    await eventually(
      'a picture of X in Wayland',
      async () => {
        await shell(`wl-paste -t image/png > ${copy}`, '--wait');
        return picture.equals(readFileSync(copy));
      },
      patience,
    );
    writeFileSync(file, picture.reverse());
    await shell(`exec wl-copy --foreground -t image/png < ${file}`);
    await eventually(
      'a picture of Wayland in X',
      async () => picture.equals(xclip('-selection', 'clipboard', '-t', 'image/png')),
      patience,
    );
    await tree.yard('kill', id);
  });

  it('ends with the program’s status, and says what it could not start', async () => {
    const ended = await tree.attempt(
      'run',
      '--x11',
      '--wait',
      '--',
      'sh',
      '-c',
      'test -n "$DISPLAY" && xset q >/dev/null && exit 7',
    );
    expect(ended).toMatchObject({ status: 7 });
    expect(await tree.attempt('run', '--x11')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('say what to run'),
    });
    expect(await tree.attempt('run', '--x11', '--', 'no-such-program')).toMatchObject({ status: 1 });
  });

  it('lets nobody into the X server who cannot read its cookie', async () => {
    const script = 'XAUTHORITY=/dev/null xset q 2>&1 | grep -i authoriz && exit 5';
    expect(await tree.attempt('run', '--x11', '--wait', '--', 'sh', '-c', script)).toMatchObject({
      status: 5,
    });
  });

  it('takes its programs and its X server with it when it is killed', async () => {
    const id = await run('xterm', '-e', 'sleep', '1000');
    await eventually('its window', async () => (await sessionOf(id))?.state === 'active');
    const { leader } = (await sessionOf(id))!;
    const children = () =>
      readFileSync(`/proc/${leader}/task/${leader}/children`, 'utf8').trim().split(' ').map(Number);
    await expect.poll(children).toHaveLength(2);
    const family = children();
    process.kill(leader, 'SIGKILL');
    await eventually('their end', async () => family.every((pid) => !isRunning(pid)));
  });
});

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
