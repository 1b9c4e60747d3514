import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, SeatPage } from '../support/SeatPage.js';
import { slowness } from '../support/slowness.js';
import { Terminal } from '../support/Terminal.js';
import { eventually, YardTree } from '../support/YardTree.js';

const chord = 'Control+Alt+Shift+Escape';

describe('the secure attention key', () => {
  let tree: YardTree;
  let browser: Browser;
  let page: SeatPage;

  beforeAll(async () => {
    [tree, browser] = await Promise.all([YardTree.up(), launchBrowser()]);
    page = await SeatPage.open(browser, tree.info.url);
    await page.focus();
  });
  afterAll(async () => {
    for (const { pid } of (await tree?.services().catch(() => undefined))?.values() ?? []) {
      try {
        process.kill(pid, 'SIGCONT');
      } catch {
        // It has ended since.
      }
    }
    await browser?.close();
    await tree?.down();
  });

  const patience = () => 20_000 * slowness();

  /** The session in front, once it is another than `before`. */
  const front = (before?: string) =>
    eventually(
      'another session in front',
      async () => {
        const active = (await tree.sessions()).find(({ state }) => state === 'active');
        return active && active.id !== before ? active.id : undefined;
      },
      patience(),
    );

  /** Goes down to the line that matches and takes it. What is typed while the list is made anew is lost. */
  async function take(terminal: Terminal, line: RegExp): Promise<void> {
    await terminal.shows(line, patience());
    await eventually(
      `${line} is marked`,
      async () => {
        const marked = (await terminal.text()).split('\n').find((text) => /^\s*❯/.test(text));
        if (marked !== undefined && line.test(marked)) return true;
        await page.page.keyboard.press('ArrowDown');
        await new Promise((resolve) => setTimeout(resolve, 100));
        return false;
      },
      patience(),
    );
    await page.page.keyboard.press('Enter');
  }

  it('shows what hangs over a display that hangs, and starts it again', async () => {
    const terminal = await front();
    const display = (await tree.services()).get('display')!;
    const before = await page.fingerprint();
    process.kill(display.pid, 'SIGSTOP');
    await page.page.keyboard.press(chord);
    const id = await front(terminal);
    const emergency = await Terminal.of(tree, id);
    const text = await emergency.shows(/what hangs\?[\s\S]*display .*STOPPED[\s\S]*a shell/, patience());
    expect(text).toContain('Emergency on seat0');
    await eventually('its picture', async () => (await page.fingerprint()) !== before, patience());

    await take(emergency, /display .*STOPPED/);
    await take(emergency, /start it again/);
    const again = await eventually(
      'another display',
      async () => {
        const service = (await tree.services()).get('display')!;
        return service.pid !== display.pid && service.state === 'ready' && service;
      },
      patience(),
    );
    expect(again.restarts).toBe(1);
    await take(emergency, /look again/);
    await emergency.shows(/display .*(sleeping|running)/, patience());
    await take(emergency, /nothing: back/);
    emergency.close();
    await front(id);
  });

  it('kills a program that hangs, and starts it again', async () => {
    const foot = await tree.run('foot', '-e', 'sleep', '1000');
    const listed = await eventually('foot', async () =>
      (await tree.sessions()).find((one) => one.id === foot),
    );
    process.kill(listed.leader, 'SIGSTOP');
    await page.page.keyboard.press(chord);
    const id = await eventually(
      'the emergency session',
      async () => {
        const active = (await tree.sessions()).find(({ state }) => state === 'active');
        return active?.name === 'Emergency' && active.id;
      },
      patience(),
    );
    const emergency = await Terminal.of(tree, id);
    await take(emergency, /foot .*STOPPED/);
    await take(emergency, /start it again/);
    const another = await eventually(
      'another foot',
      async () => (await tree.sessions()).find((one) => one.name === 'foot' && one.id !== foot),
      patience(),
    );
    await eventually(
      'the end of the first',
      async () => !(await tree.sessions()).some((one) => one.id === foot),
      patience(),
    );
    await take(emergency, new RegExp(`${another.id} .*foot`));
    await take(emergency, /show it/);
    emergency.close();
    expect(await front(id)).toBe(another.id);
  });

  it('appears also when the bus hangs, and the display with it', async () => {
    const before = await front();
    const services = await tree.services();
    const [bus, display] = [services.get('bus')!, services.get('display')!];
    for (const { pid } of [bus, display]) process.kill(pid, 'SIGSTOP');
    await page.page.keyboard.press(chord);
    const id = await front(before);
    const emergency = await Terminal.of(tree, id);
    await emergency.shows(/what hangs\?[\s\S]*display .*STOPPED[\s\S]*a shell/, patience());
    const again = await tree.services();
    expect(again.get('bus')).toMatchObject({ state: 'ready', restarts: bus.restarts + 1 });
    expect(again.get('display')?.pid).toBe(display.pid);
    // A shell, as whoever runs the tree.
    await take(emergency, /a shell/);
    // What is typed before the shell reads is the list's, and lost.
    await emergency.shows(/a shell\s+\S*[$#]\s*$/, patience());
    await page.page.keyboard.type('echo "the shell of $(id -un)"\n');
    await emergency.shows(/the shell of \w+$/m, patience());
    process.kill(display.pid, 'SIGCONT');
    await page.page.keyboard.type('exit\n');
    await take(emergency, /nothing: back/);
    emergency.close();
    await front(id);
  });

  it('is no way round a lock: it asks for a password first', async () => {
    const before = await front();
    await tree.yard('lock', before);
    const screen = await front(before);
    await page.page.keyboard.press(chord);
    const id = await front(screen);
    const emergency = await Terminal.of(tree, id);
    await take(emergency, /a shell/);
    await emergency.shows(/Password of \w+:/, patience());
    await page.page.keyboard.type('a guess\n');
    await emergency.shows(/That did not work|cannot be checked/, patience());
    expect(await emergency.text()).not.toContain('a guess');
    await page.page.keyboard.press('Enter');
    await take(emergency, /nothing: back/);
    emergency.close();
    // The lock screen is where it was.
    expect(await front(id)).toBe(screen);
    await tree.yard('unlock', before);
    expect(await front(screen)).toBe(before);
  });
});
