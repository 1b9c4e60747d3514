import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Connection, Variant } from '@switchyard/dbus';
import {
  DeviceProvider,
  InputChannel,
  type InputProvider,
  login1,
  MonitorBuffer,
  type MonitorProvider,
  MonitorSession,
  type SessionClient,
  sessionPath,
  switchyard,
} from '@switchyard/seat';
import { Socket } from '@switchyard/sys';
import { EV, inputEvent, KEY } from '@switchyard/uapi';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Journal } from './testing/Journal.js';
import { RawController } from './testing/RawController.js';
import { openFds, SeatTree } from './testing/SeatTree.js';

const patience = { timeout: 60_000 };

const run = promisify(execFile);

let tree: SeatTree;
let journal: Journal;
let provider: DeviceProvider;
let monitor: MonitorProvider;
let keyboard: InputProvider;
let connection: Connection;
let devices: { major: number; minor: number; kind: string; name: string }[];
const controllers: RawController[] = [];

beforeEach(async () => {
  // Long enough that a busy machine is not taken for a hung session.
  tree = await SeatTree.start(500);
  journal = new Journal();
  provider = tree.provider();
  monitor = provider.attachMonitor(
    'seat0',
    'screen',
    { width: 640, height: 480, refresh: 60_000, scale: 120 },
    {
      present: (buffer) => {
        journal.add(`shown ${buffer.bytes[0]}`);
        monitor.flipDone();
      },
      cursor: () => {},
      session: (id) => journal.add(`screen of ${id}`),
    },
  );
  keyboard = provider.attachKeyboard('seat0', 'keys');
  connection = await tree.connect();
  const added = new Journal();
  manage('DeviceAdded', (body) => added.add(body[4] as string));
  await connection.call(calling('ListSeats'));
  devices = await listDevices();
  for (const name of ['screen', 'keys']) {
    if (!devices.some((device) => device.name === name)) await added.until(name);
  }
  devices = await listDevices();
});

afterEach(async () => {
  for (const controller of controllers.splice(0)) controller.close();
  await tree.stop();
});

function calling(member: string, signature = '', ...body: unknown[]) {
  const { name, path, manager } = login1;
  return { destination: name, path, interface: manager, member, signature, body };
}
function manage(member: string, handler: (body: unknown[]) => void): void {
  connection.match({ type: 'signal', path: login1.path, member }, (message) => handler(message.body));
}
async function listDevices(): Promise<typeof devices> {
  const call = { ...calling('ListDevices', 's', 'seat0'), interface: switchyard.deviceManager };
  const [list] = (await connection.call(call)) as [[number, number, string, string][]];
  return list.map(([major, minor, kind, name]) => ({ major, minor, kind, name }));
}
function minorOf(kind: string): number {
  return devices.find((device) => device.kind === kind)!.minor;
}
function activate(id: string): Promise<unknown> {
  return connection.call(calling('ActivateSession', 's', id));
}
async function activeSession(): Promise<string> {
  const seat = connection.proxy(login1.name, `${login1.path}/seat/seat0`);
  return ((await seat.get(login1.seat, 'ActiveSession')) as [string, string])[0];
}
async function sessionIds(): Promise<string[]> {
  const [list] = (await connection.call(calling('ListSessions'))) as [[string][]];
  return list.map(([id]) => id);
}
/** A session on a connection of its own, with all devices taken. */
async function controller(
  name: string,
  properties: [string, Variant][] = [],
  leader = tree.leader().pid,
): Promise<RawController> {
  const own = new RawController(name, await tree.connect(), journal);
  controllers.push(own);
  await own.create(leader, properties);
  await own.call('TakeControl', 'b', false);
  for (const { major, minor } of devices) await own.take(major, minor);
  return own;
}
/** Sessions followed by one SeatClient, as the display does it; `0 opened monitor` and so on go to the journal. */
async function follow(...leaders: number[]): Promise<SessionClient[]> {
  const client = tree.client();
  const sessions: SessionClient[] = [];
  for (const [i, leader] of leaders.entries()) {
    const inputs = new Map<number, InputChannel>();
    const session = await client.createSession(
      { seat: 'seat0', leader, title: `title ${i}` },
      {
        opened: (device, channel) => {
          journal.add(`${i} opened ${device.kind}`);
          if (device.kind === 'monitor') return channel.close();
          const event = (_type: number, code: number, value: number) => {
            if (value === 1) journal.add(`${i} key ${code}`);
          };
          inputs.set(device.minor, new InputChannel(channel, { event, closed: () => {} }));
          return undefined;
        },
        closed: (device, why) => {
          inputs.get(device.minor)?.close();
          journal.add(`${i} closed ${device.kind} ${why}`);
        },
        ended: () => journal.add(`${i} ended`),
      },
    );
    sessions.push(session);
  }
  return sessions;
}
function press(...codes: number[]): void {
  for (const code of codes) {
    keyboard.event(EV.KEY, code, 1);
    keyboard.sync();
  }
  for (const code of codes.reverse()) {
    keyboard.event(EV.KEY, code, 0);
    keyboard.sync();
  }
}

