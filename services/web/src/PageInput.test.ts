/// <reference lib="dom" />
import { ABS, BTN, EV, KEY } from '@switchyard/uapi';
import { describe, expect, test } from 'vitest';
import { PageFixture } from './testing/PageFixture.js';

const fixture = PageFixture.forTests();

describe('the keyboard', () => {
  test('reaches the session key by key, without the browser’s repeats, and lets go when the focus leaves', async () => {
    const page = await fixture.open();
    await page.locator('#screen').click();
    fixture.session.keyboard.length = 0;
    await page.keyboard.down('KeyH');
    await page.keyboard.down('KeyH');
    await page.keyboard.up('KeyH');
    await page.keyboard.press('Control+Alt+F2');
    await page.keyboard.press('Tab');
    await page.keyboard.down('ShiftLeft');
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await fixture.session.until(() => fixture.keys().length >= 12);
    expect(fixture.keys()).toEqual([
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
    const page = await fixture.open();
    await page.locator('#screen').click();
    fixture.session.keyboard.length = 0;
    await page.keyboard.type('a$A');
    await fixture.session.until(() => fixture.keys().length >= 10);
    expect(fixture.keys()).toEqual([
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
    const page = await fixture.open();
    await page.locator('#screen').click();
    for (const key of ['Control', 'Alt', 'Shift']) await page.keyboard.down(key);
    for (const key of ['Shift', 'Alt', 'Control']) await page.keyboard.up(key);
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset['session'])).toBe(
      fixture.session.id,
    );
    await page.getByRole('button', { name: 'Send Ctrl+Alt keys' }).press('Enter');
    fixture.session.keyboard.length = 0;
    await page.getByRole('button', { name: 'Ctrl+Alt+F7' }).press('Enter');
    await fixture.session.until(() => fixture.keys().length >= 6);
    expect(fixture.keys()).toEqual([
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
  const page = await fixture.open();
  const box = (await page.locator('#screen').boundingBox())!;
  fixture.session.pointer.length = 0;
  await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.down({ button: 'right' });
  await page.mouse.up();
  await page.mouse.up({ button: 'right' });
  await page.mouse.wheel(0, 100);
  const buttons = () =>
    fixture.session.pointer.filter((event) => event.type === EV.KEY).map(({ code, value }) => [code, value]);
  await fixture.session.until(() => fixture.session.pointer.some((event) => event.type === EV.REL));
  const [x, y] = fixture.session.pointer.filter((event) => event.type === EV.ABS);
  expect(x!.value / 65535).toBeCloseTo(0.25, 2);
  expect(y!.value / 65535).toBeCloseTo(0.5, 2);
  expect(buttons()).toEqual([
    [BTN.LEFT, 1],
    [BTN.RIGHT, 1],
    [BTN.LEFT, 0],
    [BTN.RIGHT, 0],
  ]);
  expect(
    fixture.session.pointer.filter((event) => event.type === EV.REL).map(({ code, value }) => [code, value]),
  ).toEqual([
    [11, -120],
    [8, -1],
  ]);
});

describe('fingers', () => {
  async function phone() {
    const page = await fixture.open([], {
      hasTouch: true,
      isMobile: true,
      viewport: { width: 640, height: 700 },
    });
    await fixture.session.until(() => fixture.session.hasTouch);
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
  const absolute = () => fixture.session.touch.filter(({ type }) => type === EV.ABS);

  test('reach the session one by one as a touchscreen’s, and are no pointer', async () => {
    const { touch } = await phone();
    fixture.session.touch.length = 0;
    fixture.session.pointer.length = 0;
    await touch('touchStart', [0.25, 0.5]);
    await touch('touchStart', [0.25, 0.5], [0.75, 0.5]);
    await touch('touchMove', [0.25, 0.5], [0.75, 0.75]);
    await touch('touchEnd');
    const lifted = () => absolute().filter(({ code, value }) => code === ABS.MT_TRACKING_ID && value === -1);
    await fixture.session.until(() => lifted().length === 2);
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
      fixture.session.touch.filter(({ type }) => type === EV.KEY).map(({ code, value }) => [code, value]),
    ).toEqual([
      [BTN.TOUCH, 1],
      [BTN.TOUCH, 0],
    ]);
    expect(fixture.session.pointer).toEqual([]);
  });

  test('are lifted when the page goes', async () => {
    const { page, touch } = await phone();
    fixture.session.touch.length = 0;
    await touch('touchStart', [0.5, 0.5]);
    await fixture.session.until(() => absolute().length >= 3);
    await page.goto('about:blank');
    await fixture.session.until(() =>
      absolute().some(({ code, value }) => code === ABS.MT_TRACKING_ID && value === -1),
    );
  });

  test('move the view instead while the zoom button is pressed', async () => {
    const { page, touch } = await phone();
    await page.getByRole('button', { name: 'Zoom and move the view' }).click();
    fixture.session.touch.length = 0;
    const width = async () => (await page.locator('#screen').boundingBox())!.width;
    const before = await width();
    await touch('touchStart', [0.4, 0.5]);
    await touch('touchStart', [0.4, 0.5], [0.6, 0.5]);
    await touch('touchMove', [0.3, 0.5], [0.7, 0.5]);
    await touch('touchEnd');
    await expect.poll(async () => Math.round(((await width()) / before) * 10)).toBe(20);
    expect(fixture.session.touch).toEqual([]);
    await page.locator('#zoom').press('0');
    await expect.poll(width).toBe(before);
  });
});
