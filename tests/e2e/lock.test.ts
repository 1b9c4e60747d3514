import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestUser } from '../../libs/pam/src/testing/TestUser.js';
import { launchBrowser, SeatPage } from '../support/SeatPage.js';
import { slowness } from '../support/slowness.js';
import { Terminal } from '../support/Terminal.js';
import { eventually, YardTree } from '../support/YardTree.js';

const yardScript = fileURLToPath(new URL('../../cli/bin/yard.js', import.meta.url));

describe('a locked session', () => {
  let tree: YardTree;
  let browser: Browser;
  let page: SeatPage;
  let user: TestUser;

  beforeAll(async () => {
    user = new TestUser();
    [tree, browser] = await Promise.all([YardTree.up(), launchBrowser()]);
    page = await SeatPage.open(browser, tree.info.url);
    await page.focus();
  });
  afterAll(async () => {
    await browser?.close();
    await tree?.down();
    user?.[Symbol.dispose]();
  });

  const patience = () => 20_000 * slowness();
  const active = async () => (await tree.sessions()).find(({ state }) => state === 'active');
  const lockScreen = (before?: string) =>
    eventually(
      'the lock screen in front',
      async () => {
        const front = await active();
        return front?.class === 'lock-screen' && front.id !== before && front;
      },
      patience(),
    );
  const inFront = (id: string) =>
    eventually(`${id} in front`, async () => (await active())?.id === id, patience());

  it('is covered by a lock screen, also when that one is killed, until somebody unlocks it', async () => {
    const { id: terminal } = await eventually('the terminal in front', active, patience());
    await page.page.keyboard.type('echo something that nobody else may read');
    const typed = await Terminal.of(tree, terminal);
    await typed.shows(/nobody else may read/, patience());
    // Left of the middle at the top, where the terminal has text and the lock screen nothing.
    await eventually('text', async () => (await page.contrast(0, 0, 600, 60)) > 200, patience());
    await tree.yard('lock');
    const screen = await lockScreen();
    await eventually(
      'the clock, and nothing of the terminal',
      async () =>
        (await page.contrast(0, 0, 600, 60)) === 0 && (await page.contrast(400, 150, 500, 150)) > 2000,
      patience(),
    );
    expect((await tree.sessions()).find(({ id }) => id === terminal)).toMatchObject({ locked: true });

    await page.page.keyboard.press('Control+Alt+Digit1');
    const refused = await tree.attempt('activate', terminal);
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('is locked') });
    expect((await active())?.id).toBe(screen.id);
    process.kill(screen.leader, 'SIGKILL');
    const next = await lockScreen(screen.id);
    const text = await Terminal.of(tree, next.id);
    // It is in front before it has the keyboard.
    await eventually(
      'what is typed as dots',
      async () => {
        await page.page.keyboard.type('ls');
        return (await text.text()).includes('••');
      },
      patience(),
    );
    text.close();
    expect(await typed.text()).not.toContain('readls');

    await tree.yard('unlock', terminal);
    await inFront(terminal);
    await eventually('its text again', async () => (await page.contrast(0, 0, 600, 60)) > 200, patience());
    await eventually(
      'what is typed',
      async () => {
        await page.page.keyboard.type('!');
        return typed.shows(/may read!/, 3000);
      },
      patience(),
    );
    typed.close();
    await eventually(
      'the end of the lock screen',
      async () => !(await tree.sessions()).some((one) => one.class === 'lock-screen'),
      patience(),
    );
  });

  it('opens by its user’s password, typed at the seat, and by no other', async () => {
    const opener = spawn(
      process.execPath,
      [
        ...[yardScript, 'seat', 'open-session', '--runtime-dir', tree.runtimeDir],
        ...['--user', user.name, '--', 'sleep', '1000'],
      ],
      { stdio: 'ignore' },
    );
    try {
      const theirs = await eventually(
        'the session',
        async () => (await tree.sessions()).find((one) => one.user === user.name),
        patience(),
      );
      await inFront(theirs.id);
      await tree.yard('lock', theirs.id);
      const screen = await lockScreen();
      const text = await Terminal.of(tree, screen.id);
      await text.shows(new RegExp(`${user.name}[\\s\\S]*Password`), patience());
      expect(await text.text()).toMatch(/\bus$/m);
      // It is in front before it has the keyboard.
      await eventually(
        'a dot',
        async () => {
          await page.page.keyboard.type('x');
          return (await text.text()).includes('•');
        },
        patience(),
      );
      await eventually(
        'none',
        async () => {
          await page.page.keyboard.press('Backspace');
          return !(await text.text()).includes('•');
        },
        patience(),
      );
      await page.page.keyboard.press('CapsLock');
      await text.shows(/Caps Lock is on/, patience());
      await page.page.keyboard.press('CapsLock');
      await eventually(
        'no more Caps Lock',
        async () => !(await text.text()).includes('Caps Lock'),
        patience(),
      );

      await page.page.keyboard.type('not the password');
      await text.shows(/•{16}/, patience());
      await page.page.keyboard.press('Enter');
      await text.shows(/That did not work/, patience());
      expect((await active())?.id).toBe(screen.id);
      await page.page.keyboard.type(user.password);
      await text.shows(new RegExp(`•{${user.password.length}}`), patience());
      await page.page.keyboard.press('Enter');
      await inFront(theirs.id);
      text.close();
      expect((await tree.sessions()).find(({ id }) => id === theirs.id)).toMatchObject({ locked: false });
      // What was typed is in none of the tree's logs.
      expect(await tree.yard('log')).not.toContain(user.password);
    } finally {
      const ended = once(opener, 'exit');
      opener.kill();
      await ended;
    }
  });
});
