import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { Connection } from '@switchyard/dbus';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, SeatPage } from '../support/SeatPage.js';
import { slowness } from '../support/slowness.js';
import { Terminal } from '../support/Terminal.js';
import { eventually, YardTree } from '../support/YardTree.js';

const program = createRequire(new URL('../../cli/package.json', import.meta.url)).resolve(
  '@switchyard/service-console/session',
);
const plymouth = async (...args: string[]) => (await promisify(execFile)('plymouth', args)).stdout;

describe('the splash', () => {
  let tree: YardTree;
  let browser: Browser;
  let page: SeatPage;
  let splash: ChildProcess;

  const patience = () => 20_000 * slowness();
  const active = async () => (await tree.sessions()).find(({ state }) => state === 'active');
  const splashSession = () =>
    eventually(
      'the splash in front',
      async () => {
        const front = await active();
        return front?.class === 'splash' && front;
      },
      patience(),
    );

  function start(...options: string[]): void {
    splash = spawn(
      process.execPath,
      [program, 'splash', '--runtime-dir', tree.runtimeDir, '--seat', 'seat0', ...options],
      { stdio: ['pipe', 'ignore', 'inherit'] },
    );
  }

  beforeAll(async () => {
    [tree, browser] = await Promise.all([YardTree.up('--no-console'), launchBrowser()]);
    page = await SeatPage.open(browser, tree.info.url);
    await page.focus();
  });
  afterEach(async () => {
    if (splash === undefined || splash.exitCode !== null || splash.signalCode !== null) return;
    const ended = once(splash, 'exit');
    splash.kill();
    await ended;
  });
  afterAll(async () => {
    await browser?.close();
    await tree?.down();
  });

  /** The middle of the bar's first and last cell. */
  const bar = async () => [await page.pixel(464, 327), await page.pixel(815, 327)].map((one) => one.join());

  it('shows what plymouth’s client tells it, and asks what that one wants to know', async () => {
    start('--plymouth');
    const { id } = await splashSession();
    const text = await Terminal.of(tree, id);
    await eventually('plymouth --ping', async () => (await plymouth('--ping')) === '', patience());
    await plymouth('update', '--status=checking the disks');
    await text.shows(/checking the disks/, patience());
    await plymouth('display-message', '--text=one of two');
    await plymouth('message', '--text=two of two');
    await text.shows(/one of two\s+two of two/, patience());
    await plymouth('hide-message', '--text=one of two');
    await eventually('it is hidden', async () => !(await text.text()).includes('one of two'), patience());

    await eventually('an empty bar', async () => (await bar()).join(' ') === '32,36,44 32,36,44', patience());
    await plymouth('system-update', '--progress=50');
    await eventually(
      'half a bar',
      async () => (await bar()).join(' ') === '127,176,255 32,36,44',
      patience(),
    );

    const password = plymouth('ask-for-password', '--prompt=Disk');
    await text.shows(/Disk/, patience());
    await page.page.keyboard.type('open sesame');
    await text.shows(/•{11}/, patience());
    await page.page.keyboard.press('Enter');
    expect(await password).toBe('open sesame');
    const question = plymouth('ask-question', '--prompt=Which way?');
    await text.shows(/Which way\?/, patience());
    await page.page.keyboard.type('left');
    await text.shows(/\bleft\b/, patience());
    await page.page.keyboard.press('Enter');
    expect(await question).toBe('left');

    // Who knows no such thing is told so, and harms nobody.
    await expect(plymouth('--has-active-vt')).rejects.toThrow();
    text.close();
    const ended = once(splash, 'exit');
    await plymouth('quit');
    expect(await ended).toEqual([0, null]);
    await expect(plymouth('--ping')).rejects.toThrow();
  });

  it('is there until the next session’s first frame, and then gone', async () => {
    start();
    await splashSession();
    splash.stdin!.write('0.7 nearly there\n');
    await eventually('the bar', async () => (await bar())[0] === '127,176,255', patience());
    const bus = await Connection.connect(tree.info.bus);
    await bus
      .proxy('org.switchyard.Splash', '/org/switchyard/Splash1')
      .call('org.switchyard.Splash1', 'Progress', 'ds', 1, 'by the bus');
    bus.close();
    await eventually('a whole bar', async () => (await bar())[1] === '127,176,255', patience());
    // Whatever is seen at the bar's place from here on: it, or what foot has there, and nothing in between.
    await page.page.evaluate(() => {
      const seen = new Set<string>();
      Object.assign(window, { seen });
      const look = () => {
        const context = document.querySelector<HTMLCanvasElement>('canvas#screen')!.getContext('2d')!;
        seen.add([...context.getImageData(464, 327, 1, 1).data.slice(0, 3)].join());
        requestAnimationFrame(look);
      };
      look();
    });
    const foot = await tree.run('foot', '-o', 'colors.background=305030', 'sleep', '1000');
    await eventually('foot in front', async () => (await active())?.id === foot, patience());
    await eventually('foot’s green', async () => (await bar())[0] === '48,80,48', patience());
    const seen = await page.page.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen]);
    expect(seen.sort()).toEqual(['127,176,255', '48,80,48']);
    await eventually(
      'no more splash',
      async () => (await tree.sessions()).every((one) => one.class !== 'splash'),
      patience(),
    );
    if (splash.exitCode === null) await once(splash, 'exit');
    expect(splash.exitCode).toBe(0);
  });
});

it('yard up --splash has it in front until there is another session', async () => {
  const tree = await YardTree.up('--splash');
  try {
    // Both begin at once: which has the lower number is chance, and the splash is gone when the terminal is there.
    await eventually(
      'the splash in front, and the terminal after it',
      async () => {
        const all = await tree.sessions();
        const log = await tree.yard('log', 'seat');
        const terminal = all.find(({ name }) => name === 'Terminal')?.id;
        const [, splash] = new RegExp(`from: "(c[0-9]+)"\\s+to: "${terminal}"`).exec(log) ?? [];
        return all.length === 1 && all[0]?.state === 'active' && splash !== undefined;
      },
      30_000 * slowness(),
    );
  } finally {
    await tree.down();
  }
});
