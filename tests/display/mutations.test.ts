import { readdirSync } from 'node:fs';
import { DisplayConnection } from '@switchyard/wayland';
import { Fuzzer } from '@switchyard/wayland/testing';
import { expect, test } from 'vitest';
import { displayFixture } from '../support/DisplayFixture.js';
import { TestWindow } from '../support/TestClient.js';

const MUTATED_MESSAGES = 100_000;
const PARALLEL_CLIENTS = 4;
/** Between two looks at whether others are served. */
const CONNECTIONS_A_ROUND = 100;

const fixture = displayFixture();

test('100,000 mutated Wayland messages end no service, leak no fd, and others are served', async () => {
  const { tree } = fixture;
  const pids = (['display', 'seat', 'bus'] as const).map((service) => tree.pid(service));
  // Keeps this process's session while its hostile connections come and go.
  await TestWindow.open(await fixture.connect(), { colour: 0xff00ff00 });
  const bystander = DisplayConnection.connect(tree.waylandDisplay);
  const fuzzer = await Fuzzer.create(tree.waylandDisplay, Number(process.env['FUZZ_SEED'] ?? 0x5eed));
  await bystander.roundtrip();
  // What a client makes the services open once (a session's devices, …) is there after the first round.
  await fuzzer.attack();
  const open = await settled(pids);

  let connections = 0;
  let handled = 0;
  const worker = async (): Promise<void> => {
    while (handled < MUTATED_MESSAGES) {
      handled += await fuzzer.attack();
      if (++connections % CONNECTIONS_A_ROUND === 0) await bystander.roundtrip();
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_CLIENTS }, worker));

  await bystander.roundtrip();
  expect((['display', 'seat', 'bus'] as const).map((service) => tree.pid(service))).toEqual(pids);
  const after = await settled(pids);
  // What each of so many clients left would be hundreds; a service that is just up still comes to a few of its own.
  for (const [index, count] of after.entries()) expect(count).toBeLessThanOrEqual(open[index]! + 4);
  expect(tree.output).not.toContain('internal error');
  bystander.disconnect();
}, 300_000);

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
      { interval: 1500 },
    )
    .toBe(true);
  return before;
}
