import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Connection, Variant } from '@switchyard/dbus';
import { login1, Seat, type SeatDevice, type SeatOptions, switchyard } from '@switchyard/seat';
import { type Fd, Socket, SystemError } from '@switchyard/sys';
import { EV, KEY } from '@switchyard/uapi';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Journal } from './testing/Journal.js';
import { openFds, SeatTree } from './testing/SeatTree.js';

// libs/seat's Seat, with the session managers that there are.

interface Compositor {
  readonly seat: Seat;
  readonly journal: Journal;
  keyboard?: SeatDevice;
}
const compositors: Compositor[] = [];
const fifos: Fd[] = [];

/** Notes all that happens. `hold`: until then it does not give the seat up. */
async function compositor(options: SeatOptions, hold?: () => Promise<void>): Promise<Compositor> {
  const journal = new Journal();
  const seat = await Seat.open(
    {
      enabled: () => journal.add('enabled'),
      disabled: async () => {
        journal.add('disabled');
        await hold?.();
      },
      closed: () => journal.add('closed'),
    },
    options,
  );
  const one: Compositor = { seat, journal };
  compositors.push(one);
  return one;
}
async function open(one: Compositor, path: string): Promise<SeatDevice> {
  const device = await one.seat.openDevice(path, {
    paused: () => one.journal.add('paused'),
    resumed: () => one.journal.add('resumed'),
    gone: () => one.journal.add('gone'),
  });
  one.keyboard = device;
  return device;
}
afterEach(async () => {
  for (const { seat } of compositors.splice(0)) await seat.close();
  for (const fifo of fifos.splice(0)) fifo.close();
});

