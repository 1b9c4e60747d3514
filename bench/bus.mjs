/**
 * What a routed message costs: this broker beside dbus-daemon. The same client
 * (libs/dbus's framing, batched writes) talks to each; every round runs every broker, in rotated order; the figures are
 * medians of the rounds, ratios are medians of the rounds' ratios. "cpu" is the broker's own time (/proc/PID/schedstat).
 *
 *   npx tsc -b services/bus && node bench/bus.mjs [rounds] [load, …]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FrameReader, MessageEncoder, MessageType } from '@switchyard/dbus';
import { driver, handshake, ReferenceBus, socketPath } from '@switchyard/dbus/testing';
import { Socket } from '@switchyard/sys';

const rounds = Number(process.argv[2] ?? 9);
const wanted = process.argv.slice(3);
const { methodCall, methodReturn, signal } = MessageType;
const encoder = new MessageEncoder();

function encode(fields) {
  const { head, body } = encoder.encode(fields);
  return Buffer.concat([head, body]);
}

/** A connection that counts messages; `onMessage` sees each in place. */
class Client {
  uniqueName = '';
  received = 0;
  onMessage = () => {};
  #serial = 0;
  #goal = { count: Number.POSITIVE_INFINITY, resolve: () => {} };

  static async connect(address) {
    const client = new Client();
    client.socket = Socket.connect(socketPath(address));
    let lines = 2;
    const prelude = {
      get done() {
        return lines === 0;
      },
      feed(bytes) {
        let used = 0;
        while (lines > 0 && used < bytes.length) if (bytes[used++] === 0x0a) lines--;
        return used;
      },
    };
    const reader = new FrameReader(client.socket, prelude, (frame) => client.#take(frame));
    client.socket.watch({ readable: () => reader.read() });
    client.socket.write(handshake());
    client.uniqueName = await client.ask('Hello');
    return client;
  }

  #take(frame) {
    this.received++;
    this.onMessage(frame);
    if (this.received >= this.#goal.count) this.#goal.resolve();
  }

  /** Resolves when `count` more messages have come. */
  more(count) {
    return new Promise((resolve) => {
      this.#goal = { count: this.received + count, resolve };
    });
  }

  /** Calls the driver; the first argument of the reply if it is a string. */
  ask(member, signature = '', ...body) {
    const serial = ++this.#serial;
    return new Promise((resolve) => {
      this.onMessage = (frame) => {
        if (frame.replySerial !== serial) return;
        this.onMessage = () => {};
        const { bytes, bodyStart, bodyLength } = frame;
        resolve(bodyLength > 5 ? bytes.toString('latin1', bodyStart + 4, bodyStart + bodyLength - 1) : '');
      };
      this.socket.write(encode({ type: methodCall, serial, ...driver, member, signature, body }));
    });
  }

  close() {
    this.socket.close();
  }
}

/** Answers every call with what it was sent, as fast as this library can. */
function echo(client, caller, payload) {
  const reply = encode({
    type: methodReturn,
    serial: 1,
    replySerial: 1,
    destination: caller.uniqueName,
    signature: 'ay',
    body: [payload],
  });
  const at = reply.indexOf(Buffer.from([5, 1, 0x75, 0, 1, 0, 0, 0])) + 4;
  client.onMessage = (frame) => {
    reply.writeUInt32LE(frame.serial, at);
    client.socket.write(reply);
  };
}

const item = { path: '/org/example/Bench', interface: 'org.example.Bench', member: 'Go', signature: 'ay' };

/** Calls in flight: `window` at a time until `count` have been answered. */
async function calls(bus, size, window, count) {
  const { a, b } = bus;
  const payload = Buffer.alloc(size);
  echo(b, a, payload);
  const call = encode({ type: methodCall, serial: 1, ...item, destination: b.uniqueName, body: [payload] });
  let sent = 0;
  const send = () => {
    call.writeUInt32LE(++sent, 8);
    a.socket.write(call);
  };
  a.onMessage = () => sent < count && send();
  const answered = a.more(count);
  for (let i = 0; i < window; i++) send();
  await answered;
  a.onMessage = b.onMessage = () => {};
  return count;
}

/** Signals to one receiver, 64 in a write; the queue is kept short by waiting for each thousand. */
async function oneWay(bus, size, count) {
  const { a, b } = bus;
  const bytes = encode({
    type: signal,
    serial: 1,
    ...item,
    destination: b.uniqueName,
    body: [Buffer.alloc(size)],
  });
  for (let sent = 0; sent < count; sent += 1000) {
    const arrived = b.more(1000);
    for (let i = 0; i < 1000; i++) a.socket.write(bytes);
    await arrived;
  }
  return count;
}

async function broadcast(bus, receivers, count) {
  const matching = [];
  for (let i = 0; i < receivers; i++) {
    const client = await Client.connect(bus.address);
    await client.ask('AddMatch', 's', "type='signal',interface='org.example.Bench',member='All'");
    matching.push(client);
  }
  const bytes = encode({ type: signal, serial: 1, ...item, member: 'All', body: [Buffer.alloc(64)] });
  return {
    async run() {
      for (let sent = 0; sent < count; sent += 100) {
        const arrived = Promise.all(matching.map((client) => client.more(100)));
        for (let i = 0; i < 100; i++) bus.a.socket.write(bytes);
        await arrived;
      }
      return count;
    },
    end() {
      for (const client of matching) client.close();
    },
  };
}

/** A signal for one receiver, beside rules of others that do not fit. */
async function beside(bus, foreign, count) {
  const others = await Client.connect(bus.address);
  for (let i = 0; i < foreign; i++) {
    const rule = `type='signal',interface='org.example.Bench',member='All',arg0='other${i}'`;
    others.socket.write(
      encode({
        type: methodCall,
        flags: 1,
        serial: i + 10,
        ...driver,
        member: 'AddMatch',
        signature: 's',
        body: [rule],
      }),
    );
    if (i % 500 === 499) await others.ask('GetId');
  }
  const { run, end } = await broadcast(bus, 1, count);
  return {
    run,
    end() {
      others.close();
      end();
    },
  };
}

async function connections(bus, count) {
  for (let i = 0; i < count; i++) (await Client.connect(bus.address)).close();
  return count;
}

const plain = (run) => async (bus) => ({ run: () => run(bus), end() {} });
const loads = {
  'rtt 64 B': plain((bus) => calls(bus, 64, 1, 1000)),
  'rtt 4 KiB': plain((bus) => calls(bus, 4096, 1, 500)),
  'rtt 64 KiB': plain((bus) => calls(bus, 65536, 1, 200)),
  'rtt 1 MiB': plain((bus) => calls(bus, 1 << 20, 1, 20)),
  'pipelined 64 B, 64 in flight': plain((bus) => calls(bus, 64, 64, 10_000)),
  'pipelined 4 KiB, 64 in flight': plain((bus) => calls(bus, 4096, 64, 4000)),
  'one-way 64 B': plain((bus) => oneWay(bus, 64, 30_000)),
  'one-way 4 KiB': plain((bus) => oneWay(bus, 4096, 5000)),
  'broadcast to 10': (bus) => broadcast(bus, 10, 1000),
  'broadcast to 100': (bus) => broadcast(bus, 100, 200),
  'signal, no foreign rules': (bus) => beside(bus, 0, 2000),
  'signal beside 10000 foreign rules': (bus) => beside(bus, 10_000, 2000),
  'connect + Hello': plain((bus) => connections(bus, 200)),
};

const cpuNanoseconds = (pid) => Number(readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ')[0]);
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

async function startOurs() {
  const runtimeDir = mkdtempSync(join(tmpdir(), 'bench-bus-'));
  const main = fileURLToPath(new URL('../services/bus/dist/main.js', import.meta.url));
  const child = spawn(process.execPath, [main, '--runtime-dir', runtimeDir], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await new Promise((resolve, reject) => {
    child.stderr.once('data', resolve);
    child.once('exit', () => reject(new Error('the broker did not start: build it first')));
  });
  const stop = () => {
    child.kill();
    child.once('exit', () => rmSync(runtimeDir, { recursive: true }));
  };
  return { name: 'ours', address: `unix:path=${join(runtimeDir, 'bus')}`, pid: child.pid, stop };
}

async function startReference() {
  const bus = await ReferenceBus.start();
  return { name: 'dbus-daemon', address: bus.address, pid: bus.pid, stop: () => bus.stop() };
}

const buses = [await startOurs(), await startReference()];
for (const bus of buses)
  [bus.a, bus.b] = [await Client.connect(bus.address), await Client.connect(bus.address)];

const results = [];
for (const [load, prepare] of Object.entries(loads)) {
  if (wanted.length > 0 && !wanted.some((part) => load.includes(part))) continue;
  for (const bus of buses) bus.prepared = await prepare(bus);
  const samples = new Map(buses.map((bus) => [bus, []]));
  for (let round = -1; round < rounds; round++)
    for (let i = 0; i < buses.length; i++) {
      const bus = buses[(i + Math.max(round, 0)) % buses.length];
      const [cpu, start] = [cpuNanoseconds(bus.pid), process.hrtime.bigint()];
      const count = await bus.prepared.run();
      const wall = Number(process.hrtime.bigint() - start);
      // The first round warms up.
      if (round >= 0)
        samples
          .get(bus)
          .push({ wall: wall / count / 1000, cpu: (cpuNanoseconds(bus.pid) - cpu) / count / 1000 });
    }
  for (const bus of buses) bus.prepared.end();
  const [ours, reference] = buses.map((bus) => samples.get(bus));
  const figure = (list, key) => Number(median(list.map((sample) => sample[key])).toPrecision(3));
  const ratio = (key) =>
    Number(median(ours.map((sample, i) => reference[i][key] / sample[key])).toPrecision(3));
  const row = {
    load,
    'ours µs': figure(ours, 'wall'),
    'dbus-daemon µs': figure(reference, 'wall'),
    'faster ×': ratio('wall'),
    'ours cpu µs': figure(ours, 'cpu'),
    'dbus-daemon cpu µs': figure(reference, 'cpu'),
    'less cpu ×': ratio('cpu'),
  };
  results.push(row);
  console.error(row);
}
console.table(results);
if (process.env.BENCH_JSON) writeFileSync(process.env.BENCH_JSON, JSON.stringify(results, undefined, 2));
for (const bus of buses) {
  bus.a.close();
  bus.b.close();
  await bus.stop();
}
