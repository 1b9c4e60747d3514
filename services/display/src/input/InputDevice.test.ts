import type { DeviceKind } from '@switchyard/seat';
import { Fd, Socket } from '@switchyard/sys';
import { ABS, BTN, EV, inputEvent, KEY, REL, SYN } from '@switchyard/uapi';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DisplaySession } from '../session/DisplaySession.js';
import { Desk, type DeskClient, type Window } from '../testing/Desk.js';
import { InputDevice } from './InputDevice.js';

type Record = [type: number, code: number, value: number];
const report: Record = [EV.SYN, SYN.REPORT, 0];

let desk: Desk;
let session: DisplaySession;
let client: DeskClient;
let window: Window;
let events: string[];
const ends: Socket[] = [];

beforeEach(async () => {
  desk = new Desk();
  session = desk.session();
  desk.monitor(session);
  client = await desk.connect(session);
  window = await client.window();
  desk.activate(session);
  await client.roundtrip();
  events = [];
});

afterEach(() => {
  for (const end of ends.splice(0)) end.close();
  desk[Symbol.dispose]();
});

/** A device as the session holds it, and the provider's end of its channel. */
function device(kind: DeviceKind): (...records: Record[]) => Promise<void> {
  const [ours, theirs] = Socket.pair('seqpacket');
  ends.push(theirs);
  const { seat, outputs } = desk.compositor;
  const info = { major: 4095, minor: 1, kind, name: kind, properties: new Map() };
  if (kind === 'touch') seat.setTouch(true);
  new InputDevice(info, Fd.adopt(ours.fd.take()), seat, outputs, () => events.push('lost'));
  return async (...records) => {
    const packet = new Uint8Array(records.length * inputEvent.size);
    const view = new DataView(packet.buffer);
    for (const [index, [type, code, value]] of records.entries())
      inputEvent.write(view, index * inputEvent.size, { type, code, value });
    theirs.send(packet);
    // The channel is read by the event loop before the client's answer to this is.
    await client.roundtrip();
    await client.roundtrip();
  };
}

function pointer(): void {
  client.seat.getPointer({
    enter: (_, __, ___, x, y) => void events.push(`enter ${Math.round(x)} ${Math.round(y)}`),
    leave: () => void events.push('leave'),
    motion: (_, __, x, y) => void events.push(`motion ${Math.round(x)} ${Math.round(y)}`),
    button: (_, __, ___, button, state) => void events.push(`button ${button} ${state}`),
    axis: (_, __, axis, value) => void events.push(`axis ${axis} ${value}`),
    frame: () => void events.push('frame'),
    axisSource() {},
    axisStop() {},
    axisDiscrete: (_, axis, steps) => void events.push(`discrete ${axis} ${steps}`),
    axisValue120() {},
    axisRelativeDirection() {},
  });
}

test('a report of motion and a button is the motion first, and one frame', async () => {
  pointer();
  const send = device('pointer');
  await send([EV.ABS, ABS.X, 6554], [EV.ABS, ABS.Y, 6554], report);
  events.length = 0;
  await send([EV.KEY, BTN.LEFT, 1], [EV.ABS, ABS.X, 13107], [EV.ABS, ABS.Y, 6554], report);
  expect(events).toEqual(['button 272 1', 'motion 256 72', 'frame']);
  events.length = 0;
  await send([EV.ABS, ABS.X, 6554], [EV.ABS, ABS.Y, 6554], [EV.KEY, BTN.LEFT, 0], report);
  expect(events).toEqual(['motion 128 72', 'button 272 0', 'frame']);
});

test('a place beyond the monitor is on the one beside it, with what is dragged there', async () => {
  const [first] = desk.compositor.outputs.list;
  desk.monitor(session, { width: 800, height: 600, refresh: 60_000, scale: 120 }, 2);
  await client.roundtrip();
  pointer();
  const send = device('pointer');
  await send([EV.ABS, ABS.X, 6554], [EV.ABS, ABS.Y, 6554], [EV.KEY, BTN.LEFT, 1], report);
  events.length = 0;
  await send([EV.ABS, ABS.X, 65_535 + 6554], [EV.ABS, ABS.Y, 6554], report);
  await send([EV.ABS, ABS.X, -6554], [EV.ABS, ABS.Y, -6554], report);
  const width = first!.mode.width;
  expect(events.filter((event) => event !== 'frame')).toEqual([`motion ${width + 128} 72`, 'motion 0 0']);
});

test('relative motion adds up and stops at the edge', async () => {
  pointer();
  const send = device('pointer');
  await send([EV.ABS, ABS.X, 0], [EV.ABS, ABS.Y, 0], report);
  await send([EV.REL, REL.X, 30], [EV.REL, REL.Y, 20], report);
  await send([EV.REL, REL.X, -100], report);
  expect(events.filter((event) => event.startsWith('motion'))).toEqual([
    'motion 0 0',
    'motion 30 20',
    'motion 0 20',
  ]);
});