describe.each([
  ['seatd’s protocol, as since 0.9', 'seatd', '0.9'],
  ['seatd’s protocol, as before 0.9', 'seatd', '0.7'],
  ['login1', 'logind', '0.9'],
] as const)('a compositor’s seat by %s', (_, backend, dialect) => {
  let tree: SeatTree;
  let connection: Connection;
  let provider: ReturnType<SeatTree['provider']>;
  let keys: ReturnType<typeof provider.attachKeyboard>;
  let path: string;

  beforeEach(async () => {
    tree = await SeatTree.start(2000, '--seatd-dialect', dialect);
    connection = await tree.connect();
    const added = new Journal();
    connection.match({ type: 'signal', path: login1.path, member: 'DeviceAdded' }, ({ body }) =>
      added.add(`${body[0]}`),
    );
    await call('ListSeats');
    provider = tree.provider();
    keys = provider.attachKeyboard('seat0', 'keys');
    await added.until('seat0');
    const [list] = (await connection.call({
      ...target('ListDevices', 's', 'seat0'),
      interface: switchyard.deviceManager,
    })) as [[number, number][]];
    path = `/dev/switchyard/${list[0]![0]}:${list[0]![1]}`;
  });
  afterEach(() => tree.stop());

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
  const call = (member: string, signature = '', ...body: unknown[]) =>
    connection.call(target(member, signature, ...body));

  /** With seatd's protocol a session of its own, with login1 one that was opened before. */
  async function join_(hold?: () => Promise<void>): Promise<Compositor> {
    if (backend === 'seatd') return compositor({ backend, socket: join(tree.dir, 'seatd.sock') }, hold);
    const background = compositors.some(({ seat }) => seat.active);
    const properties = [['Background', new Variant('b', background)]];
    // biome-ignore format: in the order of the signature
    const reply = await call('CreateSession', 'uusssssussbssa(sv)', process.getuid!(), tree.leader().pid, 'test', 'wayland', 'user', '', 'seat0', 0, '', '', false, '', '', properties);
    fifos.push(reply[3] as Fd);
    return compositor({ backend, bus: tree.address, session: reply[0] as string }, hold);
  }
  /** Types until something arrives. */
  async function typed(device: SeatDevice): Promise<boolean> {
    const channel = Socket.adopt(device.fd!.dup(), 'seqpacket');
    const packet = new Uint8Array(4096);
    try {
      for (let attempt = 0; attempt < 50; attempt++) {
        keys.event(EV.KEY, KEY.A, 1);
        keys.event(EV.KEY, KEY.A, 0);
        keys.sync();
        await new Promise((resolve) => setTimeout(resolve, 20));
        const count = channel.receive(packet);
        if (count > 0) return true;
        if (count === 0) return false;
      }
      return false;
    } finally {
      channel.close();
    }
  }

  test('is enabled, opens devices, and reads them', async () => {
    const one = await join_();
    expect(one.seat.name).toBe('seat0');
    await one.journal.until('enabled');
    expect(one.seat.active).toBe(true);
    const keyboard = await open(one, path);
    expect(await typed(keyboard)).toBe(true);
    await keyboard.close();
    expect(keyboard.fd).toBeUndefined();
    // It is free again.
    await open(one, path);
  });

  test('pauses its devices, leaves, and has them back with its turn', async () => {
    const one = await join_();
    await one.journal.until('enabled');
    await open(one, path);
    const two = await join_();
    await expect(open(two, path)).rejects.toMatchObject({ code: 'EPERM' });
    await one.seat.switchSession(2);
    await two.journal.until('enabled');
    await one.journal.until('disabled');
    expect(one.journal.entries).toEqual(['enabled', 'paused', 'disabled']);
    expect(one.seat.active).toBe(false);
    expect(one.keyboard!.fd).toBeUndefined();
    expect(await typed(await open(two, path))).toBe(true);
    await two.seat.switchSession(1);
    await one.journal.until('resumed');
    expect(one.journal.entries.slice(3)).toEqual(['enabled', 'resumed']);
    expect(await typed(one.keyboard!)).toBe(true);
    await two.journal.until('disabled');
    expect(two.journal.entries).toEqual(['enabled', 'paused', 'disabled']);
  });

  test('is waited for, but not for ever', async () => {
    let release!: () => void;
    const held = new Promise<void>((resolve) => (release = resolve));
    const one = await join_(() => held);
    await one.journal.until('enabled');
    await open(one, path);
    const two = await join_();
    const started = performance.now();
    await one.seat.switchSession(2);
    await one.journal.until('disabled');
    await two.journal.until('enabled');
    // The grace time, of which a client that answers would take next to nothing.
    expect(performance.now() - started).toBeGreaterThan(1500);
    await two.seat.switchSession(1);
    release();
    // What happened meanwhile is told in order.
    await one.journal.until('resumed');
    expect(one.journal.entries).toEqual(['enabled', 'paused', 'disabled', 'enabled', 'resumed']);
  });

  test('refuses what is no device of the seat', async () => {
    const one = await join_();
    await one.journal.until('enabled');
    for (const wrong of ['/dev/null', '/etc/passwd', '/nowhere', '/dev/switchyard/4095:999']) {
      await expect(one.seat.openDevice(wrong)).rejects.toThrow(/ENODEV|ENOENT|no device/);
    }
    // Of old nobody is told.
    if (dialect === '0.7') await one.seat.switchSession(9);
    else await expect(one.seat.switchSession(9)).rejects.toThrow(/EINVAL|none at position/);
  });

  test('is closed with everything, by itself or by the manager’s end', async () => {
    const one = await join_();
    await one.journal.until('enabled');
    const keyboard = await open(one, path);
    const before = openFds(tree.seat.pid!);
    await one.seat.close();
    expect(keyboard.state).toBe('gone');
    expect(one.journal.entries).toEqual(['enabled', 'gone']);
    const two = await join_();
    await two.journal.until('enabled');
    await open(two, path);
    // What is on its way to the provider is closed when it has left.
    const bound = before + (backend === 'seatd' ? 0 : 4);
    for (let i = 0; openFds(tree.seat.pid!) > bound && i < 500; i++) await call('ListSeats');
    expect(openFds(tree.seat.pid!)).toBeLessThanOrEqual(bound);
    await tree.kill(tree.seat);
    // Who keeps a dead manager's files keeps seatd's connections as well.
    tree.forgetKept();
    await two.journal.until('closed');
    expect(two.journal.entries).toEqual(['enabled', 'gone', 'closed']);
    await expect(two.seat.openDevice(path)).rejects.toThrow(SystemError);
    await tree.startSeat();
  });

  test('switches a thousand times without holding more than it had', async () => {
    const one = await join_();
    await one.journal.until('enabled');
    const two = await join_();
    await open(one, path);
    await one.seat.switchSession(2);
    await two.journal.until('enabled');
    await open(two, path);
    const turn = async (from: Compositor, to: Compositor, position: number) => {
      const resumed = to.journal.entries.filter((entry) => entry === 'resumed').length;
      await from.seat.switchSession(position);
      await to.journal.until('resumed', resumed + 1);
      from.journal.clear();
      if (position === 2) to.journal.clear();
    };
    let before = 0;
    for (let i = 0; i < 500; i++) {
      one.journal.clear();
      await turn(two, one, 1);
      two.journal.clear();
      await turn(one, two, 2);
      if (i === 10) before = openFds(process.pid) + openFds(tree.seat.pid!);
    }
    const held = () => openFds(process.pid) + openFds(tree.seat.pid!);
    for (let i = 0; held() > before + 2 && i < 500; i++) await call('ListSeats');
    expect(held()).toBeLessThanOrEqual(before + 2);
  });
});

