/**
 * libs/dbus beside dbus-next, as clients of one and the same bus (services/bus) and one and the same service, in turns in
 * one run. Each client is a process of its own; figures are medians of the rounds, ratios medians of the rounds' ratios,
 * above 1 where we are better. "cpu" is the client's own time. "no library" is what nobody can do without: ready bytes sent
 * and as many read.
 *
 *   npx tsc -b && node bench/dbus.mjs [rounds]
 *
 * With `taskset -c 0` before it no time passes in which a processor wakes up: what the clock says is then what all processes do.
 *
 * BENCH_JSON=FILE writes the table to a file.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startOurs } from './bus/brokers.mjs';
import { CClient } from './bus/CClient.mjs';

const rounds = Number(process.argv[2] ?? 7);
const clients = ['libs/dbus', 'dbus-next'];
const all = [...clients, 'no library'];

/**
 * What is measured, and what the project promises: round trips three times as many as dbus-next's. Of calls that wait for
 * the one before, most is the kernel's, the bus's and the service's time, and no client can be three times faster by the
 * clock: there the promise is to be as fast as a client without any library.
 */
const loads = {
  'calls, one after the other': { unit: 'µs', must: 0.9, of: '× no library' },
  'the same to a service of the same library': { unit: 'µs' },
  'calls, 64 in flight': { unit: 'µs', must: 3, of: '× faster' },
  'signals received': { unit: 'µs' },
  'a{sv} of 1 MiB, fetched and read': { unit: 'ms', must: 3, of: '× faster' },
  'a{sv} of 1 MiB, decoded': { unit: 'ms', must: 3, of: '× faster' },
  'a{sv} of 1 MiB, encoded': { unit: 'ms', must: 3, of: '× faster' },
};

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const local = (name) => fileURLToPath(new URL(`./dbus/${name}`, import.meta.url));

function run(program, ...words) {
  const child = spawn(process.execPath, [local(program), ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  const first = new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (bytes) => {
      text += bytes;
      if (text.includes('\n')) resolve(text.trim());
    });
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)));
  });
  return { child, first };
}

const broker = await startOurs();
const address = `unix:path=${broker.path}`;
// Calls are echoed by a C program, so that the clients are what is slow.
const directory = mkdtempSync(join(tmpdir(), 'bench-dbus-'));
execFileSync(process.env.CC ?? 'cc', [
  '-O2',
  '-o',
  join(directory, 'client'),
  fileURLToPath(new URL('./bus/client.c', import.meta.url)),
]);
const echo = new CClient(join(directory, 'client'), broker.path).start('echo');
const service = run('service.mjs', address);
const twins = new Map(clients.map((client) => [client, run('echo.mjs', client, address)]));
const names = [await echo.first, await service.first];
const samples = new Map(all.map((client) => [client, []]));
for (let round = 0; round < rounds; round++)
  for (const client of round % 2 ? [...all].reverse() : all) {
    const twin = twins.has(client) ? [await twins.get(client).first] : [];
    samples.get(client).push(JSON.parse(await run('client.mjs', client, address, ...names, ...twin).first));
  }
service.child.kill();
for (const { child } of twins.values()) child.kill();
await echo.stop();
rmSync(directory, { recursive: true });
await broker.stop();

const table = Object.entries(loads).map(([load, { unit, must, of }]) => {
  const scale = unit === 'ms' ? 1e6 : 1e3;
  const values = (client, kind) => samples.get(client).map((one) => one[load][kind]);
  const shown = (client, kind) => Number((median(values(client, kind)) / scale).toPrecision(3));
  const ratio = (kind) => {
    const [ours, theirs] = clients.map((client) => values(client, kind));
    return Number(median(ours.map((one, i) => theirs[i] / one)).toPrecision(2));
  };
  const row = { load, unit };
  for (const client of all)
    if (samples.get(client)[0][load]) {
      row[client] = shown(client, 'wall');
      row[`CPU of ${client}`] = shown(client, 'cpu');
    }
  row['× faster'] = ratio('wall');
  row['× less CPU'] = ratio('cpu');
  if (row['no library']) row['× no library'] = Number((row['no library'] / row['libs/dbus']).toPrecision(2));
  const reached = row[of] >= must ? 'yes' : of === '× faster' && row['× less CPU'] >= must ? 'cpu' : 'NO';
  if (must) row.must = `${of} ≥ ${must}: ${reached}`;
  return row;
});
console.table(table);
if (process.env.BENCH_JSON) writeFileSync(process.env.BENCH_JSON, JSON.stringify(table, undefined, 2));
