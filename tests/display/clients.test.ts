import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { KEY } from '@switchyard/uapi';
import { expect, test } from 'vitest';
import { displayFixture } from '../support/DisplayFixture.js';
import { listSessions, screenshot } from '../support/TestSeat.js';

const fixture = displayFixture();
const run = promisify(execFile);

const programs = (directory: string): [program: string, args: string[]][] => [
  ['weston-simple-shm', []],
  ['weston-simple-damage', []],
  ['weston-subsurfaces', []],
  ['weston-flower', []],
  ['weston-terminal', ['--shell=/bin/sh']],
  ['foot', ['/bin/sh']],
  ['gtk3-demo', []],
  ['gtk4-demo', []],
  [
    'chromium',
    [
      '--no-sandbox',
      '--ozone-platform=wayland',
      '--disable-gpu',
      '--no-first-run',
      `--user-data-dir=${join(directory, 'chromium')}`,
      'data:text/html,<body style="background:%23336699"><h1>Switchyard',
    ],
  ],
];

/** How many different colours a session's picture has. */
async function colours(id: string): Promise<number> {
  const { pixels } = await screenshot(await fixture.tree.bus(), 'session', id);
  return new Set(new Uint32Array(pixels.buffer, 0, pixels.length / 4)).size;
}

test('real programs become sessions, are shown, and are switched by their chords', async () => {
  const ids: string[] = [];
  const all = programs(fixture.tree.directory);
  for (const [program, args] of all) {
    fixture.tree.run(program, args);
    const { seat } = fixture;
    await seat.until(
      () => seat.monitor.session !== undefined && !ids.includes(seat.monitor.session),
      `${program} to take the screen:\n${fixture.tree.output}`,
    );
    ids.push(seat.monitor.session!);
    const frames = seat.frames.length;
    await seat.until(() => seat.frames.length > frames || seat.frames.at(-1)?.session === ids.at(-1));
  }
  expect(await listSessions(await fixture.tree.bus())).toEqual(ids);
  for (const [index, id] of ids.entries()) {
    fixture.seat.press(KEY.LEFTCTRL, KEY.LEFTALT, KEY.F1 + index);
    const shown = () => fixture.seat.monitor.session === id && fixture.seat.frames.at(-1)?.session === id;
    await fixture.seat.until(shown, `${all[index]![0]} to be switched to`);
    await expect.poll(() => colours(id), { message: all[index]![0] }).toBeGreaterThan(1);
  }
});

test('wayland-info finds every global in the version that programs need', async () => {
  const { stdout } = await run('wayland-info', [], {
    env: {
      ...process.env,
      XDG_RUNTIME_DIR: fixture.tree.directory,
      WAYLAND_DISPLAY: fixture.tree.waylandDisplay,
    },
  });
  const globals = new Map(
    [...stdout.matchAll(/interface: '(\w+)',\s+version:\s+(\d+)/g)].map(([, name, version]) => [
      name,
      Number(version),
    ]),
  );
  const needed = {
    wl_compositor: 6,
    wl_subcompositor: 1,
    wl_shm: 2,
    wl_seat: 9,
    wl_output: 4,
    wl_data_device_manager: 3,
    xdg_wm_base: 3,
    wp_viewporter: 1,
  };
  for (const [name, version] of Object.entries(needed))
    expect([name, globals.get(name)]).toEqual([name, version]);
  expect(stdout).toContain('width: 640 px, height: 480 px');
});
