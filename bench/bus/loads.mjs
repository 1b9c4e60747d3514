/**
 * The loads. `prepare(broker)` gives `run()`, which resolves to how many operations it did and the nanoseconds of one,
 * and `end()`. `must`: the least ratios, by column.
 */
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Connection } from '@switchyard/dbus';

const must = (daemon, broker) => ({ '× dbus-daemon': daemon, ...(broker && { '× dbus-broker': broker }) });

/** A load whose other end is one process that stays for all rounds. */
const with_ = (peer, run, goal) => ({
  must: goal,
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
  must: goal,
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

/** Signals to one receiver, beside rules of others that they do not meet. */
const beside = (rules, count) => ({
  async prepare(broker) {
    const other = broker.client.start('rules', rules);
    await other.first;
    const { run } = await broadcast(1, count).prepare(broker);
    return { run, end: () => other.stop() };
  },
});

const connect = (count, goal) => ({
  must: goal,
  prepare: async (broker) => ({
    run: async () => ({ operations: count, nanoseconds: await broker.client.run('connect', count) }),
    async end() {},
  }),
});

/** Round trips while somebody else sends to a third as fast as it can; the median of them. */
const flooded = (count, goal) => ({
  must: goal,
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
  must: goal,
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
  must: goal,
  rounds: 5,
  async prepare(broker) {
    const size = 64 * 1024 * 1024;
    const isOurs = broker.name === 'ours';
    const peer = broker.client.start(isOurs ? (reads ? 'reader' : 'sink') : 'sink');
    const name = await peer.first;
    const rss = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${broker.pid}/status`, 'utf8'))[1]);
    const before = rss();
    return {
      async run() {
        const count = isOurs ? 20 : 2;
        const nanoseconds = isOurs
          ? await broker.client.run('fds', size, count, name)
          : await broker.client.run('calls', name, size, 1, count);
        return { operations: count, nanoseconds };
      },
      end: async () => {
        if (isOurs)
          console.error(`broker's RSS after the memfds: ${(rss() - before).toLocaleString()} KiB more`);
        await peer.stop();
      },
    };
  },
});

/** Beside it stands "rtt 64 B" of the same broker: both are ours, so the ratio is to the routed way. */
const direct = (size, count) => ({
  brokers: ['ours'],
  async prepare(broker) {
    const [echo, peer] = [broker.client.start('echo'), broker.client.start('channelecho')];
    const [name, channelName] = [await echo.first, await peer.first];
    const ratios = [];
    return {
      async run() {
        const routed = await broker.client.run('calls', name, size, 1, count);
        const nanoseconds = await broker.client.run('channel', channelName, size, count);
        ratios.push(routed / nanoseconds);
        return { operations: count, nanoseconds };
      },
      end: async () => {
        ratios.sort((a, b) => a - b);
        console.error(
          `direct channel: ${ratios[ratios.length >> 1].toFixed(1)}x faster than routed (must: 2)`,
        );
        await Promise.all([echo.stop(), peer.stop()]);
      },
    };
  },
});

/** The broker's memory, idle and with 1000 connections; "µs" are KiB here. */
const memory = (connections) => ({
  rounds: 1,
  async prepare(broker) {
    const rss = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${broker.pid}/status`, 'utf8'))[1]);
    return {
      async run() {
        const before = rss();
        const idle = broker.client.start('idle', connections);
        await idle.first;
        const after = rss();
        await idle.stop();
        console.error(
          `${broker.name}: ${before} KiB, ${((after - before) / connections).toFixed(1)} KiB a connection`,
        );
        return { operations: connections, nanoseconds: after * 1000 };
      },
      async end() {},
    };
  },
});

/** The same through libs/dbus: one connection calls another of this process. */
const libraryCalls = (window, count, goal) => ({
  must: goal,
  async prepare(broker) {
    const address = `unix:path=${broker.path}`;
    const [caller, callee] = [await Connection.connect(address), await Connection.connect(address)];
    callee.export('/t', {
      name: 'org.example.Bench',
      methods: { Go: { in: 'ay', out: 'ay', call: (_, bytes) => [bytes] } },
    });
    const call = {
      destination: callee.uniqueName,
      path: '/t',
      interface: 'org.example.Bench',
      member: 'Go',
      signature: 'ay',
      body: [new Uint8Array(64)],
    };
    return {
      async run() {
        let left = count;
        const start = process.hrtime.bigint();
        await Promise.all(
          Array.from({ length: window }, async () => {
            while (left-- > 0) await caller.call(call);
          }),
        );
        return { operations: count, nanoseconds: Number(process.hrtime.bigint() - start) / count };
      },
      async end() {
        caller.close();
        callee.close();
      },
    };
  },
});

export const loads = {
  'rtt 64 B': calls(64, 1, 2000, must(1, 0.75)),
  'rtt 4 KiB': calls(4096, 1, 1500, must(1, 0.75)),
  'rtt 64 KiB': calls(65_536, 1, 500, must(1.4, 0.75)),
  'rtt 1 MiB': calls(1 << 20, 1, 40, must(2.2, 0.7)),
  'pipelined 64 B, 64 in flight': calls(64, 64, 20_000, must(5, 2.5)),
  'pipelined 4 KiB, 64 in flight': calls(4096, 64, 8000, must(5, 2.5)),
  'pipelined 64 KiB, 16 in flight': calls(65_536, 16, 600, must(1.4, 0.75)),
  'pipelined 1 MiB, 4 in flight': calls(1 << 20, 4, 60, must(2.2, 0.7)),
  'one-way 64 B': oneWay(64, 100_000, must(8, 4)),
  'one-way 4 KiB': oneWay(4096, 10_000),
  'one-way 64 KiB': oneWay(65_536, 1000, must(1.4, 0.75)),
  'one-way 1 MiB': oneWay(1 << 20, 60, must(2.2, 0.7)),
  'broadcast to 10': broadcast(10, 2000),
  'broadcast to 100': broadcast(100, 500, must(5, 2)),
  'signal, no foreign rules': beside(1, 5000),
  'signal beside 10000 foreign rules': beside(10_000, 5000),
  'connect + Hello': connect(500, must(1, 0.4)),
  'libdbus spam, queue 1': spam(1, 2000),
  'libdbus spam, queue 100': spam(100, 5000, must(1.1, 0.9)),
  'rtt 64 B while another floods (p50)': flooded(1000, must(1, 1)),
  '64 MiB in a sealed memfd, transfer (others: copy)': bigPayload(false, { '× dbus-daemon': 500 }),
  '64 MiB in a sealed memfd, read (others: copy)': bigPayload(true, { '× dbus-daemon': 6 }),
  'direct channel, rtt 64 B': direct(64, 5000),
  'RSS with 1000 connections (KiB)': memory(1000),
  'libs/dbus, rtt 64 B': libraryCalls(1, 1000),
  'libs/dbus, 64 in flight': libraryCalls(64, 5000),
};
