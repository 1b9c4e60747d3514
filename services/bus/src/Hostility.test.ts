import { readFileSync } from 'node:fs';
import {
  Connection,
  Frame,
  type Message,
  MessageEncoder,
  MessageType,
  ProtocolError,
  Variant,
} from '@switchyard/dbus';
import { driver, handshake, RawClient, socketPath } from '@switchyard/dbus/testing';
import { createMemfd, type Fd, Socket, SystemError } from '@switchyard/sys';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Broker } from './testing/Broker.js';

const { methodCall, methodReturn, signal } = MessageType;

let broker: Broker;
/** One that behaves: it must be served whatever the others do. */
let witness: Connection;
let idleFds: number;

beforeAll(async () => {
  broker = await Broker.start();
  witness = await Connection.connect(broker.address);
  idleFds = broker.fds;
});
afterAll(async () => {
  witness.close();
  await broker.stop();
});

const ask = (member: string) => witness.proxy(driver.destination, driver.path).call(driver.interface, member);

/** Nobody but the witness is left: what the others held is gone. */
async function alone(): Promise<void> {
  for (;;) {
    const [names] = (await ask('ListNames')) as [string[]];
    if (names.length === 2 && broker.fds <= idleFds) return;
  }
}

afterEach(async () => {
  expect(broker.running).toBe(true);
  await alone();
  expect(broker.fds).toBe(idleFds);
});

async function client(options?: Parameters<typeof RawClient.connect>[1]): Promise<RawClient> {
  const one = await RawClient.connect(broker.address, options);
  await one.hello();
  return one;
}

