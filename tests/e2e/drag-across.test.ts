import {
  WlDataDeviceManagerDndAction,
  WlDataDeviceManagerProxy,
  type WlDataDeviceProxy,
  type WlDataSourceProxy,
} from '@switchyard/wayland';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, SeatPage } from '../support/SeatPage.js';
import { slowness } from '../support/slowness.js';
import { TestClient, TestWindow } from '../support/TestClient.js';
import { XScreen } from '../support/XScreen.js';
import { eventually, YardTree } from '../support/YardTree.js';

const patience = 20_000 * slowness();
const width = 500;
const { copy } = WlDataDeviceManagerDndAction;

let screen: XScreen;
let tree: YardTree;
let browser: Browser;
let left: Page;
let right: Page;
let client: TestClient;
let windows: TestWindow[];

beforeAll(async () => {
  screen = await XScreen.start(1500, 700);
  [tree, browser] = await Promise.all([
    YardTree.up('--no-console', '--size', `${width}x400`),
    launchBrowser(screen.display),
  ]);
  const context = await browser.newContext({ viewport: null });
  left = await context.newPage();
  await left.goto(tree.info.url);
  await SeatPage.of(left);
  await place(left, { left: 0, top: 0 });
  const opened = left.waitForEvent('popup');
  await left.getByRole('button', { name: 'Add a monitor' }).click();
  right = await opened;
  await SeatPage.of(right);
  await place(right, { left: 720, top: 60 });
  client = await TestClient.connect(tree.info.waylandDisplay);
  windows = [
    await TestWindow.open(client, { colour: 0xffaa0000 }),
    await TestWindow.open(client, { colour: 0xff0000aa }),
  ];
  await shows(left, 0xaa);
  await shows(right, 0);
});
afterAll(async () => {
  client?.close();
  await browser?.close();
  await tree?.down();
  await screen?.close();
});

/** Where the person has put the window. */
async function place(page: Page, corner: { left: number; top: number }): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const { windowId } = await devtools.send('Browser.getWindowForTarget');
  await devtools.send('Browser.setWindowBounds', {
    windowId,
    bounds: { ...corner, width: 660, height: 560 },
  });
  await eventually(
    `the window at ${corner.left}`,
    () => page.evaluate(({ left, top }) => screenX === left && screenY === top, corner),
    patience,
  );
}

const shows = (page: Page, red: number) =>
  eventually(
    'the window',
    () =>
      page.evaluate((red) => {
        const canvas = document.querySelector<HTMLCanvasElement>('canvas#screen')!;
        const [r, , b] = canvas.getContext('2d')!.getImageData(100, 100, 1, 1).data;
        return r === red && b === 0xaa - red;
      }, red),
    patience,
  );

/** The mouse, to a part of a monitor's width and height. */
async function point(page: Page, x: number, y: number): Promise<void> {
  const [screenX, screenY] = await page.evaluate(
    ([x, y]) => {
      const box = document.querySelector('canvas#screen')!.getBoundingClientRect();
      // Without a window manager nothing is around a window but the browser's own bars at its top.
      const top = window.screenY + window.outerHeight - window.innerHeight;
      return [window.screenX + box.left + x! * box.width, top + box.top + y! * box.height];
    },
    [x, y],
  );
  await screen.tool('mousemove', String(Math.round(screenX!)), String(Math.round(screenY!)));
}

/** The middle of the second monitor, in its pixels. */
const middle = () =>
  right.evaluate(() => {
    const { width, height } = document.querySelector<HTMLCanvasElement>('canvas#screen')!;
    return { x: width / 2, y: height / 2 };
  });

/** The last happening of this kind is within a few pixels of this place. */
const happensAt = (kind: string, x: number, y: number) =>
  eventually(
    `${kind} at ${x},${y}; there was ${client.happenings.slice(-5).join(', ')}`,
    async () => {
      const last = client.happenings.findLast((happening) => happening.startsWith(kind));
      const [atX = -1, atY = -1] = (last ?? '').split(' ').slice(-2).map(Number);
      return Math.abs(atX - x) <= 3 && Math.abs(atY - y) <= 3;
    },
    patience,
  );

const cursorOf = (page: Page) =>
  page.locator('canvas#screen').evaluate((canvas) => canvas.style.cursor || 'default');

test('a window that has the pointer while a button is held hears of it in the other window of the browser too', async () => {
  await point(left, 0.5, 0.5);
  await screen.tool('mousedown', '1');
  await client.heard('pointer.button 272 1');
  const from = client.happenings.length;
  await point(left, 0.9, 0.5);
  await point(right, 0.5, 0.5);
  const { x, y } = await middle();
  await happensAt('pointer.motion', width + x, y);
  // The browser shows the pointer of the window where the button went down: it looks as it does on the other.
  await eventually(
    'the pointer of the other',
    async () => (await cursorOf(left)) === (await cursorOf(right)) && (await cursorOf(left)) !== 'none',
    patience,
  );
  await screen.tool('mouseup', '1');
  await client.heard('pointer.button 272 0', from);
  await client.heard(`pointer.enter ${windows[1]!.id}`, from);
  // Not before the button was up.
  const all = client.happenings.slice(from);
  const leaves = all.indexOf(`pointer.leave ${windows[0]!.id}`);
  expect(all.indexOf('pointer.button 272 0')).toBeLessThan(leaves);
});

test('what is dragged from a program on one monitor is dropped on one on the other', async () => {
  const { device, source } = await dragging();
  await point(left, 0.4, 0.4);
  const from = client.happenings.length;
  await screen.tool('mousedown', '1');
  await client.heard('pointer.button 272 1', from);
  device.startDrag(source(), windows[0]!.proxy, null, client.serial);
  await client.heard(`drag.enter ${windows[0]!.id}`, from);
  await point(left, 0.9, 0.4);
  await point(right, 0.5, 0.5);
  await client.heard(`drag.enter ${windows[1]!.id}`, from);
  const { x, y } = await middle();
  await happensAt('drag.', x, y);
  await screen.tool('mouseup', '1');
  await client.heard('drag.drop', from);
  await client.heard('source.dropped', from);
});

/** The client's data device, and what it can drag. */
async function dragging(): Promise<{ device: WlDataDeviceProxy; source(): WlDataSourceProxy }> {
  const say = (text: string) => client.say(text);
  const globals = await client.display.globals();
  const manager = globals.require(WlDataDeviceManagerProxy, { minimum: 3, maximum: 3 });
  const device = manager.getDataDevice(client.seat, {
    dataOffer: (_, offer) => offer.implement({ offer() {}, sourceActions() {}, action() {} }),
    selection() {},
    enter: (_, serial, surface, x, y, offer) => {
      offer?.accept(serial, 'text/plain');
      offer?.setActions(copy, copy);
      say(`drag.enter ${surface?.id} ${Math.floor(x)} ${Math.floor(y)}`);
    },
    leave: () => say('drag.leave'),
    motion: (_, __, x, y) => say(`drag.motion ${Math.floor(x)} ${Math.floor(y)}`),
    drop: () => say('drag.drop'),
  });
  const source = () => {
    const made = manager.createDataSource({
      target() {},
      send: (_, __, fd) => fd.close(),
      cancelled: () => say('source.cancelled'),
      dndDropPerformed: () => say('source.dropped'),
      dndFinished() {},
      action() {},
    });
    made.offer('text/plain');
    made.setActions(copy);
    return made;
  };
  return { device, source };
}