describe('a switch', () => {
  test('is negotiated with a controller that answers, and not one record of later keys is on the old fd', async () => {
    const a = await controller('a');
    await journal.until('a active true');
    const old = a.channels.get(minorOf('keyboard'))!;
    const b = await controller('b', [['Background', new Variant('b', true)]]);
    journal.clear();
    await activate(b.id);
    await journal.until(`b resume ${minorOf('monitor')}`);
    const [k, m] = [minorOf('keyboard'), minorOf('monitor')];
    expect(journal.entries.filter((entry) => !entry.startsWith('screen'))).toEqual([
      `a pause ${m}`,
      `a pause ${k}`,
      'a active false',
      'b active true',
      `b resume ${k}`,
      `b resume ${m}`,
    ]);
    await journal.until(`screen of ${b.id}`);
    const fresh = b.channels.get(k)!;
    const heard = new Promise<void>((resolve) => fresh.watch({ readable: resolve }));
    press(KEY.A, KEY.B);
    await heard;
    const record = new Uint8Array(1024);
    expect(fresh.receive(record)).toBe(2 * inputEvent.size);
    expect(inputEvent.get.code(new DataView(record.buffer), 0)).toBe(KEY.A);
    expect(old.receive(record)).toBe(0);
    expect(() => old.send(record.subarray(0, inputEvent.size))).toThrow(/EPIPE/);
  });

  test('is forced when the controller does not answer, and the new session is resumed behind it', async () => {
    const a = await controller('a');
    await journal.until('a active true');
    a.polite = false;
    const b = await controller('b');
    const [k, m] = [minorOf('keyboard'), minorOf('monitor')];
    await activate(a.id);
    await journal.until(`a resume ${m}`);
    journal.clear();
    await activate(b.id);
    await journal.until('b active true');
    const order = journal.entries.filter((entry) => !entry.startsWith('screen'));
    expect(order.slice(0, 5)).toEqual([
      `a pause ${m}`,
      `a pause ${k}`,
      `a force ${k}`,
      `a force ${m}`,
      'a active false',
    ]);
    // What was sent before may be read, the mode of the screen; behind it is the end.
    for (const minor of [k, m]) {
      const packet = new Uint8Array(4096);
      const channel = a.channels.get(minor)!;
      while (channel.receive(packet) > 0);
      expect(channel.receive(packet)).toBe(0);
    }
    // Late, and harmless.
    await a.call('PauseDeviceComplete', 'uu', devices[0]!.major, k);
    expect(await activeSession()).toBe(b.id);
  });

  test('does not wait for a controller that is dead', async () => {
    const own = await tree.connect();
    const a = new RawController('a', own, journal);
    controllers.push(a);
    await a.create(tree.leader().pid);
    await a.call('TakeControl', 'b', false);
    a.polite = false;
    for (const { major, minor } of devices) await a.take(major, minor);
    await controller('b');
    await activate(a.id);
    const done = activate(controllers[1]!.id);
    await journal.until(`a pause ${minorOf('monitor')}`);
    own.close();
    await done;
    expect(await activeSession()).toBe(controllers[1]!.id);
    expect(journal.entries.some((entry) => entry.startsWith('a force'))).toBe(false);
  });

  test('comes by Ctrl+Alt+F keys and arrows, by position in order of creation', async () => {
    const a = await controller('a');
    const b = await controller('b');
    await journal.until('b active true');
    press(KEY.LEFTCTRL, KEY.LEFTALT, KEY.F1);
    await journal.until('a active true', 2);
    expect(await activeSession()).toBe(a.id);
    press(KEY.LEFTCTRL, KEY.LEFTALT, KEY.RIGHT);
    await journal.until('b active true', 2);
    expect(await activeSession()).toBe(b.id);
  });

  test('a thousand times leaks no fd in any process', async () => {
    const client = tree.client();
    const opened = { a: 0, b: 0 };
    const open = async (name: 'a' | 'b'): Promise<SessionClient> => {
      const channels = new Map<number, MonitorSession | (() => void)>();
      return client.createSession(
        { seat: 'seat0', leader: tree.leader().pid, title: name },
        {
          opened: (device, channel) => {
            opened[name]++;
            if (device.kind !== 'monitor') return void channels.set(device.minor, () => channel.close());
            const session = new MonitorSession(channel, {
              mode: () => {
                using buffer = MonitorBuffer.create(64, 64);
                session.present(session.attach(buffer), new Int32Array(0), 0);
              },
              flipDone: () => journal.add(`${name} flip`),
              closed: () => {},
            });
            channels.set(device.minor, session);
            return undefined;
          },
          closed: (device) => {
            const channel = channels.get(device.minor);
            channels.delete(device.minor);
            if (channel instanceof MonitorSession) channel.close();
            else channel?.();
          },
          ended: () => {},
        },
      );
    };
    const a = await open('a');
    const b = await open('b');
    const round = async (times: number) => {
      for (let i = 0; i < times; i++) {
        await activate(a.id!);
        await activate(b.id!);
      }
    };
    const count = () => [tree.bus.pid!, tree.seat.pid!, process.pid].map(openFds);
    await round(20);
    const before = count();
    await round(500);
    const after = count();
    for (const [i, fds] of after.entries()) expect(fds).toBeLessThanOrEqual(before[i]! + 4);
    expect(opened.a).toBeGreaterThan(500);
  });
});

