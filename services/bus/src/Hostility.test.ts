import { type Message, MessageEncoder, MessageType } from '@switchyard/dbus';
import { driver, handshake, socketPath } from '@switchyard/dbus/testing';
import { Socket } from '@switchyard/sys';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nextOf, readsEnd, WitnessedBroker } from './testing/WitnessedBroker.js';

const { methodCall, methodReturn, signal } = MessageType;

let broker: WitnessedBroker;

beforeAll(async () => {
  broker = await WitnessedBroker.start();
});
afterAll(() => broker.stop());
afterEach(() => broker.isUnharmed());

describe('a peer', () => {
  it('may send byte by byte, in either byte order', async () => {
    for (const little of [true, false]) {
      const encoder = new MessageEncoder(little);
      const { head } = encoder.encode({ type: methodCall, serial: 1, ...driver, member: 'Hello' });
      const bytes = Buffer.concat([handshake(), head]);
      const socket = Socket.connect(socketPath(broker.address));
      const answered = new Promise<string>((resolve) => {
        let text = '';
        socket.watch({
          readable: () => {
            const into = Buffer.alloc(4096);
            const count = socket.receive(into);
            text += into.toString('latin1', 0, Math.max(count, 0));
            if (text.includes('NameAcquired')) resolve(text);
          },
        });
      });
      for (const byte of bytes) {
        socket.write(Buffer.of(byte));
        socket.flush();
      }
      expect(await answered).toContain('AGREE_UNIX_FD');
      socket.close();
    }
  });

  it('may go at any byte', async () => {
    const { head, body } = new MessageEncoder().encode({
      type: methodCall,
      serial: 1,
      ...driver,
      member: 'Hello',
    });
    const hello = Buffer.concat([head, body]);
    const { head: more, body: rule } = new MessageEncoder().encode({
      type: methodCall,
      serial: 2,
      ...driver,
      member: 'AddMatch',
      signature: 's',
      body: ["member='X'"],
    });
    const bytes = Buffer.concat([handshake(), hello, more, rule]);
    for (let length = 0; length <= bytes.length; length++) {
      const socket = Socket.connect(socketPath(broker.address));
      socket.write(bytes.subarray(0, length));
      socket.flush();
      socket.close();
    }
    await broker.ask('GetId');
  });

  it('gets big messages whole, beside small ones of others', async () => {
    using a = await broker.client();
    using b = await broker.client();
    const big = new Uint8Array(5_000_000).map((_, i) => i % 251);
    a.send({
      type: signal,
      destination: b.uniqueName,
      path: '/x',
      interface: 'org.x.Y',
      member: 'Big',
      signature: 'ay',
      body: [big],
    });
    await broker.ask('GetId');
    const message = await nextOf(b, 'Big');
    expect(Buffer.compare(message.body[0] as Uint8Array, big)).toBe(0);
  });

  it('is understood in big endian by those in little', async () => {
    using a = await broker.client({ little: false });
    using b = await broker.client();
    a.send({
      type: signal,
      destination: b.uniqueName,
      path: '/x',
      interface: 'org.x.Y',
      member: 'Z',
      signature: 'sx',
      body: ['big', -5n],
    });
    const message = await nextOf(b, 'Z');
    expect(message).toMatchObject({ sender: a.uniqueName, body: ['big', -5n] });
    expect((await a.ask('GetNameOwner', 's', b.uniqueName))?.body).toEqual([b.uniqueName]);
  });

  it('cannot forge its sender', async () => {
    using a = await broker.client();
    using b = await broker.client();
    a.send({
      type: signal,
      destination: b.uniqueName,
      path: '/x',
      interface: 'org.x.Y',
      member: 'Z',
      sender: 'org.freedesktop.DBus',
    });
    const message = await nextOf(b, 'Z');
    expect(message.sender).toBe(a.uniqueName);
  });

  it('may send types of messages that no specification knows, and nobody hears of them', async () => {
    using a = await broker.client();
    using b = await broker.client();
    const unheardOf = a.encode({
      type: signal,
      destination: b.uniqueName,
      path: '/x',
      interface: 'org.x.Y',
      member: 'Unheard',
    });
    for (const type of [5, 77, 255]) {
      unheardOf[1] = type;
      a.write(Buffer.from(unheardOf));
    }
    a.send({ type: signal, destination: b.uniqueName, path: '/x', interface: 'org.x.Y', member: 'Heard' });
    expect((await a.ask('GetId'))?.type).toBe(methodReturn);
    await b.ask('GetId');
    expect(b.drain().flatMap(({ sender, member }) => (sender === a.uniqueName ? member : []))).toEqual([
      'Heard',
    ]);
  });

  it('that announces more than 128 MiB is gone at once', async () => {
    using a = await broker.client();
    const bytes = a.encode({
      type: signal,
      path: '/x',
      interface: 'org.x.Y',
      member: 'Z',
      signature: 'ay',
      body: [Buffer.alloc(8)],
    });
    bytes.writeUInt32LE(128 * 1024 * 1024, 4);
    a.write(bytes);
    await a.ended();
  });

  it('that answers calls which nobody made is not heard', async () => {
    using a = await broker.client();
    using b = await broker.client();
    using c = await broker.client();
    const serial = a.send({
      type: methodCall,
      destination: b.uniqueName,
      path: '/x',
      interface: 'org.x.Y',
      member: 'Z',
    });
    const reply = { type: methodReturn, destination: a.uniqueName, replySerial: serial, signature: 's' };
    await nextOf(b);
    c.send({ ...reply, body: ['forged'] });
    await c.ask('GetId');
    b.send({ ...reply, replySerial: serial + 100, body: ['of no call'] });
    b.send({ ...reply, body: ['true'] });
    b.send({ ...reply, body: ['twice'] });
    await b.ask('GetId');
    await a.ask('GetId');
    const replies = [...a.drain()].filter((message) => message.replySerial === serial);
    expect(replies.map((message) => message.body[0])).toEqual(['true']);
  });

  it('that reads nothing costs its senders an error, and others nothing', async () => {
    using slow = await broker.client();
    using sender = await broker.client();
    slow.socket.pauseReading();
    const before = broker.residentBytes;
    const body = [Buffer.alloc(8 * 1024 * 1024)];
    const call = {
      type: methodCall,
      destination: slow.uniqueName,
      path: '/x',
      interface: 'org.x.Y',
      member: 'Z',
      signature: 'ay',
      body,
    };
    let refused: Message | undefined;
    for (let i = 0; i < 20 && !refused; i++) {
      sender.send(call);
      await sender.ask('GetId');
      refused = sender.drain().find((message) => message.errorName !== undefined);
    }
    expect(refused?.errorName).toBe('org.freedesktop.DBus.Error.LimitsExceeded');
    expect(broker.residentBytes - before).toBeLessThan(220 * 1024 * 1024);
    await broker.ask('GetId');
  });

  it('that does not read what it matches is gone when its queue is full', async () => {
    using slow = await broker.client();
    using sender = await broker.client();
    await slow.ask('AddMatch', 's', "member='Flood'");
    slow.socket.pauseReading();
    const body = [Buffer.alloc(8 * 1024 * 1024)];
    for (let i = 0; i < 20; i++) {
      sender.send({ type: signal, path: '/x', interface: 'org.x.Y', member: 'Flood', signature: 'ay', body });
      await sender.ask('GetId');
    }
    expect((await sender.ask('NameHasOwner', 's', slow.uniqueName))?.body).toEqual([false]);
  });

  it('has limits for rules and names', async () => {
    using a = await broker.client();
    for (let i = 0; i < 1024; i++)
      a.send({
        type: methodCall,
        ...driver,
        member: 'RequestName',
        signature: 'su',
        body: [`org.x.N${i}`, 0],
        flags: 1,
      });
    expect((await a.ask('RequestName', 'su', 'org.x.OneMore', 0))?.errorName).toBe(
      'org.freedesktop.DBus.Error.LimitsExceeded',
    );
    for (let i = 0; i < 16_384; i++)
      a.send({
        type: methodCall,
        ...driver,
        member: 'AddMatch',
        signature: 's',
        body: [`arg0='${i}'`],
        flags: 1,
      });
    expect((await a.ask('AddMatch', 's', "member='M'"))?.errorName).toBe(
      'org.freedesktop.DBus.Error.LimitsExceeded',
    );
  });

  it('that never authenticates takes a place among 512, not more', async () => {
    const sockets: Socket[] = [];
    let closed = 0;
    for (let i = 0; i < 600; i++) {
      const socket = Socket.connect(socketPath(broker.address));
      sockets.push(socket);
      socket.watch({
        readable: () => {
          if (readsEnd(socket)) closed++;
        },
      });
    }
    while (closed < 88) await broker.ask('GetId');
    expect(closed).toBe(88);
    for (const socket of sockets) socket.close();
  });
});
