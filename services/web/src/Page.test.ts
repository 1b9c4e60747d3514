/// <reference lib="dom" />
import { constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DBusError, Variant } from '@switchyard/dbus';
import { Fd, fileStat, pread, sealedMemfd } from '@switchyard/sys';
import { ABS, BTN, EV, KEY } from '@switchyard/uapi';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { axeViolations } from './testing/Axe.js';
import { ServiceTree } from './testing/ServiceTree.js';
import { TestSession } from './testing/TestSession.js';
import { web } from './WebInterface.js';

const WIDTH = 640;
const HEIGHT = 480;

let tree: ServiceTree;
let session: TestSession;
let browser: Browser;
const pages: Page[] = [];
const complaints: string[] = [];

const home = mkdtempSync(join(tmpdir(), 'yard-home-'));

beforeAll(async () => {
  process.env['HOME'] = home;
  [tree, browser] = await Promise.all([
    ServiceTree.start(['--size', `${WIDTH}x${HEIGHT}`]),
    chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] }),
  ]);
  session = await TestSession.create(tree.connection, 'Painter');
  session.words.fill(0x335577);
  await session.present();
});
afterEach(async () => {
  for (const page of pages.splice(0)) await page.context().close();
  expect(complaints.splice(0)).toEqual([]);
});
afterAll(async () => {
  session?.end();
  await browser?.close();
  await tree?.stop();
  rmSync(home, { recursive: true, force: true, maxRetries: 10 });
});

async function open(permissions: string[] = [], more: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 800, height: 700 }, permissions, ...more });
  const page = await context.newPage();
  pages.push(page);
  // A blocked resource or an exception shows up here.
  page.on('console', (message) => {
    if (message.type() === 'error' && !/ERR_CONNECTION|WebSocket connection|403/.test(message.text()))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(await tree.url());
  await page.waitForSelector('canvas#screen[data-state="live"]');
  return page;
}

/** The canvas's pixels as 0x00RRGGBB. */
async function pixels(page: Page): Promise<Uint32Array> {
  const base64 = await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('canvas#screen')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let text = '';
    for (let at = 0; at < data.length; at += 32768)
      text += String.fromCharCode(...data.subarray(at, at + 32768));
    return btoa(text);
  });
  const rgba = Buffer.from(base64, 'base64');
  return Uint32Array.from({ length: rgba.length / 4 }, (_, i) => rgba.readUIntBE(i * 4, 3));
}

const shows = async (page: Page, words: Uint32Array) =>
  Buffer.from((await pixels(page)).buffer).equals(Buffer.from(Uint32Array.from(words).buffer));

const keys = () =>
  session.keyboard.filter((event) => event.type === EV.KEY).map(({ code, value }) => [code, value]);

