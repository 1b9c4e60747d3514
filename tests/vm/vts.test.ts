import { afterAll, beforeAll, expect, it } from 'vitest';
import { cage, type Desktop, sway, weston, xorg } from './desktops.js';
import { eventually } from './eventually.js';
import { type OpenSession, SeatManager } from './SeatManager.js';
import { Vm } from './Vm.js';

let vm: Vm;
let manager: SeatManager;
let first: OpenSession;
let second: OpenSession;
let third: OpenSession;

beforeAll(async () => {
  vm = await Vm.start();
  // What a session answers within a tenth of a second elsewhere takes longer here.
  manager = await SeatManager.start(vm, 'switchyard', ['--grace', '2000']);
  await vm.run('install -d -o bob -m 700 /tmp/bob');
  // A program that has VT 1 open, as a login prompt has: the kernel's own keys go nowhere else.
  vm.exec('exec setsid sleep 100000 < /dev/tty1 > /dev/tty1');
});
afterAll(async () => {
  await vm?.stop();
});

const active = async () => (await vm.run('cat /sys/class/tty/tty0/active')).trim();
/** Until the desktop's colour is on the screen, of which the kernel says which VT it shows. */
const shows = (desktop: Desktop, vt: number) =>
  eventually(async () => {
    expect(await active()).toBe(`tty${vt}`);
    expect((await vm.screenshot()).share(desktop.colour)).toBeGreaterThan(0.3);
  });

it('a desktop on a VT has the screen, and another on another VT when the keys say so', async () => {
  first = await manager.open({ user: 'alice', program: weston.program, vt: 2, type: weston.type });
  await vm.run('chvt 2');
  await shows(weston, 2);
  const other = sway('logind');
  second = await manager.open({ user: 'bob', program: other.program, vt: 3, type: other.type });
  await vm.key('ctrl-alt-f3');
  await shows(other, 3);
  await vm.key('ctrl-alt-f2');
  await shows(weston, 2);
  await vm.key('ctrl-alt-f3');
  await shows(other, 3);
});

it('keys reach a VT in text mode, from where the kernel’s own keys lead back', async () => {
  await vm.key('ctrl-alt-f1');
  await eventually(async () => expect(await active()).toBe('tty1'));
  // The manager hears of what the kernel has done.
  const session = () => vm.run('loginctl show-seat seat0 -p ActiveSession');
  await eventually(async () => expect(await session()).toBe('ActiveSession=\n'));
  await vm.key('ctrl-alt-f2');
  await shows(weston, 2);
  await eventually(async () => expect(await session()).toBe(`ActiveSession=${first.id}\n`));
});

it('an X server, whose VT’s switching is its own, leaves when it is asked and comes back', async () => {
  // It does not start in the background.
  await vm.run('chvt 4');
  await eventually(async () => expect(await active()).toBe('tty4'));
  third = await manager.open({ user: 'bob', program: xorg.program, vt: 4, type: xorg.type });
  await shows(xorg, 4);
  await vm.key('ctrl-alt-f3');
  await shows(sway('logind'), 3);
  await manager.activate(third.id);
  await shows(xorg, 4);
});

/** What is typed arrives in the X server's terminal. */
const takesKeys = (word: string) =>
  eventually(async () => {
    await vm.type(`echo ${word} > typed.0\n`);
    expect(await vm.run('sleep 0.5; cat /home/bob/typed.0 || true')).toBe(`${word}\n`);
  });

it('an X server that is stopped holds nobody up, and has its picture and its keys when it goes on', async () => {
  await takesKeys('before');
  await vm.run('pkill -STOP -x Xorg');
  await vm.key('ctrl-alt-f3');
  await shows(sway('logind'), 3);
  await vm.run('pkill -CONT -x Xorg');
  await manager.activate(third.id);
  await shows(xorg, 4);
  await takesKeys('behind');
  // It is away and back as ever, by the keys, which it also hears.
  await vm.key('ctrl-alt-f3');
  await shows(sway('logind'), 3);
  await vm.key('ctrl-alt-f4');
  await shows(xorg, 4);
  await takesKeys('again');
  // It goes on only when it is in front.
  await vm.run('pkill -STOP -x Xorg');
  await vm.key('ctrl-alt-f3');
  await shows(sway('logind'), 3);
  await manager.activate(third.id);
  await eventually(async () => expect(await active()).toBe('tty4'));
  await vm.run('pkill -CONT -x Xorg');
  await shows(xorg, 4);
  await takesKeys('in-front');
  await vm.run(`loginctl terminate-session ${third.id}`);
});

it('a client of seatd is the VT that is in front when it comes, and switches by its own keys', async () => {
  vm.exec('exec setsid sleep 100000 < /dev/tty5 > /dev/tty5');
  await vm.run('chvt 5');
  const client = cage('seatd');
  manager.runSeatdClient('bob', client.program, { XDG_RUNTIME_DIR: '/tmp/bob' });
  await shows(client, 5);
  await vm.key('ctrl-alt-f2');
  await shows(weston, 2);
  await vm.key('ctrl-alt-f5');
  await shows(client, 5);
});

it('a manager that is killed leaves the desktop in front, and the next one switches', async () => {
  await vm.run('chvt 2');
  await shows(weston, 2);
  await manager.restart();
  await shows(weston, 2);
  await manager.activate(second.id);
  await eventually(async () => expect(await active()).toBe('tty3'));
});
