import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { Connection } from '@switchyard/dbus';
import { type DeviceProvider, login1, seatd, switchyard } from '@switchyard/seat';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SavedState } from '../StateStore.js';
import { Journal } from '../testing/Journal.js';
import { haveLibseat, LibseatClient } from '../testing/LibseatClient.js';
import { RawController } from '../testing/RawController.js';
import { int32, message, pathPayload, RawSeatd } from '../testing/RawSeatd.js';
import { openFds, SeatTree } from '../testing/SeatTree.js';

const patience = { timeout: 60_000 };

const { errno } = constants;
const { event, reply, request } = seatd;
const said = (opcode: number, number?: number) =>
  number === undefined ? opcode.toString(16) : `${opcode.toString(16)} ${number}`;
const [ENABLE, DISABLE] = [said(event.enableSeat), said(event.disableSeat)];
const OPENED = said(reply.seatOpened);
const failed = (number: number) => said(reply.error, number);

let tree: SeatTree;
let provider: DeviceProvider;
let connection: Connection;
let keyboard: string;
let monitor: string;
const clients: RawSeatd[] = [];
const programs: LibseatClient[] = [];
/** Connections to the bus; they go with the tree. */
const providers: Connection[] = [];

beforeEach(async () => {
  tree = await SeatTree.start(200);
  provider = tree.provider();
  connection = await tree.connect();
  const added = new Journal();
  connection.match({ type: 'signal', path: login1.path, member: 'DeviceAdded' }, ({ body }) => {
    added.add(body[3] as string);
  });
  await connection.call(manager('ListSeats'));
  provider.attachMonitor(
    'seat0',
    'screen',
    { width: 64, height: 48, refresh: 60_000, scale: 120 },
    { present: () => {}, cursor: () => {}, session: () => {} },
  );
  provider.attachKeyboard('seat0', 'keys');
  await Promise.all([added.until('monitor'), added.until('keyboard')]);
  const call = { ...manager('ListDevices', 's', ''), interface: switchyard.deviceManager };
  const [list] = (await connection.call(call)) as [[number, number, string][]];
  const path = (kind: string) => {
    const [major, minor] = list.find((device) => device[2] === kind)!;
    return `/dev/switchyard/${major}:${minor}`;
  };
  keyboard = path('keyboard');
  monitor = path('monitor');
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const program of programs.splice(0)) program.kill();
  providers.splice(0);
  await tree.stop();
});

function manager(member: string, signature = '', ...body: unknown[]) {
  return { destination: login1.name, path: login1.path, interface: login1.manager, member, signature, body };
}
function connect(): RawSeatd {
  const client = new RawSeatd(join(tree.dir, 'seatd.sock'));
  clients.push(client);
  return client;
}
async function openSeat(): Promise<RawSeatd> {
  const client = connect();
  client.send(request.openSeat);
  await client.journal.until(OPENED);
  return client;
}
async function sessions(): Promise<string[]> {
  const [list] = (await connection.call(manager('ListSessions'))) as [[string][]];
  return list.map(([id]) => id);
}
function libseat(environment: Record<string, string> = {}): LibseatClient {
  const client = new LibseatClient({
    LIBSEAT_BACKEND: 'seatd',
    SEATD_SOCK: join(tree.dir, 'seatd.sock'),
    ...environment,
  });
  programs.push(client);
  return client;
}

