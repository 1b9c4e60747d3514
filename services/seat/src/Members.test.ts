import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from '@switchyard/dbus';
import { login1, seatPath, sessionPath, userPath } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Journal } from './testing/Journal.js';
import { RawController } from './testing/RawController.js';
import { SeatTree } from './testing/SeatTree.js';

const uid = process.getuid!();
const named = (name: string) => ({ name: name.includes('.') ? name : `org.freedesktop.login1.${name}` });
const invalid = named('org.freedesktop.DBus.Error.InvalidArgs');
const unsupported = named('org.freedesktop.DBus.Error.NotSupported');

/** What the power executor was run with, one verb a line. */
let executed: string;
let place: string;
let tree: SeatTree;
let connection: Connection;
/** Signals of the manager object. */
const journal = new Journal();
const controllers: RawController[] = [];
const fifos: Fd[] = [];

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'yard-members-'));
  mkdirSync(join(place, 'sys/power'), { recursive: true });
  writeFileSync(join(place, 'sys/power/state'), 'freeze mem disk\n');
  writeFileSync(join(place, 'sys/power/disk'), '[platform] shutdown\n');
  executed = join(place, 'executed');
  const executor = join(place, 'power');
  writeFileSync(executor, `#!/bin/sh\necho $1 >> ${executed}\n`, { mode: 0o755 });
  tree = await SeatTree.start(
    100,
    '--power-command',
    executor,
    '--sysfs',
    join(place, 'sys'),
    '--inhibit-delay-max',
    '0',
  );
  connection = await tree.connect();
  connection.match({ type: 'signal', path: login1.path, interface: login1.manager }, ({ member, body }) =>
    journal.add([member, ...body].join(' ')),
  );
  await call('ListSeats');
});
afterEach(async () => {
  for (const one of controllers.splice(0)) one.close();
  for (const fifo of fifos.splice(0)) fifo.close();
  while (((await call('ListSessions')) as [unknown[]])[0].length > 0);
  journal.clear();
});
afterAll(async () => {
  await tree.stop();
  rmSync(place, { recursive: true, maxRetries: 10 });
});

function call(member: string, signature = '', ...body: unknown[]): Promise<unknown[]> {
  const target = { destination: login1.name, path: login1.path, interface: login1.manager };
  return connection.call({ ...target, member, signature, body });
}
const object = (path: string) => connection.proxy(login1.name, path);
/** All properties, without their types. */
async function properties(path: string, of: string): Promise<Record<string, unknown>> {
  const all = (await object(path).getAll(of)) as Map<string, { value: unknown }>;
  return Object.fromEntries([...all].map(([name, { value }]) => [name, value]));
}
async function attach(seat: string, kind = 'keyboard'): Promise<readonly [number, number]> {
  const target = { destination: login1.name, path: login1.path, interface: 'org.switchyard.DeviceManager1' };
  const body = [seat, kind, kind, new Map()];
  return (await connection.call({ ...target, member: 'AttachDevice', signature: 'sssa{sv}', body })) as [
    number,
    number,
  ];
}
const detach = (device: readonly [number, number]) =>
  connection.call({
    destination: login1.name,
    path: login1.path,
    interface: 'org.switchyard.DeviceManager1',
    member: 'DetachDevice',
    signature: 'uu',
    body: [...device],
  });
/** CreateSession with all that can be said; gives its reply. */
async function create(given: {
  seat?: string;
  type?: string;
  class?: string;
  remote?: [user: string, host: string];
  display?: string;
  desktop?: string;
}): Promise<{ id: string; leader: number; reply: unknown[] }> {
  const leader = tree.leader().pid;
  const { seat = '', type = '', class: kind = '', remote, display = '', desktop = '' } = given;
  const [user, host] = remote ?? ['', ''];
  const names = [seat, 0, '', display, remote !== undefined, user, host, []];
  const body = [uid, leader, 'sshd', type, kind, desktop, ...names];
  const reply = await call('CreateSession', 'uusssssussbssa(sv)', ...body);
  fifos.push(reply[3] as Fd);
  return { id: reply[0] as string, leader, reply };
}
/** In front of seat0. */
async function session(leader = tree.leader().pid): Promise<RawController> {
  const one = new RawController('a', await tree.connect(), new Journal());
  controllers.push(one);
  await one.create(leader);
  return one;
}