describe('the end of', () => {
  test('a leader is the end of its session, and the seat goes to who had it before', async () => {
    const a = await controller('a');
    const own = new RawController('b', connection, journal);
    controllers.push(own);
    const leader = tree.leader();
    manage('SessionRemoved', ([id]) => journal.add(`removed ${id}`));
    await own.create(leader.pid);
    await journal.until('b active true');
    leader.kill('SIGKILL');
    await journal.until(`removed ${own.id}`);
    expect(await sessionIds()).toEqual([a.id]);
    expect(await activeSession()).toBe(a.id);
    await expect(own.call('TakeControl', 'b', false)).rejects.toMatchObject({
      name: 'org.freedesktop.DBus.Error.UnknownObject',
    });
    expect(existsSync(join(tree.dir, 'sessions', `${own.id}.ref`))).toBe(false);
  });

  test('the fifo is the end of its session', async () => {
    const a = await controller('a');
    manage('SessionRemoved', ([id]) => journal.add(`removed ${id}`));
    await connection.call(calling('ListSeats'));
    a.fifo.close();
    await journal.until(`removed ${a.id}`);
    expect(await sessionIds()).toEqual([]);
    expect(await activeSession()).toBe('');
    for (const channel of a.channels.values()) expect(channel.receive(new Uint8Array(4096))).not.toBe(-1);
  });

  test('a device is told "gone", and its channel reads the end', async () => {
    const a = await controller('a');
    provider.detach(keyboard);
    await journal.until(`a gone ${minorOf('keyboard')}`);
    expect(a.channels.get(minorOf('keyboard'))!.receive(new Uint8Array(64))).toBe(0);
    await expect(a.call('ReleaseDevice', 'uu', 4095, minorOf('keyboard'))).rejects.toMatchObject({
      name: 'org.freedesktop.login1.DeviceNotTaken',
    });
  });

  test('a provider is the end of its devices', async () => {
    const own = await tree.connect();
    const dying = new DeviceProvider();
    manage('DeviceAdded', (body) => journal.add(`added ${body[4]}`));
    manage('DeviceRemoved', (body) => journal.add(`removed ${body[2]}`));
    await connection.call(calling('ListSeats'));
    dying.connected(own);
    dying.attachPointer('seat0', 'mouse', 65535);
    await journal.until('added mouse');
    devices = await listDevices();
    const a = await controller('a');
    own.close();
    await journal.until(`a gone ${minorOf('pointer')}`);
    await journal.until(`removed ${minorOf('pointer')}`);
    expect(a.channels.get(minorOf('pointer'))!.receive(new Uint8Array(64))).toBe(0);
    expect((await listDevices()).map(({ kind }) => kind)).toEqual(['monitor', 'keyboard']);
    dying[Symbol.dispose]();
  });

  test('a session by Terminate is SIGTERM, then SessionRemoved', async () => {
    const a = new RawController('a', connection, journal);
    controllers.push(a);
    const leader = tree.leader();
    manage('SessionRemoved', ([id]) => journal.add(`removed ${id}`));
    await a.create(leader.pid);
    const exit = once(leader, 'exit');
    await a.call('Terminate');
    expect((await exit)[1]).toBe('SIGTERM');
    await journal.until(`removed ${a.id}`);
  });
});

