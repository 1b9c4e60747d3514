/**
 * What a message costs over a Socket of libs/sys and over node:net, both ends in this process, in one run: the two take
 * turns, and each number is the median of its repetitions.
 *
 *   node bench/sys.mjs [repetitions]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect as netConnect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Listener, Socket } from '@switchyard/sys';

const repetitions = Number(process.argv[2] ?? 9);
const directory = mkdtempSync(join(tmpdir(), 'bench-sys-'));

/** A connected pair as {write, cork, uncork, onData, close}; `onData` gets the count of bytes that came. */
async function sysPair() {
  const accepted = Promise.withResolvers?.() ?? deferred();
  const listener = Listener.listen(join(directory, 'sys'), { onConnection: accepted.resolve });
  const ends = [Socket.connect(join(directory, 'sys')), await accepted.promise];
  listener.close();
  const buffer = new Uint8Array(65536);
  return ends.map((socket) => ({
    write: (bytes) => socket.write(bytes),
    cork() {},
    uncork() {},
    onData(handler) {
      socket.watch({
        readable() {
          const count = socket.receive(buffer);
          if (count > 0) handler(count);
        },
      });
    },
    close: () => socket.close(),
  }));
}

async function netPair() {
  const accepted = deferred();
  const server = createServer(accepted.resolve).listen(join(directory, 'net'));
  await new Promise((resolve) => server.once('listening', resolve));
  const ends = [netConnect(join(directory, 'net')), await accepted.promise];
  server.close();
  return ends.map((socket) => ({
    write: (bytes) => socket.write(bytes),
    cork: () => socket.cork(),
    uncork: () => socket.uncork(),
    onData: (handler) => socket.on('data', (data) => handler(data.length)),
    close: () => socket.destroy(),
  }));
}

function deferred() {
  let resolve;
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** µs for one message there and one back. */
async function roundTrip([a, b], rounds) {
  const message = Buffer.alloc(64, 1);
  const done = deferred();
  let left = rounds;
  b.onData(() => b.write(message));
  a.onData(() => {
    if (--left === 0) done.resolve();
    else a.write(message);
  });
  const start = process.hrtime.bigint();
  a.write(message);
  await done.promise;
  return Number(process.hrtime.bigint() - start) / 1000 / rounds;
}

/** µs for one message, `batch` of them a turn; the next turn comes when the reader has them. */
async function oneWay([a, b], messages, batch, size, corked) {
  const message = Buffer.alloc(size, 1);
  const done = deferred();
  let sent = 0;
  let received = 0;
  const sendBatch = () => {
    if (corked) a.cork();
    for (let i = 0; i < batch; i++) a.write(message);
    if (corked) a.uncork();
    sent += batch;
  };
  b.onData((count) => {
    received += count;
    if (received < sent * size) return;
    if (sent >= messages) done.resolve();
    else sendBatch();
  });
  const start = process.hrtime.bigint();
  sendBatch();
  await done.promise;
  return Number(process.hrtime.bigint() - start) / 1000 / sent;
}

const measurements = [
  ['round trip, 64 B', (pair) => roundTrip(pair, 20_000)],
  ['one way, 64 B, 1 a turn', (pair) => oneWay(pair, 20_000, 1, 64, false)],
  ['one way, 64 B, 100 a turn', (pair) => oneWay(pair, 100_000, 100, 64, false)],
  ['one way, 64 B, 100 a turn, net corked', (pair) => oneWay(pair, 100_000, 100, 64, true)],
  ['one way, 64 KiB, 16 a turn', (pair) => oneWay(pair, 4_000, 16, 65536, false)],
];

async function measure(connectPair, run) {
  const pair = await connectPair();
  const result = await run(pair);
  for (const end of pair) end.close();
  return result;
}

const median = (values) => values.toSorted((x, y) => x - y)[values.length >> 1];
const rows = [];
for (const [name, run] of measurements) {
  const sys = [];
  const net = [];
  await measure(sysPair, run);
  await measure(netPair, run);
  for (let i = 0; i < repetitions; i++) {
    sys.push(await measure(sysPair, run));
    net.push(await measure(netPair, run));
  }
  const [ours, theirs] = [median(sys), median(net)];
  rows.push({
    measurement: name,
    'libs/sys µs': ours.toFixed(2),
    'node:net µs': theirs.toFixed(2),
    'net ÷ sys': (theirs / ours).toFixed(2),
  });
}
rmSync(directory, { recursive: true });
console.table(rows);
