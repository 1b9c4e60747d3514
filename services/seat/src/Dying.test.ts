import { join } from 'node:path';
import { type Connection, Variant } from '@switchyard/dbus';
import { login1, seatd, switchyard } from '@switchyard/seat';
import { EV, KEY } from '@switchyard/uapi';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Journal } from './testing/Journal.js';
import { RawController } from './testing/RawController.js';
import { int32, RawSeatd } from './testing/RawSeatd.js';
import { openFds, SeatTree } from './testing/SeatTree.js';

/** Short, since most who die here have been asked to pause. */
const GRACE_MS = 20;

const { request } = seatd;

let tree: SeatTree;
let connection: Connection;
let keyboard: ReturnType<ReturnType<SeatTree['provider']>['attachKeyboard']>;
let minors: number[];
let survivor: RawController;
const journal = new Journal();
let baseline: number;

beforeAll(async () => {
  tree = await SeatTree.start(GRACE_MS);
  connection = await tree.connect();
  const added = new Journal();
  connection.match({ type: 'signal', path: login1.path, member: 'DeviceAdded' }, ({ body }) =>
    added.add(body[3] as string),
  );
  await connection.call(manager('ListSeats'));
  const provider = tree.provider();
  keyboard = provider.attachKeyboard('seat0', 'keys');
  provider.attachPointer('seat0', 'mouse', 1000);
  await Promise.all([added.until('keyboard'), added.until('pointer')]);
  const call = { ...manager('ListDevices', 's', ''), interface: switchyard.deviceManager };
  const [list] = (await connection.call(call)) as [[number, number, string][]];
  minors = [...list].sort((a, b) => (a[2] < b[2] ? -1 : 1)).map(([, minor]) => minor);
  survivor = new RawController('survivor', await tree.connect(), journal);
  await survivor.create(tree.leader().pid);
  await survivor.call('TakeControl', 'b', false);
  for (const minor of minors) await survivor.take(4095, minor);
  await settled();
  baseline = openFds(tree.seat.pid!);
});
afterAll(async () => {
  survivor.close();
  await tree.stop();
});

function manager(member: string, signature = '', ...body: unknown[]) {
  return { destination: login1.name, path: login1.path, interface: login1.manager, member, signature, body };
}

/** Only the survivor is left; it has the seat, and what is typed. */
async function settled(): Promise<void> {
  for (;;) {
    const [list] = (await connection.call(manager('ListSessions'))) as [unknown[]];
    if (list.length === 1) break;
  }
  await connection.call(manager('ActivateSession', 's', survivor.id));
  const packet = new Uint8Array(4096);
  for (;;) {
    const channel = survivor.channels.get(minors[0]!)!;
    keyboard.event(EV.KEY, KEY.A, 1);
    keyboard.event(EV.KEY, KEY.A, 0);
    keyboard.sync();
    const heard = await new Promise<number>((resolve) => {
      // The resumption may be on its way still, and so may the provider's end.
      const later = setTimeout(() => resolve(0), 20);
      channel.watch({
        readable: () => {
          clearTimeout(later);
          resolve(channel.receive(packet));
        },
      });
    });
    if (heard > 0) return;
  }
}

const devices = fc.nat({ max: 1 });
const busStep = fc.oneof(
  fc.constantFrom<[string, string, ...unknown[]]>(
    ['TakeControl', 'b', false],
    ['ReleaseControl', ''],
    ['Activate', ''],
    ['SetType', 's', 'x11'],
    ['SetIdleHint', 'b', true],
    ['Lock', ''],
  ),
  fc
    .tuple(fc.constantFrom('TakeDevice', 'ReleaseDevice', 'PauseDeviceComplete'), devices)
    .map(([member, device]): [string, string, ...unknown[]] => [member, 'uu', 4095, device]),
  fc.constant<[string, string]>(['survivor', '']),
);

test('a bus client may die between any two messages', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(busStep, fc.boolean()), { maxLength: 10 }),
      fc.constantFrom('connection', 'fifo', 'leader'),
      fc.boolean(),
      async (steps, first, background) => {
        const own = await tree.connect();
        const leader = tree.leader();
        const dying = new RawController('dying', own, new Journal());
        await dying.create(leader.pid, [['Background', new Variant('b', background)]]);
        dying.polite = false;
        // Most scripts get nowhere without control.
        await dying.call('TakeControl', 'b', false);
        for (const [[member, signature, ...body], waits] of steps) {
          const [major, device] = body;
          const args = signature === 'uu' ? [major, minors[device as number]] : body;
          const answer =
            member === 'survivor'
              ? connection.call(manager('ActivateSession', 's', survivor.id)).then(() => {})
              : member === 'TakeDevice'
                ? dying.take(args[0] as number, args[1] as number).then(() => {})
                : dying.call(member, signature, ...args).then(() => {});
          const settledAnswer = answer.catch(() => {});
          if (waits) await settledAnswer;
        }
        if (first === 'connection') own.close();
        else if (first === 'fifo') dying.fifo.close();
        else leader.kill('SIGKILL');
        dying.close();
        own.close();
        leader.kill('SIGKILL');
        await settled();
      },
    ),
    { numRuns: 60 },
  );
  while (openFds(tree.seat.pid!) > baseline) await connection.call(manager('ListSeats'));
});

const seatdStep = fc.oneof(
  fc.constantFrom<[number, ...number[]]>([request.ping], [request.disableSeat], [request.closeSeat]),
  devices.map((device): [number, ...number[]] => [request.openDevice, device]),
  fc.integer({ min: 1, max: 3 }).map((id): [number, ...number[]] => [request.closeDevice, id]),
  fc.integer({ min: 0, max: 3 }).map((number): [number, ...number[]] => [request.switchSession, number]),
);

test('a seatd client may die between any two messages, and within one', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(seatdStep, fc.boolean()), { maxLength: 10 }),
      fc.boolean(),
      fc.nat({ max: 5 }),
      async (steps, front, partial) => {
        const client = new RawSeatd(join(tree.dir, 'seatd.sock'));
        client.send(request.openSeat);
        await client.journal.until('8001');
        if (front) {
          const [list] = (await connection.call(manager('ListSessions'))) as [[string][]];
          await connection.call(manager('ActivateSession', 's', list.at(-1)![0]));
        }
        for (const [[opcode, argument], waits] of steps) {
          if (client.socket.closed) break;
          if (opcode === request.openDevice) client.open(`/dev/switchyard/4095:${minors[argument!]}`);
          else client.send(opcode, argument === undefined ? new Uint8Array(0) : int32(argument));
          if (waits) await connection.call(manager('ListSeats'));
        }
        if (!client.socket.closed) {
          client.socket.write(new Uint8Array(partial));
          client.socket.flush();
        }
        client.close();
        await settled();
      },
    ),
    { numRuns: 60 },
  );
  while (openFds(tree.seat.pid!) > baseline) await connection.call(manager('ListSeats'));
  expect(tree.seat.exitCode).toBeNull();
});
