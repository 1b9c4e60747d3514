import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createMemfd, Fd, Listener, Mapping, Poll, Socket } from './index.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const ROUNDS = 10_000;
/** The allocator and the engine's heap breathe; a leak of one page or one struct a round would be 40 MB or more than 2 MB. */
const RSS_TOLERANCE = 4 * 1024 * 1024;

async function settledRss(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    collect();
    await new Promise(setImmediate);
  }
  return process.memoryUsage.rss();
}

/** Rounds between turns of the event loop: closed polls wait for one. */
const ROUNDS_A_TURN = 50;

async function run(rounds: number, round: () => Promise<void> | void): Promise<void> {
  for (let i = 0; i < rounds; i++) {
    await round();
    if (i % ROUNDS_A_TURN === 0) await new Promise(setImmediate);
  }
}

/**
 * Runs rounds until the heap has its shape, then 10,000 more. Memory that grew may have grown by accident (another
 * arena, a heap page), so it gets two more chances: a leak takes none of them.
 */
async function measure(round: () => Promise<void> | void): Promise<{ fds: number; rss: number }> {
  await run(ROUNDS / 2, round);
  const fdsBefore = readdirSync('/proc/self/fd').length;
  let rss = Number.POSITIVE_INFINITY;
  for (let chance = 0; chance < 3 && rss > RSS_TOLERANCE; chance++) {
    const before = await settledRss();
    await run(ROUNDS, round);
    rss = (await settledRss()) - before;
  }
  return { fds: readdirSync('/proc/self/fd').length - fdsBefore, rss };
}

test('10,000 rounds of opening, passing, mapping and closing leave descriptors and memory as they were', async () => {
  const [a, b] = Socket.pair('stream');
  const buffer = new Uint8Array(64);
  const bytes = Buffer.from('with an fd');
  const { fds, rss } = await measure(async () => {
    a.write(bytes, [createMemfd('round', { size: 4096 })]);
    await null;
    const received: Fd[] = [];
    b.receive(buffer, received);
    const mapping = Mapping.map(received[0]!, 4096, { write: true });
    mapping.bytes[0] = 1;
    mapping.unmap();
    received[0]!.close();
  });
  a.close();
  b.close();
  expect(fds).toBeLessThanOrEqual(1);
  expect(rss).toBeLessThan(RSS_TOLERANCE);
});

test('10,000 connections, served and closed by the event loop, leave descriptors and memory as they were', async () => {
  const address = `@switchyard-leaks-${process.pid}`;
  const buffer = new Uint8Array(64);
  const hello = Buffer.from('hello');
  const listener = Listener.listen(address, {
    onConnection(socket) {
      socket.watch({
        readable() {
          const received: Fd[] = [];
          if (socket.receive(buffer, received) === 0) socket.close();
          else socket.write(hello, received);
        },
      });
    },
  });
  const { fds, rss } = await measure(
    () =>
      new Promise((resolve) => {
        const client = Socket.connect(address);
        client.watch({
          readable() {
            const received: Fd[] = [];
            client.receive(buffer, received);
            for (const fd of received) fd.close();
            client.close();
            resolve();
          },
        });
        client.write(hello, [Fd.open('/dev/null', 0)]);
      }),
  );
  listener.close();
  // The last client's hang-up may still be on its way to the server.
  expect(fds).toBeLessThanOrEqual(1);
  expect(rss).toBeLessThan(RSS_TOLERANCE);
});

test('10,000 messages into closed, failed and refusing sockets leave descriptors and memory as they were', async () => {
  const bytes = Buffer.from('lost');
  const { fds, rss } = await measure(async () => {
    const [a, b] = Socket.pair('stream');
    a.write(bytes, [createMemfd('lost')]);
    b.close();
    await null;
    a.write(bytes, [createMemfd('dropped')]);
    a.close();
    a.write(bytes, [createMemfd('dropped')]);
    const [c, d] = Socket.pair('seqpacket');
    const poll = Poll.watch(c.fd, 'readable', () => {});
    c.send(bytes, [createMemfd('never read')]);
    poll.close();
    c.close();
    d.close();
  });
  expect(fds).toBeLessThanOrEqual(1);
  expect(rss).toBeLessThan(RSS_TOLERANCE);
});
