import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DisplayConnection } from '../client/DisplayConnection.js';
import { Fuzzer } from './Fuzzer.js';
import type { FuzzReport } from './FuzzServer.js';

const MUTATED_MESSAGES = 100_000;
const PARALLEL_CLIENTS = 8;
/** Between two looks at whether others are served. */
const CONNECTIONS_A_ROUND = 250;

let folder: string;
let server: ChildProcess;
let fuzzer: Fuzzer;
let bystander: DisplayConnection;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wayland-fuzz-'));
  const path = join(folder, 'socket');
  const program = fileURLToPath(new URL('../../dist/testing/FuzzServer.js', import.meta.url));
  server = fork(program, [path], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await once(server, 'message');
  fuzzer = await Fuzzer.create(path, Number(process.env['FUZZ_SEED'] ?? 0x5eed));
  bystander = DisplayConnection.connect(path);
  await bystander.roundtrip();
});

afterAll(async () => {
  bystander.disconnect();
  server.disconnect();
  await once(server, 'exit');
  rmSync(folder, { recursive: true, maxRetries: 10 });
});

it('100,000 mutated messages end no server, leak no fd, and delay nobody else', async () => {
  await expect.poll(async () => (await report()).clients).toBe(1);
  const open = openFds();
  let connections = 0;
  let handled = 0;
  const worker = async (): Promise<void> => {
    while (handled < MUTATED_MESSAGES) {
      handled += await fuzzer.attack();
      if (++connections % CONNECTIONS_A_ROUND === 0) await bystander.roundtrip();
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_CLIENTS }, worker));
  await unharmed(open);
  expect(connections, 'some mutations were errors').toBeGreaterThan(MUTATED_MESSAGES / 64);
});

it('neither do messages made up from nothing', async () => {
  const word = fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 0xffffffff }), fc.constant(0xff000000));
  const message = fc.record({
    object: fc.nat({ max: 30 }),
    opcode: fc.nat({ max: 12 }),
    words: fc.array(word, { maxLength: 8 }),
  });
  const open = openFds();
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 10 }), async (messages) => {
      const bytes = messages.map(({ object, opcode, words }) =>
        Buffer.from(new Uint32Array([object, ((words.length * 4 + 8) << 16) | opcode, ...words]).buffer),
      );
      await fuzzer.speak(Buffer.concat([fuzzer.recording.setup, ...bytes]));
    }),
    { numRuns: 500 },
  );
  await unharmed(open);
});

async function unharmed(open: number): Promise<void> {
  await bystander.roundtrip();
  await expect.poll(async () => (await report()).clients).toBe(1);
  expect(server.exitCode).toBeNull();
  expect((await report()).internalErrors).toEqual([]);
  expect(openFds()).toBe(open);
}

async function report(): Promise<FuzzReport> {
  const answer = once(server, 'message');
  server.send('report');
  return (await answer)[0] as FuzzReport;
}

function openFds(): number {
  return readdirSync(`/proc/${server.pid}/fd`).length;
}
