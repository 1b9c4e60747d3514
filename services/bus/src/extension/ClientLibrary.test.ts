import { readFileSync } from 'node:fs';
import { BusLink, Connection, MessageMetadata, Payload, Variant } from '@switchyard/dbus';
import { Fd, fileStat, Pidfd } from '@switchyard/sys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Broker } from '../testing/Broker.js';
import { ExtendedClient } from '../testing/ExtendedClient.js';

let broker: Broker;
beforeAll(async () => {
  broker = await Broker.start();
});
afterAll(() => broker.stop());

const openFds = () => Fd.live().length;
const note = { path: '/t', interface: 'org.example.Test', member: 'Note' };

describe('libs/dbus with the extension', () => {
  it('hands values in a sealed payload to methods and handlers as any body, and takes one as a result', async () => {
    using server = await ExtendedClient.connect(broker.address);
    using client = await ExtendedClient.connect(broker.address);
    server.connection.export('/t', {
      name: 'org.example.Test',
      methods: {
        Double: {
          in: 'au',
          out: 'au',
          call: (_, ...[numbers]: number[][]) => Payload.ofValues('au', [numbers!.map((one) => one * 2)]),
        },
        Raw: { out: 'ay', call: () => Payload.ofBytes(Buffer.from('plain bytes')) },
        Lie: { out: 's', call: () => Payload.ofValues('u', [1]) },
      },
    });
    const before = openFds();
    const call = { ...note, destination: server.name };
    const numbers = Array.from({ length: 100_000 }, (_, i) => i);
    const [doubled] = await client.connection.call({
      ...call,
      member: 'Double',
      payload: Payload.ofValues('au', [numbers]),
    });
    expect(doubled).toEqual(numbers.map((one) => one * 2));
    const raw = await client.connection.callAndTake({ ...call, member: 'Raw' }, (reply) => reply.payload!);
    expect(Buffer.from(raw.map().bytes).toString()).toBe('plain bytes');
    raw.close();
    await expect(client.connection.call({ ...call, member: 'Lie' })).rejects.toThrow("its payload holds 'u'");
    await expect(
      client.connection.call({ ...call, member: 'Double', payload: Payload.ofValues('s', ['x']) }),
    ).rejects.toThrow("takes 'au', not 's'");
    const heard = new Promise<unknown>((resolve) => {
      client.connection.match({ type: 'signal', ...note }, (message) =>
        resolve([message.signature, message.body]),
      );
    });
    await client.settled();
    server.connection.emit({ ...note, payload: Payload.ofValues('sv', ['x', new Variant('u', 3)]) });
    expect(await heard).toEqual(['sv', ['x', new Variant('u', 3)]]);
    await server.settled();
    expect(openFds()).toBe(before);
  });

  it('sends the same payload to many without a copy', async () => {
    using sender = await ExtendedClient.connect(broker.address);
    using receiver = await ExtendedClient.connect(broker.address);
    await receiver.listen();
    using payload = Payload.ofBytes(Buffer.alloc(100_000, 1));
    for (let i = 0; i < 2; i++) sender.connection.emit({ ...note, payload: payload.dup() });
    const inodes = new Set([fileStat(payload.fd).inode]);
    for (let i = 0; i < 2; i++) {
      using one = (await receiver.next()).payload!;
      inodes.add(fileStat(one.fd).inode);
    }
    expect(inodes.size).toBe(1);
  });

  it('reads metadata by what it is', async () => {
    using sender = await ExtendedClient.connect(broker.address, { description: 'the sender' });
    await sender.connection.requestName('org.example.Known');
    using receiver = await ExtendedClient.connect(broker.address, {
      metadata: [
        'timestamp',
        'credentials',
        'pidfd',
        'comm',
        'exe',
        'cmdline',
        'names',
        'capabilities',
        'description',
      ],
    });
    const seen = new Promise<MessageMetadata>((resolve) => {
      receiver.connection.match({ type: 'signal', ...note }, (message) =>
        resolve(MessageMetadata.of(message)!),
      );
    });
    await receiver.settled();
    sender.note(undefined);
    using metadata = await seen;
    expect(metadata).toMatchObject({
      uid: process.getuid!(),
      gid: process.getgid!(),
      pid: process.pid,
      comm: readFileSync('/proc/self/comm', 'utf8').trim(),
      ownedNames: ['org.example.Known'],
      description: 'the sender',
      groups: undefined,
      label: undefined,
    });
    expect(metadata.commandLine![0]).toBe(readFileSync('/proc/self/cmdline', 'utf8').split('\0')[0]);
    const effective = /^CapEff:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))![1];
    expect(metadata.capabilities!.effective).toBe(BigInt(`0x${effective}`));
    expect(Number(metadata.realtime! / 1_000_000n)).toBeGreaterThan(Date.now() - 60_000);
    expect(Pidfd.adopt(metadata.pidfd!.dup()).pid).toBe(process.pid);
  });

  it('tells a sender of much when it has left, which it does when the receiver has room again', async () => {
    using receiver = await ExtendedClient.connect(broker.address, { inbox: true });
    using sender = await ExtendedClient.connect(broker.address, { overflow: 'wait' });
    await sender.connection.drained();
    const text = 'x'.repeat(10_000);
    for (let i = 0; i < 400; i++) sender.note(receiver.name, { text });
    let isDrained = false;
    const drained = sender.connection.drained().then(() => (isDrained = true));
    await receiver.settled();
    expect(isDrained).toBe(false);
    expect(sender.connection.pendingBytes).toBeGreaterThan(100_000);
    for (let taken = 0; taken < 400; ) if ((await receiver.extension.take()).found) taken++;
    await drained;
    expect(sender.connection.pendingBytes).toBe(0);
  });

  it('claims a link’s names and matches anew when the broker was killed', async () => {
    let own = await Broker.start();
    using link = new BusLink(own.address);
    const results: unknown[] = [];
    const heard: unknown[] = [];
    link.own('org.example.Link', 0, (result) => results.push(result));
    link.match({ type: 'signal', interface: 'org.example.Test' }, (message) => heard.push(message.body[0]));
    for (let round = 0; round < 2; round++) {
      const linked = await link.connectedOnce();
      while (results.length <= round) await new Promise((resolve) => setImmediate(resolve));
      using other = await Connection.connect(own.address);
      const driver = other.proxy('org.freedesktop.DBus', '/org/freedesktop/DBus');
      expect(await driver.call('org.freedesktop.DBus', 'GetNameOwner', 's', 'org.example.Link')).toEqual([
        linked.uniqueName,
      ]);
      other.emit({ ...note, signature: 'u', body: [round] });
      await driver.call('org.freedesktop.DBus', 'GetId');
      await linked.proxy('org.freedesktop.DBus', '/').call('org.freedesktop.DBus', 'GetId');
      if (round === 1) break;
      await own.end('SIGKILL');
      await linked.closed;
      own = await Broker.start(own.runtimeDir);
    }
    expect([results, heard]).toEqual([
      [1, 1],
      [0, 1],
    ]);
    link.close();
    await own.stop();
  });
});
