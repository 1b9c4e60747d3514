import { BusLink, Connection } from '@switchyard/dbus';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, SeatPage } from '../support/SeatPage.js';
import { Terminal } from '../support/Terminal.js';
import { eventually, YardTree } from '../support/YardTree.js';

describe('a tree one of whose processes is killed', () => {
  let tree: YardTree;
  let browser: Browser;
  let page: SeatPage;
  let terminal: Terminal;
  let foot: string;

  beforeAll(async () => {
    [tree, browser] = await Promise.all([YardTree.up(), launchBrowser()]);
    page = await SeatPage.open(browser, tree.info.url);
    const [session] = await eventually('the terminal', async () => {
      const sessions = await tree.sessions();
      return sessions.length > 0 && sessions;
    });
    terminal = await Terminal.of(tree, session!.id);
    await terminal.shows(/[$#] ?$/m);
    foot = await tree.run('foot', '-e', 'sh', '-c', 'echo in foot; sleep 1000');
    // It comes to the front with its window; who goes elsewhere before is brought back.
    await eventually('foot in front', async () =>
      (await tree.sessions()).some(({ id, state }) => id === foot && state === 'active'),
    );
    await tree.yard('activate', terminal.session);
  });
  afterAll(async () => {
    terminal?.close();
    await browser?.close();
    await tree?.down();
  });

  async function kill(service: string): Promise<void> {
    const { pid } = (await tree.services()).get(service)!;
    process.kill(pid, 'SIGKILL');
    await eventually(`${service} runs again`, async () => {
      const now = (await tree.services()).get(service);
      return now?.state === 'ready' && now.pid !== pid;
    });
  }

  async function ownedNames(): Promise<string[]> {
    using connection = await Connection.connect(tree.info.bus);
    const [names] = await connection
      .proxy('org.freedesktop.DBus', '/org/freedesktop/DBus')
      .call('org.freedesktop.DBus', 'ListNames');
    return (names as string[]).filter((name) => !name.startsWith(':')).sort();
  }

  /** As a program that does not know of the bus's death: it connects and asks until somebody answers. */
  async function callUntilAnswered(n: number): Promise<void> {
    await eventually(`an answer to call ${n}`, async () => {
      try {
        using connection = await Connection.connect(tree.info.bus);
        const call = { destination: 'org.example.Kept', path: '/kept', interface: 'org.example.Kept' };
        return await connection.call({ ...call, member: 'Ask', signature: 'u', body: [n] });
      } catch {
        return false;
      }
    });
  }

  async function typeAndSee(word: string): Promise<void> {
    await page.focus();
    await eventually(`${word} in the terminal`, async () => {
      await page.page.keyboard.type(`echo ${word}\n`);
      const again = await Terminal.of(tree, terminal.session);
      try {
        return await again.shows(new RegExp(`^${word}$`, 'm'), 500);
      } finally {
        again.close();
      }
    });
  }

  it('keeps shells and surfaces when the seat manager dies, and switches again', async () => {
    const before = (await tree.sessions()).map(({ id, leader }) => ({ id, leader }));
    await kill('seat');
    await typeAndSee('after-seat');
    const after = await eventually('the sessions', async () => {
      const sessions = await tree.sessions();
      return sessions.length === before.length && sessions;
    });
    expect(after.map(({ id, leader }) => ({ id, leader }))).toEqual(before);
    await eventually('a switch to foot', async () => (await tree.attempt('activate', foot)).status === 0);
    await tree.yard('activate', terminal.session);
  });

  it('keeps shells and surfaces when the bus dies, and every name is owned again', async () => {
    using link = new BusLink(tree.info.bus);
    const asked: number[] = [];
    link.export('/kept', {
      name: 'org.example.Kept',
      methods: { Ask: { in: 'u', out: 'u', call: (_, n) => [asked.push(n as number)] } },
    });
    link.own('org.example.Kept');
    await link.connectedOnce();
    const before = await ownedNames();
    expect(before).toEqual(
      expect.arrayContaining(['org.example.Kept', 'org.freedesktop.login1', 'org.switchyard.Display']),
    );
    await callUntilAnswered(1);
    // Who calls while the bus is away is answered when it is back.
    await Promise.all([kill('bus'), callUntilAnswered(2)]);
    await eventually('every name is owned again', async () => (await ownedNames()).join() === before.join());
    await callUntilAnswered(3);
    expect([...new Set(asked)]).toEqual([1, 2, 3]);
    await typeAndSee('after-bus');
    expect((await tree.sessions()).map(({ id }) => id)).toContain(foot);
    await eventually('a switch to foot', async () => (await tree.attempt('activate', foot)).status === 0);
    await tree.yard('activate', terminal.session);
  });

  it('only makes the page reconnect when the web seat dies', async () => {
    const frames = await page.frames();
    await kill('web');
    await page.page.waitForSelector('canvas#screen[data-state="live"]');
    await eventually('new frames', async () => (await page.frames()) !== frames);
    await typeAndSee('after-web');
  });

  it('ends the clients’ connections only when the display dies, and keeps the terminal’s shell', async () => {
    await page.focus();
    await page.page.keyboard.type('export KEPT=same-shell\n');
    await kill('display');
    await typeAndSee('after-display');
    await page.page.keyboard.type('echo $KEPT\n');
    const again = await Terminal.of(tree, terminal.session);
    try {
      await again.shows(/^same-shell$/m);
    } finally {
      again.close();
    }
  });

  it('ends a session with its leader', async () => {
    const id = await tree.run('foot', '-e', 'sleep', '1000');
    const { leader } = (await tree.sessions()).find((session) => session.id === id)!;
    process.kill(leader, 'SIGKILL');
    await eventually('it is gone', async () => !(await tree.sessions()).some((session) => session.id === id));
    await typeAndSee('after-leader');
  });
});
