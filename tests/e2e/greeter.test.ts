import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestUser } from '../../libs/pam/src/testing/TestUser.js';
import { launchBrowser, SeatPage } from '../support/SeatPage.js';
import { slowness } from '../support/slowness.js';
import { Terminal } from '../support/Terminal.js';
import { eventually, YardTree } from '../support/YardTree.js';

describe('the greeter', () => {
  let tree: YardTree;
  let browser: Browser;
  let page: SeatPage;
  let alice: TestUser;
  let bob: TestUser;

  beforeAll(async () => {
    alice = new TestUser();
    bob = new TestUser();
    [tree, browser] = await Promise.all([YardTree.up('--greeter'), launchBrowser()]);
    page = await SeatPage.open(browser, tree.info.url);
    await page.focus();
  });
  afterAll(async () => {
    await browser?.close();
    await tree?.down();
    for (const user of [alice, bob]) user?.[Symbol.dispose]();
  });

  const patience = () => 20_000 * slowness();
  const active = async () => (await tree.sessions()).find(({ state }) => state === 'active');
  const front = (what: string, is: (one: Awaited<ReturnType<typeof active>>) => boolean) =>
    eventually(
      what,
      async () => {
        const one = await active();
        return one && is(one) && one;
      },
      patience(),
    );

  it('lets two users in, each to a session of their own', async () => {
    const { id } = await front('the greeter', (one) => one!.class === 'greeter');
    const greeter = await Terminal.of(tree, id);
    await greeter.shows(new RegExp(`${alice.name}`), patience());
    await eventually('the clock', async () => (await page.contrast(400, 60, 500, 200)) > 2000, patience());

    await logIn(greeter, alice, 'wrong');
    await greeter.shows(/That did not work/, patience());
    expect((await tree.sessions()).map((one) => one.class)).toEqual(['greeter']);
    await page.page.keyboard.press('Escape');
    await logIn(greeter, alice, alice.password);
    const hers = await front('alice’s session', (one) => one!.user === alice.name);
    expect(hers).toMatchObject({ class: 'user', name: `Terminal of ${alice.name}` });
    const terminal = await Terminal.of(tree, hers.id);
    // It is in front before it has the keyboard: what comes between is lost.
    await eventually(
      'what is typed',
      async () => {
        await page.page.keyboard.type('echo "$(id -un) in $HOME, $XDG_SESSION_ID"\n');
        return terminal.shows(new RegExp(`${alice.name} in /home/${alice.name}, ${hers.id}`), 3000);
      },
      patience(),
    );

    await page.page.keyboard.press('Control+Alt+Digit1');
    await front('the greeter', (one) => one!.class === 'greeter');
    await greeter.shows(/Somebody else/, patience());
    await logIn(greeter, bob, bob.password, 'Weston');
    const his = await front('bob’s session', (one) => one!.user === bob.name);
    expect(his.name).toContain('Weston');
    // The desktop is bob's own process, with none of root's rights.
    const weston = await eventually(
      'weston',
      async () => {
        const status = readFileSync(`/proc/${his.leader}/status`, 'utf8');
        return /^Name:\tweston$/m.test(status) && status;
      },
      patience(),
    );
    expect(weston).toMatch(new RegExp(`^Uid:\\t${bob.uid}\\t${bob.uid}\\t${bob.uid}\\t${bob.uid}$`, 'm'));
    expect(weston).toMatch(/^CapEff:\t0+$/m);
    // Its panel is at the top, and neither a terminal's dark nor the greeter's.
    await eventually(
      'weston’s desktop',
      async () => (await page.pixel(640, 400)).join() !== '20,22,26',
      patience(),
    );

    await page.page.keyboard.press('Control+Alt+Digit2');
    await front('alice’s session', (one) => one!.id === hers.id);
    await page.page.keyboard.press('Control+Alt+Digit3');
    await front('bob’s session', (one) => one!.id === his.id);
    await page.page.keyboard.press('Control+Alt+Digit2');
    await front('alice’s session', (one) => one!.id === hers.id);
    await eventually(
      'her session’s end',
      async () => {
        await page.page.keyboard.type('exit\n');
        return eventually(
          'it',
          async () => !(await tree.sessions()).some((one) => one.id === hers.id),
          10_000,
        );
      },
      patience(),
    );
    greeter.close();
    terminal.close();
    const logs = await tree.yard('log');
    for (const user of [alice, bob]) expect(logs).not.toContain(user.password);
  });

  async function logIn(greeter: Terminal, user: TestUser, password: string, desktop?: string): Promise<void> {
    const { keyboard } = page.page;
    // The list ends with "Somebody else", and pressing on stays there.
    const asked = /^\s*Name\s*$/m;
    await eventually(
      'the question for the name',
      async () => {
        if (asked.test(await greeter.text())) return true;
        for (let times = 0; times < 40; times++) await keyboard.press('ArrowDown');
        await keyboard.press('Enter');
        return greeter.shows(asked, 5000);
      },
      patience(),
    );
    await keyboard.type(user.name);
    await greeter.shows(new RegExp(user.name), patience());
    await keyboard.press('Enter');
    await greeter.shows(/Password/, patience());
    const choice = async () => /Session: ‹ (.*) ›/.exec(await greeter.text())?.[1];
    for (let one = await choice(); desktop !== undefined && one !== desktop; one = await choice()) {
      const before = one;
      await keyboard.press('ArrowRight');
      await eventually('another desktop', async () => (await choice()) !== before, patience());
    }
    await keyboard.type(password);
    await greeter.shows(new RegExp(`•{${password.length}}`), patience());
    await keyboard.press('Enter');
  }
});