describe('a restart of', () => {
  test('the session manager restores sessions, order and the active one; screen and keys come back', async () => {
    const leaders = [tree.leader(), tree.leader(), tree.leader()];
    const sessions = await follow(...leaders.map(({ pid }) => pid));
    const ids = sessions.map((session) => session.id!);
    await activate(ids[1]!);
    await journal.until('1 opened monitor');
    const before = readFileSync(join(tree.dir, 'state/seat.json'), 'utf8');
    expect(JSON.parse(before).sessions).toHaveLength(3);
    journal.clear();
    await tree.kill(tree.seat);
    const exit = once(leaders[0]!, 'exit');
    leaders[0]!.kill('SIGKILL');
    await exit;
    // Nobody kept the files: all begins anew.
    tree.forgetKept();
    await tree.startSeat();
    await journal.until('0 ended');
    await journal.until('1 opened keyboard');
    await journal.until('1 opened monitor');
    expect((await sessionIds()).slice(0, 2)).toEqual(ids.slice(1));
    expect(await activeSession()).toBe(ids[1]);
    const one = connection.proxy(login1.name, sessionPath(ids[1]!));
    expect(await one.get(switchyard.session, 'Title')).toBe('title 1');
    expect(await one.get(login1.session, 'Leader')).toBe(leaders[1]!.pid);
    const now = await listDevices();
    expect(Math.min(...now.map(({ minor }) => minor))).toBeGreaterThan(minorOf('monitor'));
    // And a switch works as before.
    journal.clear();
    await activate(ids[2]!);
    await journal.until('2 opened monitor');
    expect(journal.entries).toContain('1 closed monitor pause');
  });

  test('the session manager whose files were kept leaves everyone what he has', async () => {
    const [followed] = (await follow(tree.leader().pid)) as [SessionClient];
    await journal.until('0 opened keyboard');
    // One whose code is not ours, and that does nothing about a new manager.
    const foreign = await controller('foreign');
    await journal.until('foreign active true');
    const channel = foreign.channels.get(minorOf('keyboard'))!;
    await vi.waitFor(() => expect(tree.kept).toHaveLength(2), patience);
    await tree.kill(tree.seat);
    journal.clear();
    await tree.startSeat();
    expect(await activeSession()).toBe(foreign.id);
    expect(await listDevices()).toEqual(devices);

    // Keys go on coming through the very channel.
    const record = new Uint8Array(1024);
    press(KEY.A);
    await vi.waitFor(() => expect(channel.receive(record)).toBe(2 * inputEvent.size), patience);
    // It controls its session still: the new manager asks it, and revokes what the old one gave out.
    await activate(followed.id!);
    await journal.until('0 opened keyboard');
    expect(journal.entries).toContain(`foreign pause ${minorOf('keyboard')}`);
    press(KEY.B);
    await journal.until(`0 key ${KEY.B}`);
    // The release of A, then the end.
    expect(channel.receive(record)).toBe(2 * inputEvent.size);
    expect(inputEvent.get.code(new DataView(record.buffer), 0)).toBe(KEY.A);
    expect(channel.receive(record)).toBe(0);
    expect(journal.entries.filter((entry) => entry.includes('lost') || entry.includes('gone'))).toEqual([]);
  });

  test('the session manager ends what a session that died meanwhile had', async () => {
    const leader = tree.leader();
    const doomed = await controller('doomed', [], leader.pid);
    await journal.until('doomed active true');
    const channel = doomed.channels.get(minorOf('keyboard'))!;
    await vi.waitFor(() => expect(tree.kept).toHaveLength(2), patience);
    await tree.kill(tree.seat);
    const exit = once(leader, 'exit');
    leader.kill('SIGKILL');
    await exit;
    const before = openFds(process.pid);
    await tree.startSeat();
    await vi.waitFor(() => expect(channel.receive(new Uint8Array(1024))).toBe(0), patience);
    await vi.waitFor(() => expect(tree.kept).toEqual([]), patience);
    await expect.poll(() => openFds(process.pid)).toBeLessThanOrEqual(before);
    expect(await sessionIds()).toEqual([]);
  });

  test('the bus keeps sessions and the channels of the active one until their owners are back', async () => {
    const a = await controller('a');
    await journal.until('a active true');
    const keys = a.channels.get(minorOf('keyboard'))!;
    const again = tree.ready(tree.seat);
    await tree.kill(tree.bus);
    press(KEY.A);
    const record = new Uint8Array(1024);
    expect(keys.receive(record)).toBe(2 * inputEvent.size);
    const end = new Promise<void>((resolve) => {
      keys.watch({ readable: () => keys.receive(record) === 0 && resolve() });
    });
    await tree.startBus();
    await again;
    connection = await tree.connect();
    expect(await sessionIds()).toEqual([a.id]);
    expect(await activeSession()).toBe(a.id);
    // The provider attaches the keyboard anew: the old channel ends.
    await end;
  });
});

