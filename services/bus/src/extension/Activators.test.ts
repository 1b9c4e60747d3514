import { NameFlag } from '@switchyard/dbus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Broker } from '../testing/Broker.js';
import { ExtendedClient } from '../testing/ExtendedClient.js';

let broker: Broker;
beforeAll(async () => {
  broker = await Broker.start();
});
afterAll(() => broker.stop());

const name = 'org.example.Lazy';
const call = { destination: name, path: '/t', interface: 'org.example.Test', member: 'Ask', signature: 's' };

function answer(client: ExtendedClient): void {
  client.connection.export('/t', {
    name: 'org.example.Test',
    methods: {
      Ask: { in: 's', out: 's', call: ({ sender }, text: string) => [`${text} for ${sender}`] },
    },
  });
}

describe('an activator', () => {
  it('is told once that something waits, and the owner then gets it from its sender (kdbus: activator)', async () => {
    const told: string[] = [];
    using activator = await ExtendedClient.connect(broker.address, {}, { activate: (one) => told.push(one) });
    await activator.extension.activate(name);
    using caller = await ExtendedClient.connect(broker.address);
    using service = await ExtendedClient.connect(broker.address);
    answer(service);
    const answers = ['one', 'two'].map((text) => caller.connection.call({ ...call, body: [text] }));
    await caller.settled();
    await activator.settled();
    expect(told).toEqual([name]);
    await service.connection.requestName(name, NameFlag.replaceExisting);
    expect(await Promise.all(answers)).toEqual([[`one for ${caller.name}`], [`two for ${caller.name}`]]);
  });

  it('is alone for its name, for no one whom the bus does not trust, and answers when it dies', async () => {
    using caller = await ExtendedClient.connect(broker.address);
    using first = await ExtendedClient.connect(broker.address);
    using second = await ExtendedClient.connect(broker.address);
    await first.extension.activate(name);
    await expect(second.extension.activate(name)).rejects.toMatchObject({
      name: 'org.freedesktop.DBus.Error.AddressInUse',
    });
    const failed = expect(caller.connection.call({ ...call, body: ['x'] })).rejects.toMatchObject({
      name: 'org.freedesktop.DBus.Error.NoReply',
    });
    await caller.settled();
    first.connection.close();
    await failed;
    await expect(caller.connection.call({ ...call, body: ['x'] })).rejects.toMatchObject({
      name: 'org.freedesktop.DBus.Error.ServiceUnknown',
    });
  });

  it('holds a quota, hands over what the owner has room for, and gets back what it did not take (kdbus: message-quota)', async () => {
    using activator = await ExtendedClient.connect(broker.address);
    await activator.extension.activate(name);
    const refused: number[] = [];
    using sender = await ExtendedClient.connect(
      broker.address,
      {},
      { refused: (serial) => refused.push(serial) },
    );
    const send = (count: number) => {
      for (let i = 0; i < count; i++) sender.note(name, { text: String(i) });
    };
    send(300);
    await sender.settled();
    await sender.settled();
    expect(refused.length).toBe(44);
    using service = await ExtendedClient.connect(broker.address, { inbox: true });
    await service.listen();
    await service.connection.requestName(name);
    for (let i = 0; i < 56; i++) await service.extension.take();
    await service.connection.releaseName(name);
    expect(await service.extension.take()).toEqual({ found: false, lost: 0n });
    using next = await ExtendedClient.connect(broker.address);
    await next.listen();
    await next.connection.requestName(name);
    await next.settled();
    expect(next.messages.map((message) => [message.sender, message.body[0]])).toEqual(
      Array.from({ length: 200 }, (_, i) => [sender.name, String(i + 56)]),
    );
  });
});

describe('a deadline', () => {
  it('is kept by the bus, one answer for each call, and what comes later is nobody’s (kdbus: timeout)', async () => {
    using caller = await ExtendedClient.connect(broker.address);
    using silent = await ExtendedClient.connect(broker.address);
    let reply: () => void = () => {};
    silent.connection.export('/t', {
      name: 'org.example.Test',
      methods: {
        Ask: {
          in: 's',
          call: () => new Promise<undefined>((resolve) => (reply = () => resolve(undefined))),
        },
      },
    });
    const started = performance.now();
    const ended = [40n, 20n, 10n, 30n].map(async (milliseconds) => {
      const one = caller.connection.call({
        ...call,
        destination: silent.name,
        body: ['x'],
        deadline: milliseconds * 1000n,
      });
      await expect(one).rejects.toMatchObject({ name: 'org.freedesktop.DBus.Error.Timeout' });
      return [milliseconds, performance.now() - started] as const;
    });
    for (const [milliseconds, after] of await Promise.all(ended))
      expect(after).toBeGreaterThanOrEqual(Number(milliseconds));
    reply();
    await silent.settled();
    await caller.settled();
  });
});
