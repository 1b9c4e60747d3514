import type { Variant } from '@switchyard/dbus';
import { login1, switchyard } from '@switchyard/seat';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ServiceTree } from './testing/ServiceTree.js';
import { TestViewer } from './testing/TestViewer.js';
import { web } from './WebInterface.js';
import type { ServerMessage } from './wire/Control.js';

type DeviceRow = [number, number, string, string, string, Map<string, Variant>];
const size = { width: 800, height: 600 };

let tree: ServiceTree;
let url: string;
let first: TestViewer;
const viewers: TestViewer[] = [];

beforeAll(async () => {
  tree = await ServiceTree.start(['--size', '640x480']);
  url = await tree.url();
  first = await TestViewer.greet(url);
  await told(first, 'hello');
});
afterEach(() => {
  for (const viewer of viewers.splice(0)) viewer.socket.terminate();
});
afterAll(async () => {
  first?.socket.terminate();
  await tree?.stop();
});

async function look(number: number, party?: string, at = url): Promise<TestViewer> {
  const viewer = await TestViewer.greet(at, {
    monitor: { number, ...size },
    ...(party === undefined ? {} : { party }),
  });
  viewers.push(viewer);
  return viewer;
}

async function told<Type extends ServerMessage['type']>(
  viewer: TestViewer,
  type: Type,
): Promise<Extract<ServerMessage, { type: Type }>> {
  const last = () => viewer.messages.findLast((one) => one.type === type);
  await viewer.until(() => last() !== undefined || viewer.closed !== undefined);
  if (viewer.closed) throw new Error(viewer.closed.reason);
  return last() as Extract<ServerMessage, { type: Type }>;
}

/** The seat's devices: name, and the monitor that each is, or belongs to. */
async function devices(): Promise<Map<string, { minor: number; monitor: unknown }>> {
  const manager = tree.connection.proxy(login1.name, login1.path);
  const [rows] = (await manager.call(switchyard.deviceManager, 'ListDevices', 's', 'seat0')) as [DeviceRow[]];
  return new Map(
    rows.map(([, minor, , name, , properties]) => {
      const monitor = properties.get('number') ?? properties.get('monitor');
      return [name, { minor, monitor: monitor?.value }];
    }),
  );
}

const plugged = (name: string) => expect.poll(async () => (await devices()).has(name));

test('a page that asks for a further monitor has one plugged in with its keyboard and pointer, in its size', async () => {
  const viewer = await look(2);
  expect(await told(viewer, 'hello')).toMatchObject({ seat: 'seat0', monitor: 2 });
  expect(await told(viewer, 'mode')).toMatchObject(size);
  await first.until(() => first.messages.some((one) => one.type === 'monitors' && one.monitors.length === 2));
  await plugged('Browser pointer 2').toBe(true);
  const all = await devices();
  expect([...all.keys()].sort()).toEqual([
    'Browser keyboard',
    'Browser keyboard 1',
    'Browser keyboard 2',
    'Browser pointer',
    'Browser pointer 2',
    'Browser screen',
    'Browser screen 2',
  ]);
  expect(all.get('Browser screen 2')!.monitor).toBe(2);
  expect(all.get('Browser keyboard 1')!.monitor).toBe(1);
  expect(all.get('Browser pointer 2')!.monitor).toBe(2);
  const bus = tree.connection.proxy(web.name, web.path);
  expect(await bus.get(web.interface, 'Monitors')).toEqual([
    [1, 640, 480, 1],
    [2, 800, 600, 1],
  ]);

  // Loaded anew it finds the same; closed it is unplugged.
  await viewer.close();
  const again = await look(2);
  await told(again, 'hello');
  expect((await devices()).get('Browser screen 2')!.minor).toBe(all.get('Browser screen 2')!.minor);
  await again.close();
  await plugged('Browser screen 2').toBe(false);
  await plugged('Browser keyboard 1').toBe(false);
  expect([...(await devices()).keys()].sort()).toEqual([
    'Browser keyboard',
    'Browser pointer',
    'Browser screen',
  ]);
});

test('a seat has four, none for who may only watch, and none of a size that no monitor has', async () => {
  for (const number of [2, 3, 4]) await told(await look(number), 'hello');
  await expect(look(5).then((viewer) => told(viewer, 'hello'))).rejects.toThrow('monitors 1 to 4');
  const bus = tree.connection.proxy(web.name, web.path);
  const [, link] = (await bus.call(web.interface, 'Share', 'sb', 'guest', true)) as [string, string];
  // One that is there can be watched.
  expect((await told(await look(2, undefined, link), 'hello')).monitor).toBe(2);
  await expect(look(9, undefined, link).then((viewer) => told(viewer, 'hello'))).rejects.toThrow();
  for (const viewer of viewers.splice(0)) await viewer.close();
  await plugged('Browser screen 4').toBe(false);
  await expect(look(2, undefined, link).then((viewer) => told(viewer, 'hello'))).rejects.toThrow(
    'watching only',
  );
  for (const wrong of [{ number: 2, width: 1, height: 1 }, { number: -1, ...size }, 7, { number: 2 }]) {
    const viewer = await TestViewer.greet(url, { monitor: wrong as never });
    await viewer.until(() => viewer.closed !== undefined);
    expect(viewer.closed).toMatchObject({ code: 1002 });
  }
});

test('who has taken control has it with all windows, and nobody else adds a monitor', async () => {
  const party = 'a'.repeat(32);
  const one = await look(1, party);
  await told(one, 'hello');
  one.tell({ type: 'floor', take: true });
  await one.until(() =>
    one.messages.some((message) => message.type === 'viewers' && message.holder === message.you),
  );
  await expect(look(2, 'b'.repeat(32)).then((viewer) => told(viewer, 'hello'))).rejects.toThrow(
    'another has control',
  );
  const two = await look(2, party);
  await two.until(() => two.messages.some(({ type }) => type === 'viewers'));
  const seen = await told(two, 'viewers');
  expect(seen.holder).toBe(seen.you);
  // Nobody is told what makes windows one person's.
  expect(JSON.stringify([...first.messages, ...two.messages])).not.toContain(party);
  // The window that took control is closed: the other keeps it.
  await one.close();
  await first.until(() => {
    const last = first.messages.findLast((message) => message.type === 'viewers');
    return last?.type === 'viewers' && last.viewers.length === 2 && last.holder === seen.you;
  });
});