describe('the screen', () => {
  test('shows the session’s pixels exactly, in every tab', async () => {
    const [one, two] = [await open(), await open()];
    for (let i = 0; i < session.words.length; i++) session.words[i] = (i * 7919) & 0xffffff;
    session.words.fill(0xc0ffee, 0, 40_000);
    await session.present();
    for (const page of [one, two]) await expect.poll(() => shows(page, session.words)).toBe(true);
    expect(
      await one.locator('#screen').evaluate((canvas: HTMLCanvasElement) => ({ ...canvas.dataset })),
    ).toMatchObject({
      seat: 'seat0',
      state: 'live',
    });
    const frames = () => one.locator('#screen').getAttribute('data-frames').then(Number);
    const before = await frames();
    session.words.fill(0);
    await session.present();
    await expect.poll(frames).toBeGreaterThan(before);
  });

  test('scrolls by moving what it has', async () => {
    const page = await open();
    // Runs of eight pixels: no row is like another, and a screen of them is 300 kB.
    for (let i = 0; i < session.words.length; i++) session.words[i] = Math.imul(i >> 3, 2654435761) >>> 8;
    await session.present();
    await expect.poll(() => shows(page, session.words)).toBe(true);
    let received = 0;
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Network.enable');
    devtools.on('Network.webSocketFrameReceived', ({ response }) => {
      received += response.payloadData.length;
    });
    for (const rows of [17, -40, 17, 200]) {
      const lost = Math.abs(rows) * WIDTH;
      const before = session.words.slice();
      if (rows > 0) session.words.set(before.subarray(lost));
      else session.words.set(before.subarray(0, before.length - lost), lost);
      await session.present();
      await expect.poll(() => shows(page, session.words)).toBe(true);
    }
    // Base64; four whole screens would be 1.6 MB.
    expect(received).toBeGreaterThan(0);
    expect(received).toBeLessThan(500_000);
  });

  test('follows the window when asked to', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Fit the seat to this window' }).click();
    await session.until(() => session.mode?.width === 800);
    const { width, height } = session.mode!;
    session.words.fill(0x102938);
    await session.present();
    await expect.poll(() => shows(page, session.words)).toBe(true);
    const box = (await page.locator('#screen').boundingBox())!;
    expect(box.width).toBeCloseTo(width, 1);
    expect(box.height).toBeCloseTo(height, 1);
    await page.setViewportSize({ width: 640, height: 480 + 700 - height });
    await page.getByRole('button', { name: 'Fit the seat to this window' }).click();
    await session.until(() => session.mode?.width === WIDTH);
    session.words.fill(0x335577);
    await session.present();
  });

  test('has a screen’s small pixels one by one, and pointers no smaller than elsewhere', async () => {
    const page = await open([], { deviceScaleFactor: 2 });
    await page.getByRole('button', { name: 'Fit the seat to this window' }).click();
    await session.until(() => session.mode?.scale === 240);
    expect(session.mode!.width).toBe(1600);
    session.words.fill(0x102938);
    await session.present();
    await expect.poll(() => shows(page, session.words)).toBe(true);
    const box = (await page.locator('#screen').boundingBox())!;
    expect(box.width).toBeCloseTo(session.mode!.width / 2, 1);
    expect(box.height).toBeCloseTo(session.mode!.height / 2, 1);
    session.setCursor({
      width: 48,
      height: 48,
      pixels: new Uint8Array(48 * 48 * 4).fill(255),
      hotX: 10,
      hotY: 12,
    });
    const cursor = () => page.locator('#screen').evaluate((canvas: HTMLElement) => canvas.style.cursor);
    await expect
      .poll(cursor)
      .toMatch(/^image-set\(url\("data:image\/png;base64,.+"\) 2(?:x|dppx)\) 5 6, default$/);
    session.setCursor('default');
    await tree.connection
      .proxy(web.name, web.path)
      .call(web.interface, 'SetMode', 'suu', 'seat0', WIDTH, HEIGHT);
    await session.until(() => session.mode?.scale === 120);
    session.words.fill(0x335577);
    await session.present();
  });

  test('fills the display, with the bar out of the way until it is wanted', async () => {
    const page = await open();
    const button = page.getByRole('button', { name: 'Full screen' });
    await button.click();
    await expect.poll(() => button.getAttribute('aria-pressed')).toBe('true');
    await page.locator('#screen').focus();
    const bar = () => page.locator('#bar').evaluate((element) => getComputedStyle(element).opacity);
    await page.mouse.move(400, 400);
    await expect.poll(bar).toBe('0');
    await button.focus();
    await expect.poll(bar).toBe('1');
    await button.press('Enter');
    await expect.poll(() => button.getAttribute('aria-pressed')).toBe('false');
  });

  test('turns the session’s cursor into the browser’s', async () => {
    const page = await open();
    const pixels = new Uint8Array(24 * 24 * 4).fill(255);
    session.setCursor({ width: 24, height: 24, pixels, hotX: 5, hotY: 6 });
    const cursor = () => page.locator('#screen').evaluate((canvas: HTMLElement) => canvas.style.cursor);
    await expect.poll(cursor).toMatch(/^url\("data:image\/png;base64,.+"\) 5 6, default$/);
    session.setCursor('nwse-resize');
    await expect.poll(cursor).toBe('nwse-resize');
    session.setCursor('hidden');
    await expect.poll(cursor).toBe('none');
    session.setCursor('default');
    await expect.poll(cursor).toBe('default');
  });
});

describe('the keyboard', () => {
  test('reaches the session key by key, without the browser’s repeats, and lets go when the focus leaves', async () => {
    const page = await open();
    await page.locator('#screen').click();
    session.keyboard.length = 0;
    await page.keyboard.down('KeyH');
    await page.keyboard.down('KeyH');
    await page.keyboard.up('KeyH');
    await page.keyboard.press('Control+Alt+F2');
    await page.keyboard.press('Tab');
    await page.keyboard.down('ShiftLeft');
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await session.until(() => keys().length >= 12);
    expect(keys()).toEqual([
      [KEY.H, 1],
      [KEY.H, 0],
      [KEY.LEFTCTRL, 1],
      [KEY.LEFTALT, 1],
      [KEY.F2, 1],
      [KEY.F2, 0],
      [KEY.LEFTALT, 0],
      [KEY.LEFTCTRL, 0],
      [KEY.TAB, 1],
      [KEY.TAB, 0],
      [KEY.LEFTSHIFT, 1],
      [KEY.LEFTSHIFT, 0],
    ]);
  });

  test('gives a character its Shift when it comes without, as from on-screen keyboards', async () => {
    const page = await open();
    await page.locator('#screen').click();
    session.keyboard.length = 0;
    await page.keyboard.type('a$A');
    await session.until(() => keys().length >= 10);
    expect(keys()).toEqual([
      [KEY.A, 1],
      [KEY.A, 0],
      [KEY.LEFTSHIFT, 1],
      [KEY[4], 1],
      [KEY.LEFTSHIFT, 0],
      [KEY[4], 0],
      [KEY.LEFTSHIFT, 1],
      [KEY.A, 1],
      [KEY.LEFTSHIFT, 0],
      [KEY.A, 0],
    ]);
  });

  test('sends Ctrl+Alt chords from a menu, by keyboard alone', async () => {
    const page = await open();
    await page.locator('#screen').click();
    for (const key of ['Control', 'Alt', 'Shift']) await page.keyboard.down(key);
    for (const key of ['Shift', 'Alt', 'Control']) await page.keyboard.up(key);
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset['session'])).toBe(
      session.id,
    );
    await page.getByRole('button', { name: 'Send Ctrl+Alt keys' }).press('Enter');
    session.keyboard.length = 0;
    await page.getByRole('button', { name: 'Ctrl+Alt+F7' }).press('Enter');
    await session.until(() => keys().length >= 6);
    expect(keys()).toEqual([
      [KEY.LEFTCTRL, 1],
      [KEY.LEFTALT, 1],
      [KEY.F7, 1],
      [KEY.F7, 0],
      [KEY.LEFTALT, 0],
      [KEY.LEFTCTRL, 0],
    ]);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('screen');
  });
});

