import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Connection, type Variant } from '@switchyard/dbus';
import { login1, switchyard } from '@switchyard/seat';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SeatTree } from '../testing/SeatTree.js';
import { SysTree } from '../testing/SysTree.js';

const yard = fileURLToPath(new URL('../../../../cli/bin/yard.js', import.meta.url));
const CARD = 'pci0000:00/0000:00:10.0';

let sys: SysTree;
let tree: SeatTree;
let bus: Connection;

beforeAll(async () => {
  sys = new SysTree(mkdtempSync(join(tmpdir(), 'yard-move-')));
  sys.card(CARD, 0);
  sys.connect(`${CARD}/drm/card0`, 'DP-1', false);
  tree = await SeatTree.start(
    100,
    '--hardware',
    '--sysfs',
    sys.sysfs,
    '--udev',
    sys.udev,
    '--udev-rules',
    '',
  );
  bus = await Connection.connect(tree.address);
});
afterAll(async () => {
  bus?.close();
  await tree?.stop();
  rmSync(sys.root, { recursive: true });
});

const move = (...given: string[]): Promise<{ status: number; error: string }> =>
  new Promise((resolve) => {
    const argv = [yard, 'seat', 'move', ...given];
    execFile(process.execPath, argv, (error, _out, stderr) =>
      resolve({ status: error ? Number(error.code) : 0, error: stderr }),
    );
  });

async function cards(): Promise<string[]> {
  const manager = bus.proxy(login1.name, login1.path);
  const [list] = (await manager.call(switchyard.deviceManager, 'ListDevices', 's', '')) as [
    [number, number, string, string, string, Map<string, Variant>][],
  ];
  return list.map(([, , kind, , , about]) => `${kind} ${about.get('connectors')?.value ?? 'whole'}`);
}

test('yard seat move gives a connector to a seat', async () => {
  expect(await cards()).toEqual(['card whole']);
  expect(await move('card0-DP-1', 'seat1', '--bus', tree.address)).toEqual({ status: 0, error: '' });
  expect((await cards()).sort()).toEqual(['card DP-1', 'card HDMI-A-1']);
  expect(await move('card0-DP-1', 'seat0', '--runtime-dir', tree.dir)).toEqual({ status: 0, error: '' });
  expect(await cards()).toEqual(['card DP-1,HDMI-A-1']);
});

test('yard seat move says in one line why it does not', async () => {
  const fails = async (...given: string[]) => {
    const { status, error } = await move(...given);
    expect(error).toMatch(/^yard: [^\n]+\n$/);
    return status;
  };
  expect(await fails('HDMI', 'seat1', '--bus', tree.address)).toBe(2);
  expect(await fails('card0-DP-1', 'seat1', '--bus', 'unix:path=/nowhere')).toBe(3);
  expect(await fails('card7-DP-1', 'seat1', '--bus', tree.address)).toBe(4);
  expect(await fails('card0-VGA-1', 'seat1', '--bus', tree.address)).toBe(1);
  expect(await fails('card0-DP-1', 'desk', '--bus', tree.address)).toBe(1);
});
