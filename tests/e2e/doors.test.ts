import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/SeatPage.js';
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
  const [session] = await tree.sessions();
  const terminal = await Terminal.of(tree, session!.id);
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