test('the pointer reaches the session where it points, with buttons and wheel', async () => {
  const page = await open();
  const box = (await page.locator('#screen').boundingBox())!;
  session.pointer.length = 0;
  await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.down({ button: 'right' });
  await page.mouse.up();
  await page.mouse.up({ button: 'right' });
  await page.mouse.wheel(0, 100);
  const buttons = () =>
    session.pointer.filter((event) => event.type === EV.KEY).map(({ code, value }) => [code, value]);
  await session.until(() => session.pointer.some((event) => event.type === EV.REL));
  const [x, y] = session.pointer.filter((event) => event.type === EV.ABS);
  expect(x!.value / 65535).toBeCloseTo(0.25, 2);
  expect(y!.value / 65535).toBeCloseTo(0.5, 2);
  expect(buttons()).toEqual([
    [BTN.LEFT, 1],
    [BTN.RIGHT, 1],
    [BTN.LEFT, 0],
    [BTN.RIGHT, 0],
  ]);
  expect(
    session.pointer.filter((event) => event.type === EV.REL).map(({ code, value }) => [code, value]),
  ).toEqual([
    [11, -120],
    [8, -1],
  ]);
});

describe('fingers', () => {
  async function phone() {
    const page = await open([], { hasTouch: true, isMobile: true, viewport: { width: 640, height: 700 } });
    await session.until(() => session.hasTouch);
    const box = (await page.locator('#screen').boundingBox())!;
    const debug = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...places: [number, number][]) =>
      debug.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: places.map(([x, y], id) => ({
          x: box.x + x * box.width,
          y: box.y + y * box.height,
          id,
        })),
      });
    return { page, touch, debug };
  }
  const absolute = () => session.touch.filter(({ type }) => type === EV.ABS);

  test('reach the session one by one as a touchscreen’s, and are no pointer', async () => {
    const { touch } = await phone();
    session.touch.length = 0;
    session.pointer.length = 0;
    await touch('touchStart', [0.25, 0.5]);
    await touch('touchStart', [0.25, 0.5], [0.75, 0.5]);
    await touch('touchMove', [0.25, 0.5], [0.75, 0.75]);
    await touch('touchEnd');
    const lifted = () => absolute().filter(({ code, value }) => code === ABS.MT_TRACKING_ID && value === -1);
    await session.until(() => lifted().length === 2);
    const at = (code: number) =>
      absolute()
        .filter((event) => event.code === code)
        .map(({ value }) => Math.round((value / 65535) * 100));
    expect(at(ABS.MT_POSITION_X).slice(0, 2)).toEqual([25, 75]);
    expect(at(ABS.MT_POSITION_Y).at(-1)).toBe(75);
    expect(
      new Set(
        absolute()
          .filter(({ code }) => code === ABS.MT_SLOT)
          .map(({ value }) => value),
      ),
    ).toEqual(new Set([0, 1]));
    expect(
      session.touch.filter(({ type }) => type === EV.KEY).map(({ code, value }) => [code, value]),
    ).toEqual([
      [BTN.TOUCH, 1],
      [BTN.TOUCH, 0],
    ]);
    expect(session.pointer).toEqual([]);
  });

  test('are lifted when the page goes', async () => {
    const { page, touch } = await phone();
    session.touch.length = 0;
    await touch('touchStart', [0.5, 0.5]);
    await session.until(() => absolute().length >= 3);
    await page.goto('about:blank');
    await session.until(() =>
      absolute().some(({ code, value }) => code === ABS.MT_TRACKING_ID && value === -1),
    );
  });

  test('move the view instead while the zoom button is pressed', async () => {
    const { page, touch } = await phone();
    await page.getByRole('button', { name: 'Zoom and move the view' }).click();
    session.touch.length = 0;
    const width = async () => (await page.locator('#screen').boundingBox())!.width;
    const before = await width();
    await touch('touchStart', [0.4, 0.5]);
    await touch('touchStart', [0.4, 0.5], [0.6, 0.5]);
    await touch('touchMove', [0.3, 0.5], [0.7, 0.5]);
    await touch('touchEnd');
    await expect.poll(async () => Math.round(((await width()) / before) * 10)).toBe(20);
    expect(session.touch).toEqual([]);
    await page.locator('#zoom').press('0');
    await expect.poll(width).toBe(before);
  });
});

