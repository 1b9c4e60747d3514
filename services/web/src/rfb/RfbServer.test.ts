import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BTN, EV, KEY, LED } from '@switchyard/uapi';
import fc from 'fast-check';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Flood } from '../testing/Flood.js';
import { canvasWords, NoVnc, vncState } from '../testing/NoVnc.js';
import { rfbClient } from '../testing/RfbClient.js';
import { ServiceTree } from '../testing/ServiceTree.js';
import { TestSession } from '../testing/TestSession.js';
import { web } from '../WebInterface.js';
import { ByteStream } from './ByteStream.js';
import { desResponse } from './Handshake.js';
import { Encoding, key, pointer, rectangle, setEncodings, updateRequest } from './Messages.js';

const run = promisify(execFile);
const WIDTH = 640;
const HEIGHT = 480;

let tree: ServiceTree;
let session: TestSession;
let browser: Browser;
let port: number;
let password: string;
let viewPassword: string;
let noVnc: NoVnc;
const directory = mkdtempSync(join(tmpdir(), 'yard-vnc-'));

beforeAll(async () => {
  [tree, browser] = await Promise.all([
    ServiceTree.start(['--size', `${WIDTH}x${HEIGHT}`, '--vnc', '127.0.0.1:0']),
    chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] }),
  ]);
  session = await TestSession.create(tree.connection, 'Painter');
  const bus = tree.connection.proxy(web.name, web.path);
  port = Number(String(await bus.get(web.interface, 'Vnc')).split(':')[1]);
  [password] = (await bus.call(web.interface, 'VncPassword', '')) as [string];
  [viewPassword] = (await bus.call(web.interface, 'VncViewPassword', '')) as [string];
  noVnc = await NoVnc.start(port);
});
afterAll(async () => {
  noVnc?.close();
  session?.end();
  await browser?.close();
  await tree?.stop();
  rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
});

const keys = () =>
  session.keyboard.filter((event) => event.type === EV.KEY).map(({ code, value }) => [code, value]);

/** Text, a photograph, and plain colour: what each coding treats differently. */
function paint(words: Uint32Array, seed: number): void {
  words.fill(0x204060);
  for (let i = 0; i < 640 * 100; i++) {
    words[i] = (i * 7) % 11 < 5 ? 0xffffff : 0x101010;
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    words[640 * 100 + i] = seed >>> 8;
    words[640 * 200 + i] = ((i & 7) * 0x1f) << 8;
    words[640 * 300 + i] = (i % 200) * 0x010101;
  }
}

const same = (a: Uint32Array, b: Uint32Array) =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));

