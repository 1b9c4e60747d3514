import { once } from 'node:events';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { launchBrowser } from '../support/SeatPage.js';
import { slowness } from '../support/slowness.js';
import { Terminal } from '../support/Terminal.js';
import { eventually, YardTree } from '../support/YardTree.js';

let tree: YardTree;
let browser: Browser;

beforeAll(async () => {
  [tree, browser] = await Promise.all([
    YardTree.up('--tls', '--vnc', '127.0.0.1:0', '--layout', 'de'),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await tree?.down();
});

test('yard up --tls: the page is shown over HTTPS, and the keyboard is the layout’s that was asked for', async () => {
  expect(tree.info.url).toMatch(/^https:\/\/127\.0\.0\.1:/);
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(tree.info.url);
  await page.waitForSelector('canvas#screen[data-state="live"]');
  await page.locator('canvas#screen').click();
  // What a German keyboard says for its third row: z is where y is on others.
  for (const code of ['KeyX', 'KeyY', 'KeyZ', 'Semicolon']) await page.keyboard.press(code);
  const session = await eventually('the terminal', async () => (await tree.sessions())[0]);
  const terminal = await Terminal.of(tree, session.id);
  await terminal.shows(/xzyö/);
  // An input method's text, which no layout has keys for.
  await page.keyboard.insertText('漢字é');
  await terminal.shows(/xzyö漢字é/);
  // Another layout, chosen in the page.
  await page.getByRole('button', { name: 'Send Ctrl+Alt keys' }).click();
  const choice = page.getByRole('combobox', { name: 'Keyboard layout' });
  await eventually('the list', async () => (await choice.locator('option').count()) > 50);
  expect(await choice.inputValue()).toBe('de');
  await choice.selectOption('fr');
  await page.keyboard.press('Escape');
  await page.locator('canvas#screen').click();
  for (const code of ['KeyQ', 'KeyW', 'Digit2']) await page.keyboard.press(code);
  await terminal.shows(/漢字éazé/);
  terminal.close();
});

test('a page is told where the text cursor of the program in front is, as it moves', async () => {
  const url = new URL(tree.info.url);
  const socket = new WebSocket(`wss://${url.host}/socket${url.search}`, { rejectUnauthorized: false });
  const carets: (number[] | null)[] = [];
  socket.on('message', (data, binary) => {
    const message = binary ? {} : JSON.parse(String(data));
    if (message.type === 'caret') carets.push(message.place);
  });
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'hello', version: 1, visible: false }));
  // A prompt comes behind the line before it, and a window gets its size.
  const settled = async () => {
    for (let heard = -1; heard !== carets.length || !carets.at(-1); ) {
      heard = carets.length;
      await new Promise((resolve) => setTimeout(resolve, 300 * slowness()));
    }
    return carets.at(-1)!;
  };
  const movesOn = async () => {
    const [x, y, , height] = await settled();
    await tree.yard('type', 'abc');
    await eventually('a cursor further on', async () => (carets.at(-1)?.[0] ?? 0) > x!);
    await tree.yard('key', 'Return');
    // Below the line and what cat, or the shell, says of it.
    await eventually('a cursor below', async () => (carets.at(-1)?.[1] ?? 0) >= y! + 2 * height!);
  };
  // Our own terminal's shell, at a prompt without what was typed before.
  const [, before] = await settled();
  await tree.yard('key', 'ctrl+c');
  await eventually('another prompt', async () => (carets.at(-1)?.[1] ?? 0) > before!);
  await movesOn();
  const ours = String(await settled());
  const foot = await tree.run('foot', '-e', 'cat');
  await eventually(
    'foot’s text cursor',
    async () => Array.isArray(carets.at(-1)) && String(carets.at(-1)) !== ours,
  );
  await movesOn();
  await tree.yard('kill', foot);
  await eventually('our terminal’s text cursor again', async () => String(carets.at(-1)) === ours);
  socket.terminate();
});

test('a second yard up says which options changed nothing', async () => {
  const { status, stdout, stderr } = await tree.attempt('up', '--size', '800x600', '--json');
  expect(status).toBe(0);
  expect(stderr).toContain('--size changed nothing');
  expect(JSON.parse(stdout).url).toBe(tree.info.url);
  expect(JSON.parse(stdout).tlsFingerprint).toMatch(/^([0-9A-F]{2}:){31}/);
  const { vnc } = JSON.parse(stdout);
  expect(vnc.address).toMatch(/^127\.0\.0\.1:\d+$/);
  expect(vnc.password).toHaveLength(8);
  expect(vnc.viewPassword).toHaveLength(8);
  const again = await tree.attempt('up', '--json');
  expect(again.stderr).not.toContain('changed nothing');
});
