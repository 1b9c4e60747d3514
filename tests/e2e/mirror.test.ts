import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@switchyard/dbus';
import { DeviceProvider } from '@switchyard/seat';
import { LED } from '@switchyard/uapi';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, SeatPage } from '../support/SeatPage.js';
import { eventually, YardTree } from '../support/YardTree.js';

const patience = 60_000;
/** 600x300 shows 400x300 between bars of 100. */
const sizes = { seat0: '400x300', seat1: '600x300' } as const;

interface Shared {
  readonly id: string;
  readonly seats: readonly { readonly seat: string; readonly session: string }[];
}

describe('a shared session', () => {
  let tree: YardTree;
  let browser: Browser;
  const pages: SeatPage[] = [];
  let session: string;
  let notes: string;

  beforeAll(async () => {
    [tree, browser] = await Promise.all([
      YardTree.up('--no-console', '--size', sizes.seat0),
      launchBrowser(),
    ]);
    const added = await tree.yard('seat add', 'seat1', '--size', sizes.seat1, '--no-console', '--json');
    for (const url of [tree.info.url, (JSON.parse(added) as { url: string }).url])
      pages.push(await SeatPage.open(browser, url));
    notes = join(tree.runtimeDir, 'notes');
    const shell = `while read -r line; do echo "$line" >> ${notes}; printf '\\033[41m\\033[2J'; done`;
    session = (await tree.yard('run', '--shared', '--', 'foot', 'sh', '-c', shell)).trim();
  });
  afterAll(async () => {
    await browser?.close();
    await tree?.down();
  });

  const shared = async () =>
    (JSON.parse(await tree.yard('mirror', '--list', '--json')) as Shared[]).find(({ id }) => id === session);
  const colour = (page: SeatPage, x: number, y: number) =>
    page.page.evaluate(
      ([x, y]) => {
        const canvas = document.querySelector<HTMLCanvasElement>('canvas#screen')!;
        const [r, g, b] = canvas.getContext('2d')!.getImageData(x!, y!, 1, 1).data;
        return [r! > 150 ? 'r' : '', g! > 150 ? 'g' : '', b! > 150 ? 'b' : ''].join('');
      },
      [x, y],
    );
  const becomes = (what: string, page: SeatPage, x: number, y: number, wanted: string) =>
    eventually(what, async () => (await colour(page, x, y)) === wanted, patience);
  const noted = () => readFileSync(notes, 'utf8');

  it('is on the seat that it was started for, and comes to another one', async () => {
    expect((await shared())!.seats.map(({ seat }) => seat)).toEqual(['seat0']);
    const there = (await tree.yard('mirror', session, '--seat', 'seat1')).trim();
    const seats = (await shared())!.seats;
    expect(seats.map(({ seat }) => seat)).toEqual(['seat0', 'seat1']);
    expect(seats[1]!.session).toBe(there);
    for (const { session: id } of seats)
      await eventually(
        `${id} in front`,
        async () => (await tree.sessions()).find((s) => s.id === id)?.state === 'active',
      );
  });

  it('takes input from both, and shows what comes of it on both, between bars where the shape is another', async () => {
    await pages[1]!.focus();
    await pages[1]!.page.keyboard.type('from seat1\n');
    await becomes('red on seat0', pages[0]!, 380, 280, 'r');
    await becomes('red on seat1', pages[1]!, 480, 280, 'r');
    expect(await colour(pages[1]!, 90, 150)).toBe('');
    expect(await colour(pages[1]!, 510, 150)).toBe('');
    await pages[0]!.focus();
    await pages[0]!.page.keyboard.type('from seat0\n');
    await eventually('both lines', async () => noted() === 'from seat1\nfrom seat0\n', patience);
  });

  it('has its lights on the keyboards of both', async () => {
    const connection = await Connection.connect(tree.info.bus);
    const provider = new DeviceProvider();
    provider.connected(connection);
    const keyboard = provider.attachKeyboard('seat1', 'Lamp');
    await pages[0]!.focus();
    for (const lights of [1 << LED.CAPSL, 0]) {
      await pages[0]!.page.keyboard.press('CapsLock');
      await eventually(`lights ${lights}`, async () => keyboard.lights === lights, patience);
    }
    provider.detach(keyboard);
    await provider.settled();
    connection.close();
  });

  it('goes to the background on one seat alone, with the keys that were held there', async () => {
    await pages[1]!.page.keyboard.down('x');
    const other = (
      await tree.yard(
        'run',
        '--seat',
        'seat1',
        '--',
        'foot',
        '-o',
        'colors.background=00ff00',
        '-e',
        'sleep',
        '1000',
      )
    ).trim();
    await becomes('green on seat1', pages[1]!, 590, 280, 'g');
    expect(await colour(pages[0]!, 380, 280)).toBe('r');
    await pages[0]!.page.keyboard.type('\n');
    await eventually('a line that ends', async () => noted().endsWith('x\n'), patience);
    await pages[1]!.page.keyboard.up('x');
    await tree.yard('kill', other);
    await becomes('red on seat1', pages[1]!, 480, 280, 'r');
  });

  it('has one session on a seat, however many ask for it at once, and none when it is to leave', async () => {
    using bus = await Connection.connect(tree.info.bus);
    const mirror = bus.proxy('org.switchyard.Mirror.seat-shared1', '/org/switchyard/Mirror1');
    const ask = (what: string) => mirror.call('org.switchyard.Mirror1', what, 's', 'seat1');
    const sessions = async () => (await tree.sessions()).map(({ id }) => id);
    const others = (await shared())!.seats.find(({ seat }) => seat === 'seat1')!.session;
    await ask('Hide');
    await eventually('the end of its session', async () => !(await sessions()).includes(others));
    const before = await sessions();
    const ids = await Promise.all(Array.from({ length: 8 }, async () => (await ask('Show'))[0]));
    expect(new Set(ids).size).toBe(1);
    expect(await sessions()).toEqual([...before, ids[0]]);
    await ask('Hide');
    await eventually('the end of that', async () => (await sessions()).length === before.length);
    await Promise.all([ask('Show'), ask('Hide')]);
    await eventually('the end of the last', async () => (await sessions()).length === before.length);
    await ask('Show');
  });

  it('is on all its seats again after what shares it was killed', async () => {
    const { pid } = (await tree.services()).get('mirror.seat-shared1')!;
    process.kill(pid, 'SIGKILL');
    await eventually(
      'another one',
      async () => {
        const now = (await tree.services()).get('mirror.seat-shared1');
        return now?.state === 'ready' && now.pid !== pid;
      },
      patience,
    );
    await becomes('red on seat0', pages[0]!, 380, 280, 'r');
    await becomes('red on seat1', pages[1]!, 480, 280, 'r');
    await pages[1]!.page.keyboard.type('again\n');
    await eventually('the line', async () => noted().endsWith('again\n'), patience);
  });

  it('leaves a seat, says what cannot be shared, and takes its seat with it when its program ends', async () => {
    await tree.yard('mirror', session, '--seat', 'seat1', '--off');
    await expect.poll(async () => (await shared())!.seats.map(({ seat }) => seat)).toEqual(['seat0']);
    expect(await tree.attempt('mirror', session, '--seat', 'seat9')).toMatchObject({ status: 4 });
    const alone = (await tree.yard('run', '--background', '--', 'foot', '-e', 'sleep', '1000')).trim();
    expect(await tree.attempt('mirror', alone)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('--shared'),
    });
    await tree.yard('kill', session);
    await eventually(
      'its seat is gone',
      async () => ![...(await tree.services()).keys()].some((name) => name.includes('shared')),
      patience,
    );
    await expect.poll(async () => (await tree.sessions()).map(({ id }) => id)).toEqual([alone]);
  });

  it('comes on a seat of its own also while that of one before it is held up on its way out', async () => {
    const services = async () =>
      [...(await tree.services()).keys()].filter((name) => name.startsWith('mirror.'));
    const start = () => tree.yard('run', '--shared', '--background', '--', 'foot', '-e', 'sleep', '1000');
    const first = (await start()).trim();
    const [service] = await services();
    process.kill((await tree.services()).get(service!)!.pid, 'SIGSTOP');
    await tree.yard('kill', first);
    await eventually(
      'its end',
      async () => !(await tree.sessions()).some(({ id }) => id === first),
      patience,
    );
    const second = (await start()).trim();
    await eventually('one mirror', async () => (await services()).length === 1, patience);
    // What ends of the first takes nothing of the second along.
    await tree.yard('mirror', second, '--seat', 'seat1');
    expect((await tree.sessions()).filter(({ name }) => name === 'foot').length).toBeGreaterThan(1);
    await tree.yard('kill', second);
    await eventually('no mirror', async () => (await services()).length === 0, patience);
  });

  it('follows the size of the seat that is used, when it was told to', async () => {
    const id = (
      await tree.yard(
        'run',
        '--shared',
        '--follow',
        '--',
        'foot',
        '-o',
        'colors.background=0000ff',
        '-e',
        'sleep',
        '1000',
      )
    ).trim();
    await tree.yard('mirror', id, '--seat', 'seat1');
    await becomes('blue between bars', pages[1]!, 300, 280, 'b');
    expect(await colour(pages[1]!, 20, 280)).toBe('');
    await pages[1]!.page.keyboard.press('Shift');
    await becomes('blue everywhere', pages[1]!, 20, 280, 'b');
    await becomes('and between bars on seat0', pages[0]!, 200, 20, '');
    await tree.yard('kill', id);
  });
});
