import { afterAll, beforeAll, expect, it } from 'vitest';
import { weston } from './desktops.js';
import { eventually } from './eventually.js';
import { SeatManager } from './SeatManager.js';
import { Vm } from './Vm.js';

/** The second card, and the keyboard and mouse that QEMU has for it. */
const desk = ['/dev/dri/card1', '/dev/input/event3', '/dev/input/event4'];

let vm: Vm;
let manager: SeatManager;
beforeAll(async () => {
  vm = await Vm.start();
  manager = await SeatManager.start(vm, 'switchyard');
});
afterAll(async () => {
  await vm?.stop();
});

/** weston with a colour of its own, on a card. */
function westonOn(seat: string, card: string, colour: string): string {
  return weston.program
    .replace(/background-color=0x[0-9a-f]+/, `background-color=0xff${colour}`)
    .replace('--drm-device=card0', `--drm-device=${card} --seat=${seat}`);
}

it('two people have a desktop each, on a seat that loginctl made of the second card and its keyboard', async () => {
  for (const node of desk) {
    const sysfs = (await vm.run(`udevadm info -q path ${node}`)).trim();
    await vm.run(`loginctl attach seat1 /sys${sysfs.replace(/\/event\d+$/, '')}`);
  }
  await eventually(async () => {
    expect(await vm.run('loginctl list-seats --no-legend')).toMatch(/seat0\s+seat1/);
    for (const node of desk) {
      const sysfs = (await vm.run(`udevadm info -q path ${node}`)).replace(/\/event\d+\s*$/, '');
      expect(await vm.run(`udevadm info /sys${sysfs}`)).toContain('ID_SEAT=seat1');
    }
  });
  const first = await manager.open({
    user: 'alice',
    program: westonOn('seat0', 'card0', '603020'),
    vt: 1,
  });
  const second = await manager.open({
    user: 'bob',
    program: westonOn('seat1', 'card1', '206030'),
    seat: 'seat1',
  });
  await eventually(async () => {
    const said = [first, second].map(({ process }) => process.stderr).join('\n');
    expect((await vm.screenshot({ gpu: 1 })).share(0x206030), said).toBeGreaterThan(0.5);
    expect((await vm.screenshot()).share(0x603020), said).toBeGreaterThan(0.5);
  });
  expect(await vm.run('loginctl list-sessions --no-legend | sort -k3')).toMatch(
    /alice\s+seat0.*\n.*bob\s+seat1/,
  );
  // udevd has the same idea of who is in front, and names him on what it tags; not on cards.
  const named = async (node: string) => (await vm.run(`getfacl -cpn ${node}`)).match(/^user:\d.*$/gm);
  await eventually(async () => expect(await named('/dev/dri/renderD128')).toEqual(['user:1000:rw-']));
  await vm.run('udevadm trigger --action=change -s drm; udevadm settle');
  await eventually(async () => expect(await named('/dev/dri/renderD128')).toEqual(['user:1000:rw-']));
  // udevd may have judged it by the rules of before: then the manager takes him off again.
  await eventually(async () => expect(await named('/dev/dri/card0')).toBeNull());
  await expect(vm.run('true < /dev/dri/card0', { user: 'alice' })).rejects.toThrow('Permission denied');
  // Neither is touched when the other's is locked, switched or ended.
  first.process.kill('SIGKILL');
  await eventually(async () =>
    expect(await vm.run('loginctl list-sessions --no-legend')).not.toContain('alice'),
  );
  expect((await vm.screenshot({ gpu: 1 })).share(0x206030)).toBeGreaterThan(0.5);
});
