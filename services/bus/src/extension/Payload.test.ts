import { Connection, type Message, Payload, Variant } from '@switchyard/dbus';
import { addSeals, createMemfd, Fd, fileStat, pwrite, type Seal } from '@switchyard/sys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Broker } from '../testing/Broker.js';
import { ExtendedClient } from '../testing/ExtendedClient.js';

let broker: Broker;
let idleFds: number;
beforeAll(async () => {
  broker = await Broker.start();
  idleFds = broker.fds;
});
afterAll(() => broker.stop());

const signal = { path: '/t', interface: 'org.example.Test', member: 'Note' };

describe('a sealed payload', () => {
  it('reaches all who match as the same memfd, bytes or values, and the bus keeps none of it', async () => {
    using a = await ExtendedClient.connect(broker.address);
    using b = await ExtendedClient.connect(broker.address);
    using c = await ExtendedClient.connect(broker.address);
    for (const client of [b, c]) await client.listen();
    a.connection.emit({ ...signal, payload: Payload.ofBytes(Buffer.alloc(3_000_000, 7)) });
    const inodes = new Set<string>();
    for (const client of [b, c]) {
      using payload = (await client.next()).payload!;
      expect(payload.length).toBe(3_000_000);
      const { bytes, unmap } = payload.map();
      expect([bytes.length, bytes[0], bytes[2_999_999]]).toEqual([3_000_000, 7, 7]);
      unmap();
      inodes.add(String(fileStat(payload.fd).inode));
    }
    expect(inodes.size).toBe(1);
    a.connection.emit({
      ...signal,
      payload: Payload.ofValues('sa{sv}', ['x', new Map([['k', new Variant('u', 5)]])]),
    });
    using payload = (await b.next()).payload!;
    expect(payload.values()).toEqual(['x', new Map([['k', new Variant('u', 5)]])]);
    (await c.next()).payload?.close();
    for (const client of [a, b, c]) client.connection.close();
    while (broker.fds !== idleFds) await new Promise((resolve) => setImmediate(resolve));
  });

  it('may answer a call', async () => {
    using a = await ExtendedClient.connect(broker.address);
    using b = await ExtendedClient.connect(broker.address);
    const payload = Payload.ofBytes(Buffer.from('question'));
    let got: Message | undefined;
    b.connection.export('/t', {
      name: 'org.example.Test',
      methods: {
        Ask: {
          call: ({ message }) => {
            got = message;
            using received = message.payload!;
            expect(Buffer.from(received.map().bytes).toString()).toBe('question');
          },
        },
      },
    });
    await a.connection.call({ ...signal, member: 'Ask', destination: b.name, payload });
    expect(got).toBeDefined();
  });

  it.each<[string, Seal[]]>([
    ['is not sealed at all', []],
    ['may still be written to', ['shrink', 'grow', 'seal']],
    ['may still shrink', ['grow', 'write', 'seal']],
    ['may still grow', ['shrink', 'write', 'seal']],
  ])('that %s is refused (kdbus: ETXTBSY)', async (_, seals) => {
    using a = await ExtendedClient.connect(broker.address);
    using b = await ExtendedClient.connect(broker.address);
    const fd = createMemfd('x', { size: 4096 });
    addSeals(fd, seals);
    const call = { ...signal, member: 'Ask', destination: b.name, payload: Payload.adopt(fd, 0, 4096) };
    await expect(a.connection.call(call)).rejects.toMatchObject({
      name: 'org.freedesktop.DBus.Error.InvalidArgs',
    });
  });

  it('that is no memfd, or shorter than it says, is refused (kdbus: EMEDIUMTYPE, EBADF)', async () => {
    using a = await ExtendedClient.connect(broker.address);
    using b = await ExtendedClient.connect(broker.address);
    const call = { ...signal, member: 'Ask', destination: b.name };
    const invalid = { name: 'org.freedesktop.DBus.Error.InvalidArgs' };
    const file = Payload.adopt(Fd.open('/dev/null', 0), 0, 0);
    await expect(a.connection.call({ ...call, payload: file })).rejects.toMatchObject(invalid);
    const memfd = createMemfd('x');
    pwrite(memfd, Buffer.alloc(10), 0);
    addSeals(memfd, ['shrink', 'grow', 'write', 'seal']);
    const short = Payload.adopt(memfd, 5, 6);
    await expect(a.connection.call({ ...call, payload: short })).rejects.toMatchObject(invalid);
  });

  it('to a connection without the extension is refused, and a broadcast passes it by', async () => {
    using a = await ExtendedClient.connect(broker.address);
    using plain = await Connection.connect(broker.address);
    const heard: string[] = [];
    await plain.match({ type: 'signal', interface: signal.interface }, (message) =>
      heard.push(message.member!),
    ).ready;
    const call = { ...signal, member: 'Ask', destination: plain.uniqueName };
    await expect(
      a.connection.call({ ...call, payload: Payload.ofBytes(Buffer.from('x')) }),
    ).rejects.toMatchObject({
      name: 'org.freedesktop.DBus.Error.NotSupported',
    });
    a.connection.emit({ ...signal, payload: Payload.ofBytes(Buffer.from('x')) });
    a.note(undefined, { member: 'Plain', priority: 5n });
    await a.settled();
    await plain.proxy('org.freedesktop.DBus', '/').call('org.freedesktop.DBus', 'GetId');
    expect(heard).toEqual(['Plain']);
  });
});
