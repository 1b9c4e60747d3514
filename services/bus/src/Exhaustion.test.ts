import { readFileSync } from 'node:fs';
import { type Message, MessageEncoder, MessageType } from '@switchyard/dbus';
import { driver, handshake, type RawClient, socketPath } from '@switchyard/dbus/testing';
import { Socket, SystemError } from '@switchyard/sys';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nextOf, WitnessedBroker } from './testing/WitnessedBroker.js';

const { methodCall, signal } = MessageType;
const MiB = 1024 * 1024;

/** Node takes what it may: the hard limit. */
const openFiles = Number(/Max open files\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))![1]);

let broker: WitnessedBroker;

beforeAll(async () => {
  broker = await WitnessedBroker.start();
});
afterAll(() => broker.stop());
afterEach(() => broker.isUnharmed());

const callTo = (client: RawClient, body: unknown[], signature = 'ay') => ({
  type: methodCall,
  destination: client.uniqueName,
  path: '/x',
  interface: 'org.x.Y',
  member: 'Z',
  signature,
  body,
});

/** What the broker has grown by is its peers' quota, and not more. */
function grewLessThan(bytes: number, before: number): void {
  expect((broker.residentBytes - before) / MiB).toBeLessThan(bytes / MiB);
}

describe('a peer that would use up the bus costs others nothing', () => {
  it('when it reads a byte at a time: its senders get an error, and are heard by others', async () => {
    using slow = await broker.client();
    using sender = await broker.client();
    using other = await broker.client();
    slow.socket.watch({});
    const byte = Buffer.alloc(1);
    const reading = setInterval(() => slow.socket.closed || slow.socket.receive(byte), 20).unref();
    const before = broker.residentBytes;
    let refused: Message | undefined;
    for (let i = 0; i < 100 && !refused; i++) {
      sender.send(callTo(slow, [Buffer.alloc(MiB)]));
      sender.send({ ...callTo(other, [Buffer.of(i)]), type: signal });
      expect((await nextOf(other, 'Z')).body).toEqual([Uint8Array.of(i)]);
      await broker.ask('GetId');
      refused = sender.drain().find((message) => message.errorName !== undefined);
    }
    clearInterval(reading);
    expect(refused?.errorName).toBe('org.freedesktop.DBus.Error.LimitsExceeded');
    grewLessThan(150 * MiB, before);
  });

  it('when it sends 120 MiB to one who does not read, again and again', async () => {
    using sender = await broker.client();
    using slow = await broker.client();
    slow.socket.pauseReading();
    const before = broker.residentBytes;
    const body = [Buffer.alloc(60 * MiB), Buffer.alloc(60 * MiB)];
    const answers: (string | undefined)[] = [];
    for (let i = 0; i < 3; i++) {
      sender.send(callTo(slow, body, 'ayay'));
      const [, answer] = await Promise.all([broker.ask('GetId'), sender.ask('GetId')]);
      expect(answer).toBeDefined();
      answers.push(sender.drain().find((message) => message.errorName !== undefined)?.errorName);
    }
    // The first message of an empty queue may be long; the others find no room.
    expect(answers.filter((name) => name === 'org.freedesktop.DBus.Error.LimitsExceeded')).toHaveLength(2);
    grewLessThan(600 * MiB, before);
  });

  it.skipIf(openFiles < 12_000)(
    'when it opens ten thousand connections: there are as many as a user may have',
    async () => {
      const { head } = new MessageEncoder().encode({
        type: methodCall,
        serial: 1,
        ...driver,
        member: 'Hello',
      });
      const opening = Buffer.concat([handshake(), head]);
      const sockets: Socket[] = [];
      let [welcome, ended] = [0, 0];
      for (let i = 0; i < 10_000; ) {
        let socket: Socket;
        try {
          socket = Socket.connect(socketPath(broker.address));
        } catch (error) {
          if (!(error instanceof SystemError)) throw error;
          // Its backlog is full; the witness is answered all the same.
          await broker.ask('GetId');
          continue;
        }
        i++;
        sockets.push(socket);
        const answer = Buffer.alloc(4096);
        let text = '';
        socket.watch({
          readable: () => {
            const count = readsSome(socket, answer);
            text += answer.toString('latin1', 0, Math.max(count, 0));
            if (count === 0) ended++;
            else if (text.includes('NameAcquired')) {
              welcome++;
              socket.watch({});
            }
          },
        });
        socket.write(opening);
        socket.flush();
        if (i % 100 === 0) await broker.ask('GetId');
      }
      const all = () => welcome + ended;
      while (all() < 10_000 && welcome < 8191) await broker.ask('GetId');
      // The witness is one of the 8192.
      expect(welcome).toBe(8191);
      for (const socket of sockets) socket.close();
    },
    120_000,
  );

  it('when it adds rules without end and reads no answer', async () => {
    using flood = await broker.client();
    flood.socket.pauseReading();
    const before = broker.residentBytes;
    for (let i = 0; i < 50_000; i++) {
      flood.send({
        type: methodCall,
        ...driver,
        member: 'AddMatch',
        signature: 's',
        body: [`type='signal',arg0='${i}'`],
      });
      if (i % 2000 === 0) await broker.ask('GetId');
    }
    using sender = await broker.client();
    sender.send({
      type: signal,
      path: '/x',
      interface: 'org.x.Y',
      member: 'Z',
      signature: 's',
      body: ['none'],
    });
    await sender.ask('GetId');
    grewLessThan(200 * MiB, before);
  });
});

function readsSome(socket: Socket, into: Buffer): number {
  try {
    return socket.receive(into);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    socket.watch({});
    return 0;
  }
}
