/**
 * What a broker is like after a long time: mutated messages and handshakes that go wrong, then messages of every kind.
 * Its fds and its memory must stay as they were, and a witness must be answered all the time.
 *
 *   npm run soak:bus -- [--messages 10000000] [--mutations 1000000] [--dialogues 20000]
 *
 * Ends with status 1 when something grew.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Fuzzer } from '../../services/bus/dist/testing/Fuzzer.js';
import { WitnessedBroker } from '../../services/bus/dist/testing/WitnessedBroker.js';
import { CClient } from './CClient.mjs';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '10000000' },
    mutations: { type: 'string', default: '1000000' },
    dialogues: { type: 'string', default: '20000' },
  },
});
const wanted = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, Number(text)]));
/** The garbage collector comes when it wants: memory is as it was if it is within this. */
const allowedGrowth = 32 * 1024 * 1024;

const broker = await WitnessedBroker.start();
let slowest = 0;
let watching = true;
const watch = (async () => {
  while (watching) {
    const start = performance.now();
    await broker.ask('GetId');
    slowest = Math.max(slowest, performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
})();

const mebibytes = (bytes) => (bytes / 1024 / 1024).toFixed(1);
const failures = [];

/** The others may take so long to go. */
const patience = 60_000;

/** Runs `step` until `count()` has come to `goal`; says ten times how the broker is. `others` connections are to stay. */
async function phase(name, goal, count, step, others = 0) {
  const residents = [];
  const start = performance.now();
  slowest = 0;
  for (let part = 1; part <= 10; part++) {
    while (count() < (goal * part) / 10) await step();
    const timeout = new Promise((resolve) => setTimeout(resolve, patience).unref());
    await Promise.race([broker.isUnharmed(others), timeout]);
    residents.push(broker.residentBytes);
    console.log(
      `${name}: ${count().toLocaleString('en')} in ${((performance.now() - start) / 1000).toFixed(0)} s, ` +
        `RSS ${mebibytes(residents.at(-1))} MiB, ${broker.fds - others} fds more than at the start, ` +
        `the witness waited ${slowest.toFixed(0)} ms at most`,
    );
  }
  const growth = residents.at(-1) - residents[2];
  if (growth > allowedGrowth) failures.push(`${name}: RSS grew by ${mebibytes(growth)} MiB`);
  if (broker.fds !== others) failures.push(`${name}: ${broker.fds - others} fds were kept`);
}

const fuzzer = new Fuzzer(broker.address);
await phase(
  'mutated messages',
  wanted.mutations,
  () => fuzzer.messages,
  () => Promise.all(Array.from({ length: 64 }, () => fuzzer.converse())),
);
await phase(
  'handshakes',
  wanted.dialogues,
  () => fuzzer.dialogues,
  () => Promise.all(Array.from({ length: 50 }, () => fuzzer.greet())),
);

const directory = mkdtempSync(join(tmpdir(), 'soak-bus-'));
const program = join(directory, 'client');
const source = fileURLToPath(new URL('./client.c', import.meta.url));
execFileSync(process.env.CC ?? 'cc', ['-O2', '-o', program, source]);
const client = new CClient(program, broker.address.replace('unix:path=', ''));
let messages = 0;
const peers = { echo: client.start('echo'), sink: client.start('sink') };
const [echo, sink] = [await peers.echo.first, await peers.sink.first];

/** Every kind of traffic, with how many messages it is. */
async function everything() {
  const run = async (count, ...words) => {
    await client.run(...words);
    messages += count;
  };
  await run(200_000, 'oneway', sink, 64, 200_000);
  await run(200_000, 'calls', echo, 64, 64, 100_000);
  await run(20_000, 'calls', echo, 4096, 64, 10_000);
  await run(2000, 'calls', echo, 65_536, 16, 1000);
  await run(40, 'calls', echo, 1 << 20, 4, 20);
  await run(400, 'fds', 4096, 200, sink);
  await run(1000, 'connect', 500);
  const receiving = client.start('receive', 2000, 10);
  await receiving.first;
  await Promise.all([run(20_000, 'broadcast', 64, 2000), receiving.result]);
}
await phase('messages', wanted.messages, () => messages, everything, Object.keys(peers).length);

await Promise.all([peers.echo.stop(), peers.sink.stop()]);
watching = false;
await watch;
client.end();
await broker.stop();
rmSync(directory, { recursive: true });
for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;
