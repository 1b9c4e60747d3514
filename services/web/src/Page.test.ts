/// <reference lib="dom" />
import { KEY } from '@switchyard/uapi';
import { describe, expect, test } from 'vitest';
import { axeViolations } from './testing/Axe.js';
import { HEIGHT, PageFixture, pixels, WIDTH } from './testing/PageFixture.js';
import { TestSession } from './testing/TestSession.js';

const fixture = PageFixture.forTests();

test('the session bar shows the sessions and switches among them', async () => {
  const page = await fixture.open();
  const second = await TestSession.create(fixture.tree.connection, 'Second <b>');
  second.words.fill(0x00ff00);
  await second.present();
  const current = page.locator('nav#sessions button[aria-current="true"]');
  await expect.poll(() => current.textContent()).toBe('Second <b>');
  await expect.poll(async () => (await pixels(page))[0]).toBe(0x00ff00);
  await page.locator(`nav#sessions button[data-session="${fixture.session.id}"]`).click();
  await expect.poll(() => current.getAttribute('data-session')).toBe(fixture.session.id);
  await fixture.session.until(() => fixture.session.mode !== undefined);
  fixture.session.words.fill(0x335577);
  await fixture.session.present();
  await expect.poll(async () => (await pixels(page))[0]).toBe(0x335577);
  second.end();
  await expect.poll(() => page.locator('nav#sessions button').count()).toBe(1);
});

test('every control has a name and can be reached by keyboard', async () => {
  const page = await fixture.open();
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
  const page = await fixture.open();
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
  const page = await fixture.open();
  await page.getByRole('button', { name: 'Statistics' }).press('Enter');
  const value = (name: string) => page.locator(`[data-value="${name}"]`).textContent();
  await fixture.session.present();
  await expect.poll(() => value('latency')).toMatch(/^\d+\.\d ms$/);
  await expect.poll(() => value('frames')).toMatch(/^\d+ \/s$/);
  await expect.poll(() => value('received')).toMatch(/^\d+\.\d KiB\/s$/);
  await expect.poll(() => value('sound')).toBe('off');
});

test('the terminal’s text is there for screen readers while its button is pressed', async () => {
  const screen = { text: 'one\ntwo\nthree\nfour' };
  const terminal = fixture.tree.connection.export('/org/switchyard/Terminal1', {
    name: 'org.switchyard.Terminal1',
    methods: { Text: { out: 's', call: () => [screen.text] } },
  });
  const name = `org.switchyard.Terminal1.${fixture.session.id}`;
  await fixture.tree.connection.requestName(name);
  const page = await fixture.open();
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
  await fixture.tree.connection.releaseName(name);
});

test('can be installed as a program', async () => {
  const page = await fixture.open();
  const debug = await page.context().newCDPSession(page);
  const { url, errors, data } = await debug.send('Page.getAppManifest');
  expect([new URL(url).pathname, errors]).toEqual(['/manifest.webmanifest', []]);
  expect(JSON.parse(data!)).toMatchObject({ display: 'standalone', start_url: '/' });
});

describe('several viewers', () => {
  test('see each other; one takes the seat, gives it to the other by keyboard alone, and is told when it is taken', async () => {
    const [one, two] = [await fixture.open(), await fixture.open()];
    await expect.poll(() => two.getByRole('button', { name: 'Viewers: 2' }).count()).toBe(1);
    await one.getByRole('button', { name: 'Viewers: 2' }).press('Enter');
    await one.getByRole('button', { name: 'Take control' }).press('Enter');
    await expect.poll(() => one.getByRole('status').textContent()).toBe('You have control');
    await expect.poll(() => two.locator('#viewers').getAttribute('data-acts')).toBe('false');
    fixture.session.keyboard.length = 0;
    await two.locator('#screen').click();
    await two.keyboard.press('KeyB');
    await one.locator('#viewers').press('Enter');
    await one.getByRole('button', { name: /^Give control to / }).press('Enter');
    await expect.poll(() => two.getByRole('status').textContent()).toBe('You have control');
    await expect.poll(() => one.getByRole('status').textContent()).toMatch(/took control$/);
    await two.locator('#screen').click();
    await two.keyboard.press('KeyC');
    await fixture.session.until(() => fixture.keys().length >= 2);
    expect(fixture.keys()[0]).toEqual([KEY.C, 1]);
    await two.locator('#viewers').press('Enter');
    await two.getByRole('button', { name: 'Let others act too' }).press('Enter');
    await expect.poll(() => one.locator('#viewers').getAttribute('data-acts')).toBe('true');
  });
});

