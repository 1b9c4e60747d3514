import { FixedHeader, Frame, MessageEncoder, MessageType, ProtocolError, Variant } from '@switchyard/dbus';
import { driver, handshake, socketPath } from '@switchyard/dbus/testing';
import { Socket } from '@switchyard/sys';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readsEnd, WitnessedBroker } from './testing/WitnessedBroker.js';

const { methodCall, signal } = MessageType;

let broker: WitnessedBroker;

beforeAll(async () => {
  broker = await WitnessedBroker.start();
});
afterAll(() => broker.stop());
afterEach(() => broker.isUnharmed());

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

  /**
   * One byte changed, seldom more, and more often in the body: what still parses goes deeper, and does not end its
   * connection. `random` is deterministic.
   */
  function mutate(bytes: Buffer, random: () => number): Buffer<ArrayBuffer> {
    const copy = Buffer.from(bytes);
    const body = copy.readUInt32LE(FixedHeader.bodyLength);
    do {
      const at = copy.length - 1 - Math.floor(random() * (random() < 0.6 ? body : copy.length));
      copy[at] = random() < 0.5 ? copy[at]! ^ (1 << Math.floor(random() * 8)) : Math.floor(random() * 256);
    } while (random() < 0.2);
    return copy;
  }

  /** Whether a reader of these bytes goes on after them. */
  function isWhole(bytes: Buffer): boolean {
    try {
      if (Frame.measure(bytes, 0, bytes.length) !== bytes.length) return false;
      const frame = new Frame();
      frame.parse(bytes, 0, bytes.length);
      frame.checkBody();
      return frame.unixFds === 0;
    } catch (error) {
      if (error instanceof ProtocolError) return false;
      throw error;
    }
  }

  it('end no broker, leak nothing, and disturb nobody', { timeout: 240_000 }, async () => {
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
        socket.watch({
          readable: () => {
            if (!readsEnd(socket)) return;
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
      expect((await broker.ask('NameHasOwner').catch((error: Error) => error.name)) as string).toBe(
        'org.freedesktop.DBus.Error.InvalidArgs',
      );
    }
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
                  if (!readsEnd(socket)) return;
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
  });
});
