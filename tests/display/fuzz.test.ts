import { readdirSync } from 'node:fs';
import { Variant } from '@switchyard/dbus';
import { DisplayConnection } from '@switchyard/wayland';
import { Fuzzer } from '@switchyard/wayland/testing';
import { expect, test } from 'vitest';
import { displayFixture } from '../support/DisplayFixture.js';
import { generator, Monkey } from '../support/Monkey.js';
import { recordMonkey } from '../support/MonkeyRecording.js';

/** `npm run fuzz:display` has more of them. */
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 12_000);
/** Each comes after a setup of some hundred valid ones. */
const CHANGED_REQUESTS = REQUESTS / 4;
/** As many as a person might have windows; each lives until its first mistake. */
const PARALLEL_CLIENTS = 4;
const STEPS_A_TURN = 20;
const TURNS = 20;

/** Monkeys whose words are changed. */
const RECORDINGS = 12;
const LONG = REQUESTS * 6 + 120_000;
const privileges = ['capture', 'clipboard', 'virtual-input', 'input-method', 'session-lock'];

const fixture = displayFixture();

test(
  'clients of wild requests end no service, leak no fd, and others are served',
  async () => {
    const { tree } = fixture;
    const bystander = DisplayConnection.connect(tree.waylandDisplay);
    await bystander.roundtrip();
    const random = generator(Number(process.env['FUZZ_SEED'] ?? 1));
    // Every protocol that there is, by who may use them all and by who may not.
    const privileged = await fixture.session({ privileges: new Variant('as', privileges) });
    const paths = [tree.waylandDisplay, privileged.waylandDisplay];
    for (const path of paths) await play(path, random);
    const pids = (['display', 'seat', 'bus'] as const).map((service) => tree.pid(service));
    const open = await settled(pids);

    let sent = 0;
    const worker = async (): Promise<void> => {
      while (sent < REQUESTS) {
        for (const path of paths) sent += await play(path, random);
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
  },
  LONG,
);

test(
  'what such clients said, with bytes changed, ends no service, leaks no fd, and others are served',
  async () => {
    const { tree } = fixture;
    const bystander = DisplayConnection.connect(tree.waylandDisplay);
    const random = generator(Number(process.env['FUZZ_SEED'] ?? 2));
    const privileged = await fixture.session({ privileges: new Variant('as', privileges) });
    const fuzzers: Fuzzer[] = [];
    for (let attempt = 0; fuzzers.length < RECORDINGS && attempt < 20 * RECORDINGS; attempt++) {
      const recording = await recordMonkey(privileged.waylandDisplay, random);
      if (recording) fuzzers.push(Fuzzer.of(privileged.waylandDisplay, recording, attempt + 1));
    }
    expect(fuzzers.length).toBe(RECORDINGS);
    const pids = (['display', 'seat', 'bus'] as const).map((service) => tree.pid(service));
    for (const fuzzer of fuzzers) await fuzzer.attack();
    const open = await settled(pids);

    let handled = 0;
    const worker = async (first: number): Promise<void> => {
      for (let i = first; handled < CHANGED_REQUESTS && i < first + CHANGED_REQUESTS; i++) {
        handled += await fuzzers[i % fuzzers.length]!.attack();
        if (i % 50 === 0) await bystander.roundtrip();
      }
    };
    await Promise.all(Array.from({ length: PARALLEL_CLIENTS }, (_, index) => worker(index * 3)));

    await bystander.roundtrip();
    expect((['display', 'seat', 'bus'] as const).map((service) => tree.pid(service))).toEqual(pids);
    const after = await settled(pids);
    for (const [index, count] of after.entries()) expect(count).toBeLessThanOrEqual(open[index]! + 4);
    expect(tree.output).not.toContain('internal error');
    bystander.disconnect();
  },
  LONG,
);

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
      { interval: 1500 },
    )
    .toBe(true);
  return before;
}