describe('a restart of the manager', () => {
  test('leaves seatd’s clients their connections, their devices and their turns', async () => {
    const a = await openSeat();
    await a.journal.until(ENABLE);
    a.open(monitor);
    await a.journal.until(said(reply.deviceOpened, 1));
    a.open(keyboard);
    await a.journal.until(said(reply.deviceOpened, 2));
    const b = await openSeat();
    const before = await sessions();
    await vi.waitFor(
      () => expect(tree.kept.filter((name) => name.startsWith('seatd '))).toHaveLength(2),
      patience,
    );
    // What a switch changes is written down behind it.
    const file = join(tree.dir, 'state/seat.json');
    const known = () =>
      (JSON.parse(readFileSync(file, 'utf8')) as SavedState).seatdClients.map(
        ({ devices }) => devices.length,
      );
    await expect.poll(known).toEqual([2, 0]);
    await tree.kill(tree.seat);
    await tree.startSeat();
    expect(await sessions()).toEqual(before);

    a.send(request.ping);
    await a.journal.until(said(reply.pong));
    a.send(request.closeDevice, int32(2));
    await a.journal.until(said(reply.deviceClosed));
    a.open(keyboard);
    await a.journal.until(said(reply.deviceOpened, 2), 2);
    a.send(request.switchSession, int32(2));
    await a.journal.until(DISABLE);
    a.send(request.disableSeat);
    await b.journal.until(ENABLE);
    b.open(keyboard);
    await b.journal.until(said(reply.deviceOpened, 1));
    expect(a.journal.entries).not.toContain('end');
    b.close();
    await a.journal.until(ENABLE, 2);
    a.close();
    await vi.waitFor(async () => expect(await sessions()).toEqual([]), patience);
    await vi.waitFor(() => expect(tree.kept).toEqual([]), patience);
  });

  test('is the end of a client whose files nobody kept, and of its session', async () => {
    const a = await openSeat();
    await a.journal.until(ENABLE);
    await tree.kill(tree.seat);
    tree.forgetKept();
    await tree.startSeat();
    await a.journal.until('end');
    await vi.waitFor(async () => expect(await sessions()).toEqual([]), patience);
  });
});