describe('the manager', () => {
  test('tells of sessions, users and seats that come and go, with their objects’ paths', async () => {
    const device = await attach('seat-left');
    await journal.until(`SeatNew seat-left ${login1.path}/seat/seat_2dleft`);
    expect(await call('ListSeats')).toEqual([[['seat-left', seatPath('seat-left')]]]);
    expect(await call('GetSeat', 's', 'seat-left')).toEqual([`${login1.path}/seat/seat_2dleft`]);
    const { id, reply } = await create({ seat: 'seat-left', type: 'tty' });
    await journal.until(`UserNew ${uid} ${userPath(uid)}`);
    await journal.until(`SessionNew ${id} ${sessionPath(id)}`);
    expect(reply.filter((_, index) => index !== 3)).toEqual([
      id,
      sessionPath(id),
      `/run/user/${uid}`,
      uid,
      'seat-left',
      0,
      false,
    ]);
    const [users] = (await call('ListUsers')) as [[number, string, string][]];
    expect(users.map(([number, , path]) => [number, path])).toEqual([[uid, userPath(uid)]]);
    await detach(device);
    await call('ReleaseSession', 's', id);
    await journal.until(`SessionRemoved ${id} ${sessionPath(id)}`);
    await journal.until(`UserRemoved ${uid} ${userPath(uid)}`);
    await journal.until(`SeatRemoved seat-left ${login1.path}/seat/seat_2dleft`);
    await expect(object(seatPath('seat-left')).get(login1.seat, 'Id')).rejects.toMatchObject(
      named('org.freedesktop.DBus.Error.UnknownObject'),
    );
  });

  test('finds nobody where there is nobody, in the words that clients know', async () => {
    const device = await attach('seat0');
    const a = await session();
    const { id: seatless } = await create({ type: 'tty' });
    for (const [member, signature, body, error] of [
      ['GetSeat', 's', ['seat9'], 'NoSuchSeat'],
      ['GetSession', 's', ['c999'], 'NoSuchSession'],
      ['GetSession', 's', [''], 'NoSessionForPID'],
      ['GetSessionByPID', 'u', [process.pid], 'NoSessionForPID'],
      ['GetSessionByPID', 'u', [2 ** 22], 'NoSessionForPID'],
      ['ActivateSession', 's', ['c999'], 'NoSuchSession'],
      ['ActivateSession', 's', [seatless], 'org.freedesktop.DBus.Error.NotSupported'],
      ['ActivateSessionOnSeat', 'ss', [a.id, 'seat9'], 'NoSuchSeat'],
      ['ActivateSessionOnSeat', 'ss', [seatless, 'seat0'], 'SessionNotOnSeat'],
      ['KillSession', 'ssi', [a.id, 'both', 15], 'org.freedesktop.DBus.Error.InvalidArgs'],
      ['KillSession', 'ssi', [a.id, 'leader', 0], 'org.freedesktop.DBus.Error.InvalidArgs'],
      ['LockSession', 's', ['c999'], 'NoSuchSession'],
      ['TerminateSession', 's', ['c999'], 'NoSuchSession'],
      ['TerminateUser', 'u', [4_000_000_000], 'NoSuchUser'],
      ['TerminateSeat', 's', ['seat9'], 'NoSuchSeat'],
      ['ReleaseSession', 's', ['c999'], 'NoSuchSession'],
    ] as const) {
      await expect([member, await call(member, signature, ...body).catch(({ name }: Error) => name)]).toEqual(
        [member, named(error).name],
      );
    }
    // Where there are no control groups weston runs in no session, and takes its user's display's seat for its own.
    expect(await call('GetSeat', 's', 'self')).toEqual([seatPath('seat0')]);
    const seat = object(seatPath('seat0'));
    await expect(seat.call(login1.seat, 'ActivateSession', 's', 'c999')).rejects.toMatchObject(
      named('NoSuchSession'),
    );
    await expect(seat.call(login1.seat, 'ActivateSession', 's', seatless)).rejects.toMatchObject(
      named('SessionNotOnSeat'),
    );
    await call('ActivateSessionOnSeat', 'ss', a.id, 'seat0');
    await detach(device);
  });

  test('locks and unlocks all sessions that can be, and ends all of a seat', async () => {
    const device = await attach('seat0');
    const a = await session();
    const { id: greeter } = await create({ seat: 'seat0', class: 'greeter', type: 'wayland' });
    const locks = new Journal();
    for (const member of ['Lock', 'Unlock'])
      connection.match({ type: 'signal', interface: login1.session, member }, ({ path }) =>
        locks.add(`${member} ${path}`),
      );
    await call('LockSessions');
    await locks.until(`Lock ${sessionPath(a.id)}`);
    await call('UnlockSessions');
    await locks.until(`Unlock ${sessionPath(a.id)}`);
    expect(locks.entries.some((entry) => entry.includes(sessionPath(greeter)))).toBe(false);
    await call('TerminateSeat', 's', 'seat0');
    for (const id of [a.id, greeter]) await journal.until(`SessionRemoved ${id} ${sessionPath(id)}`);
    await detach(device);
  });

  test('says what can be done with the machine, and has it done by the program that is for that', async () => {
    const verbs = {
      PowerOff: 'poweroff',
      Reboot: 'reboot',
      Halt: 'halt',
      Suspend: 'suspend',
      Hibernate: 'hibernate',
      HybridSleep: 'hybrid-sleep',
      SuspendThenHibernate: 'suspend-then-hibernate',
    };
    let count = 0;
    for (const [member, verb] of Object.entries(verbs)) {
      const prepare = /Power|Reboot|Halt/.test(member) ? 'PrepareForShutdown' : 'PrepareForSleep';
      expect([member, await call(`Can${member}`)]).toEqual([member, ['yes']]);
      for (const [name, signature, argument] of [
        [member, 'b', false],
        [`${member}WithFlags`, 't', 0n],
      ] as const) {
        journal.clear();
        await call(name, signature, argument);
        await journal.until(`${prepare} false`);
        expect(journal.entries).toEqual([`${prepare} true`, `${prepare} false`]);
        expect(readFileSync(executed, 'utf8').trimEnd().split('\n').slice(count++)).toEqual([verb]);
      }
    }
    // softReboot, and a reboot into a next root that is not there.
    for (const [flags, verb] of [
      [4n, 'soft-reboot'],
      [8n, 'reboot'],
    ] as const) {
      journal.clear();
      await call('RebootWithFlags', 't', flags);
      await journal.until('PrepareForShutdown false');
      expect(readFileSync(executed, 'utf8').trimEnd().split('\n').slice(count++)).toEqual([verb]);
    }
    await expect(call('RebootWithFlags', 't', 6n)).rejects.toMatchObject(invalid);
    for (const [name, signature, argument] of [
      ['RebootParameter', 's', 'x'],
      ['RebootToFirmwareSetup', 'b', true],
      ['RebootToBootLoaderMenu', 't', 0n],
      ['RebootToBootLoaderEntry', 's', 'x'],
    ] as const) {
      expect(await call(`Can${name}`)).toEqual(['na']);
      await expect(call(`Set${name}`, signature, argument)).rejects.toMatchObject(unsupported);
    }
  });

  test('has properties of the right values, which cannot be set but for two', async () => {
    const before = await properties(login1.path, login1.manager);
    expect(before).toMatchObject({
      NCurrentSessions: 0n,
      NCurrentInhibitors: 0n,
      SessionsMax: 8192n,
      InhibitorsMax: 8192n,
      InhibitDelayMaxUSec: 0n,
      PreparingForShutdown: false,
      PreparingForSleep: false,
      BlockInhibited: '',
      DelayInhibited: '',
      BlockWeakInhibited: '',
      NAutoVTs: 0,
      OnExternalPower: true,
      ScheduledShutdown: ['', 2n ** 64n - 1n],
      RebootParameter: '',
      HandlePowerKey: 'ignore',
      LidClosed: false,
      Docked: false,
    });
    mkdirSync(join(place, 'sys/class/power_supply/AC'), { recursive: true });
    writeFileSync(join(place, 'sys/class/power_supply/AC/type'), 'Mains\n');
    writeFileSync(join(place, 'sys/class/power_supply/AC/online'), '0\n');
    const { id } = await create({ type: 'tty' });
    const [lock] = await call('Inhibit', 'ssss', 'idle:sleep', 'who', 'why', 'block');
    expect(await properties(login1.path, login1.manager)).toMatchObject({
      NCurrentSessions: 1n,
      NCurrentInhibitors: 1n,
      BlockInhibited: 'sleep:idle',
      OnExternalPower: false,
    });
    expect(await call('ListInhibitors')).toEqual([[['sleep:idle', 'who', 'why', 'block', uid, process.pid]]]);
    (lock as Fd).close();
    rmSync(join(place, 'sys/class'), { recursive: true, maxRetries: 10 });
    const { Variant } = await import('@switchyard/dbus');
    for (const [path, of, name] of [
      [login1.path, login1.manager, 'IdleHint'],
      [sessionPath(id), login1.session, 'Active'],
      [userPath(uid), login1.user, 'Linger'],
    ] as const) {
      await expect(object(path).set(of, name, new Variant('b', true))).rejects.toMatchObject(
        named('org.freedesktop.DBus.Error.PropertyReadOnly'),
      );
      await expect(object(path).get(of, 'Colour')).rejects.toMatchObject(
        named('org.freedesktop.DBus.Error.UnknownProperty'),
      );
    }
  });
});

