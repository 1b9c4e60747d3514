/**
 * What a routed message costs: this broker beside dbus-daemon and dbus-broker, each with the same C client
 * (bench/bus/client.c) and with libs/dbus. Every round runs every broker once, in rotated order; the figures are medians
 * of the rounds, ratios are medians of the rounds' ratios, above 1 where we are better. "cpu" is the broker's own time
 * (/proc/PID/schedstat).
 *
 *   npx tsc -b services/bus && node bench/bus.mjs [rounds] [load, …]
 *
 * BENCH_JSON=FILE writes the table to a file.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBroker, startDaemon, startOurs } from './bus/brokers.mjs';
import { CClient } from './bus/CClient.mjs';
import { loads } from './bus/loads.mjs';

const rounds = Number(process.argv[2] ?? 9);
const wanted = process.argv.slice(3);

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const cpuNanoseconds = (pid) => Number(readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ')[0]);
const round = (value) => Number(value.toPrecision(3));

const directory = mkdtempSync(join(tmpdir(), 'bench-bus-client-'));
const client = join(directory, 'client');
execFileSync(process.env.CC ?? 'cc', [
  '-O2',
  '-o',
  client,
  fileURLToPath(new URL('./bus/client.c', import.meta.url)),
]);

const brokers = [];
for (const start of [startOurs, startDaemon, startBroker])
  try {
    const broker = await start();
    broker.client = new CClient(client, broker.path);
    brokers.push(broker);
  } catch (error) {
    if (start !== startBroker) throw error;
    console.error(`The column of dbus-broker is left out: ${error.message}`);
  }

/** One broker's samples of one load. */
async function sample(broker, prepared) {
  const before = cpuNanoseconds(broker.pid);
  const { operations, nanoseconds } = await prepared.run();
  const cpu = cpuNanoseconds(broker.pid) - before;
  return { wall: nanoseconds / 1000, cpu: cpu / operations / 1000 };
}

/** Medians, and medians of ratios to ours; `must` of the load decides what is said of them. */
function rowOf(name, load, samples) {
  const ours = samples.get('ours');
  const row = { load: name };
  for (const [broker, list] of samples) row[`${broker} µs`] = round(median(list.map((one) => one.wall)));
  for (const key of ['wall', 'cpu'])
    for (const [broker, list] of samples) {
      if (broker === 'ours') continue;
      const ratio = round(median(list.map((one, i) => one[key] / ours[i][key])));
      row[`${key === 'cpu' ? 'cpu ' : ''}× ${broker}`] = ratio;
    }
  const misses = Object.entries(load.must ?? {}).filter(([column, least]) => row[column] < least);
  row.must = load.must
    ? misses.length === 0
      ? 'met'
      : misses.map(([column, least]) => `${column} < ${least}`).join(', ')
    : '';
  return row;
}

const rows = [];
for (const [name, load] of Object.entries(loads)) {
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
  const of = brokers.filter((broker) => !load.brokers || load.brokers.includes(broker.name));
  const samples = new Map(of.map((broker) => [broker.name, []]));
  try {
    const prepared = new Map();
    for (const broker of of) prepared.set(broker, await load.prepare(broker));
    for (let turn = -1; turn < (load.rounds ?? rounds); turn++)
      for (let i = 0; i < of.length; i++) {
        const broker = of[(i + Math.max(turn, 0)) % of.length];
        const one = await sample(broker, prepared.get(broker));
        // The first round warms up.
        if (turn >= 0) samples.get(broker.name).push(one);
      }
    for (const one of prepared.values()) await one.end();
  } catch (error) {
    console.error(`${name}: ${error.message}`);
    continue;
  }
  const row = rowOf(name, load, samples);
  rows.push(row);
  console.error(JSON.stringify(row));
}
console.table(rows);
if (process.env.BENCH_JSON) writeFileSync(process.env.BENCH_JSON, JSON.stringify(rows, undefined, 2));
for (const broker of brokers) {
  broker.client.end();
  await broker.stop();
}
rmSync(directory, { recursive: true });
