/** libs/seat's Seat with real devices: by login1 and by seatd's protocol, of ours and of others, and by itself. */
import { afterEach, expect, test } from 'vitest';
import { eventually } from './eventually.js';
import type { GuestProcess } from './GuestProcess.js';
import { type ManagerKind, SeatManager } from './SeatManager.js';
import { Vm } from './Vm.js';

const program = 'node node_modules/.cache/tests/vm/guest/compositor.js';

let vm: Vm | undefined;
afterEach(async () => {
  await vm?.stop();
  vm = undefined;
});

/** On the VT that is in front. */
function start(machine: Vm, backend: string, vt: number): GuestProcess {
  const env = { LIBSEAT_BACKEND: backend, XDG_VTNR: String(vt) };
  if (backend !== 'logind') return machine.exec(`exec ${program}`, { env });
  // Commands come by this process's stdin; the session's is its VT.
  const session = `node services/seat/bin/yard-open-session.js --vt ${vt} --type wayland`;
  const inside = `cd $PWD && exec ${program} < /proc/$$/fd/3`;
  return machine.exec(`exec 3<&0; exec ${session} -- sh -c "${inside}"`, { env });
}
const count = (one: GuestProcess, line: string) =>
  one.stdout.split('\n').filter((said) => said === line).length;
const said = (one: GuestProcess, line: string, times = 1) =>
  eventually(async () =>
    expect([one.stdout, one.stderr, count(one, line) >= times]).toEqual([one.stdout, one.stderr, true]),
  );

test.each<[string, ManagerKind | undefined, string]>([
  ['login1, of yard-seatd', 'switchyard', 'logind'],
  ['seatd’s protocol, of yard-seatd', 'switchyard', 'seatd'],
  ['login1, of elogind', 'elogind', 'logind'],
  ['seatd’s protocol, of seatd', 'seatd', 'seatd'],
  ['nobody', undefined, 'builtin'],
])('two compositors take turns on VTs by %s', async (_, kind, backend) => {
  vm = await Vm.start();
  const machine = vm;
  if (kind) await SeatManager.start(machine, kind, kind === 'switchyard' ? ['--grace', '2000'] : []);
  const show = async (vt: number) => {
    await machine.run(`chvt ${vt}`);
    await eventually(async () =>
      expect(await machine.run('cat /sys/class/tty/tty0/active')).toBe(`tty${vt}\n`),
    );
  };
  await show(2);
  const one = start(machine, backend, 2);
  await said(one, 'opened true');
  await said(one, 'seat seat0');
  expect(count(one, 'master true')).toBe(1);
  await machine.key('a');
  await said(one, 'key 30');

  await show(3);
  await said(one, 'disabled');
  const two = start(machine, backend, 3);
  await said(two, 'opened true');
  expect(count(two, 'master true')).toBe(1);
  await machine.key('b');
  await said(two, 'key 48');

  two.write('switch 2\n');
  await said(one, 'enabled', 2);
  await said(one, 'master true', 2);
  await said(one, 'keyboards resumed');
  await said(two, 'disabled');
  await machine.key('c');
  await said(one, 'key 46');
  expect([count(one, 'key 48'), count(two, 'key 30'), count(two, 'key 46')]).toEqual([0, 0, 0]);

  one.write('quit\n');
  expect(await one.status).toBe(0);
});
