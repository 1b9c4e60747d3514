import { clip } from './clips.mjs';
import { installProbe } from './probe.mjs';

const keys = 60;
const videoSeconds = 6;
const scrollSeconds = 5;
const idleSeconds = 8;
const players = new Set(['mpv']);
const terminalRows = [0, 0, 1280, 60];

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The page, as soon as the server answers. */
async function open(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1300, height: 780 } });
  await context.addInitScript(installProbe);
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** What happens to CPU and wire while `work` runs, a second. */
async function cost(stack, page, work, without) {
  // A page whose socket is a worker's (xpra's) does not show what comes.
  const wire = () => page.evaluate(() => (probe.messages === 0 ? Number.NaN : probe.bytes));
  const [bytes, { cpu }, begun] = [await wire(), stack.cost(without), performance.now()];
  const result = await work();
  const seconds = (performance.now() - begun) / 1000;
  return {
    result,
    cpu: (stack.cost(without).cpu - cpu) / seconds / 10,
    bytes: ((await wire()) - bytes) / seconds,
  };
}

async function typeLine(page, text) {
  await page.keyboard.type(text, { delay: 15 });
  await page.keyboard.press('Enter');
}

/** A stack with a shell prompt in its page. */
async function startTerminal(browser, Stack) {
  const stack = new Stack();
  const url = await stack.start();
  stack.terminal();
  const page = await open(browser, url);
  await page.evaluate((box) => probe.shown(box, 0.0005, 1), terminalRows);
  await pause(500);
  await page.mouse.click(640, 500);
  return { Stack, stack, page, measured: {} };
}

async function measureScroll({ stack, page, measured }) {
  const scroll = await cost(stack, page, async () => {
    await typeLine(page, `timeout ${scrollSeconds + 2} seq 100000000`);
    await pause(500);
    return page.evaluate((seconds) => probe.countChanges(seconds), scrollSeconds);
  });
  measured.scrollChanges = scroll.result;
  measured.scrollBytes = scroll.bytes;
  await pause(3000);
}

/** All run at once and are typed in by turns, key by key: what else the machine does in these minutes hits all alike. */
async function measureKeys(contenders) {
  for (const { page, measured } of contenders) {
    await page.evaluate((box) => probe.watchKeys(...box), terminalRows);
    measured.keyBytes = await page.evaluate(() => probe.bytes);
  }
  for (let i = 0; i < keys; i++)
    for (const { page } of contenders) {
      await page.keyboard.press('abcdefghij'[i % 10]);
      await pause(120 + ((i * 37) % 150));
    }
  for (const { page, measured } of contenders) {
    const [times, bytes] = await page.evaluate(() => [
      probe.keyTimes,
      probe.messages === 0 ? Number.NaN : probe.bytes,
    ]);
    measured.keyTimes = times;
    measured.keyBytes = (bytes - measured.keyBytes) / keys;
  }
}

async function measureIdle({ stack, page, measured }) {
  await page.evaluate(() => document.activeElement.blur());
  await pause(1500);
  const idle = await cost(stack, page, () => pause(idleSeconds * 1000));
  const { rss, pss } = stack.cost();
  Object.assign(measured, { idleCpu: idle.cpu, idleBytes: idle.bytes, rss, pss });
}

/** What each of the stacks measures with a terminal; foot on ours is one more. */
export async function measureTerminals(browser, stacks) {
  const contenders = [];
  for (const Stack of stacks) contenders.push(await startTerminal(browser, Stack));
  for (const contender of contenders) await measureScroll(contender);
  for (const { page } of contenders) await typeLine(page, 'clear; exec cat');
  await pause(700);
  await measureKeys(contenders);
  await Promise.all(contenders.map(measureIdle));
  for (const { stack, page } of contenders) {
    await page.context().close();
    await stack.stop();
  }
  return new Map(contenders.map(({ Stack, measured }) => [Stack, measured]));
}

export async function measureVideo(browser, Stack, name) {
  const stack = new Stack();
  const video = clip(name);
  const url = await stack.start({ terminal: false, video });
  stack.video(video);
  const page = await open(browser, url);
  await page.evaluate(() => probe.shown([0, 60, 1280, 600], 0.2, 8));
  await pause(1500);
  const played = await cost(
    stack,
    page,
    () => page.evaluate((seconds) => probe.countFrames(seconds), videoSeconds),
    players,
  );
  await page.context().close();
  await stack.stop();
  return { ...played.result, bytes: played.bytes, cpu: played.cpu };
}
