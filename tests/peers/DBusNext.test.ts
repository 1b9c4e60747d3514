import { createRequire } from 'node:module';
import {
  Connection,
  Fd,
  Frame,
  MessageEncoder,
  Message as OurMessage,
  ProtocolError,
  Variant,
} from '@switchyard/dbus';
import { ReferenceBus } from '@switchyard/dbus/testing';
import { createMemfd } from '@switchyard/sys';
import type * as DBusNext from 'dbus-next';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const require = createRequire(import.meta.url);
const next = require('dbus-next') as typeof DBusNext;
const { unmarshall } = require('dbus-next/lib/message.js') as {
  unmarshall(bytes: Buffer): { body: unknown[] };
};

let bus: ReferenceBus;
let theirs: DBusNext.MessageBus;
let ours: Connection;
beforeAll(async () => {
  bus = await ReferenceBus.start();
  theirs = next.sessionBus({ busAddress: bus.address });
  await new Promise<void>((resolve) => theirs.once('connect', resolve));
  ours = await Connection.connect(bus.address);
});
afterAll(async () => {
  ours.close();
  theirs.disconnect();
  await bus.stop();
});

/** What docs/dbus.md says of dbus-next, beside what it says of libs/dbus. */
describe('dbus-next and libs/dbus', () => {
  it('talk to each other: calls, properties, signals, errors', async () => {
    ours.export('/ours', {
      name: 'org.example.Ours',
      methods: {
        Echo: { in: 'a{sv}x', out: 'xa{sv}', call: (_, map: unknown, number: unknown) => [number, map] },
      },
      properties: { Level: { type: 'u', get: () => 7 } },
      signals: { Rang: { args: 's' } },
    });
    const object = await theirs.getProxyObject(ours.uniqueName, '/ours');
    const proxy = object.getInterface('org.example.Ours');
    const [number, map] = await proxy['Echo']!({ k: new next.Variant('as', ['v']) }, 5n);
    expect([number, map.k.signature, map.k.value]).toEqual([5n, 'as', ['v']]);
    const properties = object.getInterface('org.freedesktop.DBus.Properties');
    expect((await properties['Get']!('org.example.Ours', 'Level')).value).toBe(7);
    const heard = new Promise((resolve) => proxy.on('Rang', resolve));
    await theirs.call(
      new next.Message({
        destination: 'org.freedesktop.DBus',
        path: '/',
        interface: 'org.freedesktop.DBus',
        member: 'GetId',
      }),
    );
    ours.emit({
      path: '/ours',
      interface: 'org.example.Ours',
      member: 'Rang',
      signature: 's',
      body: ['bell'],
    });
    expect(await heard).toBe('bell');

    class Theirs extends next.interface.Interface {
      Double(n: number) {
        if (n === 0) throw new next.DBusError('org.example.Zero', 'nothing to double');
        return 2 * n;
      }
    }
    Theirs.configureMembers({ methods: { Double: { inSignature: 'u', outSignature: 'u' } } });
    theirs.export('/theirs', new Theirs('org.example.Theirs'));
    const remote = ours.proxy((theirs as unknown as { name: string }).name, '/theirs');
    expect(await remote.call('org.example.Theirs', 'Double', 'u', 21)).toEqual([42]);
    await expect(remote.call('org.example.Theirs', 'Double', 'u', 0)).rejects.toMatchObject({
      name: 'org.example.Zero',
      message: 'nothing to double',
    });
  });

  it('fds: it has none without its native module, we have', async () => {
    ours.export('/fds', {
      name: 'org.example.Fds',
      methods: { Give: { out: 'h', call: () => [createMemfd('given')] } },
    });
    using other = await Connection.connect(bus.address);
    const [fd] = await other.proxy(ours.uniqueName, '/fds').call('org.example.Fds', 'Give');
    using given = fd as Fd;
    expect(given).toBeInstanceOf(Fd);
    const call = { destination: ours.uniqueName, path: '/fds', interface: 'org.example.Fds', member: 'Give' };
    // The bus refuses to send fds to one that did not negotiate them.
    const answer = await Promise.race([
      theirs.call(new next.Message(call)).then(
        () => 'an fd',
        (error: Error) => error.name,
      ),
      new Promise((resolve) => setTimeout(resolve, 1000, 'nothing')),
    ]);
    expect(answer).not.toBe('an fd');
  });

  it('dictionaries: its keys become strings, ours stay what they are', () => {
    const bytes = encoded('a{us}', [new Map([[7, 'x']])]);
    expect(decoded(bytes)).toEqual([new Map([[7, 'x']])]);
    const [entries] = unmarshall(bytes).body;
    const { messageToJsFmt } = require('dbus-next/lib/marshall-compat.js');
    const message = messageToJsFmt({ signature: 'a{us}', body: [entries] }) as { body: unknown[] };
    expect(message.body).toEqual([{ '7': 'x' }]);
  });

  it.each<[string, string, unknown, (body: Buffer) => void]>([
    ['a boolean of 2', 'b', true, (body) => body.writeUInt32LE(2, 0)],
    ['a string that is not UTF-8', 's', 'ab', (body) => body.writeUInt16LE(0xafc0, 4)],
    ['a string that does not end', 's', 'ab', (body) => body.writeUInt8(0x20, 6)],
    ['padding that is not zero', '(yu)', [1, 2], (body) => body.writeUInt8(1, 1)],
    ['a path that is none', 'o', '/a', (body) => body.writeUInt8(0x2e, 5)],
  ])('hostile bytes: %s is taken by it and refused by us', (_, signature, value, spoil) => {
    const bytes = encoded(signature, [value]);
    const { body } = new MessageEncoder().encode(fields(signature, [value]));
    spoil(bytes.subarray(bytes.length - body.length));
    expect(() => unmarshall(bytes)).not.toThrow();
    expect(() => decoded(bytes)).toThrow(ProtocolError);
  });

  it('variants inside variants survive between both', async () => {
    const value = new Variant('v', new Variant('a{sv}', new Map([['k', new Variant('d', 0.5)]])));
    const inner = new next.Variant('a{sv}', { k: new next.Variant('d', 0.5) });
    const reply = (await theirs
      .getProxyObject(ours.uniqueName, '/ours')
      .then((object) =>
        object.getInterface('org.example.Ours')['Echo']!({ v: new next.Variant('v', inner) }, 1n),
      )) as [bigint, { v: DBusNext.Variant }];
    expect(JSON.stringify(reply[1].v)).toBe(JSON.stringify(new next.Variant('v', inner)));
    expect(decoded(encoded('v', [value]))).toEqual([value]);
  });
});

function fields(signature: string, body: unknown[]) {
  return { type: 4, serial: 1, path: '/x', interface: 'a.B', member: 'C', signature, body };
}

function encoded(signature: string, values: unknown[]): Buffer {
  const { head, body } = new MessageEncoder().encode(fields(signature, values));
  return Buffer.concat([head, body]);
}

function decoded(bytes: Buffer): unknown[] {
  const frame = new Frame();
  frame.parse(bytes, 0, bytes.length);
  return new OurMessage(frame).body;
}
