/**
 * What is measured of brokers that have done nothing else. `run(brokers, rounds)` gives a value for each name;
 * `must` and `stretch` say whether they are good.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startOurs } from './brokers.mjs';
import { CClient } from './CClient.mjs';
import { cpuNanoseconds } from './loads.mjs';

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const kibibytes = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

/** Each round's ratio of a routed round trip to one on a direct channel. */
const direct = {
  unit: 'times faster than routed',
  must: ({ ours }) => ours >= 2,
  stretch: ({ ours }) => ours >= 3,
  async run([broker], rounds) {
    const [echo, peer] = [broker.client.start('echo'), broker.client.start('channelecho')];
    const [name, channelName] = [await echo.first, await peer.first];
    const ratios = [];
    await broker.client.run('calls', name, 64, 64, 20_000);
    for (let i = 0; i < rounds; i++) {
      const routed = await broker.client.run('calls', name, 64, 1, 3000);
      ratios.push(routed / (await broker.client.run('channel', channelName, 64, 3000)));
    }
    await Promise.all([echo.stop(), peer.stop()]);
    return { ours: median(ratios) };
  },
};

/** The broker's time for a signal beside rules that it does not meet, over that without them. */
const foreignRules = {
  unit: 'times the broker CPU of none',
  must: ({ ours }) => ours <= 1.3,
  async run([broker], rounds) {
    const signals = 20_000;
    const cost = async () => {
      const receiving = broker.client.start('receive', signals, 1);
      await receiving.first;
      const before = cpuNanoseconds(broker.pid);
      await Promise.all([broker.client.run('broadcast', 64, signals), receiving.result]);
      return cpuNanoseconds(broker.pid) - before;
    };
    for (let i = 0; i < 3; i++) await cost();
    const ratios = [];
    for (let i = 0; i < rounds; i++) {
      const alone = await cost();
      const other = broker.client.start('rules', 10_000);
      await other.first;
      ratios.push((await cost()) / alone);
      await other.stop();
    }
    return { ours: median(ratios) };
  },
};

const everybody = ['ours', 'dbus-daemon', 'dbus-broker'];

const idleMemory = {
  unit: 'MB',
  brokers: everybody,
  must: ({ ours }) => ours <= 80,
  stretch: ({ ours }) => ours <= 60,
  async run(brokers) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return Object.fromEntries(brokers.map(({ name, pid }) => [name, (kibibytes(pid) * 1024) / 1e6]));
  },
};

const memoryOfConnections = {
  unit: 'KiB a connection, of 1000',
  brokers: everybody,
  must: ({ ours }) => ours <= 24,
  async run(brokers) {
    const values = {};
    for (const { name, pid, client } of brokers) {
      const before = kibibytes(pid);
      const idle = client.start('idle', 1000);
      await idle.first;
      values[name] = (kibibytes(pid) - before) / 1000;
      await idle.stop();
    }
    return values;
  },
};

/** 64 MiB pass by as a sealed memfd, a hundred times. */
const memoryOfPayloads = {
  unit: 'MiB more after 100 × 64 MiB',
  must: ({ ours }) => ours < 2,
  async run([broker]) {
    const sink = broker.client.start('sink');
    const name = await sink.first;
    await broker.client.run('fds', 64 << 20, 100, name);
    const before = kibibytes(broker.pid);
    await broker.client.run('fds', 64 << 20, 100, name);
    await sink.stop();
    return { ours: (kibibytes(broker.pid) - before) / 1024 };
  },
};

/** What V8's young generation was filled with, between its collections. */
function collectedBytes(log) {
  let bytes = 0;
  let left;
  for (const [, before, after] of log.matchAll(
    /(?:Scavenge|Mark-Compact).*? ([\d.]+) \([\d.]+\) -> ([\d.]+)/g,
  )) {
    if (left !== undefined) bytes += Number(before) - left;
    left = Number(after);
  }
  return bytes * 1024 * 1024;
}

/** A broker with --trace-gc is warm; then a million messages of a kind are counted. */
const allocated = (messages, most, load) => ({
  unit: `bytes a message, of ${messages.toLocaleString('en')}`,
  brokers: [],
  must: ({ ours }) => ours <= most,
  async run() {
    const broker = await startOurs(['--trace-gc']);
    const directory = mkdtempSync(join(tmpdir(), 'bench-bus-client-'));
    const program = join(directory, 'client');
    const { execFileSync } = await import('node:child_process');
    execFileSync('cc', ['-O2', '-o', program, fileURLToPath(new URL('./client.c', import.meta.url))]);
    const client = new CClient(program, broker.path);
    const [echo, sink] = [client.start('echo'), client.start('sink')];
    const names = { echo: await echo.first, sink: await sink.first };
    for (let i = 0; i < 3; i++) await load(client, names, messages / 10);
    const before = broker.output().length;
    await load(client, names, messages);
    const value = collectedBytes(broker.output().slice(before)) / messages;
    client.end();
    await broker.stop();
    rmSync(directory, { recursive: true });
    return { ours: value };
  },
});

/** From the start of the process until it says its address. */
const startUp = {
  unit: 'ms until the address is printed',
  brokers: [],
  must: (values) => values.ours <= 1.6 * values['an empty Node'],
  stretch: (values) => values.ours <= 1.25 * values['an empty Node'],
  async run(_, rounds) {
    const directory = mkdtempSync(join(tmpdir(), 'bench-bus-start-'));
    const config = join(directory, 'bus.conf');
    writeFileSync(
      config,
      `<busconfig><type>session</type><listen>unix:dir=${directory}</listen><policy context="default">
        <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`,
    );
    const empty = join(directory, 'empty.cjs');
    writeFileSync(empty, "require('node:fs').writeSync(1, 'x')");
    const yardBusd = fileURLToPath(new URL('../../services/bus/bin/yard-busd.js', import.meta.url));
    const options = [`--config-file=${config}`, '--nofork', '--print-address=1'];
    const programs = {
      ours: [process.execPath, yardBusd, ...options],
      'an empty Node': [process.execPath, empty],
      'dbus-daemon': ['dbus-daemon', ...options],
    };
    const samples = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
    for (let i = -1; i < Math.max(rounds, 9); i++)
      for (const [name, command] of Object.entries(programs)) {
        const milliseconds = await firstOutput(command);
        if (i >= 0) samples[name].push(milliseconds);
      }
    rmSync(directory, { recursive: true });
    return Object.fromEntries(Object.entries(samples).map(([name, values]) => [name, median(values)]));
  },
};

function firstOutput([program, ...args]) {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    let milliseconds;
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.once('data', () => {
      milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
      child.kill();
    });
    child.once('close', () =>
      milliseconds === undefined ? reject(new Error(`${program} said nothing`)) : resolve(milliseconds),
    );
  });
}

export const measures = {
  'direct channel, rtt 64 B': direct,
  'signal beside 10000 foreign rules, CPU': foreignRules,
  'memory, idle': idleMemory,
  'memory of connections': memoryOfConnections,
  'memory of payloads': memoryOfPayloads,
  'memory taken, one-way 64 B': allocated(1_000_000, 16, (client, { sink }, count) =>
    client.run('oneway', sink, 64, count),
  ),
  'memory taken, pipelined 64 B': allocated(1_000_000, 16, (client, { echo }, count) =>
    client.run('calls', echo, 64, 64, count / 2),
  ),
  'memory taken, rtt 64 B': allocated(200_000, 512, (client, { echo }, count) =>
    client.run('calls', echo, 64, 1, count / 2),
  ),
  'start-up': startUp,
};
