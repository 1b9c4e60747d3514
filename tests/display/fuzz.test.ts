import { readdirSync } from 'node:fs';
import { DisplayConnection } from '@switchyard/wayland';
import { expect, test } from 'vitest';
import { displayFixture } from '../support/DisplayFixture.js';
import { generator, Monkey } from '../support/Monkey.js';

const REQUESTS = 20_000;
/** As many as a person might have windows; each lives until its first mistake. */
const PARALLEL_CLIENTS = 4;
const STEPS_A_TURN = 20;
const TURNS = 20;

const fixture = displayFixture();

test('clients of wild requests end no service, leak no fd, and others are served', async () => {
  const { tree } = fixture;
  const bystander = DisplayConnection.connect(tree.waylandDisplay);
  await bystander.roundtrip();
  const random = generator(Number(process.env['FUZZ_SEED'] ?? 1));
  await play(tree.waylandDisplay, random);
  const pids = (['display', 'seat', 'bus'] as const).map((service) => tree.pid(service));
  const open = await settled(pids);

  let sent = 0;
  const worker = async (): Promise<void> => {
    while (sent < REQUESTS) {
      sent += await play(tree.waylandDisplay, random);
      await bystander.roundtrip();
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_CLIENTS }, worker));

  await bystander.roundtrip();
  const after = await settled(pids);
  // What each of so many clients left would be hundreds; a service that is just up still comes to a few of its own.
  for (const [index, count] of after.entries()) expect(count).toBeLessThanOrEqual(open[index]! + 4);
  expect(tree.output).not.toContain('internal error');
  bystander.disconnect();
}, 120_000);

/** One client, until it has made a mistake or has done enough; the number of its requests. */
async function play(path: string, random: () => number): Promise<number> {
  const monkey = new Monkey(path, random);
  try {
    await monkey.start();
    for (let i = 0; i < TURNS && monkey.connection.open; i++) {
      monkey.steps(STEPS_A_TURN);
      await monkey.connection.roundtrip();
    }
  } catch {
    // The server ended it with a protocol error, as it should.
  }
  monkey.connection.disconnect();
  return monkey.sent;
}

/** The services' open fds, once they stay the same: sessions end a moment after their clients. */
async function settled(pids: number[]): Promise<number[]> {
  let before: number[] = [];
  await expect
    .poll(
      () => {
        const now = pids.map((pid) => readdirSync(`/proc/${pid}/fd`).length);
        const same = now.join() === before.join();
        before = now;
        return same;
      },
      { timeout: 20_000, interval: 1500 },
    )
    .toBe(true);
  return before;
}