describe('noVNC', () => {
  test.each([
    ['Tight, whose photographs become exact when they stand still', Encoding.tight],
    ['ZRLE', Encoding.zrle],
    ['Raw', Encoding.raw],
  ])('shows the session’s pixels by %s', async (_, encoding) => {
    const page = await noVnc.open(browser, password, [encoding]);
    for (const seed of [1, 2]) {
      paint(session.words, seed + encoding);
      await session.present();
      await expect.poll(async () => same(await canvasWords(page), session.words)).toBe(true);
    }
    session.words.fill(0xabcdef, 0, 3);
    await session.present(0, 0, 3, 1);
    await expect.poll(async () => same(await canvasWords(page), session.words)).toBe(true);
    await page.close();
  });

  test('types, points and scrolls', async () => {
    const page = await noVnc.open(browser, password, [Encoding.tight]);
    await expect.poll(async () => (await vncState(page)).connected).toBe(true);
    session.pointer.length = 0;
    await page.locator('canvas').click({ position: { x: 160, y: 240 } });
    await session.until(() => session.pointer.some(({ code, value }) => code === BTN.LEFT && value === 0));
    session.keyboard.length = 0;
    session.pointer.length = 0;
    await page.keyboard.press('Shift+KeyA');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Control+Alt+F2');
    await session.until(() => keys().length >= 12);
    expect(keys().slice(0, 6)).toEqual([
      [KEY.LEFTSHIFT, 1],
      [KEY.A, 1],
      [KEY.A, 0],
      [KEY.LEFTSHIFT, 0],
      [KEY.LEFT, 1],
      [KEY.LEFT, 0],
    ]);
    expect(
      keys()
        .filter(([, value]) => value === 1)
        .slice(-3),
    ).toEqual([
      [KEY.LEFTCTRL, 1],
      [KEY.LEFTALT, 1],
      [KEY.F2, 1],
    ]);
    await page.mouse.move(320, 120);
    await page.mouse.down({ button: 'right' });
    await page.mouse.up({ button: 'right' });
    await page.mouse.wheel(0, 100);
    await session.until(() => session.pointer.some(({ type, value }) => type === EV.REL && value === -1));
    const buttons = session.pointer
      .filter(({ type }) => type === EV.KEY)
      .map(({ code, value }) => [code, value]);
    expect(buttons).toEqual([
      [BTN.RIGHT, 1],
      [BTN.RIGHT, 0],
    ]);
    await page.close();
    await session.until(() => session.mode !== undefined);
  });

  test('knows the seat’s Caps Lock by its light, and sets it right before it types', async () => {
    const page = await noVnc.open(browser, password, [Encoding.tight]);
    await expect.poll(async () => (await vncState(page)).connected).toBe(true);
    session.setLights(1 << LED.CAPSL);
    await expect
      .poll(() =>
        page.evaluate(() => (window as unknown as { rfb: { _remoteCapsLock: boolean } }).rfb._remoteCapsLock),
      )
      .toBe(true);
    await page.locator('canvas').click({ position: { x: 160, y: 240 } });
    session.keyboard.length = 0;
    await page.keyboard.press('KeyA');
    await session.until(() => keys().length >= 4);
    expect(keys()).toEqual([
      [KEY.CAPSLOCK, 1],
      [KEY.CAPSLOCK, 0],
      [KEY.A, 1],
      [KEY.A, 0],
    ]);
    session.setLights(0);
    await page.close();
  });

  test('follows the output’s size, and asks for one', async () => {
    const page = await noVnc.open(browser, password, [Encoding.zrle]);
    await expect.poll(async () => (await vncState(page)).connected).toBe(true);
    await page.evaluate(() => {
      document.querySelector<HTMLElement>('#screen')!.style.width = '500px';
      (window as unknown as { rfb: { resizeSession: boolean } }).rfb.resizeSession = true;
    });
    await session.until(() => session.mode?.width === 500);
    session.words.fill(0x998877);
    await session.present();
    await expect
      .poll(async () => {
        const words = await canvasWords(page);
        return words.length === session.words.length && words.every((word) => word === 0x998877);
      })
      .toBe(true);
    await page.close();
    await tree.connection
      .proxy(web.name, web.path)
      .call(web.interface, 'SetMode', 'suu', 'seat0', WIDTH, HEIGHT);
    await session.until(() => session.mode?.width === WIDTH);
  });

  test('is refused with a wrong password', async () => {
    const page = await noVnc.open(browser, 'wrong', [Encoding.raw]);
    await expect.poll(async () => (await vncState(page)).refused).toBe('the password is wrong');
    await page.close();
  });
});

