/// <reference lib="dom" />
import { describe, expect, test } from 'vitest';
import { HEIGHT, PageFixture, shows, WIDTH } from './testing/PageFixture.js';
import { web } from './WebInterface.js';

const fixture = PageFixture.forTests();

describe('the screen', () => {
  test('shows the session’s pixels exactly, in every tab', async () => {
    const [one, two] = [await fixture.open(), await fixture.open()];
    for (let i = 0; i < fixture.session.words.length; i++) fixture.session.words[i] = (i * 7919) & 0xffffff;
    fixture.session.words.fill(0xc0ffee, 0, 40_000);
    await fixture.session.present();
    for (const page of [one, two]) await expect.poll(() => shows(page, fixture.session.words)).toBe(true);
    expect(
      await one.locator('#screen').evaluate((canvas: HTMLCanvasElement) => ({ ...canvas.dataset })),
    ).toMatchObject({
      seat: 'seat0',
      state: 'live',
    });
    const frames = () => one.locator('#screen').getAttribute('data-frames').then(Number);
    const before = await frames();
    fixture.session.words.fill(0);
    await fixture.session.present();
    await expect.poll(frames).toBeGreaterThan(before);
  });

  test('scrolls by moving what it has', async () => {
    const page = await fixture.open();
    // Runs of eight pixels: no row is like another, and a screen of them is 300 kB.
    for (let i = 0; i < fixture.session.words.length; i++)
      fixture.session.words[i] = Math.imul(i >> 3, 2654435761) >>> 8;
    await fixture.session.present();
    await expect.poll(() => shows(page, fixture.session.words)).toBe(true);
    let received = 0;
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Network.enable');
    devtools.on('Network.webSocketFrameReceived', ({ response }) => {
      received += response.payloadData.length;
    });
    for (const rows of [17, -40, 17, 200]) {
      const lost = Math.abs(rows) * WIDTH;
      const before = fixture.session.words.slice();
      if (rows > 0) fixture.session.words.set(before.subarray(lost));
      else fixture.session.words.set(before.subarray(0, before.length - lost), lost);
      await fixture.session.present();
      await expect.poll(() => shows(page, fixture.session.words)).toBe(true);
    }
    // Base64; four whole screens would be 1.6 MB.
    expect(received).toBeGreaterThan(0);
    expect(received).toBeLessThan(500_000);
  });

  test('follows the window when asked to', async () => {
    const page = await fixture.open();
    await page.getByRole('button', { name: 'Fit the seat to this window' }).click();
    await fixture.session.until(() => fixture.session.mode?.width === 800);
    const { width, height } = fixture.session.mode!;
    fixture.session.words.fill(0x102938);
    await fixture.session.present();
    await expect.poll(() => shows(page, fixture.session.words)).toBe(true);
    const box = (await page.locator('#screen').boundingBox())!;
    expect(box.width).toBeCloseTo(width, 1);
    expect(box.height).toBeCloseTo(height, 1);
    await page.setViewportSize({ width: 640, height: 480 + 700 - height });
    await page.getByRole('button', { name: 'Fit the seat to this window' }).click();
    await fixture.session.until(() => fixture.session.mode?.width === WIDTH);
    fixture.session.words.fill(0x335577);
    await fixture.session.present();
  });

  test('has a screen’s small pixels one by one, and pointers no smaller than elsewhere', async () => {
    const page = await fixture.open([], { deviceScaleFactor: 2 });
    await page.getByRole('button', { name: 'Fit the seat to this window' }).click();
    await fixture.session.until(() => fixture.session.mode?.scale === 240);
    expect(fixture.session.mode!.width).toBe(1600);
    fixture.session.words.fill(0x102938);
    await fixture.session.present();
    await expect.poll(() => shows(page, fixture.session.words)).toBe(true);
    const box = (await page.locator('#screen').boundingBox())!;
    expect(box.width).toBeCloseTo(fixture.session.mode!.width / 2, 1);
    expect(box.height).toBeCloseTo(fixture.session.mode!.height / 2, 1);
    fixture.session.setCursor({
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
    fixture.session.setCursor('default');
    await fixture.tree.connection
      .proxy(web.name, web.path)
      .call(web.interface, 'SetMode', 'suu', 'seat0', WIDTH, HEIGHT);
    await fixture.session.until(() => fixture.session.mode?.scale === 120);
    fixture.session.words.fill(0x335577);
    await fixture.session.present();
  });

  test('fills the display, with the bar out of the way until it is wanted', async () => {
    const page = await fixture.open();
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
    const page = await fixture.open();
    const pixels = new Uint8Array(24 * 24 * 4).fill(255);
    fixture.session.setCursor({ width: 24, height: 24, pixels, hotX: 5, hotY: 6 });
    const cursor = () => page.locator('#screen').evaluate((canvas: HTMLElement) => canvas.style.cursor);
    await expect.poll(cursor).toMatch(/^url\("data:image\/png;base64,.+"\) 5 6, default$/);
    fixture.session.setCursor('nwse-resize');
    await expect.poll(cursor).toBe('nwse-resize');
    fixture.session.setCursor('hidden');
    await expect.poll(cursor).toBe('none');
    fixture.session.setCursor('default');
    await expect.poll(cursor).toBe('default');
  });
});
