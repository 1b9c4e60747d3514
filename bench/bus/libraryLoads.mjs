/** The loads whose clients are libs/dbus: both ends in this process, which costs more than the broker. */
import { Connection } from '@switchyard/dbus';

const name = 'org.example.Bench';

/** Two connections of this process, one of which answers calls with their own body. */
const between = (goal, run) => ({
  ...goal,
  async prepare(broker) {
    const address = `unix:path=${broker.path}`;
    const [one, other] = [await Connection.connect(address), await Connection.connect(address)];
    other.export('/t', { name, methods: { Go: { in: 'ay', out: 'ay', call: (_, bytes) => [bytes] } } });
    return {
      run: () => run(one, other),
      async end() {
        one.close();
        other.close();
      },
    };
  },
});

const fields = (destination, size) => ({
  destination,
  path: '/t',
  interface: name,
  member: 'Go',
  signature: 'ay',
  body: [new Uint8Array(size)],
});

async function timed(operations, work) {
  const start = process.hrtime.bigint();
  await work();
  return { operations, nanoseconds: Number(process.hrtime.bigint() - start) / operations };
}

const calls = (size, window, count, goal) =>
  between(goal, (caller, callee) => {
    const call = fields(callee.uniqueName, size);
    let left = count;
    const worker = async () => {
      while (left-- > 0) await caller.call(call);
    };
    return timed(count, () => Promise.all(Array.from({ length: window }, worker)));
  });

/** Signals to one connection, then a call that they go before. */
const oneWay = (size, count, goal) =>
  between(goal, (sender, receiver) => {
    const signal = fields(receiver.uniqueName, size);
    const last = fields(receiver.uniqueName, 1);
    return timed(count, async () => {
      for (let left = count; left > 0; left -= 64) {
        for (let i = 0; i < Math.min(left, 64); i++) sender.emit(signal);
        // The loop turns: what was sent leaves, what came is read.
        await new Promise(setImmediate);
      }
      await sender.call(last);
    });
  });

const connect = (count, goal) => ({
  ...goal,
  prepare: async (broker) => ({
    run: () =>
      timed(count, async () => {
        for (let i = 0; i < count; i++) (await Connection.connect(`unix:path=${broker.path}`)).close();
      }),
    async end() {},
  }),
});

export const libraryLoads = (goals) => ({
  'libs/dbus, rtt 64 B': calls(64, 1, 1000, goals.roundTrip),
  'libs/dbus, rtt 4 KiB': calls(4096, 1, 1000, goals.roundTrip),
  'libs/dbus, rtt 64 KiB': calls(65_536, 1, 300, goals.kib64),
  'libs/dbus, rtt 1 MiB': calls(1 << 20, 1, 30, goals.mib),
  'libs/dbus, pipelined 64 B, 64 in flight': calls(64, 64, 5000, goals.pipelined),
  'libs/dbus, pipelined 4 KiB, 64 in flight': calls(4096, 64, 3000, goals.pipelined),
  'libs/dbus, one-way 64 B': oneWay(64, 20_000, goals.oneWay),
  'libs/dbus, connect + Hello': connect(200, goals.connect),
});
