import { createRequire } from 'node:module';
import { BusLink } from '@switchyard/dbus';
import { DeviceProvider, type MonitorProvider } from '@switchyard/seat';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ServiceTree } from '../support/ServiceTree.js';
import { slowness } from '../support/slowness.js';
import { eventually } from '../support/YardTree.js';

const program = createRequire(new URL('../../cli/package.json', import.meta.url)).resolve(
  '@switchyard/service-console/session',
);
const mode = { refresh: 60_000, scale: 120 };

let tree: ServiceTree;
let link: BusLink;
const monitors: MonitorProvider[] = [];
/** The size of each monitor's newest frame, and how many colours it has. */
const seen: ({ width: number; height: number; colours: Set<number> } | undefined)[] = [];

beforeAll(async () => {
  tree = new ServiceTree();
  await tree.start('bus');
  await tree.start('seat');
  const provider = new DeviceProvider();
  link = new BusLink(tree.busAddress, {
    connected: (connection) => provider.connected(connection),
    lost: () => provider.lost(),
  });
  for (const [index, width] of [800, 640].entries()) {
    const monitor = provider.attachMonitor(
      'seat0',
      `monitor ${index}`,
      { ...mode, width, height: 480 },
      {
        present: (buffer) => {
          const { bytes } = buffer;
          const words = new Uint32Array(bytes.buffer, bytes.byteOffset, buffer.width * buffer.height);
          seen[index] = { width: buffer.width, height: buffer.height, colours: new Set(words) };
          monitor.flipDone();
        },
        cursor: () => {},
      },
    );
    monitors.push(monitor);
  }
});
afterAll(async () => {
  link?.close();
  await tree?.stop();
});

it('a lock screen leaves nothing of another session on any monitor', async () => {
  const patience = 20_000 * slowness();
  tree.run(process.execPath, [program, 'lock', '--runtime-dir', tree.directory, '--seat', 'seat0'], {
    YARD_LOCKED_SESSION: 'c0',
    YARD_LOCKED_USER: 'somebody',
    XDG_SESSION_ID: undefined,
  });
  await eventually('text on the first', async () => (seen[0]?.colours.size ?? 0) > 10, patience);
  await eventually('a frame on the second', async () => seen[1] !== undefined, patience);
  expect(seen[0]).toMatchObject({ width: 800, height: 480 });
  expect(seen[1]).toEqual({ width: 640, height: 480, colours: new Set([0]) });
  // Also in another mode.
  seen[1] = undefined;
  monitors[1]!.setMode({ ...mode, width: 320, height: 200 });
  await eventually('the second in its new mode', async () => seen[1] !== undefined, patience);
  expect(seen[1]).toEqual({ width: 320, height: 200, colours: new Set([0]) });
});
