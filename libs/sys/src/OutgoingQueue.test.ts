import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMemfd, Fd, fileStat, SharedMemory, Socket } from './index.js';
import { OutgoingQueue } from './OutgoingQueue.js';

/** What a reader got: the bytes, and for each fd the position of the read that it came with, and its file. */
type Received = { parts: Buffer[]; length: number; fds: { from: number; to: number; inode: bigint }[] };

function readAll(socket: Socket, received: Received, step: number): void {
  const buffer = Buffer.alloc(step);
  for (;;) {
    const fds: Fd[] = [];
    const count = socket.receive(buffer, fds);
    if (count <= 0) return;
    const from = received.length;
    received.parts.push(Buffer.from(buffer.subarray(0, count)));
    received.length += count;
    for (const fd of fds) {
      received.fds.push({ from, to: from + count, inode: fileStat(fd).inode });
      fd.close();
    }
  }
}

test('writes with fds arrive in order, each fd with the first byte of its write', () => {
  const write = fc.record({
    size: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 30_000, max: 120_000 })),
    fds: fc.oneof(
      { weight: 2, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 5 }) },
    ),
    kept: fc.boolean(),
    flush: fc.boolean(),
    readStep: fc.constantFrom(0, 0, 1000, 8192, 70_000),
  });
  fc.assert(
    fc.property(fc.array(write, { minLength: 1, maxLength: 25 }), (writes) => {
      const [a, b] = Socket.pair('stream');
      const queue = new OutgoingQueue();
      const received: Received = { parts: [], length: 0, fds: [] };
      const sent: Buffer[] = [];
      const expected: { at: number; inode: bigint }[] = [];
      let position = 0;
      let seed = 0;
      const held = new Set<SharedMemory>();
      for (const { size, fds: count, kept, flush, readStep } of writes) {
        if (kept) {
          const memory = new SharedMemory(size + 100, (memory) => {
            held.delete(memory);
            memory.bytes.fill(0);
          });
          held.add(memory);
          const body = memory.bytes.subarray(50, 50 + size).fill(`${seed++};`);
          sent.push(Buffer.from(body));
          queue.keep(body, memory);
          memory.release();
          position += size;
          if (flush) queue.flush(a.fd.number);
          continue;
        }
        const bytes = Buffer.alloc(size, `${seed++}.`);
        const fds = Array.from({ length: count }, () => createMemfd('t'));
        for (const fd of fds) expected.push({ at: position, inode: fileStat(fd).inode });
        queue.append(bytes, count > 0 ? fds.map((fd) => fd.take()) : undefined);
        // The queue keeps a copy: what the caller does with its buffer afterwards is not sent.
        sent.push(Buffer.from(bytes));
        bytes.fill(0);
        position += size;
        if (flush) queue.flush(a.fd.number);
        if (readStep > 0) readAll(b, received, readStep);
      }
      while (queue.flush(a.fd.number) < 0) readAll(b, received, 65536);
      readAll(b, received, 65536);
      a.close();
      b.close();
      expect(queue.length).toBe(0);
      expect(held.size).toBe(0);
      expect(queue.fds).toBe(0);
      expect(Buffer.concat(received.parts).equals(Buffer.concat(sent))).toBe(true);
      expect(received.fds.map((fd) => fd.inode)).toEqual(expected.map((fd) => fd.inode));
      for (const [i, { at }] of expected.entries()) {
        expect(received.fds[i]!.from).toBeLessThanOrEqual(at);
        expect(received.fds[i]!.to).toBeGreaterThan(at);
      }
    }),
    { numRuns: 60 },
  );
});

test('clear() closes the fds that wait', () => {
  const queue = new OutgoingQueue();
  const fd = createMemfd('waiting');
  const number = fd.take();
  queue.append(Buffer.from('x'), [number]);
  expect(queue.length).toBe(1);
  expect(queue.fds).toBe(1);
  queue.clear();
  expect(queue.length).toBe(0);
  expect(() => fileStat(Fd.adopt(number))).toThrow('EBADF');
});
