import { Socket } from '@switchyard/sys';
import { ABS, EV, inputEvent, KEY, LED, REL, SYN } from '@switchyard/uapi';
import { afterEach, expect, test } from 'vitest';
import { InputChannel } from './InputChannel.js';
import { InputProvider } from './InputProvider.js';

const open: Disposable[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one[Symbol.dispose]();
});

type Heard = [type: number, code: number, value: number];

function connect(provider: InputProvider, session = 'c1') {
  const [ours, theirs] = Socket.pair('seqpacket');
  const heard: Heard[] = [];
  let wake = () => {};
  let closed = false;
  provider.openChannel(session, theirs.fd);
  const channel = new InputChannel(ours.fd, {
    event: (type, code, value) => {
      heard.push([type, code, value]);
      if (type === EV.SYN && code === SYN.REPORT) wake();
    },
    closed: () => {
      closed = true;
      wake();
    },
  });
  open.push(channel, provider);
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { channel, heard, until, isClosed: () => closed };
}

test('a report arrives as one packet that ends in SYN_REPORT', async () => {
  const pointer = new InputProvider('pointer');
  const { heard, until } = connect(pointer);
  pointer.event(EV.ABS, ABS.X, 17);
  pointer.event(EV.ABS, ABS.Y, 4);
  pointer.sync();
  pointer.sync();
  pointer.event(EV.REL, REL.WHEEL, -1);
  pointer.sync();
  await until(() => heard.length === 5);
  expect(heard).toEqual([
    [EV.ABS, ABS.X, 17],
    [EV.ABS, ABS.Y, 4],
    [EV.SYN, SYN.REPORT, 0],
    [EV.REL, REL.WHEEL, -1],
    [EV.SYN, SYN.REPORT, 0],
  ]);
});

test('a session that does not read loses reports and is told so by SYN_DROPPED before the next', async () => {
  const keyboard = new InputProvider('keyboard');
  const [ours, theirs] = Socket.pair('seqpacket');
  keyboard.openChannel('c1', theirs.fd);
  open.push(keyboard, ours);
  const packet = new Uint8Array(4096);
  let sent = 0;
  // Until the kernel has no room: then one report more is lost for certain.
  for (; sent < 10_000; sent++) {
    keyboard.event(EV.KEY, KEY.A, sent % 2);
    keyboard.sync();
  }
  let received = 0;
  while (ours.receive(packet) > 0) received++;
  expect(received).toBeLessThan(sent);
  keyboard.event(EV.KEY, KEY.B, 1);
  keyboard.sync();
  expect(ours.receive(packet)).toBe(4 * inputEvent.size);
  const view = new DataView(packet.buffer);
  const codes = [0, 1, 2, 3].map((i) => [
    inputEvent.get.type(view, i * inputEvent.size),
    inputEvent.get.code(view, i * inputEvent.size),
  ]);
  expect(codes).toEqual([
    [EV.SYN, SYN.DROPPED],
    [EV.SYN, SYN.REPORT],
    [EV.KEY, KEY.B],
    [EV.SYN, SYN.REPORT],
  ]);
  keyboard.event(EV.KEY, KEY.B, 0);
  keyboard.sync();
  expect(ours.receive(packet)).toBe(2 * inputEvent.size);
});

test('the seat manager’s watch and the newest session hear the keys, an older session the end', async () => {
  const keyboard = new InputProvider('keyboard');
  const watch = connect(keyboard, '');
  const older = connect(keyboard, 'c1');
  const newer = connect(keyboard, 'c2');
  await older.until(older.isClosed);
  keyboard.event(EV.KEY, KEY.A, 1);
  keyboard.sync();
  await newer.until(() => newer.heard.length === 2);
  await watch.until(() => watch.heard.length === 2);
  expect(older.heard).toEqual([]);
  expect(keyboard.session).toBe('c2');
});

