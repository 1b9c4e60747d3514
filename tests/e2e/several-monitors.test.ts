import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, SeatPage } from '../support/SeatPage.js';
import { slowness } from '../support/slowness.js';
import { eventually, YardTree } from '../support/YardTree.js';

const patience = 20_000 * slowness();
const [red, blue, green, background] = ['aa0000', '0000aa', '00aa00', '1b1e23'];

let tree: YardTree;
let browser: Browser;
let folder: string;
let left: SeatPage;
let right: SeatPage;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yard-monitors-'));
  tree = await YardTree.up('--no-console', '--size', '640x480');
  browser = await launchBrowser();
  left = await SeatPage.open(browser, tree.info.url);
});
afterAll(async () => {
  await browser?.close();
  await tree?.down();
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});

/** A terminal of one colour, which writes the first line that is typed into it to a file of its name. */
function terminal(colour: string): string {
  const script = `read line; echo "$line" > ${join(folder, colour)}; sleep 600`;
  return `foot -o colors.background=${colour} -o colors.foreground=${colour} -o cursor.color='${colour} ${colour}' sh -c '${script}'`;
}

async function colour(page: SeatPage): Promise<string> {
  const [r, g, b] = await page.pixel(300, 400);
  return [r, g, b].map((value) => value!.toString(16).padStart(2, '0')).join('');
}

const shows = (page: SeatPage, wanted: string) =>
  eventually(`a window in ${wanted}`, async () => (await colour(page)) === wanted, patience);

const typed = (into: string) =>
  eventually(
    `a line typed into ${into}`,
    async () => readFileSync(join(folder, into), 'utf8').trim(),
    patience,
  );

async function monitors(): Promise<{ number: number; width: number; height: number }[]> {
  const status = JSON.parse(await tree.yard('status', '--json')) as {
    seats: { monitors: { number: number; width: number; height: number }[] }[];
  };
  return status.seats[0]!.monitors;
}

test('a window more of the browser is a monitor more, and shows the second window of a session', async () => {
  const opened = left.page.waitForEvent('popup');
  await left.page.getByRole('button', { name: 'Add a monitor' }).click();
  right = await SeatPage.of(await opened);
  expect(await right.page.evaluate(() => document.querySelector('canvas')!.dataset['monitor'])).toBe('2');
  await expect.poll(async () => (await monitors()).map(({ number }) => number)).toEqual([1, 2]);
  const go = join(folder, 'go');
  const second = `until [ -e ${go} ]; do sleep 0.1; done; exec ${terminal(blue)}`;
  await tree.yard('run', '--', 'sh', '-c', `${terminal(red)} & ${second}`);
  await shows(left, red);
  writeFileSync(go, '');
  await shows(right, blue);
});

test('what is typed in a window of the browser goes to what is shown in it', async () => {
  await type(left.page, 'left');
  await type(right.page, 'right');
  expect(await typed(red)).toBe('left');
  expect(await typed(blue)).toBe('right');
});