describe('a session followed by SeatClient', () => {
  test('has its devices and keys again after a restart of the bus, and switches as before', async () => {
    const [a, b] = (await follow(tree.leader().pid, tree.leader().pid)) as [SessionClient, SessionClient];
    await journal.until('1 opened keyboard');
    const again = tree.ready(tree.seat);
    journal.clear();
    await tree.kill(tree.bus);
    await tree.startBus();
    await again;
    connection = await tree.connect();
    await journal.until('1 opened monitor');
    await journal.until('1 opened keyboard');
    expect(journal.entries).toContain('1 closed keyboard lost');
    press(KEY.A);
    await journal.until(`1 key ${KEY.A}`);
    await activate(a.id!);
    await journal.until('0 opened keyboard');
    press(KEY.B);
    await journal.until(`0 key ${KEY.B}`);
    expect(journal.entries).not.toContain(`1 key ${KEY.B}`);
    expect(await sessionIds()).toEqual([a.id, b.id]);
  });

  test('gets a new channel when its provider closed the old one for a wrong message', async () => {
    const opened = new Journal();
    let channel!: Socket;
    const session = await tree.client().createSession(
      { seat: 'seat0', leader: tree.leader().pid },
      {
        opened: (device, fd) => {
          if (device.kind !== 'monitor') return fd.close();
          channel = Socket.adopt(fd, 'seqpacket');
          opened.add('opened');
          return undefined;
        },
        closed: () => {},
        ended: () => {},
      },
    );
    await opened.until('opened');
    const first = channel;
    const packet = new Uint8Array(64);
    const ended = new Promise<void>((resolve) => {
      first.watch({ readable: () => first.receive(packet) === 0 && resolve() });
    });
    first.send(Uint8Array.of(99));
    await ended;
    first.close();
    session.reopen({ ...devices[0]!, kind: 'monitor', properties: new Map() });
    await opened.until('opened', 2);
    channel.close();
  });

  test('lives on under another id when the session manager has forgotten it', async () => {
    const [a] = (await follow(tree.leader().pid)) as [SessionClient];
    const before = a.id;
    await journal.until('0 opened monitor');
    await tree.kill(tree.seat);
    writeFileSync(join(tree.dir, 'state/seat.json'), 'not JSON');
    journal.clear();
    await tree.startSeat();
    await journal.until('0 opened monitor');
    expect(await activeSession()).toBe(a.id);
    expect(await sessionIds()).toEqual([a.id]);
    expect(a.id).not.toBe(before);
  });
});