describe('text', () => {
  test('from a phone’s keyboard is typed, with Ctrl from the bar, and deleting deletes', async () => {
    const page = await open([], { hasTouch: true, isMobile: true, viewport: { width: 640, height: 700 } });
    await page.getByRole('button', { name: 'Text field and keys' }).click();
    session.keyboard.length = 0;
    await page.keyboard.insertText('aB');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Ctrl', exact: true }).click();
    await page.keyboard.insertText('c');
    await page.getByRole('button', { name: 'Escape' }).click();
    const pressed = () =>
      keys()
        .filter(([, value]) => value === 1)
        .map(([code]) => code);
    await session.until(() => pressed().length >= 8);
    expect(pressed()).toEqual([
      KEY.A,
      KEY.LEFTSHIFT,
      KEY.B,
      KEY.BACKSPACE,
      KEY.ENTER,
      KEY.LEFTCTRL,
      KEY.C,
      KEY.ESC,
    ]);
  });

  test('from an input method on the canvas is typed when it is chosen, and not while it is composed', async () => {
    const page = await open();
    await page.locator('#screen').click();
    session.keyboard.length = 0;
    const debug = await page.context().newCDPSession(page);
    await debug.send('Input.imeSetComposition', { text: 'ni', selectionStart: 2, selectionEnd: 2 });
    await debug.send('Input.imeSetComposition', { text: 'nih', selectionStart: 3, selectionEnd: 3 });
    await debug.send('Input.insertText', { text: 'ok' });
    await session.until(() => keys().length >= 4);
    expect(keys()).toEqual([
      [KEY.O, 1],
      [KEY.O, 0],
      [KEY.K, 1],
      [KEY.K, 0],
    ]);
  });

  test('goes into the field that a program has enabled, composed and then chosen', async () => {
    const composed: string[] = [];
    const field = tree.connection.export('/org/switchyard/Display1', {
      name: 'org.switchyard.TextInput1',
      methods: {
        GetState: { in: 's', out: 'a{sv}', call: () => [new Map([['enabled', new Variant('b', true)]])] },
        Compose: {
          in: 'sssiiuu',
          out: 'b',
          call: (_context, _seat: string, commit: string, preedit: string, begin: number) => {
            composed.push(`${commit}|${preedit}|${begin}`);
            return [true];
          },
        },
      },
    });
    await tree.connection.requestName('org.switchyard.Display');
    const page = await open();
    await page.locator('#screen').click();
    const debug = await page.context().newCDPSession(page);
    await debug.send('Input.imeSetComposition', { text: '漢', selectionStart: 1, selectionEnd: 1 });
    await expect.poll(() => composed).toEqual(['|漢|3']);
    await debug.send('Input.insertText', { text: '漢字' });
    await expect.poll(() => composed).toEqual(['|漢|3', '|漢字|6', '||0', '漢字||0']);
    field[Symbol.dispose]();
    await tree.connection.releaseName('org.switchyard.Display');
  });

  test('is composed beside the seat’s text cursor, on the canvas as in the text field', async () => {
    const state = (x: number, y: number) =>
      new Map<string, Variant>([
        ['enabled', new Variant('b', true)],
        ['cursor', new Variant('(iiii)', [x, y, 2, 16])],
      ]);
    const field = tree.connection.export('/org/switchyard/Display1', {
      name: 'org.switchyard.TextInput1',
      methods: {
        GetState: { in: 's', out: 'a{sv}', call: () => [state(320, 240)] },
        Compose: { in: 'sssiiuu', out: 'b', call: () => [true] },
      },
    });
    const move = (x: number, y: number) =>
      tree.connection.emit({
        path: '/org/switchyard/Display1',
        interface: 'org.switchyard.TextInput1',
        member: 'StateChanged',
        signature: 'sa{sv}',
        body: ['seat0', state(x, y)],
      });
    await tree.connection.requestName('org.switchyard.Display');
    const page = await open();
    await page.evaluate(() => {
      const { EditContext } = window as unknown as {
        EditContext: { prototype: { updateSelectionBounds(bounds: DOMRect): void } };
      };
      EditContext.prototype.updateSelectionBounds = ({ left, top, width, height }) => {
        document.body.dataset['composedAt'] = [left, top, width, height].map(Math.round).join();
      };
    });
    /** Where a place of the output is in the window. */
    const inWindow = async (x: number, y: number) => {
      const box = (await page.locator('#screen').boundingBox())!;
      const scale = box.width / WIDTH;
      return [box.x + x * scale, box.y + y * scale, 2 * scale, 16 * scale].map(Math.round);
    };
    await page.locator('#screen').click();
    const debug = await page.context().newCDPSession(page);
    const compose = (text: string) =>
      debug.send('Input.imeSetComposition', { text, selectionStart: 1, selectionEnd: 1 });
    await compose('漢');
    const composedAt = () => page.evaluate(() => document.body.dataset['composedAt']);
    await expect.poll(composedAt).toBe((await inWindow(320, 240)).join());
    move(100, 50);
    await expect.poll(composedAt).toBe((await inWindow(100, 50)).join());
    await debug.send('Input.insertText', { text: '漢' });

    await page.locator('#soft').click();
    const typing = page.locator('#typing');
    const home = await typing.boundingBox();
    await compose('漢');
    const [left, top, , height] = await inWindow(100, 50);
    await expect
      .poll(async () => {
        const { x, y } = (await typing.boundingBox())!;
        return Math.abs(x - left!) + Math.abs(y - top! - height!);
      })
      .toBeLessThan(3);
    move(200, 470);
    await expect.poll(async () => (await typing.boundingBox())!.y).toBeLessThan(700);
    await debug.send('Input.insertText', { text: '漢' });
    await expect.poll(() => typing.boundingBox()).toEqual(home);
    field[Symbol.dispose]();
    await tree.connection.releaseName('org.switchyard.Display');
  });

  test('that the layout has no keys for is not lost without a word', async () => {
    const page = await open();
    await page.locator('#screen').click();
    session.keyboard.length = 0;
    await page.keyboard.insertText('a漢字');
    await expect.poll(() => page.getByRole('status').textContent()).toContain('no key for 漢 字');
    await page.keyboard.press('KeyZ');
    await session.until(() => keys().length >= 2);
    expect(keys()[0]).toEqual([KEY.Z, 1]);
  });
});