/** Without a click: the person has gone to the other window of the browser by its own keys. */
async function type(page: Page, text: string): Promise<void> {
  await page.bringToFront();
  await page.locator('canvas#screen').focus();
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

test('a picture of the seat has all monitors', async () => {
  const picture = PNG.sync.read(await screenshot());
  const size = await right.page.evaluate(() => {
    const { width, height } = document.querySelector<HTMLCanvasElement>('canvas#screen')!;
    return { width, height };
  });
  expect(picture).toMatchObject({ width: 640 + size.width, height: Math.max(480, size.height) });
  const at = (x: number) =>
    picture.data
      .subarray((400 * picture.width + x) * 4)
      .subarray(0, 3)
      .toString('hex');
  expect([at(300), at(640 + 300)]).toEqual([red, blue]);
  expect(PNG.sync.read(await screenshot('--monitor', '2'))).toMatchObject(size);
  const missing = await tree.attempt('screenshot', '--monitor', '3', '-');
  expect(missing).toMatchObject({ status: 1, stderr: expect.stringContaining('no monitor seat0-3') });
});

test('a film of one monitor is as large as that', async () => {
  const film = join(folder, 'right.webm');
  await tree.yard('record', '--monitor', '2', '--seconds', '1', film);
  const { width, height } = (await monitors())[1]!;
  const probe = ['-v', 'error', '-show_entries', 'stream=width,height', '-of', 'csv=p=0', film];
  const { stdout } = await promisify(execFile)('ffprobe', probe);
  expect(stdout.trim()).toBe(`${width & ~1},${height & ~1}`);
});

async function screenshot(...options: string[]): Promise<Buffer> {
  const file = join(folder, 'seat.png');
  await tree.yard('screenshot', ...options, file);
  return readFileSync(file);
}

test('yard’s pointer is in front of the monitor that it is told', async () => {
  await tree.yard('pointer move', '--monitor', '2', '5', '5');
  const shown = (page: SeatPage) =>
    page.page.locator('canvas#screen').evaluate((canvas) => canvas.style.cursor);
  await eventually('a cursor on the second alone', async () => (await shown(left)) === 'none', patience);
  await expect.poll(() => shown(right)).not.toBe('none');
});

test('Super+Shift+Right takes the window in front to the next monitor', async () => {
  await right.page.bringToFront();
  await right.page.locator('canvas#screen').focus();
  await right.page.keyboard.press('Meta+Shift+ArrowRight');
  await shows(left, blue);
  // As the page's menu does for whom the browser's host keeps these keys.
  await right.page.getByRole('button', { name: 'Send Ctrl+Alt keys' }).click();
  await right.page.getByRole('button', { name: 'Window to the next monitor' }).click();
  await shows(left, red);
  await shows(right, blue);
});

test('another session takes both monitors, and a GTK program that is moved over is worked with there', async () => {
  await tree.yard('run', '--', 'gtk3-demo');
  const busy = (page: SeatPage) => page.contrast(0, 0, 400, 300).then((count) => count > 1000);
  await eventually('the program on the first', () => busy(left), patience);
  await eventually('nothing on the second', async () => (await colour(right)) === background, patience);
  await left.page.bringToFront();
  await left.page.locator('canvas#screen').focus();
  await left.page.keyboard.press('Meta+Shift+ArrowRight');
  await eventually('the program on the second', () => busy(right), patience);
  await eventually('nothing on the first', async () => (await colour(left)) === background, patience);
  await right.page.bringToFront();
  const before = await eventually('a picture at rest', () => resting(right), patience);
  // Another demonstration is chosen in the list.
  await right.page.locator('canvas#screen').click({ position: { x: 60, y: 140 } });
  await eventually('another picture', async () => (await right.fingerprint()) !== before, patience);
  await tree.yard('activate', 'prev');
  await Promise.all([shows(left, red), shows(right, blue)]);
});

test('swaylock covers both monitors, and what was there comes back when it unlocks', async () => {
  await tree.yard('run', '--privilege', 'session-lock', '--', 'swaylock', '-c', 'ff8000', '-u');
  await Promise.all([shows(left, 'ff8000'), shows(right, 'ff8000')]);
  const swaylock = (await tree.sessions()).find(({ name }) => name === 'swaylock')!;
  process.kill(swaylock.leader, 'SIGUSR1');
  await Promise.all([shows(left, red), shows(right, blue)]);
});

test('a shared session is on both monitors, and takes what is typed in front of either', async () => {
  const shared = (await tree.yard('run', '--shared', '--', 'sh', '-c', terminal(green))).trim();
  await Promise.all([shows(left, green), shows(right, green)]);
  await type(right.page, 'shared');
  expect(await typed(green)).toBe('shared');
  await tree.yard('kill', shared);
  await Promise.all([shows(left, red), shows(right, blue)]);
});

async function resting(page: SeatPage): Promise<number | undefined> {
  const seen = await page.fingerprint();
  await new Promise((resolve) => setTimeout(resolve, 300));
  return (await page.fingerprint()) === seen ? seen : undefined;
}

test('both monitors are there again after the browser seat was killed', async () => {
  const { pid } = (await tree.services()).get('web')!;
  // Each is without a connection for a moment only.
  const lost = [left, right].map(({ page }) =>
    page.waitForSelector('canvas#screen[data-state="disconnected"]'),
  );
  process.kill(pid, 'SIGKILL');
  await Promise.all(lost);
  for (const { page } of [left, right]) await page.waitForSelector('canvas#screen[data-state="live"]');
  await Promise.all([shows(left, red), shows(right, blue)]);
});

test.each(['seat', 'bus'])('both go on when the %s service was killed', async (service) => {
  process.kill((await tree.services()).get(service)!.pid, 'SIGKILL');
  const back = async () => {
    const { state, restarts } = (await tree.services()).get(service)!;
    return state === 'ready' && restarts > 0;
  };
  await eventually(`the ${service} service again`, back, patience);
  await eventually('two monitors', async () => (await monitors()).length === 2, patience);
  // What is shown answers keys, and changes on both.
  for (const [first, second] of [
    [blue, background],
    [red, blue],
  ] as const) {
    await eventually('the chord to be taken', () => swapped(first, second), patience);
  }
});

/** Takes the window in front to the other monitor, again while nobody hears it. */
async function swapped(first: string, second: string): Promise<boolean> {
  const there = async () => (await colour(left)) === first && (await colour(right)) === second;
  if (await there()) return true;
  const page = second === background ? right.page : left.page;
  await page.bringToFront();
  await page.locator('canvas#screen').focus();
  await page.keyboard.press('Meta+Shift+ArrowRight');
  for (let i = 0; i < 20 && !(await there()); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  return there();
}

test('a monitor whose page is loaded anew keeps its windows, and one that is closed leaves them to the others', async () => {
  await right.page.reload();
  await shows(right, blue);
  await right.page.close();
  await eventually('one monitor', async () => (await monitors()).length === 1, patience);
  await left.page.bringToFront();
  await shows(left, blue);
});

test('a link for watching adds no monitor', async () => {
  const link = (await tree.yard('seat share', '--read-only')).trim().split(/\s+/).at(-1)!;
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.waitForSelector('canvas#screen[data-state="live"]');
  const address = new URL(page.url());
  address.searchParams.set('monitor', '2');
  await page.goto(address.href);
  const words = page.locator('#status');
  await eventually(
    'a refusal',
    async () => /watching only/.test((await words.textContent()) ?? ''),
    patience,
  );
  expect(await monitors()).toHaveLength(1);
  await context.close();
});
