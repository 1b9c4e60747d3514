import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Connection } from './Connection.js';
import { DBusError } from './DBusError.js';
import { ManagedObjects } from './ManagedObjects.js';
import { ReferenceBus } from './testing/ReferenceBus.js';
import { Variant } from './Variant.js';

const run = promisify(execFile);
let bus: ReferenceBus;
beforeAll(async () => {
  bus = await ReferenceBus.start();
});
afterAll(() => bus.stop());

const item = (size: number, name = 'org.example.Item') => ({
  name,
  properties: {
    Size: { type: 'u', get: () => size },
    Secret: {
      type: 's',
      get: () => {
        throw new DBusError('org.example.No', 'not for you');
      },
    },
  },
});
const settled = (connection: Connection, name: string) =>
  connection.proxy(name, '/').call('org.freedesktop.DBus.Peer', 'Ping');

it('objects below a manager are listed, told of when they come and go, and kept on the other side', async () => {
  using server = await Connection.connect(bus.address);
  using client = await Connection.connect(bus.address);
  server.manageObjects('/org/example');
  const first = server.export('/org/example/a', item(1));
  server.export('/elsewhere', item(9));
  const events: unknown[] = [];
  using objects = new ManagedObjects(client, server.uniqueName, '/org/example', {
    added: (path, interfaces) => events.push(['added', path, [...interfaces.keys()]]),
    removed: (path, names) => events.push(['removed', path, names]),
    changed: (path, name, changed) => events.push(['changed', path, name, changed.get('Size')?.value]),
  });
  await objects.ready;
  expect([...objects.objects]).toEqual([
    ['/org/example/a', new Map([['org.example.Item', new Map([['Size', new Variant('u', 1)]])]])],
  ]);
  server.export('/org/example/a/b', item(2));
  server.export('/org/example/a/b', item(3, 'org.example.More'));
  await new Promise((resolve) => setImmediate(resolve));
  server.emitPropertiesChanged(
    '/org/example/a',
    'org.example.Item',
    new Map([['Size', new Variant('u', 5)]]),
  );
  first[Symbol.dispose]();
  await settled(client, server.uniqueName);
  server.unexport('/org/example/a/b');
  await settled(client, server.uniqueName);
  expect(events).toEqual([
    ['added', '/org/example/a', ['org.example.Item']],
    ['added', '/org/example/a/b', ['org.example.Item']],
    ['added', '/org/example/a/b', ['org.example.More']],
    ['changed', '/org/example/a', 'org.example.Item', 5],
    ['removed', '/org/example/a', ['org.example.Item']],
    ['removed', '/org/example/a/b', ['org.example.Item', 'org.example.More']],
  ]);
  expect(objects.objects.size).toBe(0);
});

it('a manager under a well-known name is followed from owner to owner', async () => {
  using client = await Connection.connect(bus.address);
  const events: string[] = [];
  let happened = () => {};
  using objects = new ManagedObjects(client, 'org.example.Manager', '/', {
    added: (path) => {
      events.push(`added ${path}`);
      happened();
    },
    removed: (path) => {
      events.push(`removed ${path}`);
      happened();
    },
  });
  await objects.ready;
  for (const path of ['/one', '/two']) {
    const appeared = new Promise<void>((resolve) => (happened = resolve));
    const server = await Connection.connect(bus.address);
    server.manageObjects('/');
    server.export(path, item(1));
    await server.requestName('org.example.Manager');
    await appeared;
    const gone = new Promise<void>((resolve) => (happened = resolve));
    server.close();
    await gone;
  }
  expect(events).toEqual(['added /one', 'removed /one', 'added /two', 'removed /two']);
});

it('GLib’s own client reads our manager', async () => {
  using server = await Connection.connect(bus.address);
  server.manageObjects('/org/example');
  server.export('/org/example/a', item(7));
  const target = ['--address', bus.address, '--dest', server.uniqueName, '--object-path', '/org/example'];
  const { stdout } = await run('gdbus', [
    'call',
    ...target,
    '--method',
    'org.freedesktop.DBus.ObjectManager.GetManagedObjects',
  ]);
  expect(stdout.trim()).toBe("({objectpath '/org/example/a': {'org.example.Item': {'Size': <uint32 7>}}},)");
});
