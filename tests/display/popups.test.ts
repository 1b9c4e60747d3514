import { expect, test } from 'vitest';
import { displayFixture } from '../support/DisplayFixture.js';
import { TestPopup, TestWindow } from '../support/TestClient.js';

const fixture = displayFixture();
const red = 0xffff0000;
const green = 0xff00ff00;
const blue = 0xff0000ff;

test('a menu opens below its anchor, and flips above it at the screen edge', async () => {
  const client = await fixture.connect();
  const window = await TestWindow.open(client, { colour: red });
  const below = client.positioner({
    size: [50, 40],
    anchor: [10, 10, 20, 10],
    anchorEdge: 6,
    gravity: 8,
    adjustment: 63,
  });
  const menu = new TestPopup(window, below);
  await menu.map(green);
  expect(menu.placed).toEqual({ x: 10, y: 20, width: 50, height: 40 });
  expect([fixture.seat.at(10, 20), fixture.seat.at(59, 59), fixture.seat.at(60, 60)]).toEqual([
    0x00ff00, 0x00ff00, 0xff0000,
  ]);
  menu.destroy();
  await window.frame();
  expect(fixture.seat.at(20, 30)).toBe(0xff0000);
  const low = client.positioner({
    size: [50, 40],
    anchor: [10, 460, 20, 10],
    anchorEdge: 6,
    gravity: 8,
    adjustment: 63,
  });
  const flipped = new TestPopup(window, low);
  await flipped.map(green);
  expect(flipped.placed).toMatchObject({ x: 10, y: 420 });
});

test('the popup of a popup is placed relative to it', async () => {
  const client = await fixture.connect();
  const window = await TestWindow.open(client, { colour: red });
  const menu = new TestPopup(
    window,
    client.positioner({ size: [50, 40], anchor: [100, 100, 1, 1], gravity: 8 }),
  );
  await menu.map(green);
  const submenu = new TestPopup(
    menu,
    client.positioner({ size: [20, 20], anchor: [49, 0, 1, 1], anchorEdge: 7, gravity: 8 }),
  );
  await submenu.map(blue);
  expect([fixture.seat.at(149, 101), fixture.seat.at(151, 101)]).toEqual([0x00ff00, 0x0000ff]);
});

test('window geometry, not the surface, is what popups and windows are placed by', async () => {
  const client = await fixture.connect();
  const window = new TestWindow(client);
  window.proxy.commit();
  await client.heard('window.configure');
  // A shadow of 10 pixels around the window.
  window.xdgSurface.setWindowGeometry(10, 10, 640, 480);
  const buffer = client.buffer(660, 500, blue);
  buffer.fill(10, 10, 640, 480, red);
  window.proxy.attach(buffer.proxy, 0, 0);
  window.proxy.damageBuffer(0, 0, 660, 500);
  await window.frame();
  expect([fixture.seat.at(0, 0), fixture.seat.at(639, 479)]).toEqual([0xff0000, 0xff0000]);
  const popup = new TestPopup(
    window,
    client.positioner({ size: [10, 10], anchor: [5, 5, 1, 1], anchorEdge: 5, gravity: 8 }),
  );
  await popup.map(green);
  expect([fixture.seat.at(5, 5), fixture.seat.at(4, 4)]).toEqual([0x00ff00, 0xff0000]);
});

test('a repositioned popup moves when its new place is acknowledged', async () => {
  const client = await fixture.connect();
  const window = await TestWindow.open(client, { colour: red });
  const popup = new TestPopup(
    window,
    client.positioner({ size: [20, 20], anchor: [0, 0, 1, 1], gravity: 8 }),
  );
  await popup.map(green);
  popup.popup.reposition(client.positioner({ size: [20, 20], anchor: [300, 300, 1, 1], gravity: 8 }), 77);
  await client.heard(`popup.repositioned ${popup.id} 77`);
  await popup.frame();
  expect([fixture.seat.at(305, 305), fixture.seat.at(5, 5)]).toEqual([0x00ff00, 0xff0000]);
});

test('a grabbing popup has the keyboard, and a click outside of the client ends it', async () => {
  const client = await fixture.connect();
  const window = await TestWindow.open(client, { colour: red, size: [400, 300] });
  const popup = new TestPopup(
    window,
    client.positioner({ size: [20, 20], anchor: [0, 0, 1, 1], gravity: 8 }),
  );
  popup.popup.grab(client.seat, client.serial);
  await popup.map(green);
  await client.heard(`keyboard.enter ${popup.id}`);
  // The window is centred on the larger output: this is beside it.
  fixture.seat.moveTo(5, 5);
  fixture.seat.click();
  await client.heard(`popup.done ${popup.id}`);
  expect(client.happenings.findLast((happening) => happening.startsWith('keyboard.enter'))).toBe(
    `keyboard.enter ${window.id} []`,
  );
  popup.destroy();
  await window.frame();
});

test('a click on another surface of the client leaves its popup alone', async () => {
  const client = await fixture.connect();
  const window = await TestWindow.open(client, { colour: red });
  const popup = new TestPopup(
    window,
    client.positioner({ size: [20, 20], anchor: [0, 0, 1, 1], gravity: 8 }),
  );
  popup.popup.grab(client.seat, client.serial);
  await popup.map(green);
  fixture.seat.moveTo(300, 300);
  fixture.seat.click();
  await client.heard('pointer.button 272 0');
  expect(popup.done).toBe(0);
});

test('when its parent is unmapped a popup is over, and what its client still sends is no error', async () => {
  const client = await fixture.connect();
  const window = await TestWindow.open(client, { colour: red });
  const popup = new TestPopup(
    window,
    client.positioner({ size: [20, 20], anchor: [0, 0, 1, 1], gravity: 8 }),
  );
  await popup.map(green);
  window.proxy.attach(null, 0, 0);
  window.proxy.commit();
  popup.show(client.buffer(20, 20, blue));
  await client.heard(`popup.done ${popup.id}`);
  popup.show(client.buffer(20, 20, blue));
  popup.destroy();
  await client.roundtrip();
});

test('a reactive popup is placed anew when its parent moves', async () => {
  const client = await fixture.connect();
  const window = await TestWindow.open(client, { colour: red, size: [400, 300] });
  const popup = new TestPopup(
    window,
    client.positioner({
      size: [120, 40],
      anchor: [399, 10, 1, 1],
      anchorEdge: 8,
      gravity: 8,
      adjustment: 1,
      reactive: true,
    }),
  );
  await popup.map(green);
  expect(popup.placed.x).toBe(400);
  // The window is centred, so that a narrower output leaves less beside it.
  const { mode } = fixture.seat.monitor;
  fixture.seat.monitor.setMode({ ...mode, width: 480 });
  await client.until(() => popup.placed.x === 320, 'the popup to slide');
  fixture.seat.monitor.setMode(mode);
  await client.until(() => popup.placed.x === 400, 'the popup to slide back');
});
