#!/usr/bin/env node
/**
 * What a seat in the browser is like to use, beside tigervnc's Xvnc + websockify + noVNC, in the same Chromium and the same minutes: the two
 * take turns, round by round and key by key. Nothing of either is configured for the benchmark beyond its screen's size.
 *
 *   npm run bench:web [-- --rounds N] [--json FILE]
 *
 * start     from starting the server's processes to a shell prompt, and to a video's frame, on the page's canvas
 * key       from keydown in the page to the echo's pixels on its canvas, of `cat` in a terminal that fills the screen
 * video     distinct frames a second of a full-screen clip, the torn ones, the wire's bytes, the servers' CPU (without the player's)
 * scroll    a terminal under `seq`: how often a second the page's picture changes, and the wire's bytes
 * idle      CPU, bytes on the wire and memory of all processes, terminal included, when nothing happens
 */

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { clip } from './clips.mjs';
import { installProbe } from './probe.mjs';
import { Switchyard } from './Switchyard.mjs';
import { Xvnc } from './Xvnc.mjs';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, json: { type: 'string' } },
});
const rounds = Number(values.rounds);
const keys = 60;
const videoSeconds = 6;
const scrollSeconds = 5;
const idleSeconds = 8;
const players = new Set(['mpv']);
const terminalRows = [0, 0, 1280, 60];

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function open(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1300, height: 780 } });
  await context.addInitScript(installProbe);
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** What happens to CPU and wire while `work` runs, a second. */
async function cost(stack, page, work, without) {
  const wire = () => page.evaluate(() => probe.bytes);
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
async function startTerminal(browser, stack) {
  const begun = Date.now();
  const url = await stack.start();
  stack.terminal();
  const page = await open(browser, url);
  const startPrompt = (await page.evaluate((box) => probe.shown(box, 0.0005), terminalRows)) - begun;
  await page.mouse.click(640, 500);
  return { stack, page, measured: { startPrompt } };
}

/** foot with `cat`, a foreign terminal over Wayland. */
async function startFoot(browser) {
  const stack = new Switchyard();
  const page = await open(browser, await stack.start({ console: false }));
  stack.foot();
  await page.evaluate(() => probe.shown([0, 0, 200, 30], 0.02));
  await page.mouse.click(640, 500);
  return { stack, page, measured: {} };
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
    const [times, bytes] = await page.evaluate(() => [probe.keyTimes, probe.bytes]);
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

/** What each of the stacks measures with a terminal, and foot's keys. */
async function measureTerminals(browser, stacks) {
  const contenders = [];
  for (const Stack of stacks) contenders.push(await startTerminal(browser, new Stack()));
  for (const contender of contenders) await measureScroll(contender);
  for (const { page } of contenders) await typeLine(page, 'clear; exec cat');
  const foot = await startFoot(browser);
  await pause(700);
  await measureKeys([...contenders, foot]);
  await foot.page.context().close();
  await foot.stack.stop();
  await Promise.all(contenders.map(measureIdle));
  for (const { stack, page } of contenders) {
    await page.context().close();
    await stack.stop();
  }
  return [...contenders, foot].map(({ measured }) => measured);
}

async function measureVideo(browser, stack, name) {
  const begun = Date.now();
  const page = await open(browser, await stack.start({ console: false }));
  stack.video(clip(name));
  const shown = await page.evaluate(() => probe.shown([0, 60, 1280, 600], 0.2));
  await pause(1500);
  const video = await cost(
    stack,
    page,
    () => page.evaluate((seconds) => probe.countFrames(seconds), videoSeconds),
    players,
  );
  await page.context().close();
  await stack.stop();
  return { start: shown - begun, ...video.result, bytes: video.bytes, cpu: video.cpu };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const quantile = (numbers, q) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length * q)];

function summarize(terminal, animation, natural) {
  const times = terminal.flatMap(({ keyTimes }) => keyTimes);
  const of = (list, field) => median(list.map((each) => each[field]));
  return {
    'start to prompt, ms': of(terminal, 'startPrompt'),
    'start to video, ms': of(animation, 'start'),
    'key to pixel p50, ms': median(times),
    'key to pixel p95, ms': quantile(times, 0.95),
    'bytes a key': of(terminal, 'keyBytes'),
    'keys that showed': times.length,
    'animation (60 Hz), fps': of(animation, 'fps'),
    'animation torn, %': of(animation, 'torn') * 100,
    'animation, MB/s': of(animation, 'bytes') / 1e6,
    'animation, server CPU a frame, ms': (of(animation, 'cpu') * 10) / of(animation, 'fps'),
    'natural video (30 Hz), fps': of(natural, 'fps'),
    'natural video torn, %': of(natural, 'torn') * 100,
    'natural video, MB/s': of(natural, 'bytes') / 1e6,
    'natural video, server CPU a frame, ms': (of(natural, 'cpu') * 10) / of(natural, 'fps'),
    'scrolling, changes/s': of(terminal, 'scrollChanges'),
    'scrolling, MB/s': of(terminal, 'scrollBytes') / 1e6,
    'idle CPU %': of(terminal, 'idleCpu'),
    'idle bytes/s': of(terminal, 'idleBytes'),
    'RSS, MB': of(terminal, 'rss') / 1e6,
    'PSS, MB': of(terminal, 'pss') / 1e6,
  };
}

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const runs = new Map();
const foot = [];
clip('animation');
clip('natural');
for (let round = 0; round < rounds; round++) {
  const stacks = round % 2 === 0 ? [Xvnc, Switchyard] : [Switchyard, Xvnc];
  process.stderr.write(`round ${round + 1}/${rounds}: terminals`);
  const terminals = await measureTerminals(browser, stacks);
  foot.push(terminals.pop());
  for (const [index, Stack] of stacks.entries()) {
    process.stderr.write(`, videos on ${new Stack().name}`);
    const run = runs.get(Stack) ?? { terminal: [], animation: [], natural: [] };
    runs.set(Stack, run);
    run.terminal.push(terminals[index]);
    run.animation.push(await measureVideo(browser, new Stack(), 'animation'));
    run.natural.push(await measureVideo(browser, new Stack(), 'natural'));
  }
  process.stderr.write('\n');
}
await browser.close();

const [peer, own] = [Xvnc, Switchyard].map((Stack) => {
  const { terminal, animation, natural } = runs.get(Stack);
  return summarize(terminal, animation, natural);
});
const show = (number) => (Math.abs(number) >= 100 ? number.toFixed(0) : number.toFixed(1));
const rows = Object.keys(peer).map((name) => [
  name,
  show(peer[name]),
  show(own[name]),
  peer[name] === 0 ? '' : show(own[name] / peer[name]),
]);
const footTimes = foot.flatMap(({ keyTimes }) => keyTimes);
rows.push(['foot on Switchyard: key to pixel p50, ms', '', show(median(footTimes)), '']);
rows.push(['foot on Switchyard: key to pixel p95, ms', '', show(quantile(footTimes, 0.95)), '']);
const table = [['', 'Xvnc + noVNC', 'Switchyard', 'ratio'], ...rows];
const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
for (const row of table)
  process.stdout.write(
    `${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ')}\n`,
  );
if (values.json !== undefined)
  writeFileSync(
    values.json,
    JSON.stringify({ peer, own, foot: { p50: median(footTimes), p95: quantile(footTimes, 0.95) } }, null, 2),
  );