test('a revoked channel is left by both sides', async () => {
  const keyboard = new InputProvider('keyboard');
  const [ours, theirs] = Socket.pair('seqpacket');
  const kept = Socket.adopt(ours.fd.dup(), 'seqpacket');
  keyboard.openChannel('c1', theirs.fd);
  const closed = new Promise<void>((resolve) => {
    open.push(new InputChannel(ours.fd, { event: () => {}, closed: resolve }));
  });
  kept.shutdown('both');
  kept.close();
  await closed;
  keyboard.event(EV.KEY, KEY.A, 1);
  keyboard.sync();
  expect(keyboard.session).toBeUndefined();
});

test('what is not whole records ends the channel', async () => {
  const [ours, theirs] = Socket.pair('seqpacket');
  const closed = new Promise<void>((resolve) => {
    open.push(new InputChannel(ours.fd, { event: () => {}, closed: resolve }), theirs);
  });
  theirs.send(new Uint8Array(inputEvent.size + 1));
  await closed;
});

test('injected records come out as reports, and only what the device can make', async () => {
  const keyboard = new InputProvider('keyboard');
  const { heard, until } = connect(keyboard);
  const records = (...events: Heard[]) => {
    const bytes = new Uint8Array(events.length * inputEvent.size);
    const view = new DataView(bytes.buffer);
    for (const [i, [type, code, value]] of events.entries()) {
      inputEvent.write(view, i * inputEvent.size, { type, code, value });
    }
    return bytes;
  };
  keyboard.inject(records([EV.KEY, KEY.A, 1], [EV.SYN, SYN.REPORT, 0], [EV.KEY, KEY.A, 0]));
  await until(() => heard.length === 4);
  expect(heard.map(([type]) => type)).toEqual([EV.KEY, EV.SYN, EV.KEY, EV.SYN]);
  expect(() => keyboard.inject(new Uint8Array(25))).toThrow(/whole input events/);
  expect(() => keyboard.inject(records([EV.REL, REL.X, 1]))).toThrow(/makes no events of type 2/);
  expect(() => keyboard.inject(records([EV.KEY, 0x300, 1]))).toThrow(/code 768/);
  const many = Array.from({ length: 200 }, (): Heard => [EV.KEY, KEY.A, 1]);
  expect(() => keyboard.inject(records(...many))).toThrow(/at most 128/);
  keyboard.event(EV.KEY, KEY.B, 1);
  keyboard.sync();
  await until(() => heard.length === 6);
});

test('a session lights a keyboard’s lamps, and whatever else it writes changes nothing', async () => {
  const told: number[] = [];
  const keyboard = new InputProvider('keyboard', (bits) => told.push(bits));
  const { channel } = connect(keyboard);
  channel.setLights((1 << LED.CAPSL) | (1 << LED.NUML));
  await expect.poll(() => keyboard.lights).toBe(3);
  channel.setLights(1 << LED.SCROLLL);
  await expect.poll(() => keyboard.lights).toBe(4);
  expect(told).toEqual([3, 4]);

  const [ours, theirs] = Socket.pair('seqpacket');
  keyboard.openChannel('c2', theirs.fd);
  open.push(ours);
  const record = (type: number, code: number, value: number) => {
    const bytes = new Uint8Array(inputEvent.size);
    inputEvent.write(new DataView(bytes.buffer), 0, { sec: 0n, usec: 0n, type, code, value });
    return bytes;
  };
  for (const wrong of [
    record(EV.KEY, LED.CAPSL, 1),
    record(EV.LED, 40_000, 1),
    record(EV.LED, LED.KANA, 1),
    new Uint8Array(7).fill(255),
    new Uint8Array(1000).fill(255),
  ])
    ours.send(wrong);
  // Of all of that the last alone lights a lamp.
  ours.send(record(EV.LED, LED.CAPSL, -1));
  await expect.poll(() => keyboard.lights).toBe(6);
  // The other session's channel ended when this one came.
  channel.setLights(0);
  ours.send(record(EV.LED, LED.CAPSL, 0));
  await expect.poll(() => keyboard.lights).toBe(4);
  expect(told).toEqual([3, 4, 6, 4]);
});