const residentBytes = () =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${broker.pid}/status`, 'utf8'))![1]) * 1024;

describe('fds', () => {
  const path = '/x';
  const send = { type: methodCall, path, interface: 'org.x.Y', member: 'Z', signature: 'h' };

  it('pass through a thousand times, and the broker keeps none', async () => {
    using a = await client();
    using b = await client();
    const fds = broker.fds;
    for (let i = 0; i < 1000; i++) {
      a.send({ ...send, destination: b.uniqueName, body: [createMemfd('one')], flags: 1 });
      const message = await b.next();
      if (message?.member !== 'Z') i--;
      else (message.body[0] as Fd).close();
    }
    expect(broker.fds).toBe(fds);
  });

  it('go to all whom a signal reaches', async () => {
    using a = await client();
    using b = await client();
    using c = await client();
    for (const one of [b, c]) await one.ask('AddMatch', 's', "interface='org.x.Y'");
    a.send({ ...send, type: signal, body: [createMemfd('one')] });
    for (const one of [b, c]) {
      let message: Message | undefined;
      do message = await one.next();
      while (message?.member !== 'Z');
      (message.body[0] as Fd).close();
    }
  });

  it('do not go to who did not negotiate them: the caller hears of it', async () => {
    using a = await client();
    using b = await client({ unixFds: false });
    const serial = a.send({ ...send, destination: b.uniqueName, body: [createMemfd('one')] });
    expect((await a.replyTo(serial))?.errorName).toBe('org.freedesktop.DBus.Error.NotSupported');
    const credentials = await b.ask('GetConnectionCredentials', 's', b.uniqueName);
    expect([...(credentials!.body[0] as Map<string, Variant>).keys()]).not.toContain('ProcessFD');
  });

  it('in a reply to who did not negotiate them are an error to the one who waits', async () => {
    using a = await client({ unixFds: false });
    using b = await client();
    const serial = a.send({ ...send, signature: '', destination: b.uniqueName });
    let call: Message | undefined;
    do call = await b.next();
    while (call?.type !== methodCall);
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
    using a = await client();
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
    using a = await client({ unixFds: false });
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
    using a = await client();
    using b = await client();
    b.socket.pauseReading();
    let refused = 0;
    for (let i = 0; i < 200 && refused === 0; i++) {
      const serial = a.send({ ...send, destination: b.uniqueName, body: [createMemfd('one')] });
      for (let j = 0; j < 20; j++)
        a.send({ ...send, destination: b.uniqueName, body: [createMemfd('one')], flags: 1 });
      if (i % 20 === 19) await a.ask('GetId');
      refused += a
        .drain()
        .filter((message) => message.errorName === 'org.freedesktop.DBus.Error.LimitsExceeded').length;
      void serial;
    }
    expect(refused).toBeGreaterThan(0);
    expect(broker.fds).toBeLessThan(idleFds + 1100);
  });
});

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
    await ask('GetId');
  });

  it('gets big messages whole, beside small ones of others', async () => {
    using a = await client();
    using b = await client();
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
    await ask('GetId');
    let message: Message | undefined;
    do message = await b.next();
    while (message?.member !== 'Big');
    expect(Buffer.compare(message.body[0] as Uint8Array, big)).toBe(0);
  });

  it('is understood in big endian by those in little', async () => {
    using a = await client({ little: false });
    using b = await client();
    a.send({
      type: signal,
      destination: b.uniqueName,
      path: '/x',
      interface: 'org.x.Y',
      member: 'Z',
      signature: 'sx',
      body: ['big', -5n],
    });
    let message: Message | undefined;
    do message = await b.next();
    while (message?.member !== 'Z');
    expect(message).toMatchObject({ sender: a.uniqueName, body: ['big', -5n] });
    expect((await a.ask('GetNameOwner', 's', b.uniqueName))?.body).toEqual([b.uniqueName]);
  });

  it('cannot forge its sender', async () => {
    using a = await client();
    using b = await client();
    a.send({
      type: signal,
      destination: b.uniqueName,
      path: '/x',
      interface: 'org.x.Y',
      member: 'Z',
      sender: 'org.freedesktop.DBus',
    });
    let message: Message | undefined;
    do message = await b.next();
    while (message?.member !== 'Z');
    expect(message.sender).toBe(a.uniqueName);
  });

  it('that announces more than 128 MiB is gone at once', async () => {
    using a = await client();
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
    using a = await client();
    using b = await client();
    using c = await client();
    const serial = a.send({
      type: methodCall,
      destination: b.uniqueName,
      path: '/x',
      interface: 'org.x.Y',
      member: 'Z',
    });
    const reply = { type: methodReturn, destination: a.uniqueName, replySerial: serial, signature: 's' };
    let call: Message | undefined;
    do call = await b.next();
    while (call?.type !== methodCall);
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
    using slow = await client();
    using sender = await client();
    slow.socket.pauseReading();
    const before = residentBytes();
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
    expect(residentBytes() - before).toBeLessThan(220 * 1024 * 1024);
    await ask('GetId');
  });

  it('that does not read what it matches is gone when its queue is full', async () => {
    using slow = await client();
    using sender = await client();
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
    using a = await client();
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
          if (readEnd(socket)) closed++;
        },
      });
    }
    while (closed < 88) await ask('GetId');
    expect(closed).toBe(88);
    for (const socket of sockets) socket.close();
  });
});

function readEnd(socket: Socket): boolean {
  try {
    return socket.receive(Buffer.alloc(64)) === 0;
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    socket.watch({});
    return true;
  }
}

describe('a hundred thousand mutated messages', () => {
  const text = fc.stringMatching(/^[a-z.:/_'=,]{0,30}$/);
  const driverCall = fc.record({
    type: fc.constant(methodCall),
    path: fc.constant(driver.path),
    interface: fc.constant(driver.interface),
    destination: fc.constant(driver.destination),
  });
  /** What clients say to a bus, and nonsense in the same shapes. */
  const messages = fc.oneof(
    fc
      .tuple(
        driverCall,
        fc.constantFrom('AddMatch', 'RemoveMatch', 'GetNameOwner', 'GetConnectionCredentials', 'ReleaseName'),
        text,
      )
      .map(([call, member, argument]) => ({ ...call, member, signature: 's', body: [argument] })),
    fc.tuple(driverCall, text, fc.nat(7)).map(([call, name, flags]) => ({
      ...call,
      member: 'RequestName',
      signature: 'su',
      body: [name, flags],
    })),
    fc
      .tuple(fc.constantFrom(':1.0', ':1.1', 'org.x.N1'), fc.integer({ min: 1, max: 3 }), fc.array(text))
      .map(([destination, type, values]) => ({
        type,
        destination,
        path: '/org/x',
        interface: 'org.x.Y',
        member: 'Z',
        errorName: 'org.x.Error',
        replySerial: 3,
        signature: 'asa{sv}',
        body: [values, new Map(values.map((value) => [value, new Variant('(xs)', [5n, value])]))],
      })),
    fc.array(text).map((values) => ({
      type: signal,
      path: '/org/x',
      interface: 'org.x.Y',
      member: 'Z',
      signature: 'sasv',
      body: ['org.x', values, new Variant('as', values)],
    })),
  );

  /** A few bytes changed, or the end moved. `random` is deterministic. */
  function mutate(bytes: Buffer, random: () => number): Buffer<ArrayBuffer> {
    const copy = Buffer.from(bytes);
    for (let i = Math.floor(random() * 3); i >= 0; i--) {
      // The fixed header is small and decides much: half of the changes go there and to the fields.
      const at = Math.floor(random() * (random() < 0.3 ? 16 : copy.length));
      copy[at] = random() < 0.5 ? copy[at]! ^ (1 << Math.floor(random() * 8)) : Math.floor(random() * 256);
    }
    return copy;
  }

  /** Whether a reader of these bytes goes on after them. */
  function isWhole(bytes: Buffer): boolean {
    try {
      if (Frame.measure(bytes, 0, bytes.length) !== bytes.length) return false;
      const frame = new Frame();
      frame.parse(bytes, 0, bytes.length);
      return frame.unixFds === 0;
    } catch (error) {
      if (error instanceof ProtocolError) return false;
      throw error;
    }
  }

  it('end no broker, leak nothing, and disturb nobody', { timeout: 60_000 }, async () => {
    const encoder = new MessageEncoder();
    const samples = fc.sample(messages, { numRuns: 2000, seed: 42 }).map((fields, i) => {
      const { head, body } = encoder.encode({ ...fields, serial: (i % 100) + 2 });
      return Buffer.concat([head, body]);
    });
    const { head: helloBytes } = encoder.encode({ type: methodCall, serial: 1, ...driver, member: 'Hello' });
    const opening = Buffer.concat([handshake(), helloBytes]);
    let seed = 1;
    const random = () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed / 0x1_0000_0000;
    };

    // A connection says what leaves it alive, up to 30 messages, and last what ends it.
    let count = 0;
    const conversation = (): Buffer => {
      const parts = [opening];
      for (let i = 0; i < 30; i++) {
        const bytes = mutate(samples[Math.floor(random() * samples.length)]!, random);
        parts.push(bytes);
        count++;
        if (!isWhole(bytes)) break;
      }
      return Buffer.concat(parts);
    };
    const converse = () =>
      new Promise<void>((resolve) => {
        const socket = Socket.connect(socketPath(broker.address));
        const into = Buffer.alloc(64 * 1024);
        socket.watch({
          readable: () => {
            try {
              if (socket.receive(into) !== 0) return;
            } catch (error) {
              if (!(error instanceof SystemError)) throw error;
            }
            socket.close();
            resolve();
          },
        });
        socket.write(conversation());
        socket.flush();
        // What is not ended by what it said ends by going.
        socket.shutdown('write');
      });
    while (count < 100_000) {
      await Promise.all(Array.from({ length: 64 }, converse));
      expect((await ask('NameHasOwner').catch((error: Error) => error.name)) as string).toBe(
        'org.freedesktop.DBus.Error.InvalidArgs',
      );
    }
    expect(broker.running).toBe(true);
  });

  it('nor do as many handshakes that go wrong, in proportion', { timeout: 60_000 }, async () => {
    const lines = [
      'AUTH EXTERNAL 30',
      'AUTH',
      'AUTH EXTERNAL',
      'DATA',
      'DATA 30',
      'NEGOTIATE_UNIX_FD',
      'BEGIN',
      'CANCEL',
      'ERROR',
      'x'.repeat(20_000),
      '\xff',
    ];
    const dialogues = fc.sample(
      fc.tuple(fc.boolean(), fc.array(fc.constantFrom(...lines), { maxLength: 12 })),
      { numRuns: 2000, seed: 7 },
    );
    for (let i = 0; i < dialogues.length; i += 50)
      await Promise.all(
        dialogues.slice(i, i + 50).map(
          ([nul, said]) =>
            new Promise<void>((resolve) => {
              const socket = Socket.connect(socketPath(broker.address));
              socket.watch({
                readable: () => {
                  if (!readEnd(socket)) return;
                  socket.close();
                  resolve();
                },
              });
              socket.write(Buffer.from(`${nul ? '\0' : ''}${said.join('\r\n')}\r\n`, 'latin1'));
              socket.flush();
              socket.shutdown('write');
            }),
        ),
      );
    expect(broker.running).toBe(true);
  });
});
