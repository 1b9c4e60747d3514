import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Connection, Variant } from '@switchyard/dbus';
import { login1, sessionPath, userPath } from '@switchyard/seat';
import { Fd, ioctl, Pidfd, sealedMemfd } from '@switchyard/sys';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Journal } from './testing/Journal.js';
import { RawController } from './testing/RawController.js';
import { openFds, SeatTree } from './testing/SeatTree.js';

const uid = process.getuid!();
/** Debian's nobody. */
const STRANGER = 65534;
const background: [string, Variant][] = [['Background', new Variant('b', true)]];
const named = (name: string) => ({ name: name.includes('.') ? name : `org.freedesktop.login1.${name}` });
const invalid = named('org.freedesktop.DBus.Error.InvalidArgs');

let tree: SeatTree;
let journal: Journal;
let connection: Connection;
let sysfs: string;
const controllers: RawController[] = [];

beforeEach(async () => {
  sysfs = mkdtempSync(join(tmpdir(), 'yard-sysfs-'));
  mkdirSync(join(sysfs, 'class/backlight/panel'), { recursive: true });
  writeFileSync(join(sysfs, 'class/backlight/panel/brightness'), '1\n');
  tree = await SeatTree.start(100, '--sysfs', sysfs);
  journal = new Journal();
  connection = await tree.connect();
  await connection.call({
    ...manager('AttachDevice', 'sssa{sv}', 'seat0', 'keyboard', 'keys', new Map()),
    interface: 'org.switchyard.DeviceManager1',
  });
});
afterEach(async () => {
  for (const controller of controllers.splice(0)) controller.close();
  await tree.stop();
  rmSync(sysfs, { recursive: true, maxRetries: 10 });
});

function manager(member: string, signature = '', ...body: unknown[]) {
  return { destination: login1.name, path: login1.path, interface: login1.manager, member, signature, body };
}
function call(member: string, signature = '', ...body: unknown[]): Promise<unknown[]> {
  return connection.call(manager(member, signature, ...body));
}
async function session(name: string, properties: [string, Variant][] = []): Promise<RawController> {
  const one = new RawController(name, await tree.connect(), journal);
  controllers.push(one);
  await one.create(tree.leader().pid, properties);
  return one;
}
function get(
  path: string,
  kind: 'session' | 'seat' | 'user' | 'manager',
  property: string,
): Promise<unknown> {
  return connection.proxy(login1.name, path).get(login1[kind], property);
}
/** CreateSession's arguments behind uid and process, for a session in the background. */
const request = (sessionClass: string, seat = 'seat0') =>
  ['test', 'wayland', sessionClass, '', seat, 0, '', '', false, '', ''] as const;

/** The name of a pseudo terminal's other side, which can be opened from now on. */
function unlockTerminal(master: Fd): string {
  const [TIOCSPTLCK, TIOCGPTN] = [0x40045431, 0x80045430];
  ioctl(master, TIOCSPTLCK, new Uint8Array(4));
  const number = new Uint8Array(4);
  ioctl(master, TIOCGPTN, number);
  return `pts/${new DataView(number.buffer).getUint32(0, true)}`;
}

describe('a user', () => {
  test('is there from the first session to the last, and longer by lingering', async () => {
    const told = new Journal();
    for (const member of ['UserNew', 'UserRemoved']) {
      connection.match({ type: 'signal', path: login1.path, member }, ({ body }) => {
        told.add(`${member} ${body[0]} ${body[1]}`);
      });
    }
    await expect(call('GetUser', 'u', uid)).rejects.toMatchObject(named('NoSuchUser'));
    const a = await session('a');
    const b = await session('b', background);
    await told.until(`UserNew ${uid} ${userPath(uid)}`);
    expect(await call('GetUser', 'u', uid)).toEqual([userPath(uid)]);
    expect(await call('GetUserByPID', 'u', 0)).toEqual([userPath(uid)]);
    await expect(call('GetUserByPID', 'u', 2 ** 22)).rejects.toMatchObject(named('NoUserForPID'));
    const ids = async () => ((await get(userPath(uid), 'user', 'Sessions')) as string[][]).map(([id]) => id);
    expect(await ids()).toEqual([a.id, b.id]);
    expect(await get(userPath(uid), 'user', 'State')).toBe('active');
    expect(await get(`${login1.path}/user/self`, 'user', 'RuntimePath')).toBe(`/run/user/${uid}`);

    const displays = new Journal();
    connection.match({ type: 'signal', path: userPath(uid), member: 'PropertiesChanged' }, ({ body }) => {
      const display = (body[1] as Map<string, Variant>).get('Display')?.value as string[] | undefined;
      if (display) displays.add(display[0]!);
    });
    await call('ActivateSession', 's', b.id);
    await displays.until(b.id);
    await call('SetUserLinger', 'ubb', uid, true, false);
    expect(existsSync(join(tree.dir, 'state/linger/root')) || uid !== 0).toBe(true);
    await call('TerminateUser', 'u', uid);
    while ((await ids()).length > 0);
    expect(await get(userPath(uid), 'user', 'State')).toBe('lingering');
    await tree.kill(tree.seat);
    await tree.startSeat();
    expect(await get(userPath(uid), 'user', 'Linger')).toBe(true);
    await call('SetUserLinger', 'ubb', uid, false, false);
    await told.until(`UserRemoved ${uid} ${userPath(uid)}`);
    await expect(call('SetUserLinger', 'ubb', 4_000_000_000, true, false)).rejects.toMatchObject(
      named('NoSuchUser'),
    );
  });

  test('all of whose processes are signalled by Kill', async () => {
    const shell = spawn('sh', ['-c', 'sleep 600 & echo; wait'], { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve) => shell.stdout.once('data', resolve));
    const removed = new Journal();
    connection.match({ type: 'signal', path: login1.path, member: 'SessionRemoved' }, ({ body }) => {
      removed.add(body[0] as string);
    });
    const one = new RawController('a', connection, journal);
    controllers.push(one);
    await one.create(shell.pid!);
    await expect(call('KillUser', 'ui', uid, 99)).rejects.toMatchObject(invalid);
    // The pipe is closed when the shell and its child are gone.
    const closed = once(shell, 'close');
    await call('KillUser', 'ui', uid, 9);
    await Promise.all([removed.until(one.id), closed]);
  });
});

