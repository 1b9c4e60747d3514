import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Desktop, sway, weston, xorg } from './desktops.js';
import { eventually } from './eventually.js';
import { type OpenSession, SeatManager } from './SeatManager.js';
import { Vm } from './Vm.js';

let vm: Vm;
let manager: SeatManager;
let first: OpenSession;
let second: OpenSession;

beforeAll(async () => {
  vm = await Vm.start();
  manager = await SeatManager.start(vm, 'switchyard', ['--grace', '2000'], true);
  vm.exec('exec setsid sleep 100000 < /dev/tty1 > /dev/tty1');
});
afterAll(async () => {
  await vm?.stop();
});

const shows = async (desktop: Desktop, vt: number, session: OpenSession) => {
  try {
    await eventually(async () => {
      expect((await vm.run('cat /sys/class/tty/tty0/active')).trim()).toBe(`tty${vt}`);
      expect((await vm.screenshot()).share(desktop.colour)).toBeGreaterThan(0.3);
    });
  } catch (error) {
    const log = await vm.run('cat /run/supervised/log/*; cat /sys/kernel/debug/dri/0/clients');
    throw new Error(`${log}\n${session.process.stderr}`, { cause: error });
  }
};
/** Keys come to the terminal in sway: a shell obeys them. It may still be on its way when they are first typed. */
const typesInto = (name: string) =>
  eventually(async () => {
    await vm.type(`touch /tmp/${name}\n`);
    await sleep(500);
    expect((await vm.run('ls /tmp')).split('\n')).toContain(name);
  });

it('desktops that know nothing of restarts keep screen, keys and control when the manager is killed', async () => {
  const other = sway('logind');
  first = await manager.open({ user: 'alice', program: weston.program, vt: 2, type: weston.type });
  await vm.run('chvt 2');
  await shows(weston, 2, first);
  second = await manager.open({ user: 'bob', program: other.program, vt: 3, type: other.type });
  await vm.key('ctrl-alt-f3');
  await shows(other, 3, second);
  await typesInto('before');

  await manager.restartSupervised();
  await shows(other, 3, second);
  await typesInto('after');
  // The new manager has the old one's files: the one in front is asked, and the other has its card and keys again.
  await vm.key('ctrl-alt-f2');
  await shows(weston, 2, first);
  await vm.key('ctrl-alt-f3');
  await shows(other, 3, second);
  await typesInto('again');
  await eventually(async () =>
    expect(await vm.run('loginctl show-seat seat0 -p ActiveSession')).toBe(`ActiveSession=${second.id}\n`),
  );

  // Once more, with keys typed while another is in front: none comes to who is not.
  await manager.restartSupervised();
  await manager.activate(first.id);
  await shows(weston, 2, first);
  await vm.type('touch /tmp/leak\n');
  await manager.activate(second.id);
  await shows(other, 3, second);
  await typesInto('last');
  expect(await vm.run('ls /tmp')).not.toContain('leak');
});

it('an X server, from which the next manager takes its VT’s switching, goes on and comes back with its keys', async () => {
  await vm.run('chvt 4');
  await eventually(async () => expect((await vm.run('cat /sys/class/tty/tty0/active')).trim()).toBe('tty4'));
  const third = await manager.open({ user: 'bob', program: xorg.program, vt: 4, type: xorg.type });
  await shows(xorg, 4, third);
  await typesInto('x-before');
  await manager.restartSupervised();
  await shows(xorg, 4, third);
  await typesInto('x-after');
  await vm.key('ctrl-alt-f3');
  await shows(sway('logind'), 3, second);
  await vm.key('ctrl-alt-f4');
  await shows(xorg, 4, third);
  await typesInto('x-again');
});
