import { afterAll, beforeAll, expect, it } from 'vitest';
import { cage, type Desktop, sway, textConsole, weston, xorg } from './desktops.js';
import { eventually } from './eventually.js';
import type { GuestProcess } from './GuestProcess.js';
import { SeatManager } from './SeatManager.js';
import { Vm } from './Vm.js';

/** Everything is slow here; who answers is not to be forced. */
const grace = 10_000;

interface Running {
  readonly desktop: Desktop;
  readonly user: 'alice' | 'bob';
  /** login1's id of its session. */
  readonly id: string;
  /** Of those that login1 serves. */
  readonly process?: GuestProcess;
}

let vm: Vm;
let manager: SeatManager;
/** In the order of their VTs, from 1. */
const running: Running[] = [];

beforeAll(async () => {
  vm = await Vm.start();
  manager = await SeatManager.start(vm, 'switchyard', ['--grace', String(grace)]);
});
afterAll(async () => {
  await vm.stop();
});

const shows = async (desktop: Desktop): Promise<void> => {
  await eventually(async () =>
    expect((await vm.screenshot()).share(desktop.colour), desktop.name).toBeGreaterThan(0.3),
  );
};

/** What is typed arrives in this desktop's terminal, in weston after a click: there a window that had the keyboard does not get it back. */
const takesKeys = async ({ desktop, user }: Running, word: string): Promise<void> => {
  await vm.run(`rm -f /home/${user}/typed.0`);
  await eventually(async () => {
    if (desktop === weston) await vm.click(0.5, 0.4);
    // The terminal may come when half of it is typed already: a line that ends in "ed" would be an editor's.
    await vm.type(`echo ${word} > typed.0\n`);
    expect(await vm.run(`sleep 1; cat /home/${user}/typed.0 || true`), desktop.name).toBe(`${word}\n`);
  });
};

/** Newest session of all. */
const newestId = async (): Promise<string> =>
  (await vm.run("loginctl --no-legend list-sessions | awk '{ print $1 }' | sort -V | tail -1")).trim();

it.each([
  { user: 'alice', desktop: weston },
  { user: 'bob', desktop: sway('logind') },
  { user: 'alice', desktop: cage('logind') },
  { user: 'bob', desktop: xorg },
  { user: 'bob', desktop: sway('seatd') },
  { user: 'alice', desktop: cage('seatd') },
  { user: 'bob', desktop: textConsole },
] as const)('$user gets $desktop.name', async ({ user, desktop }) => {
  const vt = running.length + 1;
  if (desktop.inFront || desktop.backend === 'seatd') await vm.run(`chvt ${vt}`);
  if (desktop.backend === 'logind') {
    const { id, process } = await manager.open({ user, vt, ...desktop });
    running.push({ desktop, user, id, process });
  } else {
    manager.runSeatdClient(user, desktop.program);
    const before = running.at(-1)!.id;
    await eventually(async () => expect(await newestId()).not.toBe(before));
    running.push({ desktop, user, id: await newestId() });
  }
  await shows(desktop);
  await takesKeys(running.at(-1)!, 'first');
});

it('the keys of the switch, and loginctl, go from each to each', async () => {
  for (const vt of [1, 2, 3, 4, 5, 6, 7, 1, 4, 7, 3, 6, 2]) {
    await vm.key(`ctrl-alt-f${vt}`);
    await shows(running[vt - 1]!.desktop);
    await takesKeys(running[vt - 1]!, `vt-${vt}`);
  }
  for (const { desktop, id } of running) {
    await manager.activate(id);
    await shows(desktop);
  }
  // All gave their devices up when they were asked; an X server does so after it has left its VT.
  const x = running.find(({ desktop }) => desktop === xorg)!.id;
  const forced = manager.log.split('\n').filter((line) => /"forced":[1-9]/.test(line));
  expect(forced.filter((line) => !line.includes(`"from":"${x}"`))).toEqual([]);
});

it('who releases its input by itself is not asked for it', () => {
  const { process } = running.find(({ desktop }) => desktop.name === 'sway on logind')!;
  const said = `${process!.stdout}${process!.stderr}`;
  expect(said).toContain('Disabling seat');
  // libseat's words when it answers for a device that it has released.
  expect(said).not.toContain('is not taken by this session');
});

it('loginctl tells who is where, and ends a session', async () => {
  const front = running.at(-1)!;
  await manager.activate(front.id);
  const listed = await vm.run('loginctl --no-legend list-sessions');
  for (const [index, { id, user }] of running.entries()) {
    const uid = user === 'alice' ? 1000 : 1001;
    expect(listed).toMatch(new RegExp(`^ *${id} +${uid} +${user} +seat0 +`, 'm'));
    const properties = await vm.run(`loginctl show-session ${id} -p Name -p Seat -p VTNr -p Active -p State`);
    const active = id === front.id;
    expect(properties.split('\n').sort().join(' ')).toBe(
      ` Active=${active ? 'yes' : 'no'} Name=${user} Seat=seat0 State=${active ? 'active' : 'online'} VTNr=${index + 1}`,
    );
  }
  expect(await vm.run('loginctl --no-pager seat-status seat0')).toMatch(
    new RegExp(`Sessions:.*\\*${front.id}`),
  );
  const ended = running[1]!;
  await vm.run(`loginctl terminate-session ${ended.id}`);
  await eventually(async () =>
    expect(await vm.run('loginctl --no-legend list-sessions')).not.toMatch(
      new RegExp(`^ *${ended.id} `, 'm'),
    ),
  );
});