describe('a session', () => {
  test('that came over the network says from where, has no seat, and takes no device', async () => {
    const { id, leader, reply } = await create({
      remote: ['ann', 'far.example'],
      desktop: 'KDE',
      display: ':9',
    });
    expect(reply.slice(4)).toEqual([uid, '', 0, false]);
    expect(await properties(sessionPath(id), login1.session)).toMatchObject({
      Id: id,
      User: [uid, userPath(uid)],
      Remote: true,
      RemoteUser: 'ann',
      RemoteHost: 'far.example',
      Service: 'sshd',
      Desktop: 'KDE',
      Display: ':9',
      Type: 'x11',
      Class: 'user',
      Leader: leader,
      Audit: 4294967295,
      Scope: `session-${id}.scope`,
      Seat: ['', '/'],
      VTNr: 0,
      TTY: '',
      Active: true,
      State: 'active',
      Timestamp: expect.any(BigInt),
      TimestampMonotonic: expect.any(BigInt),
    });
    const file = readFileSync(join(tree.dir, 'systemd/sessions', id), 'utf8');
    for (const line of ['REMOTE=1', 'REMOTE_USER=ann', 'REMOTE_HOST=far.example', 'DESKTOP=KDE', 'TYPE=x11'])
      expect(file).toContain(`\n${line}\n`);
    expect(file).not.toContain('SEAT=');
    const device = await attach('seat0');
    const own = object(sessionPath(id));
    await own.call(login1.session, 'TakeControl', 'b', false);
    await expect(own.call(login1.session, 'TakeDevice', 'uu', ...device)).rejects.toMatchObject(
      named('org.freedesktop.DBus.Error.AccessDenied'),
    );
    await expect(own.call(login1.session, 'Activate')).rejects.toMatchObject(unsupported);
    await detach(device);
  });

  test('has the type and class that logind gives one of which none is said', async () => {
    const made = async (given: Parameters<typeof create>[0]) => {
      const { Type, Class } = await properties(sessionPath((await create(given)).id), login1.session);
      return [Type, Class];
    };
    expect(await made({})).toEqual(['unspecified', 'background']);
    expect(await made({ display: ':1' })).toEqual(['x11', 'user']);
    await expect(create({ type: 'vr' })).rejects.toMatchObject(invalid);
    await expect(create({ class: 'king' })).rejects.toMatchObject(invalid);
  });

  test('is "self" and "auto" to what runs in it, and so are its seat and its user', async () => {
    const device = await attach('seat0');
    const a = await session(process.pid);
    const own = sessionPath(a.id);
    expect(await call('GetSession', 's', 'self')).toEqual([own]);
    expect(await call('GetSession', 's', '')).toEqual([own]);
    expect(await call('GetSessionByPID', 'u', 0)).toEqual([own]);
    for (const seat of ['', 'self', 'auto'])
      expect(await call('GetSeat', 's', seat)).toEqual([seatPath('seat0')]);
    for (const [path, of, name, value] of [
      ['session/self', login1.session, 'Id', a.id],
      ['session/auto', login1.session, 'Id', a.id],
      ['seat/self', login1.seat, 'Id', 'seat0'],
      ['seat/auto', login1.seat, 'ActiveSession', [a.id, own]],
      ['user/self', login1.user, 'UID', uid],
    ] as const) {
      expect([path, await object(`${login1.path}/${path}`).get(of, name)]).toEqual([path, value]);
    }
    // As weston switches: by its own seat's alias.
    await object(`${login1.path}/seat/self`).call(login1.seat, 'SwitchTo', 'u', 1);
    await object(`${login1.path}/session/self`).call(login1.session, 'SetLockedHint', 'b', true);
    expect(await object(own).get(login1.session, 'LockedHint')).toBe(true);
    await detach(device);
  });

  test('keeps what it has through what its controller does twice, and gives it all back at once', async () => {
    const device = await attach('seat0');
    const a = await session();
    await expect(a.call('ReleaseControl')).rejects.toMatchObject(named('NotInControl'));
    await a.call('TakeControl', 'b', false);
    expect(await a.take(...device)).toBe(false);
    await a.call('TakeControl', 'b', false);
    await expect(a.take(...device)).rejects.toMatchObject(named('DeviceIsTaken'));
    await a.call('ReleaseDevice', 'uu', ...device);
    await expect(a.call('ReleaseDevice', 'uu', ...device)).rejects.toMatchObject(named('DeviceNotTaken'));
    await expect(a.call('PauseDeviceComplete', 'uu', ...device)).rejects.toMatchObject(
      named('DeviceNotTaken'),
    );
    await a.take(...device);
    const channel = a.channels.get(device[1])!;
    await a.call('ReleaseControl');
    const packet = new Uint8Array(24);
    while (channel.receive(packet) !== 0) await call('ListSeats');
    await detach(device);
  });
});
