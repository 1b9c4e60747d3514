import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, SeatPage } from '../support/SeatPage.js';
import { slowness } from '../support/slowness.js';
import { Terminal } from '../support/Terminal.js';
import { eventually, YardTree } from '../support/YardTree.js';

/** The width and height of the terminal's first rows, where the prompt and the first command stand. */
const topRows = [0, 0, 600, 60] as const;

describe('first light', () => {
  let tree: YardTree;
  let browser: Browser;
  let page: SeatPage;
  let terminal: Terminal;
  // One that somebody has left makes Chromium ask, or wait.
  const profile = mkdtempSync(join(tmpdir(), 'yard-chromium-'));

  beforeAll(async () => {
    [tree, browser] = await Promise.all([YardTree.up(), launchBrowser()]);
  });
  afterAll(async () => {
    terminal?.close();
    await browser?.close();
    await tree?.down();
    rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  });

  it('shows the prompt within 3 s of the URL', async () => {
    const before = slowness();
    const start = Date.now();
    page = await SeatPage.open(browser, tree.info.url);
    const session = await eventually('a session', async () => (await tree.sessions())[0]);
    terminal = await Terminal.of(tree, session.id);
    await terminal.shows(/[$#] ?$/m);
    await eventually('the prompt’s pixels', async () => (await page.contrast(...topRows)) > 10);
    const took = Date.now() - start;
    console.log(`URL to prompt: ${took} ms`);
    expect(took).toBeLessThan(3_000 * Math.max(before, slowness()));
  });

  it('runs what is typed in the page, and shows it in pixels and in the terminal’s own text', async () => {
    await page.focus();
    const before = await page.contrast(...topRows);
    await page.page.keyboard.type('clear; echo $((6*7))');
    await page.page.keyboard.press('Enter');
    await terminal.shows(/^42$/m);
    await eventually('other pixels', async () => (await page.contrast(...topRows)) !== before);
  });

  it('pastes the browser’s clipboard into the terminal', async () => {
    await page.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.page.evaluate(() => navigator.clipboard.writeText('from-the-browser'));
    await page.page.keyboard.type('echo ');
    await page.page.keyboard.press('Control+Shift+V');
    await terminal.shows(/echo from-the-browser/);
    await page.page.keyboard.press('Enter');
  });

  const programs: [name: string, ...argv: string[]][] = [
    ['foot', 'foot', '-e', 'sh', '-c', 'echo hello; sleep 1000'],
    ['weston-simple-shm', 'weston-simple-shm'],
    ['weston-terminal', 'weston-terminal', '--shell=/bin/sh'],
    ['weston-flower', 'weston-flower'],
    ['GTK 3', 'gtk3-demo'],
    ['GTK 4', 'gtk4-demo'],
    [
      'Chromium',
      ...[
        'chromium',
        '--no-sandbox',
        '--ozone-platform=wayland',
        '--disable-gpu',
        '--no-first-run',
        '--disable-sync',
      ],
      ...['--disable-background-networking', '--disable-component-update', `--user-data-dir=${profile}`],
      'data:text/html,<body style="background:teal"><h1>hello</h1>',
    ],
  ];
  for (const [name, ...argv] of programs) {
    it(`makes ${name} a session that shows`, async () => {
      const blank = await page.fingerprint();
      const id = await tree.run(...argv);
      await eventually(`${id} is active`, async () =>
        (await tree.sessions()).some((s) => s.id === id && s.state === 'active'),
      );
      await eventually(
        'its pixels on the canvas',
        async () => (await page.contrast(0, 0, 1280, 720)) > 50 && (await page.fingerprint()) !== blank,
      );
      await tree.yard('kill', id);
      await eventually(`${id} is gone`, async () => !(await tree.sessions()).some((s) => s.id === id));
    });
  }

  it('switches by Ctrl+Alt+Fn, by Ctrl+Alt+arrows and by the session bar', async () => {
    const foot = await tree.run('foot', '-e', 'sh', '-c', 'echo in foot; sleep 1000');
    const isActive = (id: string) =>
      eventually(
        `${id} in front`,
        async () => (await tree.sessions()).find((s) => s.id === id)?.state === 'active',
      );
    await isActive(foot);
    await page.focus();
    await page.page.keyboard.press('Control+Alt+F1');
    await isActive(terminal.session);
    await page.page.keyboard.press('Control+Alt+2');
    await isActive(foot);
    await page.page.keyboard.press('Control+Alt+ArrowLeft');
    await isActive(terminal.session);
    const button = page.page.locator(`nav#sessions button[data-session="${foot}"]`);
    await button.click();
    await isActive(foot);
    await page.page.waitForSelector(`nav#sessions button[data-session="${foot}"][aria-current="true"]`);
    await tree.yard('kill', foot);
  });
});