test('TigerVNC’s viewer shows the seat over TLS with its certificate, and types', async () => {
  const passwordFile = join(directory, 'passwd');
  // As vncpasswd(1) hides it: DES of the password with a key that everybody knows.
  const hidden = desResponse(
    Buffer.from([23, 82, 107, 6, 35, 78, 88, 7]).toString('latin1'),
    Buffer.from(password.padEnd(8, '\0')),
  );
  writeFileSync(passwordFile, hidden.subarray(0, 8));
  const screen = join(directory, 'screen');
  const children: ChildProcess[] = [];
  try {
    const display = await new Promise<string>((resolve, reject) => {
      const server = spawn(
        'Xvfb',
        ['-displayfd', '3', '-screen', '0', '800x600x24', '-nolisten', 'tcp', '-fbdir', directory],
        { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
      );
      children.push(server);
      server.on('error', reject);
      server.stdio[3]!.once('data', (text: Buffer) => resolve(`:${text.toString().trim()}`));
    });
    const viewer = spawn(
      'xtigervncviewer',
      [
        ...['-SecurityTypes', 'X509Vnc', '-X509CA', join(tree.directory.state, 'web-tls', 'cert.pem')],
        ...['-PasswordFile', passwordFile, '-FullScreen=0', '-RemoteResize=0', `localhost::${port}`],
      ],
      { env: { ...process.env, DISPLAY: display, HOME: directory }, stdio: 'ignore' },
    );
    children.push(viewer);
    session.words.fill(0x12b47f);
    await session.present();
    // Xvfb's screen as an XWD file: pixels are 32 bits, little endian.
    const shown = () => {
      const pixels = readFileSync(join(directory, 'Xvfb_screen0'));
      let count = 0;
      for (let at = pixels.length & 3; at + 4 <= pixels.length; at += 4)
        if ((pixels.readUInt32LE(at) & 0xffffff) === 0x12b47f) count++;
      return count;
    };
    await expect.poll(shown).toBeGreaterThan(WIDTH * HEIGHT * 0.9);
    session.keyboard.length = 0;
    const xdotool = (...words: string[]) =>
      run('xdotool', words, { env: { ...process.env, DISPLAY: display } });
    // There is no window manager that would give it the focus.
    await xdotool('search', '--onlyvisible', '--name', 'Switchyard', 'windowfocus', '--sync');
    await xdotool('mousemove', '300', '300', 'click', '1', 'key', 'q');
    await session.until(() => keys().length >= 2);
    expect(keys().slice(0, 2)).toEqual([
      [KEY.Q, 1],
      [KEY.Q, 0],
    ]);
  } finally {
    for (const child of children.reverse()) {
      if (child.exitCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(screen, { force: true });
  }
});

/** A client that says what a test tells it to, past the password. */
async function rawClient(by = password): Promise<{ socket: Socket; stream: ByteStream }> {
  const { width, height, ...client } = await rfbClient(port, by);
  expect([width, height]).toEqual([WIDTH, HEIGHT]);
  return client;
}

test('a keysym is the key that writes it, with or without the Shift that the client holds', async () => {
  const { socket } = await rawClient();
  session.keyboard.length = 0;
  const send = (keysym: number, down: number) =>
    socket.write(Buffer.concat([Buffer.of(4), key.write({ keysym, down })]));
  for (const keysym of [0x24, 0x7a]) for (const down of [1, 0]) send(keysym, down);
  // Shift_L held, and a character that has none.
  send(0xffe1, 1);
  for (const down of [1, 0]) send(0x31, down);
  send(0xffe1, 0);
  await session.until(() => keys().length >= 12);
  expect(keys()).toEqual([
    [KEY.LEFTSHIFT, 1],
    [KEY[4], 1],
    [KEY.LEFTSHIFT, 0],
    [KEY[4], 0],
    [KEY.Z, 1],
    [KEY.Z, 0],
    [KEY.LEFTSHIFT, 1],
    [KEY.LEFTSHIFT, 0],
    [KEY[1], 1],
    [KEY.LEFTSHIFT, 1],
    [KEY[1], 0],
    [KEY.LEFTSHIFT, 0],
  ]);
  socket.destroy();
});

test('the password for watching shows the seat and moves nothing on it', async () => {
  expect(viewPassword).not.toBe(password);
  const page = await noVnc.open(browser, viewPassword, [Encoding.tight]);
  session.words.fill(0x335577);
  await session.present();
  await expect.poll(async () => same(await canvasWords(page), session.words)).toBe(true);
  const audience = async () =>
    ((await tree.connection.proxy(web.name, web.path).get(web.interface, 'Audience')) as unknown[][]).map(
      (row) => row.slice(2, 4),
    );
  await expect.poll(audience).toEqual([['vnc', false]]);
  session.keyboard.length = 0;
  session.pointer.length = 0;
  await page.locator('canvas').click({ position: { x: 20, y: 20 } });
  await page.keyboard.press('KeyA');
  const { socket } = await rawClient();
  for (const down of [1, 0]) socket.write(Buffer.concat([Buffer.of(4), key.write({ keysym: 0x62, down })]));
  await session.until(() => keys().length >= 2);
  expect(keys()).toEqual([
    [KEY.B, 1],
    [KEY.B, 0],
  ]);
  expect(session.pointer).toEqual([]);
  socket.destroy();
  await page.close();
});

test('who types the password is not pushed out by another user’s flood, and who is in keeps the seat', async () => {
  const { socket: inside } = await rawClient();
  const typing = connect(port, '127.0.0.1').on('error', () => {});
  const stream = new ByteStream(typing);
  await stream.take(12);
  const flood = new Flood(port);
  await expect.poll(() => flood.made).toBeGreaterThanOrEqual(300);
  typing.write('RFB 003.008\n');
  expect([...(await stream.take(3))]).toEqual([2, 2, 19]);
  typing.write(Buffer.of(2));
  typing.write(desResponse(password, await stream.take(16)));
  expect((await stream.take(4)).readUInt32BE()).toBe(0);
  await flood.stop();
  expect(inside.destroyed).toBe(false);
  for (const socket of [inside, typing]) socket.destroy();
});

test('who is asked for the password has the time to type it, also from among his own who connect without end', async () => {
  const typing = connect(port, '127.0.0.1').on('error', () => {});
  const stream = new ByteStream(typing);
  await stream.take(12);
  typing.write('RFB 003.008\n');
  await stream.take(3);
  typing.write(Buffer.of(2));
  const challenge = await stream.take(16);
  const flood = new Flood(port, { uid: process.getuid!() });
  await expect.poll(() => flood.made).toBeGreaterThanOrEqual(300);
  typing.write(desResponse(password, challenge));
  expect((await stream.take(4)).readUInt32BE()).toBe(0);
  await flood.stop();
  typing.destroy();
});

test.each([
  ['the LED state', Encoding.ledState, 1],
  ['VMware’s LED state', Encoding.vmwareLedState, 4],
])('the keyboard’s lights are told by %s, at once and when they change', async (_, encoding, size) => {
  session.setLights(1 << LED.NUML);
  const { socket, stream } = await rawClient();
  const list = Buffer.alloc(8);
  list.writeInt32BE(Encoding.raw, 0);
  list.writeInt32BE(encoding, 4);
  socket.write(Buffer.concat([Buffer.of(2), setEncodings.write({ count: 2 }), list]));
  const told: number[] = [];
  for (const lights of [undefined, (1 << LED.CAPSL) | (1 << LED.SCROLLL), 0]) {
    if (lights !== undefined) session.setLights(lights);
    const before = told.length;
    while (told.length === before) {
      socket.write(
        Buffer.concat([Buffer.of(3), updateRequest.write({ incremental: 1, width: 1, height: 1 })]),
      );
      const count = (await stream.take(4)).readUInt16BE(2);
      for (let i = 0; i < count; i++) {
        const { width, height, encoding: kind } = rectangle.read(await stream.take(rectangle.size));
        if (kind === encoding) told.push((await stream.take(size)).readUIntBE(0, size));
        else await stream.take(4 * width * height);
      }
    }
  }
  expect(told).toEqual([2, 5, 0]);
  socket.destroy();
});

test('what scrolls is copied by the client, and the rest is sent', async () => {
  const { socket, stream } = await rawClient();
  const encodings = Buffer.from([0, 0, 0, Encoding.copyRect, 0, 0, 0, Encoding.raw]);
  socket.write(Buffer.concat([Buffer.of(2), setEncodings.write({ count: 2 }), encodings]));
  const shown = new Uint32Array(WIDTH * HEIGHT);
  const ask = (incremental: number) =>
    socket.write(
      Buffer.concat([Buffer.of(3), updateRequest.write({ incremental, width: WIDTH, height: HEIGHT })]),
    );
  /** Draws one update; resolves to the encodings of its rectangles. */
  const draw = async (): Promise<number[]> => {
    const seen: number[] = [];
    const count = (await stream.take(4)).readUInt16BE(2);
    for (let i = 0; i < count; i++) {
      const { x, y, width, height, encoding } = rectangle.read(await stream.take(rectangle.size));
      seen.push(encoding);
      const before = shown.slice();
      const source = encoding === Encoding.copyRect ? await stream.take(4) : undefined;
      const raw = source === undefined ? await stream.take(width * height * 4) : Buffer.alloc(0);
      for (let row = 0; row < height; row++)
        for (let column = 0; column < width; column++)
          shown[(y + row) * WIDTH + x + column] = source
            ? before[(source.readUInt16BE(2) + row) * WIDTH + source.readUInt16BE(0) + column]!
            : raw.readUInt32LE((row * width + column) * 4);
    }
    return seen;
  };
  for (let i = 0; i < session.words.length; i++)
    session.words[i] = (Math.floor(i / WIDTH) * 7919 + (i % 9)) & 0xffffff;
  await session.present();
  ask(0);
  while (!same(shown, session.words)) {
    await draw();
    ask(1);
  }
  session.words.copyWithin(0, 16 * WIDTH);
  session.words.fill(0x123456, (HEIGHT - 16) * WIDTH);
  await session.present();
  expect((await draw())[0]).toBe(Encoding.copyRect);
  expect(same(shown, session.words)).toBe(true);
  socket.destroy();
});

describe('a client that does not keep to the protocol', () => {
  const valid = [
    Buffer.concat([
      Buffer.of(2),
      setEncodings.write({ count: 2 }),
      Buffer.from([0, 0, 0, 16, 255, 255, 254, 204]),
    ]),
    Buffer.concat([Buffer.of(3), updateRequest.write({ width: WIDTH, height: HEIGHT })]),
    Buffer.concat([Buffer.of(5), pointer.write({ buttons: 0, x: 5, y: 5 })]),
    Buffer.concat([Buffer.of(6), Buffer.from([0, 0, 0, 0, 0, 0, 2]), Buffer.from('hi')]),
    Buffer.from([150, 1, 0, 0, 0, 0, 2, 128, 1, 224]),
    Buffer.from([248, 0, 0, 0, 128, 0, 0, 1, 4, 1, 2, 3, 4]),
    Buffer.from([255, 0, 0, 0, 0, 0, 0, 97, 0, 0, 0, 30]),
    Buffer.from([0, 0, 0, 0, 16, 16, 0, 1, 0, 31, 0, 63, 0, 31, 11, 5, 0, 0, 0, 0]),
  ];

  test.each([
    ['an unknown message', Buffer.of(77)],
    ['a colour map’s pixel format', Buffer.from([0, 0, 0, 0, 8, 8, 0, 0, ...Array(12).fill(0)])],
    ['a clipboard without end', Buffer.from([6, 0, 0, 0, 0x7f, 255, 255, 255])],
    ['a fence that is too large', Buffer.from([248, 0, 0, 0, 128, 0, 0, 0, 65])],
    ['an answer to no fence', Buffer.from([248, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 9])],
  ])('is let go for %s', async (_, bytes) => {
    const { socket } = await rawClient();
    const closed = once(socket, 'close');
    socket.resume();
    socket.write(bytes);
    await closed;
  });

  test('ends no more than itself, whatever it sends and wherever it stops', async () => {
    const fds = () => statSync(`/proc/${tree.pid('web')}`).isDirectory() && tree.pid('web');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(19), fc.nat(255), fc.boolean()), {
          maxLength: 12,
        }),
        fc.boolean(),
        async (steps, early) => {
          const socket = connect(port, '127.0.0.1');
          socket.on('error', () => {});
          socket.resume();
          await once(socket, 'connect');
          if (early) for (const [index, at, byte] of steps) socket.write(mutated(valid[index]!, at, byte));
          else {
            socket.destroy();
            const { socket: inside } = await rawClient();
            inside.resume();
            for (const [index, at, byte, whole] of steps)
              inside.write(whole ? valid[index]! : mutated(valid[index]!, at, byte));
            await new Promise((resolve) => setTimeout(resolve, 20));
            inside.destroy();
          }
          socket.destroy();
        },
      ),
      { numRuns: 60 },
    );
    expect(fds()).toBe(tree.pid('web'));
    const page = await noVnc.open(browser, password, [Encoding.zrle]);
    session.words.fill(0x777777);
    await session.present();
    await expect.poll(async () => (await canvasWords(page))[0]).toBe(0x777777);
    await page.close();
    const bus = tree.connection.proxy(web.name, web.path);
    await expect.poll(async () => ((await bus.get(web.interface, 'Viewers')) as unknown[]).length).toBe(0);
  });

  const mutated = (bytes: Buffer, at: number, byte: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy[at % copy.length] = byte;
    return copy;
  };
});

test('after too many wrong passwords none is compared any more, for who gave them', async () => {
  /** The reason of the refusal, or '' for none. */
  const answer = async (by: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    const stream = new ByteStream(socket);
    await stream.take(12);
    socket.write('RFB 003.008\n');
    await stream.take(3);
    socket.write(Buffer.of(2));
    socket.write(desResponse(by, await stream.take(16)));
    const refused = (await stream.take(4)).readUInt32BE() === 1;
    const reason = refused ? (await stream.take((await stream.take(4)).readUInt32BE())).toString() : '';
    socket.destroy();
    return reason;
  };
  let last = '';
  for (let i = 0; i < 8 && !last.startsWith('too many'); i++) last = await answer('wrong');
  expect(last).toMatch(/^too many wrong passwords; wait \d+ seconds$/);
  expect(await answer(password)).toMatch(/^too many/);
});
