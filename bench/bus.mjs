/**
 * What a routed message costs: this broker beside dbus-daemon and dbus-broker, each with the same C client
 * (bench/bus/client.c) and with libs/dbus. Every round runs every broker once, in rotated order; the figures are medians
 * of the rounds, ratios are medians of the rounds' ratios, above 1 where we are better. "cpu" is the broker's own time
 * (/proc/PID/schedstat): on a busy machine it says which of two brokers did less when the clock cannot tell.
 *
 *   npm run bench:bus -- [rounds] [load …]
 *
 * A goal is reached by the clock ("yes"), or by the broker's own time ("cpu"). BENCH_JSON=FILE writes the rows to a file,
 * BENCH_MARKDOWN=FILE the tables of docs/bus.md.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBroker, startDaemon, startOurs } from './bus/brokers.mjs';
import { CClient } from './bus/CClient.mjs';
import { cpuNanoseconds, loads } from './bus/loads.mjs';
import { comparisonTable, figureTable } from './bus/markdown.mjs';
import { measures } from './bus/measures.mjs';

const rounds = Number(process.argv[2] ?? 9);
const wanted = process.argv.slice(3);
const isWanted = (name) => wanted.length === 0 || wanted.some((part) => name.includes(part));

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const round = (value) => Number(value.toPrecision(3));

const directory = mkdtempSync(join(tmpdir(), 'bench-bus-client-'));
const client = join(directory, 'client');
const source = fileURLToPath(new URL('./bus/client.c', import.meta.url));
execFileSync(process.env.CC ?? 'cc', ['-O2', '-o', client, source]);

/** All brokers that this machine has, or those of these names. */
async function startBrokers(names) {
  const brokers = [];
  for (const [name, start] of [
    ['ours', startOurs],
    ['dbus-daemon', startDaemon],
    ['dbus-broker', startBroker],
  ]) {
    if (names && !names.includes(name)) continue;
    try {
      const broker = await start();
      broker.client = new CClient(client, broker.path);
      brokers.push(broker);
    } catch (error) {
      if (name !== 'dbus-broker') throw error;
      console.error(`The column of dbus-broker is left out: ${error.message}`);
    }
  }
  return brokers;
}

async function stopBrokers(brokers) {
  for (const broker of brokers) {
    broker.client.end();
    await broker.stop();
  }
}

/** One broker's samples of one load. */
async function sample(broker, prepared) {
  const before = cpuNanoseconds(broker.pid);
  const { operations, nanoseconds } = await prepared.run();
  const cpu = cpuNanoseconds(broker.pid) - before;
  return { wall: nanoseconds / 1000, cpu: cpu / operations / 1000 };
}

/** Whether ratios reach a goal: "yes", "cpu", or what falls short. */
function reached(goal, ratios) {
  if (!goal) return '';
  const short = (key) =>
    Object.entries(goal).filter(([broker, least]) => ratios[broker] && ratios[broker][key] < least);
  if (short('wall').length === 0) return 'yes';
  if (short('cpu').length === 0) return 'cpu';
  return `no (${short('wall')
    .map(([broker, least]) => `${broker} < ${least}`)
    .join(', ')})`;
}

/** Medians, and medians of ratios to ours. */
function rowOf(name, load, samples) {
  const ours = samples.get('ours');
  const row = { load: name };
  const ratios = {};
  for (const [broker, list] of samples) {
    row[`${broker} µs`] = round(median(list.map((one) => one.wall)));
    if (broker === 'ours') continue;
    const ratio = (key) => round(median(list.map((one, i) => one[key] / ours[i][key])));
    ratios[broker] = { wall: ratio('wall'), cpu: ratio('cpu') };
  }
  for (const [broker, { wall, cpu }] of Object.entries(ratios)) {
    row[`× ${broker}`] = wall;
    row[`cpu × ${broker}`] = cpu;
  }
  row.must = reached(load.must, ratios);
  row.stretch = reached(load.stretch, ratios);
  return row;
}

async function compare(name, load, brokers) {
  const samples = new Map(brokers.map((broker) => [broker.name, []]));
  const prepared = new Map();
  for (const broker of brokers) prepared.set(broker, await load.prepare(broker));
  for (let turn = -1; turn < Math.min(load.rounds ?? rounds, rounds); turn++)
    for (let i = 0; i < brokers.length; i++) {
      const broker = brokers[(i + Math.max(turn, 0)) % brokers.length];
      const one = await sample(broker, prepared.get(broker));
      // The first round warms up.
      if (turn >= 0) samples.get(broker.name).push(one);
    }
  for (const one of prepared.values()) await one.end();
  return rowOf(name, load, samples);
}

/** A broker is used for days: what its first messages cost is nobody's question. */
async function warmUp({ client: bench }) {
  const [echo, sink] = [bench.start('echo'), bench.start('sink')];
  const [name, sinkName] = [await echo.first, await sink.first];
  await bench.run('oneway', sinkName, 64, 100_000);
  await bench.run('calls', name, 64, 64, 20_000);
  await bench.run('calls', name, 64, 1, 3000);
  await bench.run('calls', name, 1 << 16, 16, 2000);
  await bench.run('calls', name, 1 << 20, 4, 400);
  await Promise.all([echo.stop(), sink.stop()]);
}

const rows = [];
const brokers = await startBrokers();
for (const broker of brokers) await warmUp(broker);
for (const [name, load] of Object.entries(loads)) {
  if (!isWanted(name)) continue;
  try {
    rows.push(await compare(name, load, brokers));
    console.error(JSON.stringify(rows.at(-1)));
  } catch (error) {
    console.error(`${name}: ${error.message}`);
    process.exitCode = 1;
  }
}
await stopBrokers(brokers);
console.table(rows);

/** What is measured of ours alone, or of brokers that have done nothing else yet. */
const figures = [];
for (const [name, measure] of Object.entries(measures)) {
  if (!isWanted(name)) continue;
  const started = await startBrokers(measure.brokers ?? ['ours']);
  try {
    const { must, stretch, unit } = measure;
    const values = await measure.run(started, Math.min(measure.rounds ?? rounds, rounds));
    const figure = { measure: name, unit };
    for (const [broker, value] of Object.entries(values)) figure[broker] = round(value);
    const holds = (goal) => (goal === undefined ? '' : goal(values) ? 'yes' : 'no');
    figures.push({ ...figure, must: holds(must), stretch: holds(stretch) });
    console.error(JSON.stringify(figures.at(-1)));
  } catch (error) {
    console.error(`${name}: ${error.message}`);
    process.exitCode = 1;
  }
  await stopBrokers(started);
}
console.table(figures);
if (process.env.BENCH_MARKDOWN)
  writeFileSync(process.env.BENCH_MARKDOWN, `${comparisonTable(rows)}\n\n${figureTable(figures)}\n`);
if (process.env.BENCH_JSON)
  writeFileSync(process.env.BENCH_JSON, JSON.stringify({ rows, figures }, undefined, 2));
rmSync(directory, { recursive: true });
