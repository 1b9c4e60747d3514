import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { BusLink } from '@switchyard/dbus';
import { DeviceProvider, type InputProvider, type MonitorProvider } from '@switchyard/seat';
import { BTN, EV, KEY } from '@switchyard/uapi';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ServiceTree } from '../support/ServiceTree.js';
import { slowness } from '../support/slowness.js';
import { eventually } from '../support/YardTree.js';

const { resolve } = createRequire(new URL('../../cli/package.json', import.meta.url));
const sessionProgram = resolve('@switchyard/service-console/session');
const consoleProgram = resolve('@switchyard/service-console/main');
const mode = { refresh: 60_000, scale: 120 };
const patience = 20_000 * slowness();
/** The colour behind a board's text. */
const paper = 0xff14161a;

interface Seen {
  width: number;
  height: number;
  /** How many pixels differ from the one at the corner. */
  lit: number;
  /** Another number for another picture of the lower half, where no clock is. */
  lower: number;
  corner: number;
}

let tree: ServiceTree;
let link: BusLink;
const provider = new DeviceProvider();
const monitors: MonitorProvider[] = [];
/** Each monitor's newest frame. */
const seen: (Seen | undefined)[] = [];
let running: ChildProcess;
let keyboards: InputProvider[];
let pointer: InputProvider;

beforeAll(async () => {
  tree = new ServiceTree();
  await tree.start('bus');
  await tree.start('seat');
  link = new BusLink(tree.busAddress, {
    connected: (connection) => provider.connected(connection),
    lost: () => provider.lost(),
  });
  plug(800);
  plug(640);
  keyboards = [1, 2].map((number) => provider.attachKeyboard('seat0', `keyboard ${number}`, number));
  pointer = provider.attachPointer('seat0', 'pointer', 65_535);
});
afterEach(async () => {
  const ended = new Promise((done) => running.once('exit', done));
  running.kill();
  await ended;
  seen.length = 0;
});
afterAll(async () => {
  link?.close();
  await tree?.stop();
});

function plug(width: number): void {
  const index = monitors.length;
  const monitor = provider.attachMonitor(
    'seat0',
    `monitor ${index + 1}`,
    { ...mode, width, height: 480 },
    {
      present: ({ bytes, width, height }) => {
        const words = new Uint32Array(bytes.buffer, bytes.byteOffset, width * height);
        const corner = words[0]!;
        let [lit, lower] = [0, 0];
        for (let at = 0; at < words.length; at++) {
          if (words[at] !== corner) lit++;
          if (2 * at >= words.length) lower = (Math.imul(lower, 31) + words[at]!) | 0;
        }
        seen[index] = { width, height, lit, lower, corner };
        monitor.flipDone();
      },
      cursor: () => {},
    },
    index + 1,
  );
  monitors.push(monitor);
}

const litPixels = (index: number) => seen[index]?.lit ?? -1;
const shows = (index: number) =>
  eventually(`text on ${index + 1}`, async () => litPixels(index) > 500, patience);
const isBlack = (index: number) =>
  eventually(
    `nothing on ${index + 1}`,
    async () => litPixels(index) === 0 && (seen[index]!.corner & 0xffffff) === 0,
    patience,
  );

function press(keyboard: InputProvider, code: number): void {
  for (const value of [1, 0]) {
    keyboard.event(EV.KEY, code, value);
    keyboard.sync();
  }
}

function lockScreen(): void {
  running = tree.run(
    process.execPath,
    [sessionProgram, 'lock', '--runtime-dir', tree.directory, '--seat', 'seat0'],
    {
      YARD_LOCKED_SESSION: 'c0',
      YARD_LOCKED_USER: 'somebody',
      XDG_SESSION_ID: undefined,
    },
  );
}

it('a lock screen is on every monitor in its size, and shows there what is typed in front of any', async () => {
  lockScreen();
  await Promise.all([shows(0), shows(1)]);
  expect(seen).toMatchObject([
    { width: 800, height: 480, corner: paper },
    { width: 640, height: 480, corner: paper },
  ]);
  const lower = () => seen.map((one) => one!.lower);
  const before = lower();
  await eventually(
    'a dot on both',
    async () => {
      press(keyboards[1]!, KEY.A);
      await new Promise((done) => setTimeout(done, 100));
      return lower().every((now, index) => now !== before[index]);
    },
    patience,
  );
  // Also in another mode.
  monitors[1]!.setMode({ ...mode, width: 500, height: 400 });
  await eventually('the second in its new mode', async () => seen[1]!.width === 500, patience);
  await shows(1);
  monitors[1]!.setMode({ ...mode, width: 640, height: 480 });
});

it('a monitor that is plugged in while the screen is locked shows the lock screen, and nothing else', async () => {
  lockScreen();
  await shows(0);
  plug(720);
  await shows(2);
  expect(seen[2]).toMatchObject({ width: 720, corner: paper });
  provider.detach(monitors.pop()!);
  press(keyboards[0]!, KEY.ESC);
  await Promise.all([shows(0), shows(1)]);
});

it('a terminal that has the seat by itself is on the first monitor, and goes where somebody types or clicks', async () => {
  running = tree.run(
    process.execPath,
    [consoleProgram, '--runtime-dir', tree.directory, '--seat', 'seat0', '--', 'sh', '-c', 'seq 500; cat'],
    { XDG_SESSION_ID: undefined, HOME: tree.directory },
  );
  await shows(0);
  await isBlack(1);
  await eventually(
    'the terminal on the second',
    async () => {
      press(keyboards[1]!, KEY.A);
      await new Promise((done) => setTimeout(done, 100));
      return litPixels(1) > 500;
    },
    patience,
  );
  await isBlack(0);
  pointer.event(EV.KEY, BTN.LEFT, 1);
  pointer.sync();
  pointer.event(EV.KEY, BTN.LEFT, 0);
  pointer.sync();
  await shows(0);
  await isBlack(1);
});
