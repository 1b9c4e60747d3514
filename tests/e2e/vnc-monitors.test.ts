import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestViewer } from '../../services/web/src/testing/TestViewer.js';
import { slowness } from '../support/slowness.js';
import { TestClient, TestWindow } from '../support/TestClient.js';
import { XScreen } from '../support/XScreen.js';
import { eventually, YardTree } from '../support/YardTree.js';

const patience = 20_000 * slowness();
const [red, blue] = [0xaa0000, 0x0000aa];
const first = { width: 500, height: 400 };
const second = { width: 320, height: 300 };

let folder: string;
let screen: XScreen;
let tree: YardTree;
let client: TestClient;
let page: TestViewer | undefined;
let viewer: ChildProcess;
let windows: TestWindow[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yard-vnc-monitors-'));
  const socket = join(folder, 'vnc');
  [screen, tree] = await Promise.all([
    XScreen.start(1000, 700),
    YardTree.up('--no-console', '--size', '500x400', '--vnc', `unix:${socket}`),
  ]);
  client = await TestClient.connect(tree.info.waylandDisplay);
  windows = [await TestWindow.open(client, { colour: red })];
  viewer = spawn('xtigervncviewer', ['-FullScreen=0', '-RemoteResize=0', socket], {
    env: { ...process.env, DISPLAY: screen.display, HOME: folder },
    stdio: 'ignore',
  });
  await shows(100, 100, red);
});
afterAll(async () => {
  const ended = once(viewer, 'exit');
  viewer.kill();
  await ended;
  page?.socket.terminate();
  client?.close();
  await tree?.down();
  await screen?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** TigerVNC's window begins in the corner: there is no window manager. */
const shows = (x: number, y: number, colour: number) =>
  eventually(`${colour.toString(16)} at ${x},${y}`, async () => screen.pixel(x, y) === colour, patience);

test('TigerVNC shows a monitor that is added beside the first, and black below it', async () => {
  page = await TestViewer.greet(tree.info.url, { monitor: { number: 2, ...second } });
  await eventually(
    'two monitors',
    async () => {
      const status = JSON.parse(await tree.yard('status', '--json')) as { seats: { monitors: unknown[] }[] };
      return status.seats[0]!.monitors.length === 2;
    },
    patience,
  );
  windows.push(await TestWindow.open(client, { colour: blue }));
  await shows(first.width + 100, 100, blue);
  await shows(100, 350, red);
  await shows(first.width + 100, 350, 0);
});

test('its pointer goes from one to the other, also with a button held, and its keys where the keyboard is', async () => {
  const from = client.happenings.length;
  await screen.tool('mousemove', '100', '100', 'mousedown', '1');
  await client.heard('pointer.button 272 1', from);
  // Where the viewer's window stands on its screen is its own business.
  const [x, y] = placeOf(client.happenings.findLast((text) => /^pointer\.(motion|enter)/.test(text))!);
  await screen.tool('mousemove', '600', '200');
  await client.heard(`pointer.motion ${x + 500} ${y + 100}`, from);
  await screen.tool('mouseup', '1');
  const entered = await client.heard(`pointer.enter ${windows[1]!.id}`, from);
  expect(placeOf(entered)).toEqual([x + 500 - first.width, y + 100]);
  const clicked = client.happenings.length;
  await screen.tool('click', '1');
  await client.heard(`keyboard.enter ${windows[1]!.id}`, clicked);
  // There is no window manager that would give it the focus.
  await screen.tool('search', '--onlyvisible', '--name', 'Switchyard', 'windowfocus', '--sync');
  await screen.tool('key', 'q');
  await client.heard('keyboard.key 16 1', clicked);
  // The keyboard has stayed there.
  const focus = client.happenings.findLast((text) => text.startsWith('keyboard.enter'));
  expect(focus).toMatch(new RegExp(`^keyboard.enter ${windows[1]!.id} `));
});

function placeOf(happening: string): [number, number] {
  const [x, y] = happening.split(' ').slice(-2).map(Number);
  return [x!, y!];
}

test('it goes on with the first alone when the other is unplugged', async () => {
  await page!.close();
  page = undefined;
  await shows(first.width + 100, 100, 0);
  const from = client.happenings.length;
  await screen.tool('mousemove', '100', '120', 'click', '1');
  await client.heard('pointer.button 272 1', from);
});
