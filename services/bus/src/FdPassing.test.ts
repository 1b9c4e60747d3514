import { MessageType, type Variant } from '@switchyard/dbus';
import { driver, socketPath } from '@switchyard/dbus/testing';
import { createMemfd, type Fd, Socket } from '@switchyard/sys';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nextOf, WitnessedBroker } from './testing/WitnessedBroker.js';

const { methodCall, methodReturn, signal } = MessageType;

let broker: WitnessedBroker;

beforeAll(async () => {
  broker = await WitnessedBroker.start();
});
afterAll(() => broker.stop());
afterEach(() => broker.isUnharmed());

describe('fds', () => {
  const path = '/x';
  const send = { type: methodCall, path, interface: 'org.x.Y', member: 'Z', signature: 'h' };

  it('pass through a thousand times, and the broker keeps none', async () => {
    using a = await broker.client();
    using b = await broker.client();
    const before = broker.fds;
    for (let i = 0; i < 1000; i++) {
      a.send({ ...send, destination: b.uniqueName, body: [createMemfd('one')], flags: 1 });
      const message = await b.next();
      if (message?.member !== 'Z') i--;
      else (message.body[0] as Fd).close();
    }
    // The last one may be on its way to be closed.
    while (broker.fds !== before) await broker.ask('GetId');
  });

  it('go to all whom a signal reaches', async () => {
    using a = await broker.client();
    using b = await broker.client();
    using c = await broker.client();
    for (const one of [b, c]) await one.ask('AddMatch', 's', "interface='org.x.Y'");
    a.send({ ...send, type: signal, body: [createMemfd('one')] });
    for (const one of [b, c]) {
      const message = await nextOf(one, 'Z');
      (message.body[0] as Fd).close();
    }
  });

  it('do not go to who did not negotiate them: the caller hears of it', async () => {
    using a = await broker.client();
    using b = await broker.client({ unixFds: false });
    const serial = a.send({ ...send, destination: b.uniqueName, body: [createMemfd('one')] });
    expect((await a.replyTo(serial))?.errorName).toBe('org.freedesktop.DBus.Error.NotSupported');
    const credentials = await b.ask('GetConnectionCredentials', 's', b.uniqueName);
    expect([...(credentials!.body[0] as Map<string, Variant>).keys()]).not.toContain('ProcessFD');
  });

  it('in a reply to who did not negotiate them are an error to the one who waits', async () => {
    using a = await broker.client({ unixFds: false });
    using b = await broker.client();
    const serial = a.send({ ...send, signature: '', destination: b.uniqueName });
    await nextOf(b);
    b.send({
      type: methodReturn,
      destination: a.uniqueName,
      replySerial: serial,
      signature: 'h',
      body: [createMemfd('one')],
    });
    expect((await a.replyTo(serial))?.errorName).toBe('org.freedesktop.DBus.Error.NotSupported');
  });

  it.each([
    ['one less than announced', 2, 1],
    ['one that was not announced', 0, 1],
    ['254 announced', 254, 1],
  ])('end their sender: %s', async (_, announced, sent) => {
    using a = await broker.client();
    const bytes = a.encode({ type: signal, path, interface: 'org.x.Y', member: 'Z', replySerial: 77 });
    // The reply serial's field, code 5, becomes UNIX_FDS.
    const field = bytes.indexOf(Buffer.from([5, 1, 0x75, 0, 77, 0, 0, 0]));
    bytes[field] = 9;
    bytes.writeUInt32LE(announced, field + 4);
    a.write(
      bytes,
      Array.from({ length: sent }, () => createMemfd('one')),
    );
    await a.ended();
  });

  it('end their sender when they come before they were negotiated', async () => {
    using a = await broker.client({ unixFds: false });
    a.send({ ...send, destination: driver.destination, body: [createMemfd('one')] });
    await a.ended();
    const early = Socket.connect(socketPath(broker.address));
    early.write(Buffer.of(0), [createMemfd('one')]);
    await new Promise<void>((resolve) =>
      early.watch({ readable: () => early.receive(Buffer.alloc(1)) === 0 && resolve() }),
    );
    early.close();
  });

  it('wait for a receiver that is slow, up to a bound', async () => {
    using a = await broker.client();
    using b = await broker.client();
    b.socket.pauseReading();
    let refused = 0;
    for (let i = 0; i < 200 && refused === 0; i++) {
      a.send({ ...send, destination: b.uniqueName, body: [createMemfd('one')] });
      for (let j = 0; j < 20; j++)
        a.send({ ...send, destination: b.uniqueName, body: [createMemfd('one')], flags: 1 });
      if (i % 20 === 19) await a.ask('GetId');
      refused += a
        .drain()
        .filter((message) => message.errorName === 'org.freedesktop.DBus.Error.LimitsExceeded').length;
    }
    expect(refused).toBeGreaterThan(0);
    expect(broker.fds).toBeLessThan(1100);
  });
});
