/** A seat on the machine's own screens, keyboards and mice: services/screens, with a terminal that has the seat itself. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import type { GuestProcess } from './GuestProcess.js';
import { quoted } from './hostProgram.js';
import { Vm } from './Vm.js';

/** Of the terminal's usual theme. */
const background = 0x14161a;
const red = 0xd6494f;
/** How long one key may take (ms). */
const retype = 10_000;
const environment = { YARD_RUNTIME_DIR: '/run/yard', LIBSEAT_BACKEND: 'builtin', XDG_VTNR: '2' };

let vm: Vm;
let screens: GuestProcess;

const start = (service: string, words = '') =>
  vm.exec(`exec node services/${service}/bin/main.cjs --runtime-dir /run/yard ${words}`, {
    env: environment,
  });
/** Each key makes the whole screen another colour: words would be lost where the machine is slow and the kernel's queue short. */
const painter = String.raw`while read -rsn1 key; do
  case $key in r) printf '\e[41m\e[2J';; n) printf '\e[0m\e[2J';; esac
done`;
const share = async (colour: number) => (await vm.screenshot()).share(colour);

beforeAll(async () => {
  vm = await Vm.start();
  await vm.run('mkdir -p -m 700 /run/yard /run/yard/state /run/yard/log && chvt 2');
  for (const service of ['bus', 'seat']) start(service);
  screens = start('screens', '--seat seat0');
  await eventually(async () => expect(screens.stdout + screens.stderr).toContain('a screen'));
});
afterAll(async () => {
  await vm?.stop();
});

/** Until the screen is so: what is typed before the keyboard is ours, or the program there, is nobody's. */
async function press(key: string, colour: number): Promise<void> {
  await vm.type(key);
  await eventually(async () => expect(await share(colour)).toBeGreaterThan(0.9), retype).catch(() =>
    press(key, colour),
  );
}

it('a terminal is on the machine’s screen, and what is typed on its keyboard reaches it', async () => {
  start('console', `--seat seat0 -- bash -c ${quoted(painter)}`);
  await eventually(async () => expect(await share(background)).toBeGreaterThan(0.9));
  await press('r', red);
});

it('the screen is another’s while another VT is in front, keys too, and shows what it showed when it is back', async () => {
  await vm.run('chvt 3');
  await eventually(async () => expect(await share(red)).toBeLessThan(0.1));
  await vm.type('n');
  await vm.run('chvt 2');
  await eventually(async () => expect(await share(red)).toBeGreaterThan(0.9));
  await press('n', background);
});

it('a screen that is plugged in is one more monitor, and goes with it', async () => {
  const monitors = async () =>
    (
      await vm.run(
        `busctl --address=unix:path=/run/yard/bus call org.freedesktop.login1 /org/freedesktop/login1 \
          org.switchyard.DeviceManager1 ListDevices s seat0`,
      )
    ).match(/Virtual-\d/g)?.length;
  const before = await monitors();
  await vm.plug(1, 800, 600);
  await eventually(async () => expect(await monitors()).toBeGreaterThan(before!));
  await vm.plug(1, 0, 0);
  await eventually(async () => expect(await monitors()).toBe(before));
});