test('the session bar shows the sessions and switches among them', async () => {
  const page = await open();
  const second = await TestSession.create(tree.connection, 'Second <b>');
  second.words.fill(0x00ff00);
  await second.present();
  const current = page.locator('nav#sessions button[aria-current="true"]');
  await expect.poll(() => current.textContent()).toBe('Second <b>');
  await expect.poll(async () => (await pixels(page))[0]).toBe(0x00ff00);
  await page.locator(`nav#sessions button[data-session="${session.id}"]`).click();
  await expect.poll(() => current.getAttribute('data-session')).toBe(session.id);
  await session.until(() => session.mode !== undefined);
  session.words.fill(0x335577);
  await session.present();
  await expect.poll(async () => (await pixels(page))[0]).toBe(0x335577);
  second.end();
  await expect.poll(() => page.locator('nav#sessions button').count()).toBe(1);
});

test('every control has a name and can be reached by keyboard', async () => {
  const page = await open();
  const nameless = await page.locator('button, canvas').evaluateAll((elements) =>
    elements
      .filter((element) => {
        const name = element.getAttribute('aria-label') ?? element.textContent?.trim();
        return !name || (element as HTMLElement).tabIndex < 0;
      })
      .map((element) => element.outerHTML),
  );
  expect(nameless).toEqual([]);
  expect(await page.getByRole('status').textContent()).toBe('Live');
});

test('axe-core finds nothing amiss, whatever is open', async () => {
  const page = await open();
  for (const scheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    expect(await axeViolations(page)).toEqual([]);
    for (const menu of await page.locator('[popover]').all()) {
      await menu.evaluate((element: HTMLElement) => element.showPopover());
      expect(await axeViolations(page)).toEqual([]);
      await menu.evaluate((element: HTMLElement) => element.hidePopover());
    }
  }
});

test('numbers tell what comes and how long it takes', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Statistics' }).press('Enter');
  const value = (name: string) => page.locator(`[data-value="${name}"]`).textContent();
  await session.present();
  await expect.poll(() => value('latency')).toMatch(/^\d+\.\d ms$/);
  await expect.poll(() => value('frames')).toMatch(/^\d+ \/s$/);
  await expect.poll(() => value('received')).toMatch(/^\d+\.\d KiB\/s$/);
  await expect.poll(() => value('sound')).toBe('off');
});

test('the terminal’s text is there for screen readers while its button is pressed', async () => {
  const screen = { text: 'one\ntwo\nthree\nfour' };
  const terminal = tree.connection.export('/org/switchyard/Terminal1', {
    name: 'org.switchyard.Terminal1',
    methods: { Text: { out: 's', call: () => [screen.text] } },
  });
  const name = `org.switchyard.Terminal1.${session.id}`;
  await tree.connection.requestName(name);
  const page = await open();
  const button = page.getByRole('button', { name: 'Read the terminal’s text' });
  const log = page.getByRole('log', { name: 'Terminal' });
  expect(await log.locator('div').count()).toBe(0);
  await button.press('Enter');
  await expect.poll(() => log.locator('div').allTextContents()).toEqual(['one', 'two', 'three', 'four']);
  // What has scrolled up is the same line still: only the new one is news.
  await log
    .locator('div')
    .last()
    .evaluate((line) => line.setAttribute('data-same', ''));
  screen.text = 'two\nthree\nfour\nfive\n\n';
  await expect.poll(() => log.locator('div').allTextContents()).toEqual(['two', 'three', 'four', 'five']);
  expect(await log.locator('[data-same]').textContent()).toBe('four');
  await button.press('Enter');
  await expect.poll(() => log.locator('div').count()).toBe(0);
  terminal[Symbol.dispose]();
  await tree.connection.releaseName(name);
});

