import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Connection, Variant } from '@switchyard/dbus';
import { type DeviceProvider, login1, sessionPath } from '@switchyard/seat';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Journal } from '../testing/Journal.js';
import { KernelVtsLock, vtObstacle } from '../testing/KernelVtsLock.js';
import { SeatTree } from '../testing/SeatTree.js';

const executable = fileURLToPath(new URL('../../bin/yard-open-session.js', import.meta.url));
const yard = fileURLToPath(new URL('../../../../cli/bin/yard.js', import.meta.url));
/** Debian's user with a number that every system has, and no group but its own. */
const NOBODY = 65534;
const root = process.getuid?.() === 0;

let tree: SeatTree;
let provider: DeviceProvider;
let connection: Connection;
const removed = new Journal();
const groups: number[] = [];

beforeAll(async () => {
  tree = await SeatTree.start();
  connection = await tree.connect();
  const added = new Journal();
  connection.match({ type: 'signal', path: login1.path, member: 'DeviceAdded' }, () => added.add('added'));
  connection.match({ type: 'signal', path: login1.path, member: 'SessionRemoved' }, ({ body }) =>
    removed.add(body[0] as string),
  );
  await connection.call(manager('ListSeats'));
  provider = tree.provider();
  provider.attachKeyboard('seat0', 'keys');
  await added.until('added');
});
afterAll(async () => {
  for (const group of groups) {
    try {
      process.kill(-group, 'SIGKILL');
    } catch {
      // It ended in order.
    }
  }
  await tree.stop();
});

function manager(member: string, signature = '', ...body: unknown[]) {
  return { destination: login1.name, path: login1.path, interface: login1.manager, member, signature, body };
}

/** What it prints, and its status. */
async function open(
  args: string[],
  environment: Record<string, string> = {},
  command = [executable],
): Promise<{ out: string; error: string; status: number | null }> {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [...command, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  let [out, error] = ['', ''];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (error += text));
  const [status] = (await once(child, 'close')) as [number | null];
  return { out, error, status };
}
const here = () => ['--bus', tree.address];
/** Starts one that says its session's id and waits. */
async function opened(...args: string[]): Promise<{ child: ChildProcess; id: string }> {
  const program = ['sh', '-c', 'trap "exit 7" TERM; echo $XDG_SESSION_ID; sleep 600 & wait'];
  const line = [executable, ...here(), ...args, '--', ...program];
  // A process group, so that what is left of it when it is killed can be ended too.
  const child = spawn(process.execPath, line, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  groups.push(child.pid!);
  const [said] = (await once(child.stdout!, 'data')) as [Buffer];
  return { child, id: said.toString().trim() };
}

describe('a login program’s session', () => {
  test('has its environment, ends with its program and gives its status', async () => {
    const show =
      'echo $XDG_SESSION_ID $XDG_SEAT $XDG_SESSION_TYPE $XDG_SESSION_CLASS [$XDG_VTNR$DISPLAY]; exit 42';
    const args = ['--type', 'wayland', '--class', 'greeter', '--', 'sh', '-c', show];
    const { out, status } = await open([...here(), ...args], { DISPLAY: ':9', XDG_VTNR: '3' });
    expect(out).toMatch(/^c\d+ seat0 wayland greeter \[\]\n$/);
    expect(status).toBe(42);
    await removed.until(out.split(' ')[0]!);
  });

  test('is led by the process that opened it, and gives its properties to the bus', async () => {
    const { child, id } = await opened('--type', 'x11', '--desktop', 'sway', '--class', 'user');
    const session = connection.proxy(login1.name, sessionPath(id));
    const all = (await session.getAll(login1.session)) as Map<string, Variant>;
    expect(all.get('Leader')?.value).toBe(child.pid);
    expect([all.get('Type')?.value, all.get('Desktop')?.value]).toEqual(['x11', 'sway']);
    expect(all.get('Active')?.value).toBe(true);
    child.kill('SIGTERM');
    // The program had the signal, and what it made of it is what we hear.
    expect(await once(child, 'exit')).toEqual([7, null]);
    await removed.until(id);
  });

  test('stays in the background when it is to, and comes to the front when it is to', async () => {
    const front = await opened();
    const behind = await opened('--background');
    const active = async () => {
      const seat = connection.proxy(login1.name, `${login1.path}/seat/seat0`);
      return ((await seat.get(login1.seat, 'ActiveSession')) as [string, string])[0];
    };
    expect(await active()).toBe(front.id);
    const third = await opened('--activate');
    expect(await active()).toBe(third.id);
    // Killed outright it takes its session along.
    for (const { child, id } of [front, behind, third]) {
      child.kill('SIGKILL');
      await removed.until(id);
    }
  });

  test.skipIf(!root)('runs as another user with that user’s groups and home', async () => {
    const show = 'id -u; id -g; id -Gn; echo $USER $LOGNAME $HOME; pwd';
    const { out, status } = await open([...here(), '--user', `${NOBODY}`, '--', 'sh', '-c', show]);
    expect(out).toBe('65534\n65534\nnogroup\nnobody nobody /nonexistent\n/\n');
    expect(status).toBe(0);
  });

  test('is `yard seat open-session` as well, which takes the tree’s bus', async () => {
    const command = [yard, 'seat', 'open-session'];
    const args = ['--runtime-dir', tree.dir, '--seat', '', 'sh', '-c', 'echo "[$XDG_SEAT]"; exit 3'];
    const { out, status } = await open(args, {}, command);
    expect([out, status]).toEqual(['[]\n', 3]);
    expect((await open(['--help'], {}, command)).out).toContain('usage: yard seat open-session');
  });

  test('says in one line why there is none', async () => {
    expect(await open(['--bus', 'unix:path=/nowhere', 'true'])).toMatchObject({ status: 3 });
    expect(await open([...here(), '--seat', 'seat7', 'true'])).toMatchObject({ status: 4 });
    expect(await open([...here(), '--user', 'no-such-user', 'true'])).toMatchObject({ status: 4 });
    expect(await open([...here(), '--type', 'smoke', 'true'])).toMatchObject({ status: 1 });
    expect(await open([...here(), '--vt', '64', 'true'])).toMatchObject({ status: 2 });
    expect(await open([...here(), '--colour', 'true'])).toMatchObject({ status: 2 });
    expect(await open([...here(), '/no/such/program'])).toMatchObject({ status: 127 });
  });
});

const noVts = vtObstacle();
test.skipIf(!root || noVts !== undefined)(
  `a session on a VT has it as its controlling terminal, for as long as it lasts${noVts ? ` (${noVts})` : ''}`,
  async () => {
    const lock = await KernelVtsLock.take();
    const own = await SeatTree.start(100, '--vt');
    try {
      const vt = lock.free();
      const show =
        'tty; ps -o tty= -p $$; echo $XDG_SEAT $XDG_VTNR $XDG_SESSION_TYPE; stat -c %U:%G:%a $(tty)';
      const user = ['--user', `${NOBODY}`, '--vt', `${vt}`, '--activate'];
      const { out, error, status } = await open(['--bus', own.address, ...user, '--', 'sh', '-c', show]);
      expect([error, status]).toEqual(['', 0]);
      expect(out).toBe(`/dev/tty${vt}\ntty${vt}\nseat0 ${vt} tty\nnobody:tty:620\n`);
      expect(statSync(`/dev/tty${vt}`).uid).toBe(0);
      // It came to the front, and stayed there.
      expect(lock.vts.active).toBe(vt);
    } finally {
      await own.stop();
      await lock.release();
    }
  },
);
