import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Variant } from '@switchyard/dbus';
import { Listener } from '@switchyard/sys';
import { KEY } from '@switchyard/uapi';
import { expect, test } from 'vitest';
import { displayFixture } from '../support/DisplayFixture.js';
import { TestWindow } from '../support/TestClient.js';
import {
  activate,
  createSession,
  flag,
  listSessions,
  number,
  screenshot,
  text,
} from '../support/TestSeat.js';

const fixture = displayFixture();
const red = 0xffff0000;
const green = 0xff00ff00;
const blue = 0xff0000ff;

function pixel(picture: { width: number; pixels: Uint8Array }, x: number, y: number): number {
  const [b, g, r] = picture.pixels.subarray((y * picture.width + x) * 4);
  return (r! << 16) | (g! << 8) | b!;
}

test('a program that waits at a socket of whoever started it is served there when its session comes', async () => {
  const path = join(fixture.tree.directory, 'waits');
  const fd = Listener.open(path, { mode: 0o700 });
  const connecting = fixture.connect(path);
  const options = { display: text(path), listener: new Variant('h', fd), id: text('y1') };
  const { id, waylandDisplay } = await fixture.session(options);
  fd.close();
  expect([id, waylandDisplay]).toEqual(['y1', path]);
  const client = await connecting;
  await TestWindow.open(client, { colour: red });
  await fixture.seat.until(() => fixture.seat.monitor.session === 'y1' && fixture.seat.at(1, 1) === 0xff0000);
  await expect(fixture.session({ listener: text('none') })).rejects.toThrow(/is of type s/);
});

test('sessions of CreateSession take the screen with their first window, and are switched', async () => {
  const bus = await fixture.tree.bus();
  const one = await fixture.session({ title: text('one') });
  const two = await fixture.session({ title: text('two') });
  const a = await fixture.connect(one.waylandDisplay);
  const b = await fixture.connect(two.waylandDisplay);
  const first = await TestWindow.open(a, { colour: red });
  await fixture.seat.until(
    () => fixture.seat.monitor.session === one.id && fixture.seat.at(1, 1) === 0xff0000,
  );
  const second = await TestWindow.open(b, { colour: green });
  await fixture.seat.until(
    () => fixture.seat.monitor.session === two.id && fixture.seat.at(1, 1) === 0x00ff00,
  );

  await a.heard(`keyboard.leave ${first.id}`);
  await b.heard(`keyboard.enter ${second.id}`);
  fixture.seat.press(KEY.A);
  await b.heard('keyboard.key 30 0');
  await activate(bus, one.id);
  await fixture.seat.until(
    () => fixture.seat.monitor.session === one.id && fixture.seat.at(1, 1) === 0xff0000,
  );
  expect(a.happenings.some((happening) => happening.startsWith('keyboard.key 30'))).toBe(false);
});

test('a session in the background is drawn for its screenshot, but gets no frame callbacks', async () => {
  const bus = await fixture.tree.bus();
  const shown = await fixture.session();
  const hidden = await fixture.session({ background: flag(true) });
  await TestWindow.open(await fixture.connect(shown.waylandDisplay), { colour: red });
  await fixture.seat.until(() => fixture.seat.at(1, 1) === 0xff0000);
  const client = await fixture.connect(hidden.waylandDisplay);
  const window = new TestWindow(client);
  window.proxy.commit();
  await client.until(() => window.configures > 0);
  let framed = false;
  window.proxy.frame({
    done: () => {
      framed = true;
    },
  });
  window.show(client.buffer(640, 480, blue));
  await client.roundtrip();
  expect(pixel(await screenshot(bus, 'session', hidden.id), 5, 5)).toBe(0x0000ff);
  expect(pixel(await screenshot(bus, 'session', shown.id), 5, 5)).toBe(0xff0000);
  expect(pixel(await screenshot(bus, 'seat', 'seat0'), 5, 5)).toBe(0xff0000);
  expect(fixture.seat.at(1, 1)).toBe(0xff0000);
  expect(framed).toBe(false);
  await activate(bus, hidden.id);
  await fixture.seat.until(() => fixture.seat.at(1, 1) === 0x0000ff);
  await client.until(() => true);
  await client.roundtrip();
  await window.frame();
  expect(framed).toBe(true);
});