test('can be installed as a program', async () => {
  const page = await open();
  const debug = await page.context().newCDPSession(page);
  const { url, errors, data } = await debug.send('Page.getAppManifest');
  expect([new URL(url).pathname, errors]).toEqual(['/manifest.webmanifest', []]);
  expect(JSON.parse(data!)).toMatchObject({ display: 'standalone', start_url: '/' });
});

describe('several viewers', () => {
  test('see each other; one takes the seat, gives it to the other by keyboard alone, and is told when it is taken', async () => {
    const [one, two] = [await open(), await open()];
    await expect.poll(() => two.getByRole('button', { name: 'Viewers: 2' }).count()).toBe(1);
    await one.getByRole('button', { name: 'Viewers: 2' }).press('Enter');
    await one.getByRole('button', { name: 'Take control' }).press('Enter');
    await expect.poll(() => one.getByRole('status').textContent()).toBe('You have control');
    await expect.poll(() => two.locator('#viewers').getAttribute('data-acts')).toBe('false');
    session.keyboard.length = 0;
    await two.locator('#screen').click();
    await two.keyboard.press('KeyB');
    await one.locator('#viewers').press('Enter');
    await one.getByRole('button', { name: /^Give control to / }).press('Enter');
    await expect.poll(() => two.getByRole('status').textContent()).toBe('You have control');
    await expect.poll(() => one.getByRole('status').textContent()).toMatch(/took control$/);
    await two.locator('#screen').click();
    await two.keyboard.press('KeyC');
    await session.until(() => keys().length >= 2);
    expect(keys()[0]).toEqual([KEY.C, 1]);
    await two.locator('#viewers').press('Enter');
    await two.getByRole('button', { name: 'Let others act too' }).press('Enter');
    await expect.poll(() => one.locator('#viewers').getAttribute('data-acts')).toBe('true');
  });
});