describe('the connection', () => {
  test('comes back by itself after the service died, on the same port, with the same cookie', async () => {
    const page = await fixture.open();
    await page.evaluate(() => document.body.setAttribute('data-same-page', ''));
    await fixture.tree.kill('web');
    await page.waitForSelector('canvas#screen[data-state="disconnected"]');
    await expect.poll(() => page.getByRole('status').textContent()).toBe('Disconnected — trying again');
    await fixture.tree.spawn('web', ['--port', '0', '--size', `${WIDTH}x${HEIGHT}`]);
    await fixture.session.until(() => fixture.session.mode !== undefined);
    fixture.session.words.fill(0x5ca1ab);
    await fixture.session.present();
    await page.waitForSelector('canvas#screen[data-state="live"]');
    await expect.poll(async () => (await pixels(page))[0]).toBe(0x5ca1ab);
    expect(await page.locator('body[data-same-page]').count()).toBe(1);
    await page.locator('#screen').click();
    fixture.session.keyboard.length = 0;
    await page.keyboard.press('KeyK');
    await fixture.session.until(() => fixture.keys().length >= 2);
  });

  test('survives the session manager’s restart', async () => {
    const page = await fixture.open();
    // It may have the screen again before it is known here that the manager is back.
    const lost = fixture.session.until(() => fixture.session.mode === undefined);
    await fixture.tree.kill('seat');
    await fixture.tree.spawn('seat');
    await lost;
    // Its channel may be replaced once more, when the provider is back as well.
    do {
      await fixture.session.until(() => fixture.session.mode !== undefined);
      fixture.session.words.fill(0xfeed5e);
    } while (!(await fixture.session.present()));
    await expect.poll(async () => (await pixels(page))[0]).toBe(0xfeed5e);
    await expect.poll(() => page.locator('nav#sessions button').count()).toBe(1);
  });

  test('is refused to a stolen cookie: without what the browser keeps for this origin it opens nothing', async () => {
    const page = await fixture.open();
    expect(page.url()).toBe(new URL('/', await fixture.tree.url()).href);
    const [cookie] = await page.context().cookies();
    const thief = await fixture.browser.newContext();
    await thief.addCookies([cookie!]);
    const other = await thief.newPage();
    fixture.pages.push(other);
    await other.goto(new URL('/', await fixture.tree.url()).href);
    await other.waitForSelector('canvas#screen[data-state="disconnected"]');
    await expect.poll(() => other.getByRole('status').textContent()).toContain('no entry');
    expect(await other.locator('#screen').getAttribute('data-frames')).toBe('0');
    // A second tab of the browser that has the entry needs no token.
    const second = await page.context().newPage();
    await second.goto(new URL('/', await fixture.tree.url()).href);
    await second.waitForSelector('canvas#screen[data-state="live"]');
  });

  test('is refused with words to a browser with a wrong token', async () => {
    const page = await (await fixture.browser.newContext()).newPage();
    fixture.pages.push(page);
    const answer = await page.goto((await fixture.tree.url()).replace(/token=.*/, 'token=wrong'));
    expect(answer!.status()).toBe(403);
    expect(await page.getByRole('alert').textContent()).toContain('yard status');
    expect(await page.locator('canvas').count()).toBe(0);
  });
});
