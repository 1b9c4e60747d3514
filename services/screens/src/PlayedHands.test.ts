import { createLog } from '@switchyard/runtime';
import { DeviceProvider, InputChannel, type InputProvider } from '@switchyard/seat';
import { Fd, Socket } from '@switchyard/sys';
import { ABS, BTN, EV, KEY, REL, SYN } from '@switchyard/uapi';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PlayedHands } from './PlayedHands.js';
import { Screen } from './Screen.js';

const mode = { width: 800, height: 600, refresh: 60_000 };

let provider: DeviceProvider;
let screens: Screen[];
let hands: PlayedHands;
/** What the session in front reads, a report a line. */
let read: string[];
const channels: InputChannel[] = [];

function follow(name: string, device: InputProvider): void {
  const [theirs, ours] = Socket.pair('seqpacket');
  device.openChannel('c1', Fd.adopt(theirs.fd.take()));
  let report: string[] = [];
  const event = (type: number, code: number, value: number) => {
    if (type === EV.SYN && code === SYN.REPORT) {
      read.push(`${name} ${report.join(' ')}`);
      report = [];
    } else report.push(`${type}:${code}=${value}`);
  };
  channels.push(new InputChannel(Fd.adopt(ours.fd.take()), { event, closed() {} }));
}

beforeEach(() => {
  provider = new DeviceProvider();
  read = [];
  hands = new PlayedHands(provider, 'seat0', () => {});
  const place = { provider, seat: 'seat0', log: createLog('test') };
  screens = [1, 2].map(
    (number) => new Screen(place, `HDMI-A-${number}`, number, mode, () => hands.putCursor()),
  );
  hands.screens = screens;
  follow('keyboard', hands.keyboard);
  for (const { name, pointer } of screens) follow(name, pointer);
});
afterEach(() => {
  for (const channel of channels.splice(0)) channel.close();
  for (const screen of screens) screen.close();
  provider[Symbol.dispose]();
});

const at = (x: number, y: number) =>
  `${EV.ABS}:${ABS.X}=${Math.round((x * 65_535) / 800)} ${EV.ABS}:${ABS.Y}=${Math.round((y * 65_535) / 600)}`;
const key = (code: number, value: number) => `${EV.KEY}:${code}=${value}`;
const reads = (...lines: string[]) => vi.waitFor(() => expect(read).toEqual(lines));

describe('the machine’s mice', () => {
  it('move one pointer over the screens, and press where it is', async () => {
    hands.moveBy(-10, 5);
    hands.sync();
    hands.moveBy(500, 0);
    hands.button({}, BTN.LEFT, true);
    hands.sync();
    hands.wheel(REL.WHEEL, -1);
    hands.sync();
    await reads(
      `HDMI-A-1 ${at(390, 305)}`,
      `HDMI-A-2 ${at(90, 305)} ${key(BTN.LEFT, 1)}`,
      `HDMI-A-2 ${EV.REL}:${REL.WHEEL}=-1`,
    );
  });

  it('hold a button together, until the last lets go of it or is pulled out', async () => {
    const [one, other] = [{}, {}];
    for (const mouse of [one, other]) {
      hands.button(mouse, BTN.LEFT, true);
      hands.sync();
    }
    hands.button(one, BTN.LEFT, false);
    hands.sync();
    hands.letGo(other);
    await reads(`HDMI-A-1 ${key(BTN.LEFT, 1)}`, `HDMI-A-1 ${key(BTN.LEFT, 0)}`);
  });
});

it('the machine’s keyboards are one, and a key of one that goes is let go of', async () => {
  const [one, other] = [{}, {}];
  hands.key(one, KEY.A, true);
  hands.key(other, KEY.A, true);
  hands.key(one, KEY.A, false);
  hands.key(other, KEY.B, true);
  hands.letGo(other);
  await vi.waitFor(() => expect(read.at(-1)).toContain(key(KEY.B, 0)));
  expect(read.slice(0, 2)).toEqual([`keyboard ${key(KEY.A, 1)}`, `keyboard ${key(KEY.B, 1)}`]);
  expect(read[2]).toContain(key(KEY.A, 0));
});
