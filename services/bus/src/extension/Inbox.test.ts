import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Broker } from '../testing/Broker.js';
import { ExtendedClient } from '../testing/ExtendedClient.js';

let broker: Broker;
beforeAll(async () => {
  broker = await Broker.start();
});
afterAll(() => broker.stop());

/** A receiver whose messages stay with the bus, and somebody who sends to it. */
async function pair(): Promise<{ receiver: ExtendedClient; sender: ExtendedClient } & Disposable> {
  const receiver = await ExtendedClient.connect(broker.address, { inbox: true });
  await receiver.listen();
  const sender = await ExtendedClient.connect(broker.address);
  return {
    receiver,
    sender,
    [Symbol.dispose]() {
      receiver[Symbol.dispose]();
      sender[Symbol.dispose]();
    },
  };
}

describe('an inbox', () => {
  it('gives the most urgent that is urgent enough, and otherwise the oldest (kdbus: message-prio)', async () => {
    using both = await pair();
    const { receiver, sender } = both;
    for (const priority of [25, -600, 10, -35, -100, 20, -15, -800, -150, 10, -800, -10])
      sender.note(receiver.name, { text: String(priority), priority: BigInt(priority) });
    await sender.settled();
    const take = async (priority?: bigint) => {
      const { found } = await receiver.extension.take(priority === undefined ? {} : { priority });
      return found ? Number((await receiver.next()).priority) : undefined;
    };
    expect(await take(-200n)).toBe(-800);
    expect(await take(-100n)).toBe(-800);
    expect(await take(-400n)).toBe(-600);
    expect(await take(-400n)).toBeUndefined();
    expect(await take(10n)).toBe(-150);
    expect(await take(10n)).toBe(-100);
    const rest: (number | undefined)[] = [];
    for (let i = 0; i < 8; i++) rest.push(await take());
    expect(rest).toEqual([25, 10, -35, 20, -15, 10, -10, undefined]);
  });

  it('keeps what is peeked at, and fails the call that is dropped', async () => {
    using both = await pair();
    const { receiver, sender } = both;
    sender.note(receiver.name, { text: 'one' });
    const ask = { destination: receiver.name, path: '/t', interface: 'org.example.Test', member: 'Ask' };
    const failed = expect(sender.connection.call(ask)).rejects.toMatchObject({
      name: 'org.freedesktop.DBus.Error.NoReply',
    });
    await sender.settled();
    await receiver.extension.take({ peek: true });
    await receiver.extension.take();
    expect([(await receiver.next()).body, (await receiver.next()).body]).toEqual([['one'], ['one']]);
    await receiver.extension.take({ drop: true });
    await failed;
    expect(await receiver.extension.take()).toEqual({ found: false, lost: 0n });
  });

  it('holds 256 messages of a uid, tells how many signals it lost, and holds 256 again (kdbus: message-quota)', async () => {
    using both = await pair();
    const { receiver, sender } = both;
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 259; i++) sender.note(undefined, { text: String(i) });
      await sender.settled();
      const { found, lost } = await receiver.extension.take();
      expect({ found, lost }).toEqual({ found: true, lost: 3n });
      for (let i = 1; i < 256; i++)
        expect(await receiver.extension.take()).toEqual({ found: true, lost: 0n });
      expect(await receiver.extension.take()).toEqual({ found: false, lost: 0n });
      const texts = receiver.messages.splice(0).map((message) => message.body[0]);
      expect(texts).toEqual(Array.from({ length: 256 }, (_, i) => String(i)));
    }
  });

  it('that is full costs a caller an error, and the sender of a signal to it a notice', async () => {
    using both = await pair();
    const { receiver } = both;
    const refused: string[] = [];
    using sender = await ExtendedClient.connect(
      broker.address,
      {},
      { refused: (_, error) => refused.push(error.name) },
    );
    for (let i = 0; i < 257; i++) sender.note(receiver.name);
    const call = { destination: receiver.name, path: '/t', interface: 'org.example.Test', member: 'Ask' };
    await expect(sender.connection.call(call)).rejects.toMatchObject({
      name: 'org.freedesktop.DBus.Error.LimitsExceeded',
    });
    expect(refused).toEqual(['org.freedesktop.DBus.Error.LimitsExceeded']);
  });

  it('makes a sender that chose so wait, and nobody else, and loses nothing', async () => {
    using both = await pair();
    const { receiver, sender: other } = both;
    using sender = await ExtendedClient.connect(broker.address, { overflow: 'wait' });
    for (let i = 0; i < 300; i++) sender.note(receiver.name, { text: String(i) });
    let isThrough = false;
    const through = sender.settled().then(() => {
      isThrough = true;
    });
    await other.settled();
    expect(isThrough).toBe(false);
    const texts: unknown[] = [];
    while (texts.length < 300) {
      await receiver.extension.take();
      while (receiver.messages.length > 0) texts.push(receiver.messages.shift()!.body[0]);
    }
    await through;
    expect(texts).toEqual(Array.from({ length: 300 }, (_, i) => String(i)));
  });

  it('tells when there is room', async () => {
    using both = await pair();
    const { receiver, sender } = both;
    await sender.extension.waitForRoom(receiver.name, 100);
    for (let i = 0; i < 256; i++) sender.note(receiver.name);
    let hasRoom = false;
    const room = sender.extension.waitForRoom(receiver.name, 100).then(() => {
      hasRoom = true;
    });
    await sender.settled();
    expect(hasRoom).toBe(false);
    await receiver.extension.take();
    await room;
    sender.note(receiver.name);
    const gone = expect(sender.extension.waitForRoom(receiver.name, 100)).rejects.toMatchObject({
      name: 'org.freedesktop.DBus.Error.NameHasNoOwner',
    });
    await sender.settled();
    receiver.connection.close();
    await gone;
  });
});
