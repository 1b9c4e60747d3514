import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusLink, type Connection } from '@switchyard/dbus';
import { createPipe, read } from '@switchyard/sys';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Recorder } from './Recorder.js';
import { Screen } from './Screen.js';
import { TerminalBus } from './TerminalBus.js';

const broker = new URL('../../bus/dist/main.js', import.meta.url).pathname;
const name = 'org.switchyard.Terminal1.c7';
const path = '/org/switchyard/Terminal1';
const interfaceName = 'org.switchyard.Terminal1';

let directory: string;
let bus: ChildProcess;
let link: BusLink;
let caller: Connection;
let terminal: TerminalBus;
let screen: Screen;
let recorder: Recorder;
let ended = 0;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'console-'));
  bus = spawn(process.execPath, [broker, '--runtime-dir', directory], { stdio: 'ignore' });
  const address = `unix:path=${directory}/bus`;
  screen = new Screen(20, 3, {
    answer() {},
    changed() {},
    title() {},
    bell() {},
    copied() {},
    notified() {},
  });
  terminal = new TerminalBus(address, 'c7', {
    screen,
    record: (fd) => {
      recorder = new Recorder(fd, 20, 3, () => ended++);
    },
  });
  caller = await new Promise((resolve) => {
    link = new BusLink(address, { connected: resolve });
  });
  await new Promise<void>((resolve) => {
    caller.watchName(name, { appeared: () => resolve() });
  });
});

afterAll(async () => {
  terminal.close();
  link.close();
  bus.kill();
  await once(bus, 'exit');
  rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
});

describe('org.switchyard.Terminal1', () => {
  test('Text is the screen, trailing blanks cut', async () => {
    screen.write('one  \r\n  two');
    const text = await caller.call({ destination: name, path, interface: interfaceName, member: 'Text' });
    expect(text).toEqual(['one\n  two\n']);
  });

  test('Scrollback is the rows above it', async () => {
    screen.write('\r\nthree\r\nfour\r\nfive');
    const scrolled = (rows: number) =>
      caller.call({
        destination: name,
        path,
        interface: interfaceName,
        member: 'Scrollback',
        signature: 'u',
        body: [rows],
      });
    expect(await scrolled(1)).toEqual(['  two']);
    expect(await scrolled(100)).toEqual(['one\n  two']);
  });

  test('Size follows the window, and says so', async () => {
    const proxy = caller.proxy(name, path);
    expect(await proxy.get(interfaceName, 'Size')).toEqual([20, 3]);
    const told = new Promise((resolve) => {
      proxy.on('org.freedesktop.DBus.Properties', 'PropertiesChanged', (body) => resolve(body[0]));
    });
    // The match rule is on its way before this call is answered.
    await proxy.get(interfaceName, 'Size');
    screen.resize(30, 5);
    terminal.sizeChanged();
    expect(await told).toBe(interfaceName);
    expect(await proxy.get(interfaceName, 'Size')).toEqual([30, 5]);
  });

  describe('Record', () => {
    const record = async () => {
      const { reading, writing } = createPipe();
      const call = { destination: name, path, interface: interfaceName, member: 'Record' };
      await caller.call({ ...call, signature: 'h', body: [writing] });
      return reading;
    };

    test('writes an asciicast of what is printed, characters whole', async () => {
      using reading = await record();
      const euro = Buffer.from('€');
      recorder.output(euro.subarray(0, 1));
      recorder.output(Buffer.concat([euro.subarray(1), Buffer.from('\x1b[1mbold')]));
      recorder.resized(30, 5);
      recorder.close();
      const buffer = new Uint8Array(4096);
      const lines = Buffer.from(buffer.subarray(0, read(reading, buffer)))
        .toString()
        .trim()
        .split('\n');
      const [header, ...events] = lines.map((line) => JSON.parse(line));
      expect(header).toMatchObject({ version: 2, width: 20, height: 3 });
      expect(events.map(([, kind, data]: [number, string, string]) => [kind, data])).toEqual([
        ['o', '€\x1b[1mbold'],
        ['r', '30x5'],
      ]);
      expect(events[0][0]).toBeGreaterThanOrEqual(0);
    });

    test('ends when nobody reads, and when somebody reads too slowly', async () => {
      const before = ended;
      (await record()).close();
      recorder.output(Buffer.from('x'));
      expect(ended).toBe(before + 1);
      using slow = await record();
      for (let megabyte = 0; megabyte < 12; megabyte++) recorder.output(Buffer.alloc(1 << 20, 'x'));
      expect(ended).toBe(before + 2);
      expect(slow.closed).toBe(false);
    });
  });
});
