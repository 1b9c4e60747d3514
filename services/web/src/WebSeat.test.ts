import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { lz4Decompress } from '@switchyard/pixels/lz4Decompress';
import { BTN, EV, KEY, REL, SYN } from '@switchyard/uapi';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ServiceTree } from './testing/ServiceTree.js';
import { TestSession } from './testing/TestSession.js';
import { sequenceOf, TestViewer } from './testing/TestViewer.js';
import { web } from './WebInterface.js';
import { readFrame } from './wire/FrameReader.js';
import {
  button,
  Codec,
  FRAME_REFINES,
  frameHeader,
  key,
  MessageType,
  motion,
  TouchPhase,
  touch,
  wheel,
} from './wire/Wire.js';

let tree: ServiceTree;
let session: TestSession;
let url: string;
const viewers: TestViewer[] = [];

beforeAll(async () => {
  tree = await ServiceTree.start(['--size', '640x480']);
  session = await TestSession.create(tree.connection, 'Painter');
  url = await tree.url();
});
afterEach(async () => {
  for (const viewer of viewers.splice(0)) viewer.socket.terminate();
});
afterAll(async () => {
  session?.end();
  await tree?.stop();
});

async function view(): Promise<TestViewer> {
  const viewer = await TestViewer.greet(url);
  viewers.push(viewer);
  await viewer.until(() => viewer.frames.length > 0);
  return viewer;
}

const message = <V>(
  layout: { size: number; write(view: DataView, at: number, values: V): void },
  values: V,
) => {
  const bytes = new Uint8Array(layout.size);
  layout.write(new DataView(bytes.buffer), 0, values);
  return bytes;
};
const press = (code: number, down: boolean) =>
  message(key, { type: MessageType.key, down: down ? 1 : 0, code });

/** What the viewer's frames amount to; `exact` is false while any of it is JPEG. */
function picture(viewer: TestViewer, width = 640, height = 480): { words: Uint32Array; exact: boolean } {
  const words = new Uint32Array(width * height);
  const inexact = new Uint8Array(width * height);
  for (const frame of viewer.frames)
    readFrame(frame, width, height, ({ x, y, width: w, height: h, codec, from, length }) => {
      const pixels = new Uint32Array(w * h);
      if (codec === Codec.fill) pixels.fill(frame.readUInt32LE(from));
      else if (codec === Codec.lz4)
        lz4Decompress(frame.subarray(from, from + length), new Uint8Array(pixels.buffer));
      for (let row = 0; row < h; row++) {
        words.set(pixels.subarray(row * w, (row + 1) * w), (y + row) * width + x);
        inexact.fill(codec === Codec.jpeg ? 1 : 0, (y + row) * width + x, (y + row) * width + x + w);
      }
    });
  return { words, exact: !inexact.includes(1) };
}

const same = (a: Uint32Array, b: Uint32Array) =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));

function noise(words: Uint32Array, seed: number): void {
  for (let i = 0; i < words.length; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    words[i] = seed >>> 8;
  }
}