const seatd = '/usr/sbin/seatd';
describe.skipIf(process.getuid?.() !== 0 || !existsSync(seatd))(
  'a compositor’s seat by Debian’s seatd',
  () => {
    let place: SeatTree;
    let server: ChildProcess;
    const socket = () => join(place.dir, 'run/seatd.sock');

    beforeAll(async () => {
      place = await SeatTree.start();
      // Its socket's path is fixed: it gets a /run of its own.
      mkdirSync(join(place.dir, 'run'));
      const inside = 'mount --bind "$0" /run && SEATD_VTBOUND=0 exec seatd -l silent';
      server = spawn('unshare', ['-m', 'sh', '-c', inside, join(place.dir, 'run')], { stdio: 'ignore' });
      while (!existsSync(socket())) await new Promise((resolve) => setTimeout(resolve, 10));
    });
    afterAll(async () => {
      const exit = once(server, 'exit');
      server.kill('SIGKILL');
      await exit;
      await place.stop();
    });

    test('takes turns, and goes when it does', async () => {
      const options = { backend: 'seatd', socket: socket() } as const;
      // Nobody can switch to its session 0.
      const zero = await compositor(options);
      await zero.journal.until('enabled');
      const [one, two] = [await compositor(options), await compositor(options)];
      await zero.seat.switchSession(1);
      await one.journal.until('enabled');
      await expect(one.seat.openDevice('/etc/passwd')).rejects.toMatchObject({ code: 'ENOENT' });
      await expect(zero.seat.switchSession(1)).rejects.toMatchObject({ code: 'EPERM' });
      for (let i = 0; i < 100; i++) {
        await one.seat.switchSession(2);
        await two.journal.until('enabled', i + 1);
        await two.seat.switchSession(1);
        await one.journal.until('enabled', i + 2);
      }
      expect(one.journal.entries.length).toBe(201);
      await one.seat.close();
      server.kill('SIGTERM');
      await two.journal.until('closed');
    });
  },
);

test('is found by the first way that works, and says of each why not', async () => {
  const nowhere = { socket: '/nowhere/seatd.sock', bus: 'unix:path=/nowhere/bus', vt: 99 };
  const environment = {};
  await expect(Seat.open({}, { ...nowhere, environment })).rejects.toThrow(
    /seatd: ENOENT.*; logind: ENOENT.*; builtin: ENOENT/,
  );
  await expect(
    Seat.open({}, { ...nowhere, environment: { LIBSEAT_BACKEND: 'seatd' } }),
  ).rejects.toMatchObject({
    code: 'ENOENT',
  });
  await expect(Seat.open({}, { environment: { LIBSEAT_BACKEND: 'smoke' } })).rejects.toThrow(
    'smoke is none of',
  );
});
