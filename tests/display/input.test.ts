import { BTN, EV, KEY, LED, REL } from '@switchyard/uapi';
import { expect, test } from 'vitest';
import { displayFixture } from '../support/DisplayFixture.js';
import { type TestClient, TestWindow } from '../support/TestClient.js';
import { activate, listSessions } from '../support/TestSeat.js';

const fixture = displayFixture();

async function window(colour = 0xffff0000): Promise<[TestClient, TestWindow]> {
  const client = await fixture.connect();
  const opened = await TestWindow.open(client, { colour });
  await client.heard(`keyboard.enter ${opened.id}`);
  return [client, opened];
}

test('a seat offers keyboard and pointer, whatever devices there are, and a keymap', async () => {
  const [client] = await window();
  expect(client.happenings).toContain('seat.capabilities 3');
  expect(client.happenings).toContain('seat.name seat0');
  expect(client.happenings).toContain('keyboard.keymap 1 true');
  expect(client.happenings).toContain('keyboard.repeat_info 25 600');
});

test('keys go to the window that has the keyboard, with modifiers', async () => {
  const [client] = await window();
  fixture.seat.press(KEY.LEFTSHIFT, KEY.A);
  await client.heard('keyboard.key 42 0');
  const from = client.happenings.indexOf('keyboard.key 42 1');
  expect(client.happenings.slice(from).filter((h) => h.startsWith('keyboard'))).toEqual([
    'keyboard.key 42 1',
    'keyboard.modifiers 1 0 0 0',
    'keyboard.key 30 1',
    'keyboard.key 30 0',
    'keyboard.key 42 0',
    'keyboard.modifiers 0 0 0 0',
  ]);
});

test('repeats of the hardware are not passed on, since clients repeat by themselves', async () => {
  const [client] = await window();
  fixture.seat.key(KEY.B, 1);
  fixture.seat.key(KEY.B, 2);
  fixture.seat.key(KEY.B, 0);
  await client.heard('keyboard.key 48 0');
  expect(client.happenings.filter((h) => h.startsWith('keyboard.key 48'))).toEqual([
    'keyboard.key 48 1',
    'keyboard.key 48 0',
  ]);
});

test('a window that gets the keyboard is told which keys are down', async () => {
  const [client, first] = await window();
  fixture.seat.key(KEY.C, 1);
  await client.heard('keyboard.key 46 1');
  const second = await TestWindow.open(client, { colour: 0xff00ff00 });
  await client.heard(`keyboard.enter ${second.id} [46]`);
  fixture.seat.key(KEY.C, 0);
  second.toplevel.destroy();
  second.xdgSurface.destroy();
  second.proxy.destroy();
  await client.heard(
    `keyboard.enter ${first.id} []`,
    client.happenings.lastIndexOf(`keyboard.enter ${second.id} [46]`),
  );
});

test('switching chords reach no client', async () => {
  const [client] = await window();
  fixture.seat.press(KEY.LEFTCTRL, KEY.LEFTALT, KEY.F12);
  await client.heard('keyboard.key 29 0');
  expect(client.happenings.some((h) => h.startsWith(`keyboard.key ${KEY.F12}`))).toBe(false);
});

test('when another session takes the screen everything is up, and nothing is typed to the first any more', async () => {
  const [first, firstWindow] = await window();
  const bus = await fixture.tree.bus();
  const [id] = await listSessions(bus);
  fixture.seat.moveTo(100, 100);
  await first.heard(`pointer.enter ${firstWindow.id}`);
  fixture.seat.key(KEY.D, 1);
  await first.heard('keyboard.key 32 1');
  const second = await TestWindow.open(await fixture.connect(), { colour: 0xff0000ff });
  // One process, so it joined the session: a session of its own needs a socket of its own.
  expect(second.configured.states).toContain(4);
  fixture.seat.key(KEY.D, 0);
  await activate(bus, id!);
  expect(await listSessions(bus)).toEqual([id]);
});

test('the pointer enters, moves in surface units, and leaves', async () => {
  const [client, opened] = await window();
  fixture.seat.moveTo(10, 20);
  await client.heard('pointer.');
  fixture.seat.moveTo(30, 40);
  await client.heard('pointer.motion 30 40');
  const child = client.surface();
  const role = client.subcompositor.getSubsurface(child.proxy, opened.proxy);
  role.setPosition(100, 100);
  child.show(client.buffer(50, 50, 0xff00ff00));
  await opened.frame();
  fixture.seat.moveTo(110, 120);
  await client.heard(`pointer.enter ${child.id} 10 20`);
  fixture.seat.moveTo(5, 5);
  await client.heard(`pointer.leave ${child.id}`);
});

test('a surface that appears under the pointer is entered without a motion', async () => {
  const [client, opened] = await window();
  fixture.seat.moveTo(210, 220);
  await client.until(() =>
    client.happenings.some((h) => h === 'pointer.motion 210 220' || h.endsWith(' 210 220')),
  );
  const child = client.surface();
  client.subcompositor.getSubsurface(child.proxy, opened.proxy).setPosition(200, 200);
  child.show(client.buffer(50, 50, 0xff00ff00));
  opened.proxy.commit();
  await client.heard(`pointer.enter ${child.id} 10 20`);
});