describe('pixels', () => {
  test('a session’s frames reach every viewer exactly, whenever it came', async () => {
    const early = await view();
    session.words.fill(0x102030);
    await session.present();
    session.words.fill(0x0a0b0c, 5000, 30000);
    await session.present();
    const late = await view();
    session.words.fill(0xffffff, 0, 3);
    await session.present(0, 0, 3, 1);
    for (const viewer of [early, late]) {
      await viewer.until(() => same(picture(viewer).words, session.words));
      expect(picture(viewer).exact).toBe(true);
    }
  });

  test('a photograph is refined to the last bit when it stands still', async () => {
    const viewer = await view();
    noise(session.words, 5);
    await session.present();
    await viewer.until(() => picture(viewer).exact && same(picture(viewer).words, session.words));
    const flags = viewer.frames.map((frame) =>
      frameHeader.get.flags(new DataView(frame.buffer, frame.byteOffset), 0),
    );
    expect(flags).toContain(FRAME_REFINES);
    session.words.fill(0);
    await session.present();
  });

  test('a small change costs a small message', async () => {
    const viewer = await view();
    await viewer.until(() => picture(viewer).exact && same(picture(viewer).words, session.words));
    const before = viewer.bytes;
    session.words.fill(0x55aa55, 320, 328);
    await session.present(320, 0, 8, 1);
    await viewer.until(() => viewer.bytes > before);
    expect(viewer.bytes - before).toBeLessThan(100);
  });

  test('a viewer that never acknowledges gets a frame or two, and the newest pixels once it does', async () => {
    const rss = () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${tree.pid('web')}/status`, 'utf8'))![1]);
    const viewer = await view();
    const other = await view();
    viewer.acknowledges = false;
    const had = viewer.frames.length;
    const before = rss();
    for (let i = 0; i < 60; i++) {
      noise(session.words, i + 1);
      await session.present();
    }
    expect(viewer.frames.length - had).toBeLessThanOrEqual(2);
    expect(rss() - before).toBeLessThan(60_000);
    await other.until(() => other.frames.length > 10);
    session.words.fill(0x778899);
    await session.present();
    viewer.acknowledges = true;
    for (const frame of viewer.frames.slice(had)) viewer.acknowledge(frame);
    await viewer.until(() => picture(viewer).exact && same(picture(viewer).words, session.words));
  });

  test('a hidden page gets no frames, and all of the newest when it is looked at again', async () => {
    const viewer = await view();
    viewer.tell({ type: 'visible', visible: false });
    // The answer to a copy comes after the message before it was handled.
    viewer.tell({ type: 'copy' });
    await viewer.until(() => viewer.messages.some(({ type }) => type === 'selection'));
    const had = viewer.frames.length;
    session.words.fill(0x0000ff);
    await session.present();
    await session.present();
    expect(viewer.frames.length).toBe(had);
    viewer.tell({ type: 'visible', visible: true });
    await viewer.until(() => same(picture(viewer).words, session.words));
  });

  test('flips keep to the refresh rate with a viewer, and slow down without', async () => {
    const viewer = await view();
    const time = async (frames: number) => {
      const begun = performance.now();
      for (let i = 0; i < frames; i++) {
        session.words.fill(i);
        await session.present();
      }
      return performance.now() - begun;
    };
    await time(5);
    expect(await time(60)).toBeGreaterThan(950);
    await viewer.close();
    await session.present();
    expect(await time(3)).toBeGreaterThan(500);
  });

  test('the cursor’s image comes as a message, and again for those who come later', async () => {
    const viewer = await view();
    const pixels = new Uint8Array(16 * 16 * 4).fill(200);
    session.setCursor({ width: 16, height: 16, pixels, hotX: 3, hotY: 4 });
    await viewer.until(() => viewer.cursors.some((cursor) => cursor[1] === 2));
    const late = await view();
    await late.until(() => late.cursors.some((cursor) => cursor[1] === 2));
    session.setCursor('hidden');
    await late.until(() => late.cursors.at(-1)?.[1] === 0);
  });

  test('a viewer, and the bus, may give the output another size within bounds', async () => {
    const viewer = await view();
    viewer.tell({ type: 'setMode', width: 63, height: 480 });
    await viewer.until(() =>
      viewer.messages.some((m) => m.type === 'failed' && m.message.includes('64 to 8192')),
    );
    viewer.tell({ type: 'setMode', width: 800, height: 600 });
    await viewer.until(() => viewer.messages.some((m) => m.type === 'mode' && m.width === 800));
    await session.until(() => session.mode?.width === 800);
    const setMode = (seat: string, width: number, height: number) =>
      tree.connection.proxy(web.name, web.path).call(web.interface, 'SetMode', 'suu', seat, width, height);
    await expect(setMode('seat0', 9000, 600)).rejects.toThrow('64 to 8192');
    await expect(setMode('seat7', 640, 480)).rejects.toThrow('seat0');
    await setMode('seat0', 640, 480);
    await session.until(() => session.mode?.width === 640);
    const start = viewer.frames.length;
    session.words.fill(0x999999);
    await session.present();
    await viewer.until(() => viewer.frames.length > start);
  });
});

describe('input', () => {
  test('keys, buttons, motion and wheel reach the session as the kernel’s events', async () => {
    const viewer = await view();
    session.keyboard.length = 0;
    session.pointer.length = 0;
    viewer.send(press(KEY.A, true));
    viewer.send(press(KEY.A, false));
    viewer.send(message(motion, { type: MessageType.motion, x: 65535, y: 0 }));
    viewer.send(message(button, { type: MessageType.button, down: 1, code: BTN.RIGHT }));
    viewer.send(message(button, { type: MessageType.button, down: 0, code: BTN.RIGHT }));
    viewer.send(message(wheel, { type: MessageType.wheel, x: 0, y: 180 }));
    await session.until(() => session.pointer.some((event) => event.type === EV.REL));
    await session.until(() => session.keyboard.length >= 4);
    const report = { type: EV.SYN, code: SYN.REPORT, value: 0 };
    expect(session.keyboard).toEqual([
      { type: EV.KEY, code: KEY.A, value: 1 },
      report,
      { type: EV.KEY, code: KEY.A, value: 0 },
      report,
    ]);
    expect(session.pointer).toEqual([
      { type: EV.ABS, code: 0, value: 65535 },
      { type: EV.ABS, code: 1, value: 0 },
      report,
      { type: EV.KEY, code: BTN.RIGHT, value: 1 },
      report,
      { type: EV.KEY, code: BTN.RIGHT, value: 0 },
      report,
      // A notch and a half towards the user, which evdev counts as negative.
      { type: EV.REL, code: REL.WHEEL_HI_RES, value: -180 },
      { type: EV.REL, code: REL.WHEEL, value: -1 },
      report,
    ]);
  });

  test('tells the bus who looks and who typed last', async () => {
    const [one, two] = [await view(), await view()];
    const told = async () => {
      const viewers = await tree.connection.proxy(web.name, web.path).get(web.interface, 'Viewers');
      return (viewers as [string, number, boolean][]).map(([address, , controlling]) => [
        address,
        controlling,
      ]);
    };
    two.send(press(KEY.C, true));
    await expect.poll(told).toEqual([
      ['127.0.0.1', false],
      ['127.0.0.1', true],
    ]);
    await two.close();
    await expect.poll(told).toEqual([['127.0.0.1', false]]);
    await one.close();
  });

  test('a key is down while any viewer holds it, and a viewer that vanishes lets go', async () => {
    const [one, two] = [await view(), await view()];
    session.keyboard.length = 0;
    one.send(press(KEY.LEFTSHIFT, true));
    await session.until(() => session.keyboard.length >= 2);
    two.send(press(KEY.LEFTSHIFT, true));
    two.send(press(KEY.B, true));
    await session.until(() => session.keyboard.length >= 4);
    one.socket.terminate();
    two.send(press(KEY.B, false));
    await session.until(() => session.keyboard.length >= 6);
    two.socket.terminate();
    await session.until(() => session.keyboard.length >= 8);
    expect(
      session.keyboard.filter((event) => event.type === EV.KEY).map(({ code, value }) => [code, value]),
    ).toEqual([
      [KEY.LEFTSHIFT, 1],
      [KEY.B, 1],
      [KEY.B, 0],
      [KEY.LEFTSHIFT, 0],
    ]);
  });
});

describe('several viewers', () => {
  const last = (viewer: TestViewer) => viewer.messages.findLast((one) => one.type === 'viewers');
  const presses = () => session.keyboard.filter(({ type, value }) => type === EV.KEY && value === 1);

  test('one may take the seat for itself and give it on; what the others hold goes up, and what they type is lost', async () => {
    const [one, two] = [await view(), await view()];
    session.keyboard.length = 0;
    two.send(press(KEY.A, true));
    await session.until(() => presses().length === 1);
    one.tell({ type: 'floor', take: true });
    await session.until(() => session.keyboard.some(({ code, value }) => code === KEY.A && value === 0));
    await two.until(() => last(two)?.holder !== null);
    two.send(press(KEY.B, true));
    two.tell({ type: 'setMode', width: 100, height: 100 });
    await two.until(() => two.messages.some(({ type }) => type === 'failed'));
    one.send(press(KEY.C, true));
    one.send(press(KEY.C, false));
    await session.until(() => presses().length === 2);
    expect(presses().map(({ code }) => code)).toEqual([KEY.A, KEY.C]);
    expect(session.mode?.width).toBe(640);

    one.tell({ type: 'give', viewer: last(two)!.you });
    await two.until(() => last(two)?.holder === last(two)?.you);
    two.send(press(KEY.D, true));
    two.send(press(KEY.D, false));
    await session.until(() => presses().length === 3);
    await two.close();
    await one.until(() => last(one)?.holder === null);
    one.send(press(KEY.E, true));
    one.send(press(KEY.E, false));
    await session.until(() => presses().length === 4);
  });

  test('who came by a link for watching sees the seat and moves nothing, until the link is revoked', async () => {
    const bus = tree.connection.proxy(web.name, web.path);
    const [name, link] = (await bus.call(web.interface, 'Share', 'sb', 'guest', true)) as [string, string];
    expect(name).toBe('guest');
    const guest = await TestViewer.greet(link);
    viewers.push(guest);
    await guest.until(() => guest.frames.length > 0);
    const driver = await view();
    session.keyboard.length = 0;
    guest.send(press(KEY.A, true));
    const asked = [
      { type: 'floor', take: true },
      { type: 'setMode', width: 100, height: 100 },
      { type: 'paste', serial: 1, text: 'x', primary: false },
      { type: 'copy' },
      { type: 'activate', session: session.id },
    ] as const;
    for (const message of asked) guest.tell(message);
    await guest.until(
      () =>
        guest.messages.filter((one) => one.type === 'failed' && /watching/.test(one.message)).length === 5,
    );
    driver.tell({ type: 'give', viewer: last(guest)!.you });
    await driver.until(() => driver.messages.some(({ type }) => type === 'failed'));
    driver.send(press(KEY.B, true));
    driver.send(press(KEY.B, false));
    await session.until(() => presses().length === 1);
    expect(presses()[0]!.code).toBe(KEY.B);
    const audience = (await bus.get(web.interface, 'Audience')) as unknown[][];
    expect(audience.map((row) => row.slice(2))).toEqual([
      ['guest', false, false],
      ['', true, true],
    ]);
    await bus.call(web.interface, 'Revoke', 's', 'guest');
    await guest.until(() => guest.closed !== undefined);
    expect(guest.closed).toEqual({ code: 1008, reason: 'the link was revoked' });
    await expect(TestViewer.connect(link)).rejects.toThrow('403');
    await expect(bus.call(web.interface, 'Revoke', 's', 'guest')).rejects.toThrow('no share guest');
  });
});

describe('sessions', () => {
  test('their titles and the active one are told, as they change', async () => {
    const viewer = await view();
    const list = () => viewer.messages.findLast((m) => m.type === 'sessions')?.sessions ?? [];
    const active = () => list().find((entry) => entry.active)?.name;
    await viewer.until(() => active() === 'Painter');
    const second = await TestSession.create(tree.connection, 'Second');
    await viewer.until(() => active() === 'Second' && list().length === 2);
    viewer.tell({ type: 'activate', session: session.id });
    await viewer.until(() => active() === 'Painter');
    second.end();
    await viewer.until(() => list().length === 1);
    viewer.tell({ type: 'activate', session: 'no-such' });
    await viewer.until(() => viewer.messages.some((m) => m.type === 'failed'));
  });

  test('a session that takes the seat and draws nothing leaves the screen black', async () => {
    await session.activate();
    await session.until(() => session.mode !== undefined);
    session.words.fill(0xff0000);
    await session.present();
    const viewer = await view();
    await viewer.until(() => picture(viewer).words[0] === 0xff0000);
    const silent = await TestSession.create(tree.connection, 'Silent');
    await viewer.until(() => picture(viewer).words.every((word) => word === 0));
    silent.end();
    await session.until(() => session.mode !== undefined);
  });
});

describe('a hostile viewer', () => {
  test('is let go for a message that is none, and nobody else is', async () => {
    const bystander = await view();
    const wrong: (string | Uint8Array)[] = [
      '',
      '{',
      'null',
      '{"type":"hello","version":1,"visible":true}',
      '{"type":"setMode","width":1e400,"height":-1}',
      '{"type":"activate","session":7}',
      '{"type":"paste","serial":0,"text":null}',
      new Uint8Array(0),
      Uint8Array.of(0),
      Uint8Array.of(MessageType.frame, 0, 0, 0),
      press(0, true),
      press(0x2ff + 1, true),
      press(BTN.LEFT, true),
      press(KEY.A, true).subarray(0, 3),
      message(button, { type: MessageType.button, down: 1, code: KEY.A }),
      Uint8Array.of(MessageType.ack, 0, 0, 0, 99, 0, 0, 0, 0, 0, 0, 0),
      new Uint8Array(100_000).fill(MessageType.motion),
    ];
    for (const bytes of wrong) {
      const viewer = await view();
      viewer.socket.send(bytes);
      await viewer.until(() => viewer.closed !== undefined);
      expect(viewer.closed!.code, String(bytes)).toBe(1002);
    }
    const huge = await view();
    huge.socket.send('x'.repeat(3 * 1024 * 1024));
    await huge.until(() => huge.closed !== undefined);
    const had = bystander.frames.length;
    session.words.fill(0x31415);
    await session.present();
    await bystander.until(() => bystander.frames.length > had);
    expect(bystander.closed).toBeUndefined();
  });

  test('that says nothing before it is greeted is let go; frames are not for it', async () => {
    const silent = await TestViewer.connect(url);
    viewers.push(silent);
    silent.send(press(KEY.A, true));
    await silent.until(() => silent.closed !== undefined);
    expect(silent.frames).toHaveLength(0);
    const outdated = await TestViewer.connect(url);
    outdated.tell({ type: 'hello', version: 999, visible: true });
    await outdated.until(() => outdated.closed !== undefined);
    expect(outdated.closed!.reason).toContain('load the page again');
  });

  test('that asks for too much at once is told so', async () => {
    const viewer = await view();
    for (let i = 0; i < 50; i++) viewer.tell({ type: 'activate', session: session.id });
    const refused = () =>
      viewer.messages.filter((m) => m.type === 'failed' && m.message.startsWith('too much'));
    await viewer.until(() => refused().length > 0);
    expect(viewer.closed).toBeUndefined();
  });

  test('mutated messages end no more than the viewer that sent them, and leave nothing behind', async () => {
    const fds = () => readdirSync(`/proc/${tree.pid('web')}/fd`).length;
    const bystander = await view();
    await bystander.until(() => bystander.frames.length > 0);
    const before = fds();
    const seeds = [
      press(KEY.A, true),
      message(motion, { type: MessageType.motion, x: 1, y: 2 }),
      message(wheel, { type: MessageType.wheel, x: -5, y: 7 }),
      Uint8Array.of(MessageType.ack, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0),
      Buffer.from('{"type":"setMode","width":640,"height":480}'),
      Buffer.from('{"type":"paste","serial":1,"text":"hi"}'),
      Buffer.from('{"type":"activate","session":"c1"}'),
      message(touch, { type: MessageType.touch, phase: TouchPhase.down, id: 3, x: 7, y: 9 }),
      message(button, { type: MessageType.button, down: 1, code: BTN.LEFT }),
      Uint8Array.of(MessageType.releaseAll),
      ...[
        { type: 'hello', version: 1, visible: true, touch: true },
        { type: 'visible', visible: true },
        { type: 'video', decodes: true },
        { type: 'floor', take: true },
        { type: 'give', viewer: 1 },
        { type: 'copy' },
        { type: 'read', on: true },
        { type: 'sound', on: true },
        { type: 'ping', serial: 1 },
        { type: 'text', text: 'a\u{1f600}' },
        { type: 'preedit', text: 'ö' },
      ].map((one) => Buffer.from(JSON.stringify(one))),
    ];
    const mutated = fc.tuple(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(64), fc.nat(255)), { maxLength: 4 }),
      fc.nat(12),
      fc.boolean(),
    );
    const samples = fc.sample(mutated, 20_000);
    let viewer = await TestViewer.greet(url);
    for (const [index, [seed, changes, cut, text]] of samples.entries()) {
      if (viewer.socket.readyState !== viewer.socket.OPEN) viewer = await TestViewer.greet(url);
      const bytes = Uint8Array.from(seed);
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      const sent = cut === 0 ? bytes.subarray(0, bytes.length >> 1) : bytes;
      viewer.socket.send(sent, { binary: !text });
      // Every so often what was sent is answered before more is, so that most messages reach a viewer that lives.
      if (index % 8 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    viewer.socket.terminate();
    bystander.tell({ type: 'setMode', width: 640, height: 480 });
    await session.until(() => session.mode?.width === 640);
    const had = bystander.frames.length;
    session.words.fill(0x27182);
    await session.present();
    await bystander.until(() => bystander.frames.length > had);
    await expect.poll(fds).toBeLessThanOrEqual(before);
  });
});

test('WebSocket frames that are none, cut short or without end harm nobody else and leave nothing behind', async () => {
  const fds = () => readdirSync(`/proc/${tree.pid('web')}/fd`).length;
  const bystander = await view();
  const before = fds();
  const { hostname, port, host, search } = new URL(url);
  const upgrade =
    `GET /socket${search} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
  /** RFC 6455, 5.2: with a mask of zeroes; `length` is what the header says, true or not. */
  const frame = fc
    .tuple(
      fc.nat(255),
      fc.boolean(),
      fc.uint8Array({ maxLength: 100 }),
      fc.option(fc.constantFrom(0, 5, 126, 65_536, 2 ** 31, 2 ** 40), { freq: 3 }),
    )
    .map(([head, masked, body, length]) => {
      const header = Buffer.alloc(10);
      header[0] = head;
      header[1] = (masked ? 0x80 : 0) | 127;
      header.writeBigUInt64BE(BigInt(length ?? body.length), 2);
      return Buffer.concat([header, Buffer.alloc(masked ? 4 : 0), body]);
    });
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 20 }), fc.boolean(), async (frames, greets) => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => {}).resume();
      await once(socket, 'connect');
      socket.write(upgrade);
      const hello = Buffer.from(JSON.stringify({ type: 'hello', version: 1, visible: true }));
      if (greets) socket.write(Buffer.concat([Buffer.of(0x81, 0x80 | hello.length, 0, 0, 0, 0), hello]));
      for (const bytes of frames) socket.write(bytes);
      await new Promise((resolve) => setTimeout(resolve, 5));
      socket.destroy();
    }),
    { numRuns: 150 },
  );
  const had = bystander.frames.length;
  session.words.fill(0x31415);
  await session.present();
  await bystander.until(() => bystander.frames.length > had);
  await expect.poll(fds).toBeLessThanOrEqual(before);
});