test('the same pixels that were on screen are there again after a switch, without the client', async () => {
  const bus = await fixture.tree.bus();
  const one = await fixture.session();
  const two = await fixture.session();
  const a = await fixture.connect(one.waylandDisplay);
  await TestWindow.open(a, { colour: red });
  await fixture.seat.until(() => fixture.seat.at(1, 1) === 0xff0000);
  // A program that is stopped: nothing of the switch may need it.
  const stopped = fixture.tree.run('weston-simple-shm', [], { WAYLAND_DISPLAY: two.waylandDisplay });
  await fixture.seat.until(() => fixture.seat.monitor.session === two.id);
  stopped.kill('SIGSTOP');
  await activate(bus, one.id);
  await fixture.seat.until(
    () => fixture.seat.monitor.session === one.id && fixture.seat.at(1, 1) === 0xff0000,
  );
  await activate(bus, two.id);
  await fixture.seat.until(
    () => fixture.seat.monitor.session === two.id && fixture.seat.at(320, 240) !== 0x1b1e23,
  );
  stopped.kill('SIGKILL');
});

test('a program that comes by itself is a session that ends with it', async () => {
  const bus = await fixture.tree.bus();
  const before = await listSessions(bus);
  const program = fixture.tree.run('weston-simple-shm', []);
  await fixture.seat.until(() => {
    const shown = fixture.seat.monitor.session;
    return shown !== undefined && !before.includes(shown);
  });
  const id = fixture.seat.monitor.session!;
  expect(await listSessions(bus)).toContain(id);
  program.kill('SIGKILL');
  await fixture.seat.until(() => fixture.seat.monitor.session !== id);
  await expect.poll(() => listSessions(bus)).not.toContain(id);
});

test('the end of a session disconnects its clients', async () => {
  const bus = await fixture.tree.bus();
  const { id, waylandDisplay } = await fixture.session();
  const client = await fixture.connect(waylandDisplay);
  await TestWindow.open(client);
  await bus.call({
    destination: 'org.freedesktop.login1',
    path: '/org/freedesktop/login1',
    interface: 'org.freedesktop.login1.Manager',
    member: 'ReleaseSession',
    signature: 's',
    body: [id],
  });
  expect(await client.ending()).toContain('the server closed it');
  await expect(fixture.connect(waylandDisplay)).rejects.toThrow();
});

test('a new mode reaches the output, the windows and the monitor', async () => {
  const bus = await fixture.tree.bus();
  const { waylandDisplay } = await fixture.session();
  const client = await fixture.connect(waylandDisplay);
  const window = await TestWindow.open(client, { colour: red });
  await fixture.seat.until(() => fixture.seat.at(1, 1) === 0xff0000);
  const { mode } = fixture.seat.monitor;
  fixture.seat.monitor.setMode({ ...mode, width: 800, height: 600, scale: 240 });
  await client.heard('output.done 800x600@2');
  await client.heard(`window.configure ${window.id} 400x300`);
  const picture = await screenshot(bus, 'seat', 'seat0');
  expect([picture.width, picture.height]).toEqual([800, 600]);
  window.proxy.setBufferScale(2);
  window.show(client.buffer(800, 600, blue));
  await fixture.seat.until(() => fixture.seat.at(799, 599) === 0x0000ff);
  fixture.seat.monitor.setMode(mode);
  await client.heard(`window.configure ${window.id} 640x480`, client.happenings.length);
});

test('a client that was held up while its window was resized often can answer all of it', async () => {
  const { waylandDisplay } = await fixture.session();
  const client = await fixture.connect(waylandDisplay);
  const window = await TestWindow.open(client);
  window.answers = false;
  const serials: number[] = [];
  const { mode } = fixture.seat.monitor;
  for (let i = 1; i <= 100; i++) {
    fixture.seat.monitor.setMode({ ...mode, width: 640 + i });
    await client.heard(`output.done ${640 + i}x480`);
    if (window.configureSerial !== serials.at(-1)) serials.push(window.configureSerial);
  }
  expect(serials.length).toBeLessThan(50);
  for (const serial of serials) window.xdgSurface.ackConfigure(serial);
  await client.until(() => window.configured.width === 740, 'the newest size');
  window.xdgSurface.ackConfigure(window.configureSerial);
  fixture.seat.monitor.setMode(mode);
  await client.until(() => window.configured.width === 640, 'the old size');
});

