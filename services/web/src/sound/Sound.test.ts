/// <reference lib="dom" />
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ServiceTree } from '../testing/ServiceTree.js';
import { TestSession } from '../testing/TestSession.js';

const RATE = 48_000;
const directory = mkdtempSync(join(tmpdir(), 'yard-sound-'));
const environment = { ...process.env, HOME: directory, XDG_RUNTIME_DIR: directory };
let tree: ServiceTree;
let session: TestSession;
let browser: Browser;
let running: ChildProcess[] = [];

/** A program of a sound server's user. */
function run(program: string, ...args: string[]): ChildProcess {
  const child = spawn(program, args, { env: environment, stdio: 'ignore', detached: true });
  running.push(child);
  return child;
}

/** Ends the programs and what they have started. */
async function stopAll(...sockets: string[]): Promise<void> {
  for (const child of running.reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, 'exit');
    process.kill(-child.pid!, 'SIGKILL');
    await ended;
  }
  running = [];
  for (const socket of sockets) rmSync(socket, { force: true });
}

const pulse = join(directory, 'pulse', 'native');
const pipewire = join(directory, 'pipewire-0');

/** Each with a sink that goes nowhere, whose monitor is what there is to hear. */
const servers = [
  {
    name: 'PulseAudio',
    socket: pulse,
    start() {
      mkdirSync(join(directory, 'pulse'), { recursive: true });
      run(
        'pulseaudio',
        ...['-n', '--daemonize=no', '--exit-idle-time=-1', '--use-pid-file=no', '--disable-shm=yes'],
        ...['-L', 'module-null-sink', '-L', `module-native-protocol-unix socket=${pulse} auth-anonymous=1`],
      );
    },
    play: (file: string) => `paplay --server=unix:${pulse} --latency-msec=50 ${file}`,
  },
  {
    name: 'PipeWire by its own socket',
    socket: pipewire,
    start() {
      const folder = join(directory, '.config', 'pipewire', 'pipewire.conf.d');
      mkdirSync(folder, { recursive: true });
      writeFileSync(
        join(folder, 'sink.conf'),
        `context.objects = [ { factory = adapter args = {
          factory.name = support.null-audio-sink node.name = Nowhere media.class = Audio/Sink
          audio.position = "FL,FR" object.linger = true } } ]`,
      );
      // Who links streams to sinks wants a session bus.
      run(
        'dbus-run-session',
        '--',
        'sh',
        '-c',
        `pipewire & until [ -S ${pipewire} ]; do sleep 0.1; done; exec wireplumber`,
      );
    },
    play: (file: string) => `pw-play ${file}`,
  },
] as const;

/** A tone of half the full amplitude for 20 s, as WAV. */
function toneFile(): string {
  const tone = Int16Array.from(
    { length: 20 * RATE },
    (_, i) => 0.5 * 32767 * Math.sin((2 * Math.PI * 440 * i) / RATE),
  );
  const head = Buffer.alloc(44);
  head.write('RIFF');
  head.writeUInt32LE(36 + tone.byteLength, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(2 * RATE, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(tone.byteLength, 40);
  const path = join(directory, 'tone.wav');
  writeFileSync(path, Buffer.concat([head, Buffer.from(tone.buffer)]));
  return path;
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
  await stopAll();
  rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
});

afterEach(() => stopAll(pulse, pipewire));

test.each(servers)(
  'what a program plays is heard in the browser, and the button is there only while there is a sound server: $name',
  async ({ socket, start, play }) => {
    const page = await browser.newPage();
    await page.goto(await tree.url());
    await page.waitForSelector('canvas#screen[data-state="live"]');
    const button = page.locator('#sound');
    expect(await button.isVisible()).toBe(false);
    start();
    await expect.poll(() => existsSync(socket)).toBe(true);
    await expect.poll(() => button.isVisible()).toBe(true);
    await button.click();
    await expect.poll(() => button.getAttribute('aria-pressed')).toBe('true');
    const peak = () => button.getAttribute('data-peak').then(Number);
    await expect.poll(peak).toBe(0);

    // Again and again: it may be over, or come too soon, before somebody listens.
    run('sh', '-c', `while :; do ${play(toneFile())}; sleep 0.2; done`);
    await expect.poll(peak).toBeGreaterThan(35);
    expect(await peak()).toBeLessThan(65);

    await button.click();
    await expect.poll(() => button.getAttribute('aria-pressed')).toBe('false');
    await stopAll(socket);
    await expect.poll(() => button.isVisible()).toBe(false);
    await page.close();
  },
);
