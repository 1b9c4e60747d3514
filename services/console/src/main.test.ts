import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestDisplay } from './testing/TestDisplay.js';

const program = new URL('../dist/main.js', import.meta.url).pathname;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'console-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true, maxRetries: 10 }));

/** The built program's exit status and what it said. */
async function run(...options: string[]): Promise<{ status: number | null; stderr: string }> {
  const child = spawn(process.execPath, [program, '--runtime-dir', directory, ...options], {
    env: { ...process.env, XDG_RUNTIME_DIR: directory, XDG_SESSION_ID: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const [status] = await once(child, 'close');
  return { status, stderr };
}

describe('the console as a process', () => {
  test('an unreadable font is a clear error', async () => {
    const { status, stderr } = await run('--font', '/nonexistent.ttf');
    expect(status).toBe(1);
    expect(stderr).toContain('cannot read the font /nonexistent.ttf (ENOENT)');
  });

  test.each([
    [['--font-size', '2'], /--font-size 2: give a number of pixels from 6 to 128/],
    [['--colour'], /Unknown option '--colour'/],
    [['--'], /no command after --/],
  ])('%j is wrong usage', async (options, message) => {
    const { status, stderr } = await run(...options);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('without a display it says which one is missing', async () => {
    const { status, stderr } = await run('--wayland-display', join(directory, 'nobody'));
    expect(status).toBe(1);
    expect(stderr).toContain(`ENOENT: connect ${directory}/nobody`);
  });

  test('settings are the user’s, and others as soon as they are written; mistakes keep nobody out', async () => {
    const display = new TestDisplay(join(directory, 'wayland'));
    const folder = join(directory, 'switchyard');
    const set = (text: string) => {
      // Half a file is another mistake.
      writeFileSync(join(folder, 'new'), text);
      renameSync(join(folder, 'new'), join(folder, 'console.toml'));
    };
    mkdirSync(folder);
    set('theme = "solarized-light"\nshell = ["/bin/cat"]\nfont = "No Such Font"\n');
    const child = spawn(
      process.execPath,
      [program, '--runtime-dir', directory, '--wayland-display', display.path],
      { env: { ...process.env, XDG_CONFIG_HOME: directory, XDG_SESSION_ID: '' }, stdio: 'inherit' },
    );
    const ended = once(child, 'exit');
    try {
      const background = () => (display.commits.length > 0 ? display.pixel(600, 200) : 0);
      await expect.poll(background).toBe(0xfdf6e3);
      // The notice over the last row says which font there is not.
      const last = () => new Set(display.screen.words.subarray(-640 * 20)).size;
      await expect.poll(last).toBeGreaterThan(3);
      set('theme = "dracula"\n');
      await expect.poll(background).toBe(0x282a36);
      set('theme = "draculla"\n');
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(background()).toBe(0x282a36);
      display.key(29, 32);
      expect(await ended).toEqual([0, null]);
    } finally {
      child.kill();
      await ended;
      display.destroy();
    }
  });

  test('it exits with its program’s status, and its children see the common display', async () => {
    const display = new TestDisplay(join(directory, 'wayland'));
    try {
      const child = spawn(
        process.execPath,
        [
          program,
          '--runtime-dir',
          directory,
          '--wayland-display',
          display.path,
          '--',
          'sh',
          '-c',
          'test "$TERM $COLORTERM $WAYLAND_DISPLAY" = "xterm-256color truecolor /common" && exit 9',
        ],
        { env: { ...process.env, YARD_WAYLAND_DISPLAY: '/common', XDG_SESSION_ID: '' }, stdio: 'ignore' },
      );
      expect(await once(child, 'close')).toEqual([9, null]);
    } finally {
      display.destroy();
    }
  });

  test('SIGTERM ends it in order, and its program with it', async () => {
    const display = new TestDisplay(join(directory, 'wayland'));
    try {
      const child = spawn(
        process.execPath,
        [
          program,
          '--runtime-dir',
          directory,
          '--wayland-display',
          display.path,
          '--',
          'sh',
          '-c',
          'echo $$; cat',
        ],
        { env: { ...process.env, XDG_SESSION_ID: '' }, stdio: 'ignore' },
      );
      // The shell has said its pid: it runs.
      await expect.poll(() => new Set(display.screen.words).size).toBeGreaterThan(3);
      const started = performance.now();
      child.kill('SIGTERM');
      expect(await once(child, 'close')).toEqual([0, null]);
      expect(performance.now() - started).toBeLessThan(5000);
    } finally {
      display.destroy();
    }
  });
});
