/// <reference lib="dom" />
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServiceTree } from '../testing/ServiceTree.js';
import { TestSession } from '../testing/TestSession.js';

const RATE = 48_000;
const directory = mkdtempSync(join(tmpdir(), 'yard-sound-'));
const socket = join(directory, 'pulse', 'native');
const environment = { ...process.env, HOME: directory, XDG_RUNTIME_DIR: directory };
let tree: ServiceTree;
let session: TestSession;
let browser: Browser;
let server: ChildProcess | undefined;

/** PulseAudio with a sink that goes nowhere, whose monitor is what there is to hear. */
async function startServer(): Promise<void> {
  mkdirSync(join(directory, 'pulse'), { recursive: true });
  server = spawn(
    'pulseaudio',
    [
      ...['-n', '--daemonize=no', '--exit-idle-time=-1', '--use-pid-file=no', '--disable-shm=yes'],
      ...['-L', 'module-null-sink', '-L', `module-native-protocol-unix socket=${socket} auth-anonymous=1`],
    ],
    { env: environment, stdio: 'ignore' },
  );
  await expect.poll(() => existsSync(socket)).toBe(true);
}

async function stop(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

beforeAll(async () => {
  process.env['XDG_RUNTIME_DIR'] = directory;
  process.env['HOME'] = directory;
  [tree, browser] = await Promise.all([
    ServiceTree.start(['--size', '320x240']),
    chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] }),
  ]);
  session = await TestSession.create(tree.connection, 'Musician');
  session.words.fill(0x224466);
  await session.present();
});
afterAll(async () => {
  session?.end();
  await browser?.close();
  await tree?.stop();
  await stop(server);
  rmSync(directory, { recursive: true, force: true });
});

test('what a program plays is heard in the browser, and the button is there only while there is a sound server', async () => {
  const page = await browser.newPage();
  await page.goto(await tree.url());
  await page.waitForSelector('canvas#screen[data-state="live"]');
  const button = page.locator('#sound');
  expect(await button.isVisible()).toBe(false);
  await startServer();
  await expect.poll(() => button.isVisible(), { timeout: 10_000 }).toBe(true);
  await button.click();
  await expect.poll(() => button.getAttribute('aria-pressed')).toBe('true');
  const peak = () => button.getAttribute('data-peak').then(Number);
  await expect.poll(peak, { timeout: 10_000 }).toBe(0);

  const player = spawn(
    'pacat',
    [
      `--server=unix:${socket}`,
      '--raw',
      `--rate=${RATE}`,
      '--format=float32le',
      '--channels=1',
      '--latency-msec=50',
    ],
    { env: environment, stdio: ['pipe', 'ignore', 'ignore'] },
  );
  player.stdin!.on('error', () => {});
  const tone = Float32Array.from(
    { length: 20 * RATE },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * 440 * i) / RATE),
  );
  player.stdin!.end(Buffer.from(tone.buffer));
  await expect.poll(peak, { timeout: 15_000 }).toBeGreaterThan(35);
  expect(await peak()).toBeLessThan(65);

  await button.click();
  expect(await button.getAttribute('aria-pressed')).toBe('false');
  await stop(player);
  await stop(server);
  rmSync(socket, { force: true });
  await expect.poll(() => button.isVisible(), { timeout: 10_000 }).toBe(false);
  await page.close();
});
