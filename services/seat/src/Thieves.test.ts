import { type ChildProcess, spawn } from 'node:child_process';
import { constants as files, symlinkSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { Connection, Variant } from '@switchyard/dbus';
import { DeviceProvider, login1, seatd, sessionPath, switchyard } from '@switchyard/seat';
import { Fd, Pidfd, type Socket, write } from '@switchyard/sys';
import { EV, KEY } from '@switchyard/uapi';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Journal } from './testing/Journal.js';
import { asStranger, PublicTree, STRANGER } from './testing/PublicTree.js';
import { RawController } from './testing/RawController.js';
import { int32, pathPayload, RawSeatd } from './testing/RawSeatd.js';

// Another user, who has a session of his own on the same seat, wants what is root's: over both faces.

const { errno } = constants;
const { event, reply, request } = seatd;
const ENABLE = event.enableSeat.toString(16);
const refused = (number: number) => `${reply.error.toString(16)} ${number}`;
const GRACE_MS = 400;

describe.skipIf(process.getuid?.() !== 0)('another user with a session on the seat', () => {
  let tree: PublicTree;
  let connection: Connection;
  let theirs: Connection;
  let keys: ReturnType<DeviceProvider['attachKeyboard']>;
  let victim: RawController;
  let thief: RawController;
  /** The keyboards of seat0 and seat1. */
  let [here, there] = [0, 0];
  const journal = new Journal();
  const children: ChildProcess[] = [];
  const clients: RawSeatd[] = [];

  beforeAll(async () => {
    tree = await PublicTree.start(GRACE_MS);
    connection = await Connection.connect(tree.address);
    const provider = new DeviceProvider();
    provider.connected(connection);
    keys = provider.attachKeyboard('seat0', 'keys');
    provider.attachKeyboard('seat1', 'other keys');
    const list = { ...target('ListDevices', 's', ''), interface: switchyard.deviceManager };
    let devices: [number, number, string, string][] = [];
    // biome-ignore format: by name
    while (devices.length < 2) [devices] = (await connection.call(list)) as [[number, number, string, string][]];
    here = devices.find(([, , , name]) => name === 'keys')![1];
    there = devices.find(([, , , name]) => name === 'other keys')![1];
  });
  afterAll(async () => {
    connection.close();
    await tree.stop();
  });
  beforeEach(async () => {
    journal.clear();
    victim = new RawController('victim', connection, journal);
    await victim.create(leader(0));
    await victim.call('TakeControl', 'b', false);
    await victim.take(4095, here);
    theirs = await asStranger(() => Connection.connect(tree.address));
    thief = new RawController('thief', theirs, journal);
    await asStrangersUid(() => thief.create(leader(STRANGER), [['Background', new Variant('b', true)]]));
    await thief.call('TakeControl', 'b', false);
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    victim.close();
    thief.close();
    theirs.close();
    for (const child of children.splice(0)) child.kill('SIGKILL');
    while ((await sessions()).length > 0);
  });

  function target(member: string, signature = '', ...body: unknown[]) {
    return {
      destination: login1.name,
      path: login1.path,
      interface: login1.manager,
      member,
      signature,
      body,
    };
  }
  async function sessions(): Promise<string[]> {
    const [list] = (await connection.call(target('ListSessions'))) as [[string][]];
    return list.map(([id]) => id);
  }
  function leader(uid: number): number {
    const child = spawn('sleep', ['600'], { stdio: 'ignore', uid, gid: uid, cwd: '/' });
    children.push(child);
    return child.pid!;
  }
  /** RawController asks for a session of process.getuid(). */
  function asStrangersUid<T>(act: () => T): T {
    const own = process.getuid!;
    process.getuid = () => STRANGER;
    try {
      return act();
    } finally {
      process.getuid = own;
    }
  }
  function client(): RawSeatd {
    const one = asStranger(() => new RawSeatd(tree.seatdSocket));
    clients.push(one);
    return one;
  }
  /** Who reads what is typed. */
  async function typed(...channels: Socket[]): Promise<boolean[]> {
    const packet = new Uint8Array(4096);
    for (;;) {
      keys.event(EV.KEY, KEY.A, 1);
      keys.event(EV.KEY, KEY.A, 0);
      keys.sync();
      await new Promise((resolve) => setTimeout(resolve, 20));
      const heard = channels.map((channel) => channel.receive(packet) > 0);
      if (heard.includes(true)) return heard;
    }
  }
  const denied = { name: 'org.freedesktop.DBus.Error.AccessDenied' };
  const notTaken = { name: 'org.freedesktop.login1.DeviceNotTaken' };
  const notInControl = { name: 'org.freedesktop.login1.NotInControl' };

  test('takes a keyboard in the background, and reads no key', async () => {
    expect(await thief.take(4095, here)).toBe(true);
    const [mine, his] = [victim.channels.get(here)!, thief.channels.get(here)!];
    expect(await typed(mine, his)).toEqual([true, false]);
    expect(his.receive(new Uint8Array(16))).toBe(0);
  });

  test('takes no device of another seat, and none that is not there', async () => {
    await expect(thief.take(4095, there)).rejects.toMatchObject(denied);
    for (const [major, minor] of [
      [1, 3],
      [4095, 999],
      [0, 0],
    ] as const) {
      await expect(thief.take(major, minor)).rejects.toMatchObject({ name: 'System.Error.ENODEV' });
    }
  });

  test('cannot say in another’s name that a device is given up', async () => {
    victim.polite = false;
    const other = new RawController('other', connection, journal);
    await other.create(leader(0), [['Background', new Variant('b', true)]]);
    let over = false;
    // Who is asked to leave is answered at once; so somebody else asks.
    const admin = await Connection.connect(tree.address);
    const switched = admin.call(target('ActivateSession', 's', other.id)).then(() => {
      over = true;
    });
    await journal.until(`victim pause ${here}`);
    const forge = (path: string, ...device: number[]) =>
      theirs.call({
        ...target('PauseDeviceComplete', 'uu', ...device),
        path,
        interface: login1.session,
      });
    await expect(forge(sessionPath(victim.id), 4095, here)).rejects.toMatchObject(notInControl);
    await expect(forge(sessionPath(thief.id), 4095, here)).rejects.toMatchObject(notTaken);
    await thief.take(4095, here);
    await forge(sessionPath(thief.id), 4095, here);
    await forge(sessionPath(thief.id), here, 4095);
    // Still the victim's, for as long as it may take.
    expect([over, victim.channels.get(here)!.receive(new Uint8Array(16))]).toEqual([false, -1]);
    await switched;
    admin.close();
    await journal.until(`victim force ${here}`);
    other.close();
  });

  test('makes no session of another’s process, however he names it', async () => {
    const pid = children[0]!.pid!;
    const text = ['test', 'tty', '', '', 'seat0', 0, '', '', false, '', ''];
    const create = (leads: number, uid: number) =>
      theirs.call(target('CreateSession', 'uusssssussbssa(sv)', uid, leads, ...text, []));
    const createByFd = (leads: number, uid: number) =>
      theirs.call(
        target('CreateSessionWithPIDFD', 'uhsssssussbssta(sv)', uid, Pidfd.open(leads).fd, ...text, 0n, []),
      );
    const fresh = leader(0);
    for (const uid of [0, STRANGER]) {
      for (const leads of [pid, fresh, process.pid, 1]) {
        await expect(create(leads, uid)).rejects.toMatchObject(denied);
        await expect(createByFd(leads, uid)).rejects.toMatchObject(denied);
      }
    }
    expect(await sessions()).toHaveLength(2);
  });

  test('hears nothing of what a controller is told of its devices', async () => {
    const overheard = new Journal();
    for (const rule of [
      { interface: login1.session },
      { path: sessionPath(victim.id) },
      { member: 'PauseDevice' },
      { member: 'ResumeDevice' },
    ] as const) {
      theirs.match({ type: 'signal', ...rule }, ({ member }) => overheard.add(member!));
    }
    await theirs.call(target('ListSeats'));
    const other = new RawController('other', connection, journal);
    await other.create(leader(0));
    await journal.until('victim active false');
    const admin = await Connection.connect(tree.address);
    await admin.call(target('ActivateSession', 's', victim.id));
    await journal.until(`victim resume ${here}`);
    await admin.call(target('LockSession', 's', victim.id));
    // What everybody hears comes behind what he must not hear.
    await overheard.until('Lock');
    expect(overheard.entries.filter((member) => /Device/.test(member))).toEqual([]);
    admin.close();
    other.close();
  });

  test('brings forward no session but his own', async () => {
    const other = new RawController('other', connection, journal);
    await other.create(leader(0), [['Background', new Variant('b', true)]]);
    const seat = { path: `${login1.path}/seat/seat0`, interface: login1.seat };
    for (const call of [
      target('ActivateSession', 's', other.id),
      target('ActivateSessionOnSeat', 'ss', other.id, 'seat0'),
      { ...target('Activate'), path: sessionPath(other.id), interface: login1.session },
      { ...target('ActivateSession', 's', other.id), ...seat },
      { ...target('SwitchTo', 'u', 3), ...seat },
      { ...target('SwitchToPrevious'), ...seat },
    ]) {
      await expect(theirs.call(call)).rejects.toMatchObject(denied);
    }
    await expect(
      theirs.call({
        ...target('TakeControl', 'b', true),
        path: sessionPath(victim.id),
        interface: login1.session,
      }),
    ).rejects.toMatchObject(denied);
    expect(await typed(victim.channels.get(here)!)).toEqual([true]);
    other.close();
  });

  test('keeps nothing of a device when he is taken off the seat', async () => {
    await thief.call('Activate');
    expect(await thief.take(4095, here)).toBe(false);
    thief.polite = false;
    const copy = thief.channels.get(here)!.fd.dup();
    await connection.call(target('ActivateSession', 's', victim.id));
    await journal.until(`victim resume ${here}`);
    const [mine, his] = [victim.channels.get(here)!, thief.channels.get(here)!];
    expect(await typed(mine)).toEqual([true]);
    const packet = new Uint8Array(16);
    while (his.receive(packet) > 0);
    expect(his.receive(packet)).toBe(0);
    expect(() => write(copy, new Uint8Array(24))).toThrow('EPIPE');
    copy.close();
  });

  test('opens nothing over seatd’s socket while another is in front, and switches to nobody', async () => {
    const one = client();
    one.send(request.openSeat);
    await one.journal.until(reply.seatOpened.toString(16));
    one.open(`/dev/switchyard/4095:${here}`);
    await one.journal.until(refused(errno.EPERM));
    one.send(request.switchSession, int32(1));
    await one.journal.until(refused(errno.EPERM), 2);
    // An acknowledgement of nothing.
    one.send(request.disableSeat);
    await one.journal.until(refused(errno.EBUSY));
    one.send(request.closeDevice, int32(1));
    await one.journal.until(refused(errno.EBADF));
    expect([one.fds.length, one.journal.entries.includes(ENABLE)]).toEqual([0, false]);
    expect(await typed(victim.channels.get(here)!)).toEqual([true]);
  });

  test('in front, opens over seatd’s socket only what is a device of his seat, by whatever name', async () => {
    const one = client();
    one.send(request.openSeat);
    await one.journal.until(reply.seatOpened.toString(16));
    const number = (await sessions()).length;
    const seat = { path: `${login1.path}/seat/seat0`, interface: login1.seat };
    await connection.call({ ...target('SwitchTo', 'u', number), ...seat });
    await one.journal.until(ENABLE);
    const links = ['null', 'memory', 'passwd', 'loop'].map((name) => join(tree.dir, `link-${name}`));
    for (const [i, to] of ['/dev/null', '/proc/self/mem', '/etc/shadow', links[3]!].entries()) {
      symlinkSync(to, links[i]!);
    }
    const foreign = `/dev/switchyard/4095:${there}`;
    let failures = 0;
    for (const [path, ...codes] of [
      ...links.map((link): [string, ...number[]] => [link, errno.ENOENT, errno.ELOOP]),
      [foreign, errno.EPERM],
      ['/dev/null', errno.ENOENT],
      ['/etc/shadow', errno.ENOENT],
      ['/dev/input/../null', errno.ENOENT],
      ['/dev/dri/../../etc/shadow', errno.ENOENT],
      ['/proc/self/root/dev/null', errno.ENOENT],
      [`dev/switchyard/4095:${here}`, errno.ENOENT],
      [`/dev/switchyard/../switchyard/4095:${here}`, errno.ENOENT],
      [`/dev/switchyard/4095:0${here}`, errno.ENODEV],
      [`/dev/switchyard/4095:${here}/`, errno.ENOENT, errno.ENOTDIR],
      [`//dev/switchyard/4095:${here}`, errno.ENOENT],
      ['event0', errno.ENOENT],
      ['.', errno.ENOENT],
      ['', errno.ENOENT],
    ] as [string, ...number[]][]) {
      one.send(request.openDevice, pathPayload(path));
      failures++;
      while (
        one.journal.entries.filter((entry) => entry.startsWith(reply.error.toString(16))).length < failures
      ) {
        await connection.call(target('ListSeats'));
      }
      expect([path, codes.map(refused)]).toEqual([
        path,
        expect.arrayContaining([one.journal.entries.at(-1)]),
      ]);
    }
    expect(one.fds).toEqual([]);
    one.open(`/dev/switchyard/4095:${here}`);
    await one.journal.until(`${reply.deviceOpened.toString(16)} 1`);
  });

  test('may crowd seatd’s socket, but takes no place of others', async () => {
    const crowd = Array.from({ length: 257 }, client);
    await crowd[256]!.journal.until('end');
    crowd[255]!.send(request.ping);
    await crowd[255]!.journal.until(reply.pong.toString(16));
    const own = new RawSeatd(tree.seatdSocket);
    clients.push(own);
    own.send(request.openSeat);
    await own.journal.until(reply.seatOpened.toString(16));
  });

  describe('by his session’s fifo', () => {
    const fifo = (id: string) => join(tree.dir, 'sessions', `${id}.ref`);

    test('holds up nobody else’s', () => {
      for (const flags of [files.O_WRONLY, files.O_RDONLY]) {
        expect(() => asStranger(() => Fd.open(fifo(victim.id), flags | files.O_NONBLOCK))).toThrow('EACCES');
      }
    });

    test('keeps no session whose leader is gone', async () => {
      const copy = thief.fifo.dup();
      children.at(-1)!.kill('SIGKILL');
      while ((await sessions()).includes(thief.id));
      copy.close();
    });

    test('says nothing to the manager, however much he writes, and ends it when he is through', async () => {
      // He may read his own as well, and so take from the manager what he wrote.
      const reader = Fd.open(`/proc/self/fd/${thief.fifo.number}`, files.O_RDONLY | files.O_NONBLOCK);
      const noise = new Uint8Array(64 * 1024);
      for (let written = 0; written < 4 * 1024 * 1024; ) {
        try {
          written += write(thief.fifo, noise);
        } catch (error) {
          expect((error as Error).message).toContain('EAGAIN');
        }
        await connection.call(target('ListSeats'));
      }
      expect(await sessions()).toContain(thief.id);
      thief.fifo.close();
      while ((await sessions()).includes(thief.id));
      reader.close();
    });
  });
});