describe('idleness', () => {
  test('of all sessions is that of their user, of their seat and of everyone', async () => {
    const a = await session('a');
    const b = await session('b', background);
    const places = [
      [userPath(uid), 'user'],
      [`${login1.path}/seat/seat0`, 'seat'],
      [login1.path, 'manager'],
    ] as const;
    const changes = new Journal();
    connection.match({ type: 'signal', member: 'PropertiesChanged' }, ({ body, path }) => {
      const changed = body[1] as Map<string, Variant>;
      if (changed.has('IdleSinceHint')) changes.add(`${path} ${changed.get('IdleHint')?.value}`);
    });
    const idle = async () => Promise.all(places.map(([path, kind]) => get(path, kind, 'IdleHint')));
    expect(await idle()).toEqual([false, false, false]);
    await a.call('SetIdleHint', 'b', true);
    expect(await idle()).toEqual([false, false, false]);
    await b.call('SetIdleHint', 'b', true);
    expect(await idle()).toEqual([true, true, true]);
    for (const [path] of places) await changes.until(`${path} true`);
    const since = await get(sessionPath(b.id), 'session', 'IdleSinceHintMonotonic');
    for (const [path, kind] of places) expect(await get(path, kind, 'IdleSinceHintMonotonic')).toBe(since);
    const [lock] = await call('Inhibit', 'ssss', 'idle', 'film', 'plays', 'block');
    expect(await idle()).toEqual([true, true, false]);
    (lock as Fd).close();
    await a.call('SetIdleHint', 'b', false);
    expect(await idle()).toEqual([false, false, false]);
  });
});

