import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, YardTree } from '../support/YardTree.js';

describe('a further seat', () => {
  let tree: YardTree;
  let url: string;
  beforeAll(async () => {
    tree = await YardTree.up('--no-console');
    const added = await tree.yard('seat add', 'seat1', '--size', '400x300', '--no-console', '--json');
    ({ url } = JSON.parse(added) as { url: string });
  });
  afterAll(() => tree?.down());

  const run = async (...argv: string[]) => (await tree.yard('run', ...argv)).trim();
  const seatOf = async (id: string) => (await tree.sessions()).find((session) => session.id === id)?.seat;

  it('has a page, a display and a session list of its own', async () => {
    expect(new URL(url).port).not.toBe(new URL(tree.info.url).port);
    const first = await run('--', 'foot', '-e', 'sleep', '1000');
    const second = await run(
      '--seat',
      'seat1',
      '--',
      'foot',
      '-o',
      'colors.background=ff0000',
      '-e',
      'sleep',
      '1000',
    );
    expect([await seatOf(first), await seatOf(second)]).toEqual(['seat0', 'seat1']);
    const file = join(tree.runtimeDir, 'seat1.png');
    await eventually('red on seat1', async () => {
      await tree.yard('screenshot', '--seat', 'seat1', file);
      const { width, height, data } = PNG.sync.read(readFileSync(file));
      expect([width, height]).toEqual([400, 300]);
      return data.readUIntBE((200 * width + 350) * 4, 3) === 0xff0000;
    });
    for (const id of [first, second])
      await eventually(
        `${id} active`,
        async () => (await tree.sessions()).find((s) => s.id === id)?.state === 'active',
      );
  });

  it('tells what its name is and which there are', async () => {
    expect(await tree.attempt('seat add', 'seat1')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('already'),
    });
    expect(await tree.attempt('seat add', 'no seat')).toMatchObject({ status: 2 });
    expect(await tree.attempt('seat remove', 'seat7')).toMatchObject({
      status: 4,
      stderr: expect.stringContaining('seat0, seat1'),
    });
    expect(await tree.attempt('seat remove', 'seat0')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('yard down'),
    });
    const status = JSON.parse(await tree.yard('status', '--json')) as {
      seats: { id: string; url: string }[];
    };
    expect(status.seats.map((seat) => [seat.id, seat.url])).toEqual([
      ['seat0', tree.info.url],
      ['seat1', url],
    ]);
  });

  it('outlives its supervisor, and its page keeps its address when it is started again', async () => {
    process.kill((await tree.services()).get('supervisor')!.pid, 'SIGKILL');
    await eventually('it is noticed', async () => (await tree.attempt('sessions')).status === 3);
    await tree.yard('up', '--detach', '--no-console', '--port', '0');
    const { pid } = (await tree.services()).get('web.seat1')!;
    process.kill(pid, 'SIGKILL');
    await eventually('its page', async () => {
      const services = await tree.services();
      return services.get('web.seat1')!.pid !== pid && services.get('web.seat1')!.state === 'ready';
    });
    const status = JSON.parse(await tree.yard('status', '--json')) as {
      seats: { id: string; url: string }[];
    };
    expect(status.seats.find(({ id }) => id === 'seat1')!.url).toBe(url);
  });

  it('takes its sessions and its state with it', async () => {
    await tree.yard('seat remove', 'seat1');
    await expect.poll(async () => (await tree.sessions()).map(({ seat }) => seat)).toEqual(['seat0']);
    expect([...(await tree.services()).keys()]).toEqual(['supervisor', 'bus', 'seat', 'display', 'web']);
    for (const place of ['state', 'sessions'])
      expect(existsSync(join(tree.runtimeDir, place, 'seat1'))).toBe(false);
  });
});