describe('login1', () => {
  test('answers for self, auto and by pid', async () => {
    const a = await controller('a');
    const address = `--address=${tree.address}`;
    const auto = await run('busctl', [
      address,
      'get-property',
      login1.name,
      `${login1.path}/session/auto`,
      login1.session,
      'Id',
    ]);
    expect(auto.stdout.trim()).toBe(`s "${a.id}"`);
    const { stdout } = await run('gdbus', [
      'call',
      '--address',
      tree.address,
      '--dest',
      login1.name,
      '--object-path',
      login1.path,
      '--method',
      `${login1.manager}.GetSession`,
      'auto',
    ]);
    expect(stdout.trim()).toBe(`(objectpath '${sessionPath(a.id)}',)`);
    await expect(connection.call(calling('GetSession', 's', 'self'))).rejects.toMatchObject({
      name: 'org.freedesktop.login1.NoSessionForPID',
    });
    const leader = await connection.proxy(login1.name, sessionPath(a.id)).get(login1.session, 'Leader');
    expect(await connection.call(calling('GetSessionByPID', 'u', leader))).toEqual([sessionPath(a.id)]);
  });

  test('refuses with the names that clients know', async () => {
    const a = await controller('a');
    const other = new RawController('other', connection, journal);
    other.id = a.id;
    const name = (error: string) => ({ name: error });
    await expect(activate('c99')).rejects.toMatchObject(name('org.freedesktop.login1.NoSuchSession'));
    await expect(other.call('TakeControl', 'b', false)).rejects.toMatchObject(name('System.Error.EBUSY'));
    await expect(other.call('TakeDevice', 'uu', 1, 2)).rejects.toMatchObject(
      name('org.freedesktop.login1.NotInControl'),
    );
    await expect(a.call('TakeDevice', 'uu', 4095, minorOf('monitor'))).rejects.toMatchObject(
      name('org.freedesktop.login1.DeviceIsTaken'),
    );
    await expect(a.call('TakeDevice', 'uu', 13, 64)).rejects.toMatchObject(name('System.Error.ENODEV'));
    await expect(a.call('SetType', 's', 'vr')).rejects.toMatchObject(
      name('org.freedesktop.DBus.Error.InvalidArgs'),
    );
    const seat = connection.proxy(login1.name, `${login1.path}/seat/seat0`);
    await expect(seat.call(login1.seat, 'SwitchTo', 'u', 0)).rejects.toMatchObject(
      name('org.freedesktop.DBus.Error.InvalidArgs'),
    );
    const leader = await connection.proxy(login1.name, sessionPath(a.id)).get(login1.session, 'Leader');
    const twice = new RawController('twice', connection, journal);
    await expect(twice.create(leader as number)).rejects.toMatchObject(
      name('org.freedesktop.login1.SessionBusy'),
    );
    await expect(
      twice.create(tree.leader().pid, [['Title', new Variant('s', 'x'.repeat(5000))]]),
    ).rejects.toMatchObject(name('org.freedesktop.DBus.Error.InvalidArgs'));
    await expect(connection.call(calling('PowerOn', 'b', false))).rejects.toMatchObject(
      name('org.freedesktop.DBus.Error.UnknownMethod'),
    );
  });
});
