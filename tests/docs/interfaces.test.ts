import { readFileSync } from 'node:fs';
import { Connection, parseIntrospection } from '@switchyard/dbus';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, YardTree } from '../support/YardTree.js';

const architecture = readFileSync(new URL('../../ARCHITECTURE.md', import.meta.url), 'utf8');
const login1 = '/org/freedesktop/login1';
const paths = new Map([
  ['org.switchyard.DeviceManager1', login1],
  ['org.switchyard.Session1', `${login1}/session`],
  ['org.switchyard.Display1', '/org/switchyard/Display1'],
  ['org.switchyard.Web1', '/org/switchyard/Web1'],
  ['org.switchyard.Mirror1', '/org/switchyard/Mirror1'],
  ['org.switchyard.Terminal1', '/org/switchyard/Terminal1'],
  ['org.switchyard.Supervisor1', '/org/switchyard/Supervisor1'],
]);

let tree: YardTree;
beforeAll(async () => {
  tree = await YardTree.up('--size', '640x480');
  // Its seat has a display and a mirror of its own.
  await tree.yard('run', '--shared', '--background', '--', 'sleep', '1000');
});
afterAll(() => tree?.down());

/** Members by interface, of all of ours that are on the bus now. */
async function interfaces(bus: Connection): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  const [names] = (await bus
    .proxy('org.freedesktop.DBus', '/org/freedesktop/DBus')
    .call('org.freedesktop.DBus', 'ListNames', '')) as [string[]];
  const objects = [...paths.values(), ...(await tree.sessions()).map(({ id }) => `${login1}/session/${id}`)];
  for (const name of names.filter((one) => /^org\.(switchyard|freedesktop\.login1)/.test(one))) {
    for (const path of objects) {
      const answer = bus.proxy(name, path).call('org.freedesktop.DBus.Introspectable', 'Introspect', '');
      // Most have one of these objects.
      const [xml] = (await answer.catch(() => ['<node/>'])) as [string];
      for (const { name: own, methods, properties, signals } of parseIntrospection(xml).interfaces) {
        const members = [methods, properties, signals].flatMap((kind) => Object.keys(kind ?? {}));
        if (own.startsWith('org.switchyard.')) found.set(own, new Set(members));
      }
    }
  }
  return found;
}

test('ARCHITECTURE.md has every interface of ours that is on the bus, with all its members', async () => {
  using bus = await Connection.connect(tree.info.bus);
  // The tree is up before its terminal has its name.
  const found = await eventually('all interfaces', async () => {
    const there = await interfaces(bus);
    expect([...there.keys()]).toEqual(expect.arrayContaining([...paths.keys()]));
    return there;
  });
  const missing = [...found].flatMap(([name, members]) =>
    [...members]
      .filter((member) => !new RegExp(`\\b${member}\\b`).test(architecture))
      .map((member) => `${name}.${member}`),
  );
  expect(missing).toEqual([]);
});
