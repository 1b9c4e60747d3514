import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Variant } from '@switchyard/dbus';
import { PNG } from 'pngjs';
import { afterAll, expect, test } from 'vitest';
import { displayFixture } from '../support/DisplayFixture.js';
import { TestWindow } from '../support/TestClient.js';

const run = promisify(execFile);
const fixture = displayFixture();
const directory = mkdtempSync(join(tmpdir(), 'yard-capture-'));
afterAll(() => rmSync(directory, { recursive: true, maxRetries: 10 }));

/** The environment of a program in a session of its own. */
async function inSession(...privileges: string[]): Promise<NodeJS.ProcessEnv> {
  const { waylandDisplay } = await fixture.session({ privileges: new Variant('as', privileges) });
  return { ...process.env, XDG_RUNTIME_DIR: fixture.tree.directory, WAYLAND_DISPLAY: waylandDisplay };
}

test('grim takes the screen and a part of it, with the privilege', async () => {
  await TestWindow.open(await fixture.connect(), { colour: 0xff336699 });
  await fixture.seat.until(() => fixture.seat.at(1, 1) === 0x336699);
  const env = await inSession('capture');
  const file = join(directory, 'shot.png');
  await run('grim', [file], { env });
  const { width, height, data } = PNG.sync.read(readFileSync(file));
  expect([width, height, ...data.subarray(-4)]).toEqual([640, 480, 0x33, 0x66, 0x99, 255]);
  await run('grim', ['-g', '600,400 30x20', '-t', 'ppm', file], { env });
  expect(readFileSync(file).subarray(0, 12).toString()).toBe('P6\n30 20\n255');
});

test('grim is told that it cannot, without', async () => {
  const env = await inSession('clipboard');
  await expect(run('grim', [join(directory, 'none.png')], { env })).rejects.toThrow(
    "compositor doesn't support wlr-screencopy-unstable-v1",
  );
});

test('wf-recorder films what changes', async () => {
  const { client } = await TestWindow.open(await fixture.connect(), { colour: 0xff00ff00 });
  const file = join(directory, 'film.mkv');
  const env = await inSession('capture');
  const recorder = run('wf-recorder', ['-f', file, '-c', 'mjpeg', '-x', 'yuvj420p'], { env });
  let ended = false;
  void recorder.then(() => {
    ended = true;
  });
  // It looks at its signals when a frame comes.
  for (let i = 0; !ended; i++) {
    await TestWindow.open(client, { colour: i % 2 === 0 ? 0xffff0000 : 0xff0000ff });
    if (sizeOf(file) > 30_000) recorder.child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const film = readFileSync(file);
  // JPEG's start of image, once a frame.
  const frames = film.toString('hex').split('ffd8ff').length - 1;
  expect(frames).toBeGreaterThan(2);
});

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
