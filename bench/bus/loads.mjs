/**
 * The loads in which brokers are compared. `prepare(broker)` gives `run()`, which resolves to how many operations it did
 * and the nanoseconds of one, and `end()`. `must` and `stretch`: the least ratios to the others.
 */
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { Connection } from '@switchyard/dbus';
import { libraryLoads } from './libraryLoads.mjs';

/** Of all its threads. */
export const cpuNanoseconds = (pid) =>
  readdirSync(`/proc/${pid}/task`).reduce(
    (sum, thread) =>
      sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]),
    0,
  );

/** Ratios to dbus-daemon and dbus-broker: must and stretch. */
const goal = (mustDaemon, mustBroker, stretchDaemon, stretchBroker) => ({
  must: { 'dbus-daemon': mustDaemon, ...(mustBroker && { 'dbus-broker': mustBroker }) },
  ...(stretchDaemon && {
    stretch: { 'dbus-daemon': stretchDaemon, ...(stretchBroker && { 'dbus-broker': stretchBroker }) },
  }),
});
export const goals = {
  roundTrip: goal(1, 0.75, 1.3, 1),
  pipelined: goal(5, 2.5, 10, 5),
  oneWay: goal(8, 4, 15, 8),
  kib64: goal(1.4, 0.75, 2.5, 1.2),
  mib: goal(2.2, 0.7, 3.5, 1),
  broadcast: goal(5, 2, 7, 2.5),
  connect: goal(1, 0.4, 1.5, 0.7),
  spam: goal(1.1, 0.9, 1.2, 1),
  // The stretch goal is one to dbus-broker alone.
  flooded: { must: { 'dbus-daemon': 1, 'dbus-broker': 1 }, stretch: { 'dbus-broker': 3 } },
};

/** A load whose other end is one process that stays for all rounds. */
const with_ = (peer, run, goal) => ({
  ...goal,
  async prepare(broker) {
    const other = broker.client.start(peer);
    const name = await other.first;
    return { run: () => run(broker, name), end: () => other.stop() };
  },
});

const calls = (size, window, count, goal) =>
  with_(
    'echo',
    async (broker, name) => ({
      operations: count,
      nanoseconds: await broker.client.run('calls', name, size, window, count),
    }),
    goal,
  );

const oneWay = (size, count, goal) =>
  with_(
    'sink',
    async (broker, name) => ({
      operations: count,
      nanoseconds: await broker.client.run('oneway', name, size, count),
    }),
    goal,
  );

const broadcast = (receivers, count, goal) => ({
  ...goal,
  async prepare(broker) {
    return {
      async run() {
        const receiving = broker.client.start('receive', count, receivers);
        await receiving.first;
        const [, nanoseconds] = await Promise.all([
          broker.client.run('broadcast', 64, count),
          receiving.result,
        ]);
        return { operations: count, nanoseconds: Number(nanoseconds) };
      },
      async end() {},
    };
  },
});

/** The same beside rules of others that its signals do not meet. */
const beside = (rules, load) => ({
  ...load,
  async prepare(broker) {
    const other = broker.client.start('rules', rules);
    await other.first;
    const prepared = await load.prepare(broker);
    return {
      run: prepared.run,
      end: async () => {
        await prepared.end();
        await other.stop();
      },
    };
  },
});

const connect = (count, goal) => ({
  ...goal,
  prepare: async (broker) => ({
    run: async () => ({ operations: count, nanoseconds: await broker.client.run('connect', count) }),
    async end() {},
  }),
});

/** Round trips while somebody else sends to a third as fast as it can; the median of them. */
const flooded = (count, goal) => ({
  ...goal,
  async prepare(broker) {
    const [echo, sink] = [broker.client.start('echo'), broker.client.start('sink')];
    const [name, sinkName] = [await echo.first, await sink.first];
    return {
      async run() {
        const flood = broker.client.start('flood', sinkName, 64);
        await flood.first;
        const nanoseconds = await broker.client.run('latency', name, 64, count);
        const sent = Number(await flood.stop());
        if (!(sent > count)) throw new Error(`the flood was none: ${sent} messages`);
        return { operations: count + sent, nanoseconds };
      },
      end: () => Promise.all([echo.stop(), sink.stop()]),
    };
  },
});