describe('the seatd protocol', () => {
  test('opens the seat for the first at once, for the second when its turn comes', async () => {
    const a = await openSeat();
    await a.journal.until(ENABLE);
    expect(a.journal.entries).toEqual([OPENED, ENABLE]);
    const b = await openSeat();
    b.open(keyboard);
    await b.journal.until(failed(errno.EPERM));
    a.open(keyboard);
    await a.journal.until(said(reply.deviceOpened, 1));
    a.open(monitor);
    await a.journal.until(said(reply.deviceOpened, 2));
    expect(a.fds).toHaveLength(2);

    a.send(request.switchSession, int32(2));
    await a.journal.until(DISABLE);
    expect(a.journal.entries.slice(-2)).toEqual([said(reply.sessionSwitched), DISABLE]);
    a.send(request.disableSeat);
    await b.journal.until(ENABLE);
    await a.journal.until(said(reply.seatDisabled));
    b.open(keyboard);
    await b.journal.until(said(reply.deviceOpened, 1));
    // Back: what was open is dead, and is opened again.
    b.send(request.switchSession, int32(1));
    await b.journal.until(DISABLE);
    b.send(request.disableSeat);
    await a.journal.until(ENABLE, 2);
    a.send(request.closeDevice, int32(1));
    await a.journal.until(said(reply.deviceClosed));
    a.open(keyboard);
    await a.journal.until(said(reply.deviceOpened, 3));
  });

  test('goes on without a client that does not acknowledge, which is told next what is true then', async () => {
    const a = await openSeat();
    await a.journal.until(ENABLE);
    a.open(keyboard);
    await a.journal.until(said(reply.deviceOpened, 1));
    const b = await openSeat();
    const before = Date.now();
    a.send(request.switchSession, int32(2));
    await b.journal.until(ENABLE);
    // It is asked once, for 200 ms, and nobody waits for its answer.
    expect(Date.now() - before).toBeLessThan(5000);
    // Back to it and away again, while it still has not said a word: nothing piles up for it.
    for (const position of [1, 2, 1]) {
      await connection
        .proxy(login1.name, `${login1.path}/seat/seat0`)
        .call(login1.seat, 'SwitchTo', 'u', position);
    }
    a.send(request.ping);
    await a.journal.until(said(reply.pong));
    expect(a.journal.entries.filter((entry) => entry === DISABLE || entry === ENABLE)).toEqual([
      ENABLE,
      DISABLE,
    ]);
    a.send(request.disableSeat);
    await a.journal.until(ENABLE, 2);
    a.send(request.disableSeat);
    await a.journal.until(failed(errno.EBUSY));
  });

  test('outlives clients that die together, and their seat with them', async () => {
    const bare = await SeatTree.start();
    for (let round = 0; round < 20; round++) {
      const all = [0, 1, 2].map(() => new RawSeatd(join(bare.dir, 'seatd.sock')));
      clients.push(...all);
      for (const client of all) {
        client.send(request.openSeat);
        await client.journal.until(OPENED);
      }
      await all[0]!.journal.until(ENABLE);
      // Before any of it is noticed: each is dead by the time that it is told that it has the seat.
      bare.seat.kill('SIGSTOP');
      for (const client of all) client.close();
      bare.seat.kill('SIGCONT');
    }
    expect(bare.seat.exitCode).toBeNull();
    await bare.stop();
  });

  test('answers every mistake with its errno', async () => {
    const a = await openSeat();
    await a.journal.until(ENABLE);
    const refused = async (number: number) => {
      await a.journal.until(failed(number));
      a.journal.clear();
    };
    for (const path of ['/nowhere', '/dev/input/event99', '/dev/null', '/etc/passwd', 'relative', '']) {
      a.open(path);
      await refused(errno.ENOENT);
    }
    for (const path of ['/dev/switchyard/4095:999', '/dev/switchyard/1:1']) {
      a.open(path);
      await refused(errno.ENODEV);
    }
    a.open('/dev/switchyard/../null');
    await refused(errno.ENOENT);
    a.send(request.closeDevice, int32(7));
    await refused(errno.EBADF);
    for (const number of [0, -1, 9]) {
      a.send(request.switchSession, int32(number));
      await refused(errno.EINVAL);
    }
    a.send(request.switchSession, int32(1));
    await a.journal.until(said(reply.sessionSwitched));
  });

  test('counts how often a path is opened, and bounds how many there are', async () => {
    const a = await openSeat();
    await a.journal.until(ENABLE);
    a.open(keyboard);
    a.open(keyboard);
    await a.journal.until(said(reply.deviceOpened, 1), 2);
    a.send(request.closeDevice, int32(1));
    a.send(request.closeDevice, int32(1));
    a.send(request.closeDevice, int32(1));
    await a.journal.until(failed(errno.EBADF));
    expect(a.journal.entries.slice(-3)).toEqual([
      said(reply.deviceClosed),
      said(reply.deviceClosed),
      failed(errno.EBADF),
    ]);
  });

  test('opens 128 devices and not one more, and numbers them upwards', async () => {
    // A provider has 64.
    for (let i = 0; i < 127; i++) {
      const from = i % 64 === 0 ? await tree.connect() : providers.at(-1)!;
      providers.push(from);
      const call = { ...manager('AttachDevice', 'sssa{sv}', 'seat0', 'pointer', `${i}`, new Map()) };
      await from.call({ ...call, interface: switchyard.deviceManager });
    }
    const call = { ...manager('ListDevices', 's', 'seat0'), interface: switchyard.deviceManager };
    const [list] = (await connection.call(call)) as [[number, number][]];
    expect(list).toHaveLength(129);
    const a = await openSeat();
    await a.journal.until(ENABLE);
    for (const [i, [major, minor]] of list.entries()) {
      a.open(`/dev/switchyard/${major}:${minor}`);
      await a.journal.until(i < 128 ? said(reply.deviceOpened, i + 1) : failed(errno.EMFILE));
    }
    expect(a.fds).toHaveLength(128);
    a.send(request.closeDevice, int32(5));
    await a.journal.until(said(reply.deviceClosed));
    const [major, minor] = list[128]!;
    a.open(`/dev/switchyard/${major}:${minor}`);
    await a.journal.until(said(reply.deviceOpened, 129));
  });

  test('answers what was asked before a client heard that it is to leave, in order, each file with its own answer', async () => {
    const a = await openSeat();
    await a.journal.until(ENABLE);
    const b = await openSeat();
    const switched = connection
      .proxy(login1.name, `${login1.path}/seat/seat0`)
      .call(login1.seat, 'SwitchTo', 'u', 2);
    // Behind each other, without waiting: some come before the event, and some after the grace time would do.
    a.open(keyboard);
    a.open(monitor);
    a.send(request.ping);
    await a.journal.until(DISABLE);
    await a.journal.until(said(reply.pong));
    a.open(keyboard);
    a.send(request.disableSeat);
    await a.journal.until(said(reply.seatDisabled));
    await switched;
    await b.journal.until(ENABLE);
    const answers = a.journal.entries.filter((entry) => entry !== ENABLE && entry !== DISABLE);
    const opened = answers.filter((entry) => entry.startsWith(said(reply.deviceOpened)));
    expect(answers.at(-1)).toBe(said(reply.seatDisabled));
    expect(answers.slice(1, 3).every((entry) => /^8003 \d|^ffff/.test(entry))).toBe(true);
    expect(a.fds).toHaveLength(opened.length);
    // It may close what it has while it is away; what it has is dead.
    if (opened.length > 0) {
      a.send(request.closeDevice, int32(1));
      await a.journal.until(said(reply.deviceClosed));
    }
    a.open(monitor);
    await a.journal.until(failed(errno.EPERM));
  });

  test('reads split and joined messages, and ends who sends none', async () => {
    const split = connect();
    for (const byte of message(request.openSeat, new Uint8Array(0))) {
      split.socket.write(Uint8Array.of(byte));
      split.socket.flush();
    }
    await split.journal.until(OPENED);
    split.socket.write(Buffer.concat([message(7, new Uint8Array(0)), message(7, new Uint8Array(0))]));
    await split.journal.until(said(reply.pong), 2);
    const wrong: [number, Uint8Array][] = [
      [0x0042, new Uint8Array(0)],
      [request.openSeat, new Uint8Array(0)],
      [request.ping, new Uint8Array(4)],
      [request.closeDevice, new Uint8Array(3)],
      [request.openDevice, new Uint8Array(0)],
      [request.openDevice, Uint8Array.of(0, 0)],
      [request.openDevice, pathPayload('/dev/null', 3)],
      [request.openDevice, pathPayload('/dev/null', 300)],
      [request.openDevice, Uint8Array.of(1, 0, 65)],
      [request.openDevice, new Uint8Array(1024)],
    ];
    for (const [opcode, payload] of wrong) {
      const client = await openSeat();
      client.send(opcode, payload);
      await client.journal.until('end');
    }
    for (const opcode of [request.closeSeat, request.openDevice, request.disableSeat]) {
      const client = connect();
      client.send(opcode);
      await client.journal.until('end');
    }
    expect(tree.seat.exitCode).toBeNull();
  });

  test('a client that asks without end and reads nothing is let go', async () => {
    const greedy = await openSeat();
    greedy.socket.pauseReading();
    const pings = Buffer.concat(Array.from({ length: 1024 }, () => message(request.ping, new Uint8Array(0))));
    const gone = new Promise<void>((resolve) => greedy.socket.watch({ failed: () => resolve() }));
    for (let i = 0; i < 1024; i++) greedy.socket.write(pings);
    await gone;
    expect(await sessions()).toEqual([]);
  });

  test('a session of its own ends with the connection, and the seat goes to the next', async () => {
    const before = openFds(tree.seat.pid!);
    const a = await openSeat();
    await a.journal.until(ENABLE);
    const b = await openSeat();
    expect(await sessions()).toHaveLength(2);
    a.close();
    await b.journal.until(ENABLE);
    b.send(request.closeSeat);
    await b.journal.until(said(reply.seatClosed));
    expect(await sessions()).toEqual([]);
    b.send(request.openSeat);
    await b.journal.until('end');
    while (openFds(tree.seat.pid!) > before) await sessions();
  });

  test('shares the seat with login1: each is paused for the other, and a dying one gives way', async () => {
    const journal = new Journal();
    const bus = new RawController('bus', await tree.connect(), journal);
    await bus.create(tree.leader().pid);
    await journal.until('bus active true');
    await bus.call('TakeControl', 'b', false);
    const minor = Number(keyboard.split(':')[1]);
    await bus.take(4095, minor);
    const client = await openSeat();
    const [own] = (await sessions()).filter((id) => id !== bus.id);
    await connection.call(manager('ActivateSession', 's', own));
    await client.journal.until(ENABLE);
    expect(journal.entries).toContain(`bus pause ${minor}`);
    client.open(keyboard);
    await client.journal.until(said(reply.deviceOpened, 1));
    client.send(request.switchSession, int32(1));
    await client.journal.until(DISABLE);
    client.close();
    await journal.until(`bus resume ${minor}`);
    bus.close();
  });

  test('is the session that the client’s process runs in, where nobody controls that yet', async () => {
    const journal = new Journal();
    const bus = new RawController('bus', await tree.connect(), journal);
    await bus.create(process.pid);
    await journal.until('bus active true');
    const first = await openSeat();
    await first.journal.until(ENABLE);
    expect(await sessions()).toEqual([bus.id]);
    await expect(bus.call('TakeControl', 'b', false)).rejects.toMatchObject({ name: 'System.Error.EBUSY' });
    // A second one of the same process gets its own.
    const second = await openSeat();
    expect(await sessions()).toHaveLength(2);
    second.close();
    first.open(keyboard);
    await first.journal.until(said(reply.deviceOpened, 1));
    // Thrown out by force, it has no seat any more.
    await bus.call('TakeControl', 'b', true);
    first.open(keyboard);
    await first.journal.until('end');
    while ((await sessions()).length !== 1);
    expect(await sessions()).toEqual([bus.id]);
    bus.close();
  });
});