test('a viewer that was let go and does not answer takes nobody’s place for long', async () => {
  const viewer = await TestViewer.connect(url);
  // What it is sent, the end too, it does not read.
  viewer.socket.pause();
  const fds = () => readdirSync(`/proc/${tree.pid('web')}/fd`).length;
  const before = fds();
  viewer.send(Uint8Array.of(0));
  await expect.poll(fds).toBeLessThan(before);
  viewer.socket.terminate();
});

test('a locked seat tells nobody what its terminal shows and what its user copied, and takes no files', async () => {
  const terminal = tree.connection.export('/org/switchyard/Terminal1', {
    name: 'org.switchyard.Terminal1',
    methods: { Text: { out: 's', call: () => ['a secret'] } },
  });
  const name = `org.switchyard.Terminal1.${session.id}`;
  await tree.connection.requestName(name);
  await session.activate();
  const viewer = await view();
  const sessions = () => viewer.messages.filter((one) => one.type === 'sessions').at(-1)?.sessions;
  const lock = async (locked: boolean) => {
    session.setLocked(locked);
    await viewer.until(() => sessions()?.find(({ id }) => id === session.id)?.locked === locked);
  };
  const terminals = () => viewer.messages.flatMap((one) => (one.type === 'terminal' ? [one.text] : []));
  const refused = () =>
    viewer.messages.filter((one) => one.type === 'failed' && one.message === 'the seat is locked').length;
  const drop = async () => {
    const you = viewer.messages.find((one) => one.type === 'viewers')!.you;
    const to = new URL(`/drop?viewer=${you}&name=a&token=${new URL(url).searchParams.get('token')}`, url);
    return (await fetch(to, { method: 'POST', body: '' })).text();
  };

  await lock(true);
  viewer.tell({ type: 'read', on: true });
  viewer.tell({ type: 'copy' });
  await viewer.until(() => terminals().length === 1 && refused() === 1);
  expect(terminals()).toEqual([null]);
  expect(await drop()).toBe('the seat is locked');

  await lock(false);
  await viewer.until(() => terminals().includes('a secret'));
  viewer.tell({ type: 'copy' });
  await viewer.until(() => viewer.messages.some((one) => one.type === 'selection'));
  // Who was reading reads no further.
  await lock(true);
  await viewer.until(() => terminals().at(-1) === null);
  await lock(false);
  terminal[Symbol.dispose]();
  await tree.connection.releaseName(name);
});

test('the log has no token in it', async () => {
  expect(tree.log).toContain('listening');
  expect(tree.log).not.toContain(new URL(url).searchParams.get('token'));
  expect(sequenceOf((await view()).frames[0]!)).toBe(1);
});