describe('a session', () => {
  test('has the id that was asked for, of a kind that the manager gives to no other', async () => {
    const create = (id: string) =>
      call(
        ...(['CreateSession', 'uusssssussbssa(sv)', uid, tree.leader().pid, ...request('user')] as const),
        [['Id', new Variant('s', id)]],
      );
    const [id, path, , fifo] = await create('y7');
    expect([id, path]).toEqual(['y7', sessionPath('y7')]);
    expect(await get(path as string, 'session', 'Id')).toBe('y7');
    for (const other of ['y7', 'c1', 'y', 'y0', '../y1', ''])
      await expect(create(other), other).rejects.toMatchObject(invalid);
    const usual = await session('a', background);
    expect(usual.id).toMatch(/^c\d+$/);
    (fifo as Fd).close();
    usual.close();
    while (((await call('ListSessions')) as [unknown[]])[0].length > 0);
  });

  test('is made for a process by its pidfd', async () => {
    const before = openFds(tree.seat.pid!);
    const create = (fd: Fd, flags: bigint) =>
      call('CreateSessionWithPIDFD', 'uhsssssussbssta(sv)', uid, fd, ...request('user'), flags, []);
    await expect(create(sealedMemfd('no pidfd', new Uint8Array(1)), 0n)).rejects.toMatchObject(invalid);
    const leader = tree.leader();
    await expect(create(Pidfd.open(leader.pid).fd, 1n)).rejects.toMatchObject(invalid);
    const [id, path, , fifo, owner, seat, , existing] = await create(Pidfd.open(leader.pid).fd, 0n);
    expect([path, owner, seat, existing]).toEqual([sessionPath(id as string), uid, 'seat0', false]);
    expect(await call('GetSessionByPID', 'u', leader.pid)).toEqual([path]);
    const [[row]] = (await call('ListSessionsEx')) as [unknown[][]];
    // biome-ignore format: as the signature has them
    expect(row).toEqual([id, uid, expect.any(String), 'seat0', leader.pid, 'user', '', false, expect.any(BigInt), path]);
    (fifo as Fd).close();
    while (((await call('ListSessions')) as [unknown[]])[0].length > 0);
    while (openFds(tree.seat.pid!) > before + 1) await call('ListSeats');
  });

  test('says what it is and becomes: type, display, terminal, class', async () => {
    const a = await session('a');
    const has = (property: string) => get(sessionPath(a.id), 'session', property);
    await expect(a.call('SetType', 's', 'x11')).rejects.toMatchObject(named('NotInControl'));
    await a.call('TakeControl', 'b', false);
    await a.call('SetType', 's', 'x11');
    await a.call('SetDisplay', 's', ':7');
    expect([await has('Type'), await has('Display')]).toEqual(['x11', ':7']);
    using master = Fd.open('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY);
    await expect(a.call('SetTTY', 'h', sealedMemfd('no tty', new Uint8Array(1)))).rejects.toMatchObject(
      invalid,
    );
    const name = unlockTerminal(master);
    await a.call('SetTTY', 'h', Fd.open(`/dev/${name}`, constants.O_RDWR | constants.O_NOCTTY));
    expect(await has('TTY')).toBe(name);
    await a.call('SetType', 's', 'tty');
    await expect(a.call('SetDisplay', 's', ':8')).rejects.toMatchObject(
      named('org.freedesktop.DBus.Error.NotSupported'),
    );
    await a.call('ReleaseControl');
    expect(await has('Type')).toBe('wayland');

    await expect(a.call('SetClass', 's', 'greeter')).rejects.toMatchObject(invalid);
    const [id, path, , fifo] = await call(
      'CreateSession',
      'uusssssussbssa(sv)',
      uid,
      tree.leader().pid,
      ...request('user-incomplete', ''),
      [],
    );
    const incomplete = connection.proxy(login1.name, path as string);
    expect(await incomplete.get(login1.session, 'CanLock')).toBe(false);
    await expect(call('LockSession', 's', id)).rejects.toMatchObject(
      named('org.freedesktop.DBus.Error.NotSupported'),
    );
    await incomplete.call(login1.session, 'SetClass', 's', 'user');
    expect(await incomplete.get(login1.session, 'Class')).toBe('user');
    await call('LockSession', 's', id);
    (fifo as Fd).close();
  });

  test('in front sets the brightness of its seat’s lights', async () => {
    const a = await session('a');
    const b = await session('b', background);
    const set = (of: RawController, subsystem: string, name: string) =>
      of.call('SetBrightness', 'ssu', subsystem, name, 42);
    await set(a, 'backlight', 'panel');
    expect(readFileSync(join(sysfs, 'class/backlight/panel/brightness'), 'utf8').trim()).toBe('42');
    await expect(set(b, 'backlight', 'panel')).rejects.toMatchObject(named('NotYourDevice'));
    await expect(set(a, 'sound', 'panel')).rejects.toMatchObject(invalid);
    for (const name of ['..', '.', 'a/b', '', 'x'.repeat(300)]) {
      await expect(set(a, 'leds', name)).rejects.toMatchObject(invalid);
    }
    await expect(set(a, 'leds', 'none')).rejects.toMatchObject(named('System.Error.ENODEV'));
    mkdirSync(join(sysfs, 'class/leds/strange'), { recursive: true });
    await expect(set(a, 'leds', 'strange')).rejects.toMatchObject(named('System.Error.ENOENT'));
  });
});

/** How many fds the manager has when what it does of itself is over: it may be just up. */
async function settledFds(): Promise<number> {
  for (let same = 0, last = -1; ; ) {
    await call('ListSeats');
    const now = openFds(tree.seat.pid!);
    same = now === last ? same + 1 : 0;
    last = now;
    if (same === 5) return now;
    await pause(100);
  }
}

describe('a thousand sessions', () => {
  test('of one user are allowed, one more is not, and all end with their fifos', async () => {
    const keeper = await tree.connect();
    const fifos: Fd[] = [];
    const leaders = Array.from({ length: 1025 }, () => tree.leader().pid);
    // Root may make them for another user, whose many are not to be in root's way.
    const many = uid === 0 ? STRANGER : uid;
    const create = async (leader: number, of = many) => {
      const body = [of, leader, ...request('user'), background];
      const reply = await keeper.call(manager('CreateSession', 'uusssssussbssa(sv)', ...body));
      fifos.push(reply[3] as Fd);
    };
    const end = async () => {
      for (const fifo of fifos.splice(0)) fifo.close();
      while (((await call('ListSessions')) as [unknown[]])[0].length > 0);
    };
    // What the first one brings with it stays.
    await create(leaders[0]!);
    await end();
    const before = await settledFds();
    for (const leader of leaders.slice(0, 1024)) await create(leader);
    await expect(create(leaders[1024]!)).rejects.toMatchObject(
      named('org.freedesktop.DBus.Error.LimitsExceeded'),
    );
    const [list] = (await call('ListSessions')) as [[string][]];
    expect(list).toHaveLength(1024);
    if (uid === 0) await create(leaders[1024]!, uid);
    const started = performance.now();
    await call('ActivateSession', 's', list[1000]![0]);
    expect(performance.now() - started).toBeLessThan(5000);
    await end();
    while (openFds(tree.seat.pid!) > before) await call('ListSeats');
  });
});