test('an input region lets the pointer through', async () => {
  const [client, opened] = await window();
  const child = client.surface();
  client.subcompositor.getSubsurface(child.proxy, opened.proxy);
  const region = client.compositor.createRegion();
  region.add(0, 0, 10, 10);
  child.proxy.setInputRegion(region);
  child.show(client.buffer(50, 50, 0xff00ff00));
  await opened.frame();
  fixture.seat.moveTo(300, 300);
  await client.heard(`pointer.enter ${opened.id}`);
  fixture.seat.moveTo(20, 20);
  await client.heard('pointer.motion 20 20');
  fixture.seat.moveTo(5, 5);
  await client.heard(`pointer.enter ${child.id} 5 5`);
});

test('while a button is down the pointer stays with the surface that it went down on', async () => {
  const [client, opened] = await window();
  const child = client.surface();
  client.subcompositor.getSubsurface(child.proxy, opened.proxy).setPosition(100, 100);
  child.show(client.buffer(50, 50, 0xff00ff00));
  await opened.frame();
  fixture.seat.moveTo(120, 120);
  await client.heard(`pointer.enter ${child.id}`);
  fixture.seat.button(true);
  await client.heard('pointer.button 272 1');
  fixture.seat.moveTo(90, 300);
  await client.heard('pointer.motion -10 200');
  fixture.seat.button(false);
  await client.heard(`pointer.enter ${opened.id} 90 300`);
});

test('the wheel scrolls in notches of 120, down positive', async () => {
  const [client, opened] = await window();
  fixture.seat.moveTo(50, 50);
  await client.heard(`pointer.enter ${opened.id}`);
  fixture.seat.pointer.event(EV.REL, REL.WHEEL, -1);
  fixture.seat.pointer.event(EV.REL, REL.WHEEL_HI_RES, -120);
  fixture.seat.pointer.sync();
  await client.heard('pointer.axis 0 15');
  const from = client.happenings.indexOf('pointer.axis_source 0');
  await client.heard('pointer.frame', from);
  expect(client.happenings.slice(from, from + 4)).toEqual([
    'pointer.axis_source 0',
    'pointer.axis_value120 0 120',
    'pointer.axis 0 15',
    'pointer.frame',
  ]);
});

test('a cursor surface becomes the monitor cursor, a null one hides it', async () => {
  const [client, opened] = await window();
  fixture.seat.moveTo(60, 60);
  await client.heard(`pointer.enter ${opened.id}`);
  const cursor = client.surface();
  client.pointer.setCursor(client.enterSerial, cursor.proxy, 3, 4);
  cursor.show(client.buffer(16, 24, 0xff123456));
  await fixture.seat.until(() => typeof fixture.seat.cursor === 'object');
  expect(fixture.seat.cursor).toMatchObject({ width: 16, height: 24, hotX: 3, hotY: 4 });
  client.pointer.setCursor(client.enterSerial, null, 0, 0);
  await fixture.seat.until(() => fixture.seat.cursor === 'hidden');
  client.pointer.setCursor(client.enterSerial - 1, cursor.proxy, 0, 0);
  await client.roundtrip();
  expect(fixture.seat.cursor).toBe('hidden');
});

test('the pointer of a cursor surface that is destroyed has no picture', async () => {
  const [client, opened] = await window();
  fixture.seat.moveTo(70, 70);
  await client.heard(`pointer.enter ${opened.id}`);
  const cursor = client.surface();
  client.pointer.setCursor(client.enterSerial, cursor.proxy, 0, 0);
  cursor.show(client.buffer(8, 8, 0xff123456));
  await fixture.seat.until(() => typeof fixture.seat.cursor === 'object');
  cursor.proxy.destroy();
  await fixture.seat.until(() => fixture.seat.cursor === 'hidden');
});

test('a click on a window behind its dialog gives it the keyboard', async () => {
  const [client, opened] = await window();
  const dialog = await TestWindow.open(client, { parent: opened, size: [100, 100], colour: 0xff00ff00 });
  expect(dialog.configured).toMatchObject({ width: 0, height: 0 });
  expect(fixture.seat.at(320, 240)).toBe(0x00ff00);
  await client.heard(`keyboard.enter ${dialog.id}`);
  const from = client.happenings.length;
  fixture.seat.moveTo(10, 10);
  fixture.seat.click(BTN.LEFT);
  await client.heard(`keyboard.enter ${opened.id}`, from);
  expect(fixture.seat.at(320, 240)).toBe(0x00ff00);
});

test('a window that is larger than the output is scaled down, and the pointer with it', async () => {
  const client = await fixture.connect();
  const opened = await TestWindow.open(client, { size: [1280, 480], colour: 0xffff0000 });
  expect([fixture.seat.at(0, 240), fixture.seat.at(639, 240), fixture.seat.at(320, 100)]).toEqual([
    0xff0000, 0xff0000, 0x1b1e23,
  ]);
  fixture.seat.moveTo(320, 240);
  await client.heard(`pointer.enter ${opened.id} 641 241`);
});

test('Caps Lock’s light shines on the keyboard while it is on, also on one that is plugged in then', async () => {
  await window();
  const { keyboard } = fixture.seat;
  fixture.seat.press(KEY.CAPSLOCK);
  await expect.poll(() => keyboard.lights).toBe(1 << LED.CAPSL);
  const other = fixture.seat.provider.attachKeyboard('seat0', 'another keyboard');
  await expect.poll(() => other.lights).toBe(1 << LED.CAPSL);
  fixture.seat.provider.detach(other);
  fixture.seat.press(KEY.CAPSLOCK);
  await expect.poll(() => keyboard.lights).toBe(0);
});