test('a wheel of high resolution scrolls by parts of a notch, and a step for each whole one', async () => {
  pointer();
  const send = device('pointer');
  await send([EV.ABS, ABS.X, 100], [EV.ABS, ABS.Y, 100], report);
  events.length = 0;
  for (let i = 0; i < 4; i++) await send([EV.REL, REL.WHEEL_HI_RES, -30], report);
  await send([EV.REL, REL.HWHEEL, 2], report);
  expect(events).toEqual([
    'axis 0 3.75',
    'frame',
    'axis 0 3.75',
    'frame',
    'axis 0 3.75',
    'frame',
    'discrete 0 1',
    'axis 0 3.75',
    'frame',
    'discrete 1 2',
    'axis 1 30',
    'frame',
  ]);
});

test('when events were lost, buttons and keys are up', async () => {
  pointer();
  client.seat.getKeyboard({
    keymap: (_, __, fd) => fd.close(),
    enter: (_, __, ___, keys) => void events.push(`keys [${new Uint32Array(keys.slice().buffer)}]`),
    leave: () => void events.push('keyboard leave'),
    key: (_, __, ___, key, state) => void events.push(`key ${key} ${state}`),
    modifiers() {},
    repeatInfo() {},
  });
  const send = device('pointer');
  await send([EV.ABS, ABS.X, 100], [EV.ABS, ABS.Y, 100], report);
  await send([EV.KEY, BTN.LEFT, 1], report);
  events.length = 0;
  await send([EV.SYN, SYN.DROPPED, 0], report);
  expect(events).toEqual(['button 272 0', 'frame']);
  const type = device('keyboard');
  await type([EV.KEY, KEY.A, 1], report);
  events.length = 0;
  await type([EV.SYN, SYN.DROPPED, 0], report);
  expect(events).toEqual(['keyboard leave', 'keys []']);
});

const at = (slot: number, x: number, y: number): Record[] => [
  [EV.ABS, ABS.MT_SLOT, slot],
  [EV.ABS, ABS.MT_POSITION_X, x],
  [EV.ABS, ABS.MT_POSITION_Y, y],
];
const tracked = (slot: number, id: number): Record[] => [
  [EV.ABS, ABS.MT_SLOT, slot],
  [EV.ABS, ABS.MT_TRACKING_ID, id],
];

test('each finger stays with the surface that it touched, and is told in surface units', async () => {
  const send = device('touch');
  client.seat.getTouch({
    down: (_, __, ___, surface, id, x, y) =>
      void events.push(`down ${id} ${surface === window.surface} ${Math.round(x)} ${Math.round(y)}`),
    up: (_, __, ___, id) => void events.push(`up ${id}`),
    motion: (_, __, id, x, y) => void events.push(`move ${id} ${Math.round(x)} ${Math.round(y)}`),
    frame: () => void events.push('frame'),
    cancel: () => void events.push('cancel'),
    shape() {},
    orientation() {},
  });
  await send(...tracked(0, 7), ...at(0, 6554, 6554), report);
  await send(...tracked(1, 8), ...at(1, 13107, 13107), ...at(0, 9830, 6554), report);
  await send(...tracked(0, -1), report);
  await send([EV.SYN, SYN.DROPPED, 0], report);
  expect(events).toEqual([
    'down 0 true 128 72',
    'frame',
    'move 0 192 72',
    'down 1 true 256 144',
    'frame',
    'up 0',
    'frame',
    'cancel',
  ]);
});

test('a client that knows no touch has the first finger as its pointer, and no other', async () => {
  pointer();
  const send = device('touch');
  await send(...tracked(0, 7), ...at(0, 6554, 6554), report);
  await send(...tracked(1, 8), ...at(1, 13107, 13107), ...at(0, 9830, 6554), report);
  await send(...tracked(1, -1), ...tracked(0, -1), report);
  await send(...tracked(0, 9), ...at(0, 6554, 6554), report);
  await send([EV.SYN, SYN.DROPPED, 0], report);
  expect(events.filter((event) => !/frame|enter|leave/.test(event))).toEqual([
    'motion 128 72',
    `button ${BTN.LEFT} 1`,
    'motion 192 72',
    `button ${BTN.LEFT} 0`,
    'motion 128 72',
    `button ${BTN.LEFT} 1`,
    `button ${BTN.LEFT} 0`,
  ]);
});

test('a channel that ends is told', async () => {
  device('keyboard');
  ends.at(-1)!.close();
  await client.roundtrip();
  await client.roundtrip();
  expect(events).toEqual(['lost']);
});
