import { type Connection, Variant } from '@switchyard/dbus';
import { login1, switchyard } from '@switchyard/seat';
import { Fd } from '@switchyard/sys';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openFds, SeatTree } from './testing/SeatTree.js';

/** Everything but what would signal processes, which root may do to any. */
const calls: [path: string, interfaceName: string, member: string, signature: string][] = [
  ['', login1.manager, 'GetSession', 's'],
  ['', login1.manager, 'GetSessionByPID', 'u'],
  ['', login1.manager, 'GetSeat', 's'],
  ['', login1.manager, 'ActivateSession', 's'],
  ['', login1.manager, 'ActivateSessionOnSeat', 'ss'],
  ['', login1.manager, 'LockSession', 's'],
  ['', switchyard.deviceManager, 'AttachDevice', 'sssa{sv}'],
  ['', switchyard.deviceManager, 'DetachDevice', 'uu'],
  ['', switchyard.deviceManager, 'ListDevices', 's'],
  ['', login1.manager, 'GetUser', 'u'],
  ['', login1.manager, 'GetUserByPID', 'u'],
  ['', login1.manager, 'ListSessionsEx', ''],
  ['', login1.manager, 'Inhibit', 'ssss'],
  ['', login1.manager, 'ListInhibitors', ''],
  ['', login1.manager, 'SetUserLinger', 'ubb'],
  ['', login1.manager, 'AttachDevice', 'ssb'],
  ['', login1.manager, 'CanSuspend', ''],
  ['', login1.manager, 'PowerOff', 'b'],
  ['', login1.manager, 'SetWallMessage', 'sb'],
  ['', login1.manager, 'CancelScheduledShutdown', ''],
  ['/user/_0', 'org.freedesktop.DBus.Properties', 'GetAll', 's'],
  ['', 'org.freedesktop.DBus.Properties', 'GetAll', 's'],
  ['/seat/seat0', login1.seat, 'ActivateSession', 's'],
  ['/seat/seat0', login1.seat, 'SwitchTo', 'u'],
  ['/seat/seat0', login1.seat, 'SwitchToNext', ''],
  ['/seat/self', login1.seat, 'SwitchToPrevious', ''],
  ['/session/c1', login1.session, 'Activate', ''],
  ['/session/auto', login1.session, 'Activate', ''],
  ['/session/c1', login1.session, 'TakeControl', 'b'],
  ['/session/c1', login1.session, 'ReleaseControl', ''],
  ['/session/c1', login1.session, 'TakeDevice', 'uu'],
  ['/session/c1', login1.session, 'ReleaseDevice', 'uu'],
  ['/session/c1', login1.session, 'PauseDeviceComplete', 'uu'],
  ['/session/c1', login1.session, 'SetType', 's'],
  ['/session/c1', login1.session, 'SetDisplay', 's'],
  ['/session/c1', login1.session, 'SetIdleHint', 'b'],
  ['/session/c1', login1.session, 'SetClass', 's'],
  ['/session/c1', login1.session, 'SetBrightness', 'ssu'],
  ['/session/c1', switchyard.session, 'SetTitle', 's'],
  ['/session/auto', login1.session, 'NoSuchThing', ''],
];

const word = fc.oneof(
  fc.constantFrom('', 'self', 'auto', 'c1', 'c2', 'seat0', 'seat1', 'keyboard', 'monitor', 'wayland'),
  fc.constantFrom('sleep', 'idle:shutdown', 'block', 'delay', 'backlight', 'user', '/sys/x'),
  fc.string({ maxLength: 40 }),
);
const number = fc.oneof(fc.nat({ max: 6 }), fc.constantFrom(4095, 0xffffffff));
const value = fc.oneof(
  word.map((s) => new Variant('s', s.replaceAll('\0', ''))),
  number.map((n) => new Variant('u', n)),
  fc.constant(new Variant('as', ['x'])),
);
const argument: Record<string, fc.Arbitrary<unknown>> = {
  s: word.map((s) => s.replaceAll('\0', '')),
  u: number,
  b: fc.boolean(),
  'a{sv}': fc.dictionary(fc.string({ maxLength: 5 }), value, { maxKeys: 4 }).map((o) => {
    return new Map(Object.entries(o).map(([key, v]) => [key.replaceAll('\0', ''), v]));
  }),
};
const call = fc
  .constantFrom(...calls)
  .chain(([path, interfaceName, member, signature]) =>
    fc
      .tuple(...(signature.match(/a\{sv\}|./g) ?? []).map((type) => argument[type]!))
      .map((body) => ({ path: `${login1.path}${path}`, interface: interfaceName, member, signature, body })),
  );

async function createSession(connection: Connection, leader: number): Promise<Fd> {
  const reply = await connection.call({
    destination: login1.name,
    path: login1.path,
    interface: login1.manager,
    member: 'CreateSession',
    signature: 'uusssssussbssa(sv)',
    body: [process.getuid!(), leader, '', 'wayland', 'user', '', 'seat0', 0, '', '', false, '', '', []],
  });
  return reply[3] as Fd;
}

test('no sequence of calls ends the session manager or leaks an fd in it', async () => {
  const tree = await SeatTree.start(1);
  try {
    const owner = await tree.connect();
    const attach = { destination: login1.name, path: login1.path, interface: switchyard.deviceManager };
    const signature = 'sssa{sv}';
    for (const kind of ['monitor', 'keyboard']) {
      await owner.call({
        ...attach,
        member: 'AttachDevice',
        signature,
        body: ['seat0', kind, kind, new Map()],
      });
    }
    using _a = await createSession(owner, tree.leader().pid);
    using _b = await createSession(owner, tree.leader().pid);
    const before = openFds(tree.seat.pid!);
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 40 }), async (sequence) => {
        const connection = await tree.connect();
        await Promise.all(
          sequence.map((one) =>
            connection.call({ destination: login1.name, ...one }).then(
              ([fd]) => fd instanceof Fd && fd.close(),
              () => {},
            ),
          ),
        );
        connection.close();
      }),
      { numRuns: 60 },
    );
    expect(tree.seat.exitCode).toBeNull();
    const sessions = { destination: login1.name, path: login1.path, interface: login1.manager };
    const [list] = (await owner.call({ ...sessions, member: 'ListSessions' })) as [unknown[]];
    expect(list).toHaveLength(2);
    // What the last of them took is given back when the bus tells that they are gone.
    while (openFds(tree.seat.pid!) > before) await owner.call({ ...sessions, member: 'ListSeats' });
  } finally {
    await tree.stop();
  }
});