describe.skipIf(!haveLibseat())('the real libseat', () => {
  test('opens a seat and devices, gives them up and gets them back', async () => {
    const a = libseat();
    await a.journal.until('enable');
    expect(a.journal.entries).toEqual(['seat seat0', 'enable']);
    await a.tell(`open ${keyboard}`, 'opened 1');
    await a.tell(`open ${monitor}`, 'opened 2');
    await a.tell('open /dev/input/event99', `failed ${errno.ENOENT}`);
    await a.tell('read 1', 'nothing');
    const b = libseat();
    await b.journal.until('seat seat0');
    await b.tell(`open ${keyboard}`, `failed ${errno.EPERM}`);
    await a.tell('switch 2', 'disable');
    await b.journal.until('enable');
    await a.tell('read 1', 'end');
    await a.tell('read 2', 'end');
    await b.tell(`open ${keyboard}`, 'opened 1');
    await b.tell('switch 1', 'disable');
    await a.journal.until('enable', 2);
    await a.tell('close 1', 'closed');
    await a.tell(`open ${keyboard}`, 'opened 3');
    await a.tell('read 3', 'nothing');
    // Nothing was sent that this libseat did not expect: it still answers.
    expect(a.journal.entries.some((entry) => entry.startsWith('lost'))).toBe(false);
  });

  test('stopped in front holds nobody up, and goes on rightly when it continues', async () => {
    const a = libseat();
    await a.journal.until('enable');
    await a.tell(`open ${keyboard}`, 'opened 1');
    const b = libseat();
    await b.journal.until('seat seat0');
    const list = (await sessions()).at(-1)!;
    a.process.kill('SIGSTOP');
    const before = Date.now();
    await connection.call(manager('ActivateSession', 's', list));
    await b.journal.until('enable');
    // It is asked once, for 200 ms, and nobody waits for its answer.
    expect(Date.now() - before).toBeLessThan(5000);
    await b.tell(`open ${keyboard}`, 'opened 1');
    a.process.kill('SIGCONT');
    await a.journal.until('disable');
    await a.tell('read 1', 'end');
    await a.tell(`open ${keyboard}`, `failed ${errno.EPERM}`);
    await b.tell('switch 1', 'disable');
    await a.journal.until('enable', 2);
  });
});
