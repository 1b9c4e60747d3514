import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { createMemfd, EventFd, Fd, makeFifo, Poll, PollEvents, Socket } from './index.js';

const index = new URL('../dist/index.js', import.meta.url).href;

test('a readable eventfd calls back until it has been read', async () => {
  using counter = EventFd.create();
  const taken: bigint[] = [];
  await new Promise<void>((resolve) => {
    let calls = 0;
    const poll = Poll.watch(counter.fd, 'readable', (events) => {
      expect(events).toBe(PollEvents.readable);
      if (++calls < 3) return;
      taken.push(counter.take());
      poll.close();
      resolve();
    });
    counter.signal(5n);
    counter.signal();
  });
  expect(taken).toEqual([6n]);
  expect(counter.take()).toBe(0n);
});

test('an eventfd as a semaphore gives one at a time', () => {
  using counter = EventFd.create({ initial: 2, semaphore: true });
  expect([counter.take(), counter.take(), counter.take()]).toEqual([1n, 1n, 0n]);
});

test('promises that a callback resolves go on before the next event', async () => {
  using counter = EventFd.create({ initial: 1 });
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    let calls = 0;
    const poll = Poll.watch(counter.fd, 'readable', () => {
      order.push(`event ${++calls}`);
      void Promise.resolve().then(() => order.push(`promise ${calls}`));
      process.nextTick(() => order.push(`tick ${calls}`));
      if (calls < 2) return;
      poll.close();
      setImmediate(resolve);
    });
  });
  expect(order).toEqual(['event 1', 'tick 1', 'promise 1', 'event 2', 'tick 2', 'promise 2']);
});

test('the last writer of a fifo leaving is a hang-up for its reader, and the last reader an error for its writer', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sys-'));
  const path = join(directory, 'fifo');
  makeFifo(path, 0o600);
  using reader = Fd.open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = Fd.open(path, constants.O_WRONLY | constants.O_NONBLOCK);
  const hangup = new Promise<number>((resolve) => {
    const poll = Poll.watch(reader, 'hangup', (events) => {
      poll.close();
      resolve(events);
    });
  });
  writer.close();
  expect(await hangup).toBe(PollEvents.hangup);

  using second = Fd.open(path, constants.O_WRONLY | constants.O_NONBLOCK);
  let calls = 0;
  const error = new Promise<number>((resolve) => {
    Poll.watch(second, 'hangup', (events) => {
      calls++;
      resolve(events);
    });
  });
  reader.close();
  expect(await error).toBe(PollEvents.error);
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(calls).toBe(1);
  rmSync(directory, { recursive: true, maxRetries: 10 });
});

test('what cannot be polled, or is polled already, is refused', () => {
  using file = Fd.open(process.execPath, constants.O_RDONLY);
  expect(() => Poll.watch(file, 'readable', () => {})).toThrow('EPERM: uv_poll_init');
  using counter = EventFd.create();
  using _first = Poll.watch(counter.fd, 'readable', () => {});
  expect(() => Poll.watch(counter.fd, 'readable', () => {})).toThrow('EEXIST: uv_poll_init eventfd');
});

test('closing the Fd closes its Poll, so that a new Fd with that number is not confused with it', async () => {
  const first = EventFd.create({ initial: 1 });
  let strayCalls = 0;
  const poll = Poll.watch(first.fd, 'readable', () => strayCalls++);
  const number = first.fd.number;
  const copy = first.fd.dup();
  first.close();
  expect(poll.closed).toBe(true);
  using second = EventFd.create({ initial: 1 });
  expect(second.fd.number).toBe(number);
  await new Promise<void>((resolve) => {
    const next = Poll.watch(second.fd, 'readable', () => {
      next.close();
      resolve();
    });
  });
  expect(strayCalls).toBe(0);
  copy.close();
});

test('a callback that throws is an uncaught exception, and the poll goes on', () => {
  const script = `
    import { EventFd, Poll } from '${index}';
    const counter = EventFd.create({ initial: 1 });
    let calls = 0;
    process.on('uncaughtException', (error) => console.log(error.message));
    const poll = Poll.watch(counter.fd, 'readable', () => {
      if (++calls === 2) poll.close();
      throw new Error('call ' + calls);
    });
  `;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(output).toBe('call 1\ncall 2\n');
});

test('an unref’d poll lets the process end, a referenced one keeps it', async () => {
  const script = (unref: string): string => `
    import { EventFd, Poll } from '${index}';
    const poll = Poll.watch(EventFd.create().fd, 'readable', () => {});
    ${unref}
    console.log('waiting');`;
  execFileSync(process.execPath, ['--input-type=module', '-e', script('poll.unref();')]);
  const child = spawn(process.execPath, ['--input-type=module', '-e', script('')]);
  await once(child.stdout, 'data');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(child.exitCode).toBeNull();
  child.kill();
  await once(child, 'exit');
});

test('sockets work in a worker, and a worker that is ended with open polls takes nothing down', async () => {
  const code = `
    const { parentPort } = require('node:worker_threads');
    import('${index}').then(({ Socket, EventFd, Poll }) => {
      const [a, b] = Socket.pair('stream');
      const idle = EventFd.create();
      Poll.watch(idle.fd, 'readable', () => {});
      const buffer = new Uint8Array(100);
      b.watch({ readable() {
        const count = b.receive(buffer);
        parentPort.postMessage(Buffer.from(buffer.subarray(0, count)).toString());
      } });
      a.write(Buffer.from('from the worker'));
    });`;
  for (let i = 0; i < 3; i++) {
    const worker = new Worker(code, { eval: true });
    expect(await once(worker, 'message')).toEqual(['from the worker']);
    await worker.terminate();
  }
  const [a, b] = Socket.pair('stream');
  a.write(Buffer.from('x'));
  await new Promise<void>((resolve) => b.watch({ readable: resolve }));
  a.close();
  b.close();
});

test('a memfd cannot be polled', () => {
  using memfd = createMemfd('x');
  expect(() => Poll.watch(memfd, 'readable', () => {})).toThrow('EPERM');
});