test('the newest window of a session is on top, and the next one when it goes', async () => {
  const { waylandDisplay } = await fixture.session();
  const client = await fixture.connect(waylandDisplay);
  const first = await TestWindow.open(client, { colour: red });
  const second = await TestWindow.open(client, { colour: green });
  await fixture.seat.until(() => fixture.seat.at(1, 1) === 0x00ff00);
  await client.until(() => !first.configured.states.includes(4), 'the first window to be deactivated');
  second.toplevel.destroy();
  second.xdgSurface.destroy();
  second.proxy.destroy();
  await fixture.seat.until(() => fixture.seat.at(1, 1) === 0xff0000);
  await client.until(() => first.configured.states.includes(4), 'the first window to be activated');
});

test('a window that is unmapped and mapped again goes through its first configure again', async () => {
  const { waylandDisplay } = await fixture.session();
  const client = await fixture.connect(waylandDisplay);
  const window = await TestWindow.open(client, { colour: red });
  window.proxy.attach(null, 0, 0);
  window.proxy.commit();
  await fixture.seat.until(() => fixture.seat.at(1, 1) === 0x1b1e23);
  const before = window.configures;
  window.proxy.commit();
  await client.until(() => window.configures > before);
  window.show(client.buffer(640, 480, blue));
  await fixture.seat.until(() => fixture.seat.at(1, 1) === 0x0000ff);
});

test('a client that does not answer pings holds nothing up', async () => {
  const one = await fixture.session();
  const client = await fixture.connect(one.waylandDisplay);
  client.pongs = false;
  const window = await TestWindow.open(client, { colour: red });
  await client.heard(`keyboard.enter ${window.id}`);
  fixture.seat.press(KEY.A);
  await client.heard('ping');
  fixture.seat.press(KEY.B);
  await client.heard('keyboard.key 48 0');
  expect(client.happenings.filter((happening) => happening === 'ping')).toHaveLength(1);
});

test('a session is called as its window is, unless it was given a name', async () => {
  const bus = await fixture.tree.bus();
  const titles = new Map<string, string>();
  let changed = () => {};
  const match = bus.match(
    { type: 'signal', interface: 'org.freedesktop.DBus.Properties', member: 'PropertiesChanged' },
    (message) => {
      const title = (message.body[1] as Map<string, { value: unknown }>).get('Title')?.value;
      if (typeof title === 'string') titles.set(message.path!, title);
      changed();
    },
  );
  const unnamed = await fixture.session();
  const named = await fixture.session({ title: text('given') });
  await TestWindow.open(await fixture.connect(named.waylandDisplay), { title: 'not this' });
  await TestWindow.open(await fixture.connect(unnamed.waylandDisplay), { title: 'a window' });
  const path = `/org/freedesktop/login1/session/${unnamed.id}`;
  await new Promise<void>((resolve) => {
    changed = () => {
      if (titles.get(path) === 'a window') resolve();
    };
    changed();
  });
  expect([...titles.values()]).not.toContain('not this');
  match[Symbol.dispose]();
});

test('Display1 refuses what it does not have', async () => {
  const bus = await fixture.tree.bus();
  await expect(screenshot(bus, 'session', 'nonesuch')).rejects.toThrow(/no session nonesuch/);
  await expect(screenshot(bus, 'seat', 'seat9')).rejects.toThrow(/seat9/);
  await expect(createSession(bus, { seat: text('seat9') })).rejects.toThrow(/seat9/);
  await expect(createSession(bus, { leader: number(0x7ffffff) })).rejects.toThrow(/no process/);
  await expect(createSession(bus, { sealing: text('perhaps') })).rejects.toThrow(/sealing/);
});

test('while nothing changes the display uses no CPU', async () => {
  const { waylandDisplay } = await fixture.session();
  await TestWindow.open(await fixture.connect(waylandDisplay));
  const ticks = () => {
    const stat = readFileSync(`/proc/${fixture.tree.pid('display')}/stat`, 'utf8')
      .split(') ')[1]!
      .split(' ');
    return Number(stat[11]) + Number(stat[12]);
  };
  // What came before may still have an end: one of the next windows is one of rest. A tick is 10 ms: less than 0.7 % of the time.
  let seen = { frames: Number.NaN, ticks: Number.NaN };
  for (let window = 0; window < 5 && !(seen.frames === 0 && seen.ticks <= 2); window++) {
    const [frames, before] = [fixture.seat.frames.length, ticks()];
    await new Promise((resolve) => setTimeout(resolve, 3000));
    seen = { frames: fixture.seat.frames.length - frames, ticks: ticks() - before };
  }
  expect(seen.frames).toBe(0);
  expect(seen.ticks).toBeLessThanOrEqual(2);
});
