import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestDisplay } from './testing/TestDisplay.js';

const program = new URL('../dist/main.js', import.meta.url).pathname;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'console-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

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
      await display.nextCommit();
      await display.nextCommit();
      const started = performance.now();
      child.kill('SIGTERM');
      expect(await once(child, 'close')).toEqual([0, null]);
      expect(performance.now() - started).toBeLessThan(1000);
    } finally {
      display.destroy();
    }
  });
});