describe('files', () => {
  const status = (page: Page) => page.getByRole('status').textContent();

  test('go to the downloads of the session’s user, under a harmless name, and never over another', async () => {
    const page = await open();
    const file = { name: '../.profile', mimeType: 'text/plain', buffer: Buffer.from('from the browser') };
    for (const saved of ['profile', 'profile (1)']) {
      await page.locator('#file').setInputFiles([file]);
      await expect.poll(() => status(page)).toBe(`Saved as ~/Downloads/${saved}`);
      expect(readFileSync(join(home, 'Downloads', saved), 'utf8')).toBe('from the browser');
    }
    await page.locator('#stage').evaluate((stage) => {
      const data = new DataTransfer();
      data.items.add(new File(['dropped'], 'a.txt'));
      stage.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await expect.poll(() => status(page)).toBe('Saved as ~/Downloads/a.txt');
  });

  test('are not taken from who may only watch, nor from a page that has lost its proof', async () => {
    const bus = tree.connection.proxy(web.name, web.path);
    const [, link] = (await bus.call(web.interface, 'Share', 'sb', 'watcher', true)) as [string, string];
    const page = await open();
    const send = (viewer: number, proof: string | undefined) =>
      page.evaluate(
        async ([to, given]) => {
          const headers = given === undefined ? {} : { 'x-proof': given };
          return (await fetch(to!, { method: 'POST', body: 'x', headers })).status;
        },
        [`/drop?name=x&viewer=${viewer}`, proof] as const,
      );
    const proof = (await page.evaluate(() => localStorage.getItem('proof')))!;
    const audience = (await bus.get(web.interface, 'Audience')) as [number][];
    const you = audience.at(-1)![0];
    expect(await send(you, undefined)).toBe(403);
    expect(await send(you, 'wrong')).toBe(403);
    expect(await send(you + 1, proof)).toBe(409);
    expect(await send(you, proof)).toBe(200);
    await page.goto(link);
    await page.waitForSelector('canvas#screen[data-state="live"]');
    await page.locator('#file').setInputFiles([{ name: 'y', mimeType: '', buffer: Buffer.from('y') }]);
    await expect.poll(() => status(page)).toContain('for watching only');
    await bus.call(web.interface, 'Revoke', 's', 'watcher');
    await page.waitForSelector('canvas#screen[data-state="disconnected"]');
    complaints.splice(0); // The browser notes each status of 400 and above.
  });

  test('that the seat sends are saved by the browser, each once', async () => {
    const page = await open();
    const path = join(home, 'to send.bin');
    const bytes = Buffer.alloc(300_000, 'switchyard');
    writeFileSync(path, bytes);
    const download = page.waitForEvent('download');
    const bus = tree.connection.proxy(web.name, web.path);
    await bus.call(web.interface, 'Send', 'sh', 'to send.bin', Fd.open(path, constants.O_RDONLY));
    const got = await download;
    expect(got.suggestedFilename()).toBe('to send.bin');
    expect(readFileSync(await got.path()).equals(bytes)).toBe(true);
    expect(await page.evaluate(async (url) => (await fetch(url)).status, got.url())).toBe(404);
    complaints.splice(0);
    await expect(
      bus.call(web.interface, 'Send', 'sh', 'null', Fd.open('/dev/null', constants.O_RDONLY)),
    ).rejects.toThrow('no plain file');
  });
});

describe('the clipboard', () => {
  /** Stands in for the display, which owns the seat's selection. */
  function exportClipboard() {
    const held = { text: '', primary: '', image: Buffer.alloc(0) };
    const clipboard = tree.connection.export('/org/switchyard/Display1', {
      name: 'org.switchyard.Clipboard1',
      methods: {
        SetSelection: {
          in: 'sa{sh}',
          call: (_context, seat: string, data: Map<string, Fd>) => {
            expect(seat).toBe('seat0');
            const image = data.get('image/png');
            const fd = image ?? data.get('text/plain;charset=utf-8')!;
            const bytes = new Uint8Array(fileStat(fd).size);
            pread(fd, bytes, 0);
            for (const each of data.values()) each.close();
            if (image) held.image = Buffer.from(bytes);
            else held.text = Buffer.from(bytes).toString();
          },
        },
        SetPrimarySelection: {
          in: 'sa{sh}',
          call: (_context, _seat: string, data: Map<string, Fd>) => {
            const fd = data.get('UTF8_STRING')!;
            const bytes = new Uint8Array(fileStat(fd).size);
            pread(fd, bytes, 0);
            for (const each of data.values()) each.close();
            held.primary = Buffer.from(bytes).toString();
          },
        },
        GetSelection: {
          in: 'ss',
          out: 'h',
          call: (_context, _seat: string, type: string) => {
            if (type === 'image/png') return [sealedMemfd('selection', held.image)];
            if (type !== 'text/plain;charset=utf-8')
              throw new DBusError('org.switchyard.Error.NoSuchType', type);
            return [sealedMemfd('selection', Buffer.from(held.text))];
          },
        },
      },
      signals: { SelectionChanged: { args: 'sas' } },
    });
    return { held, clipboard };
  }
  const copyOnSeat = (types = ['text/html', 'text/plain;charset=utf-8']) =>
    tree.connection.emit({
      path: '/org/switchyard/Display1',
      interface: 'org.switchyard.Clipboard1',
      member: 'SelectionChanged',
      signature: 'sas',
      body: ['seat0', types],
    });

  test('goes both ways: pasted text is on the seat before the key is, copied text is the browser’s', async () => {
    const { held, clipboard } = exportClipboard();
    await tree.connection.requestName('org.switchyard.Display');
    const page = await open(['clipboard-read', 'clipboard-write']);
    await page.locator('#screen').click();

    await page.evaluate(() => navigator.clipboard.writeText('from the browser: ä€😀'));
    session.keyboard.length = 0;
    let atKey: string | undefined;
    const seen = session.until(() => {
      if (keys().some(([code, value]) => code === KEY.V && value === 1)) atKey ??= held.text;
      return keys().length >= 4;
    });
    await page.keyboard.press('Control+KeyV');
    await seen;
    expect(atKey).toBe('from the browser: ä€😀');
    expect(keys()).toEqual([
      [KEY.LEFTCTRL, 1],
      [KEY.V, 1],
      [KEY.V, 0],
      [KEY.LEFTCTRL, 0],
    ]);

    held.text = 'from the seat';
    copyOnSeat();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('from the seat');
    // What the person did not copy in the browser since then does not override the seat's own selection.
    held.text = 'newer on the seat';
    session.keyboard.length = 0;
    await page.keyboard.press('Control+KeyV');
    await session.until(() => keys().length >= 4);
    expect(held.text).toBe('newer on the seat');
    // Terminals paste the primary selection with Shift+Insert.
    expect(held.primary).toBe('');
    await page.evaluate(() => navigator.clipboard.writeText('for Shift+Insert'));
    await page.keyboard.press('Shift+Insert');
    await session.until(() => keys().some(([code, value]) => code === KEY.INSERT && value === 0));
    expect([held.text, held.primary]).toEqual(['for Shift+Insert', 'for Shift+Insert']);
    clipboard[Symbol.dispose]();
    await tree.connection.releaseName('org.switchyard.Display');
  });

  test('takes images both ways', async () => {
    const { held, clipboard } = exportClipboard();
    await tree.connection.requestName('org.switchyard.Display');
    const page = await open(['clipboard-read', 'clipboard-write']);
    await page.locator('#screen').click();
    const image = (colour: string) =>
      page.evaluate(async (fill) => {
        const canvas = new OffscreenCanvas(40, 30);
        const context = canvas.getContext('2d')!;
        context.fillStyle = fill;
        context.fillRect(0, 0, 40, 30);
        const blob = await canvas.convertToBlob({ type: 'image/png' });
        await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
        return (await blob.arrayBuffer()).byteLength;
      }, colour);
    const size = await image('red');
    session.keyboard.length = 0;
    await page.keyboard.press('Control+KeyV');
    await session.until(() => keys().length >= 4);
    expect(held.image.subarray(1, 4).toString()).toBe('PNG');
    expect(held.image.length).toBeGreaterThan(size / 2);
    await page.evaluate(() => navigator.clipboard.writeText('text again'));
    // A viewer that acted is the one that gets it.
    await page.keyboard.press('KeyA');
    copyOnSeat(['image/png']);
    copyOnSeat(['image/png']);
    const colour = () =>
      page.evaluate(async () => {
        const [item] = await navigator.clipboard.read();
        if (!item?.types.includes('image/png')) return undefined;
        const bitmap = await createImageBitmap(await item.getType('image/png'));
        const context = new OffscreenCanvas(1, 1).getContext('2d')!;
        context.drawImage(bitmap, 0, 0);
        return [bitmap.width, bitmap.height, ...context.getImageData(0, 0, 1, 1).data];
      });
    await expect.poll(colour).toEqual([40, 30, 255, 0, 0, 255]);
    clipboard[Symbol.dispose]();
    await tree.connection.releaseName('org.switchyard.Display');
  });

  test('goes through a dialog where the browser keeps its clipboard', async () => {
    const { held, clipboard } = exportClipboard();
    await tree.connection.requestName('org.switchyard.Display');
    const page = await open();
    await page.evaluate(() => {
      const refused = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
      Object.defineProperty(navigator, 'clipboard', { value: { readText: refused, writeText: refused } });
    });
    await page
      .getByRole('button', { name: 'Paste to the seat’s clipboard' })
      .or(page.locator('#paste'))
      .click();
    await page.locator('#clipboard-text').fill('typed in');
    await page.getByRole('button', { name: 'Paste to the seat', exact: true }).last().click();
    await expect.poll(() => held.text).toBe('typed in');

    held.text = 'for the hand';
    copyOnSeat();
    await page.locator('#copy').click();
    await expect.poll(() => page.locator('#clipboard-text').inputValue()).toBe('for the hand');
    await page.getByRole('button', { name: 'Close' }).click();
    clipboard[Symbol.dispose]();
    await tree.connection.releaseName('org.switchyard.Display');
  });
});

describe('the connection', () => {
  test('comes back by itself after the service died, on the same port, with the same cookie', async () => {
    const page = await open();
    await page.evaluate(() => document.body.setAttribute('data-same-page', ''));
    await tree.kill('web');
    await page.waitForSelector('canvas#screen[data-state="disconnected"]');
    await expect.poll(() => page.getByRole('status').textContent()).toBe('Disconnected — trying again');
    await tree.spawn('web', ['--port', '0', '--size', `${WIDTH}x${HEIGHT}`]);
    await session.until(() => session.mode !== undefined);
    session.words.fill(0x5ca1ab);
    await session.present();
    await page.waitForSelector('canvas#screen[data-state="live"]');
    await expect.poll(async () => (await pixels(page))[0]).toBe(0x5ca1ab);
    expect(await page.locator('body[data-same-page]').count()).toBe(1);
    await page.locator('#screen').click();
    session.keyboard.length = 0;
    await page.keyboard.press('KeyK');
    await session.until(() => keys().length >= 2);
  });

  test('survives the session manager’s restart', async () => {
    const page = await open();
    // It may have the screen again before it is known here that the manager is back.
    const lost = session.until(() => session.mode === undefined);
    await tree.kill('seat');
    await tree.spawn('seat');
    await lost;
    await session.until(() => session.mode !== undefined);
    session.words.fill(0xfeed5e);
    await session.present();
    await expect.poll(async () => (await pixels(page))[0]).toBe(0xfeed5e);
    await expect.poll(() => page.locator('nav#sessions button').count()).toBe(1);
  });

  test('is refused to a stolen cookie: without what the browser keeps for this origin it opens nothing', async () => {
    const page = await open();
    expect(page.url()).toBe(new URL('/', await tree.url()).href);
    const [cookie] = await page.context().cookies();
    const thief = await browser.newContext();
    await thief.addCookies([cookie!]);
    const other = await thief.newPage();
    pages.push(other);
    await other.goto(new URL('/', await tree.url()).href);
    await other.waitForSelector('canvas#screen[data-state="disconnected"]');
    await expect.poll(() => other.getByRole('status').textContent()).toContain('no entry');
    expect(await other.locator('#screen').getAttribute('data-frames')).toBe('0');
    // A second tab of the browser that has the entry needs no token.
    const second = await page.context().newPage();
    await second.goto(new URL('/', await tree.url()).href);
    await second.waitForSelector('canvas#screen[data-state="live"]');
  });

  test('is refused with words to a browser with a wrong token', async () => {
    const page = await (await browser.newContext()).newPage();
    pages.push(page);
    const answer = await page.goto((await tree.url()).replace(/token=.*/, 'token=wrong'));
    expect(answer!.status()).toBe(403);
    expect(await page.getByRole('alert').textContent()).toContain('yard status');
    expect(await page.locator('canvas').count()).toBe(0);
  });
});