/** Unmodified libdbus. */
const spam = (queue, count, goal) => ({
  ...goal,
  async prepare(broker) {
    const address = `unix:path=${broker.path}`;
    const environment = { ...process.env, DBUS_SESSION_BUS_ADDRESS: address };
    const echo = spawn('dbus-test-tool', ['echo', '--session', '--name=org.example.Echo'], {
      env: environment,
      stdio: 'ignore',
    });
    const watcher = await Connection.connect(address);
    await new Promise((resolve) => watcher.watchName('org.example.Echo', { appeared: resolve }));
    watcher.close();
    const words = ['spam', '--session', '--dest=org.example.Echo', `--count=${count}`, `--queue=${queue}`];
    return {
      run() {
        const start = process.hrtime.bigint();
        execFileSync('dbus-test-tool', words, { env: environment, stdio: 'ignore' });
        return { operations: count, nanoseconds: Number(process.hrtime.bigint() - start) / count };
      },
      end: async () => {
        echo.kill();
      },
    };
  },
});

/** 64 MiB: copied by the others, in a sealed memfd by us. */
const bigPayload = (reads, goal) => ({
  ...goal,
  rounds: 5,
  async prepare(broker) {
    const size = 64 * 1024 * 1024;
    const isOurs = broker.name === 'ours';
    const peer = broker.client.start(isOurs ? (reads ? 'reader' : 'sink') : 'sink');
    const name = await peer.first;
    return {
      async run() {
        const count = !isOurs ? 2 : reads ? 20 : 500;
        const nanoseconds = isOurs
          ? await broker.client.run('fds', size, count, name)
          : await broker.client.run('calls', name, size, 1, count);
        return { operations: count, nanoseconds };
      },
      end: () => peer.stop(),
    };
  },
});

export const loads = {
  'rtt 64 B': calls(64, 1, 2000, goals.roundTrip),
  'rtt 4 KiB': calls(4096, 1, 1500, goals.roundTrip),
  'rtt 64 KiB': calls(65_536, 1, 500, goals.kib64),
  'rtt 1 MiB': calls(1 << 20, 1, 40, goals.mib),
  'pipelined 64 B, 64 in flight': calls(64, 64, 20_000, goals.pipelined),
  'pipelined 4 KiB, 64 in flight': calls(4096, 64, 8000, goals.pipelined),
  'pipelined 64 KiB, 16 in flight': calls(65_536, 16, 600, goals.kib64),
  'pipelined 1 MiB, 4 in flight': calls(1 << 20, 4, 60, goals.mib),
  'one-way 64 B': oneWay(64, 100_000, goals.oneWay),
  'one-way 4 KiB': oneWay(4096, 10_000),
  'one-way 64 KiB': oneWay(65_536, 1000, goals.kib64),
  'one-way 1 MiB': oneWay(1 << 20, 60, goals.mib),
  'broadcast to 10': broadcast(10, 2000),
  'broadcast to 100': broadcast(100, 500, goals.broadcast),
  'broadcast to 100, beside 10000 foreign rules': beside(10_000, broadcast(100, 200, goals.broadcast)),
  'connect + Hello': connect(500, goals.connect),
  'libdbus spam, queue 1': spam(1, 2000),
  'libdbus spam, queue 100': spam(100, 5000, goals.spam),
  'rtt 64 B while another floods (p50)': flooded(1000, goals.flooded),
  '64 MiB in a sealed memfd, transfer (others: copy)': bigPayload(false, goal(500, 0, 2000)),
  '64 MiB in a sealed memfd, read (others: copy)': bigPayload(true, goal(6, 0, 10)),
  ...libraryLoads(goals),
};
