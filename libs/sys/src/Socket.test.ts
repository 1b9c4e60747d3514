import { execFileSync } from 'node:child_process';
import { constants, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  createMemfd,
  EventFd,
  Fd,
  fileStat,
  Listener,
  MAX_FDS,
  makeFifo,
  Pidfd,
  pread,
  Socket,
  type SystemError,
  sealedMemfd,
} from './index.js';

const directory = mkdtempSync(join(tmpdir(), 'sys-'));
afterAll(() => rmSync(directory, { recursive: true, maxRetries: 10 }));
const buffer = new Uint8Array(1 << 20);

function openFds(): number {
  return readdirSync('/proc/self/fd').length;
}

/** Resolves with the next bytes that come, and the fds. */
function next(socket: Socket): Promise<{ text: string; fds: Fd[] }> {
  return new Promise((resolve) => {
    socket.watch({
      readable() {
        const fds: Fd[] = [];
        const count = socket.receive(buffer, fds);
        socket.watch({});
        resolve({ text: Buffer.from(buffer.subarray(0, count)).toString(), fds });
      },
    });
  });
}

test('what is written in one turn leaves in one message, at the end of the turn', async () => {
  const [a, b] = Socket.pair('stream');
  a.write(Buffer.from('one '));
  a.write(Buffer.from('two '));
  expect(b.receive(buffer)).toBe(-1);
  expect(a.pending).toBe(8);
  await null;
  expect(a.pending).toBe(0);
  a.write(Buffer.from('three'));
  a.flush();
  expect((await next(b)).text).toBe('one two three');
  a.close();
  expect(b.receive(buffer)).toBe(0);
  b.close();
});

test('fds of every kind arrive and are the same files', async () => {
  const [a, b] = Socket.pair('stream');
  const fifo = join(directory, 'fifo');
  makeFifo(fifo, 0o600);
  const [inner, innerPeer] = Socket.pair('seqpacket');
  const kinds = [
    sealedMemfd('memfd', Buffer.from('bytes')),
    Fd.open('/dev/null', constants.O_RDONLY),
    Fd.open(directory, constants.O_RDONLY | constants.O_DIRECTORY),
    Fd.open(process.execPath, constants.O_RDONLY),
    Fd.open('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY),
    Fd.open(fifo, constants.O_RDONLY | constants.O_NONBLOCK),
    inner.fd,
    EventFd.create({ initial: 3 }).fd,
    Pidfd.open(process.pid).fd,
  ];
  const inodes = kinds.map((fd) => fileStat(fd).inode);
  a.write(Buffer.from('!'), kinds);
  expect(kinds.every((fd) => fd.closed)).toBe(true);
  const { fds } = await next(b);
  expect(fds.map((fd) => fileStat(fd).inode)).toEqual(inodes);
  const read = Buffer.alloc(5);
  pread(fds[0]!, read, 0);
  expect(read.toString()).toBe('bytes');
  expect(EventFd.adopt(fds[7]!).take()).toBe(3n);
  expect(Pidfd.adopt(fds[8]!).pid).toBe(process.pid);
  const socket = Socket.adopt(fds[6]!, 'seqpacket');
  innerPeer.send(Buffer.from('through'));
  expect(socket.receive(buffer)).toBe(7);
  for (const fd of fds) fd.close();
  for (const socket of [a, b, innerPeer]) socket.close();
});

test('253 fds go with one message, 254 are refused with the reason and stay the caller’s', async () => {
  for (const type of ['stream', 'seqpacket'] as const) {
    const [a, b] = Socket.pair(type);
    const put = (fds: Fd[]): void => {
      if (type === 'stream') a.write(Buffer.from('x'), fds);
      else expect(a.send(Buffer.from('x'), fds)).toBe(true);
    };
    const before = openFds();
    const fds = Array.from({ length: MAX_FDS + 1 }, () => Fd.open('/dev/null', constants.O_RDONLY));
    expect(() => put(fds)).toThrow(
      'cannot send 254 file descriptors with one message: the kernel carries at most 253',
    );
    expect(fds.every((fd) => !fd.closed)).toBe(true);
    fds.pop()!.close();
    put(fds);
    const received = await next(b);
    expect(received.fds).toHaveLength(253);
    expect(b.lastTruncated).toBe(false);
    for (const fd of received.fds) fd.close();
    expect(openFds()).toBeLessThanOrEqual(before + 1);
    a.close();
    b.close();
  }
});

test('fds that cannot be sent are refused before any is moved', () => {
  const [a, b] = Socket.pair('stream');
  const good = createMemfd('good');
  const closed = createMemfd('closed');
  closed.close();
  expect(() => a.write(Buffer.from('x'), [good, closed])).toThrow('use of a closed file descriptor');
  expect(() => a.write(Buffer.from('x'), [good, good])).toThrow('the same Fd is to be sent twice');
  expect(() => a.write(new Uint8Array(0), [good])).toThrow('file descriptors need at least one byte');
  expect(good.closed).toBe(false);
  expect(a.pending).toBe(0);
  good.close();
  a.close();
  b.close();
});

test('fds that nobody asks for are closed', async () => {
  const [a, b] = Socket.pair('stream');
  const before = openFds();
  a.write(Buffer.from('x'), [createMemfd('unwanted'), createMemfd('unwanted')]);
  await null;
  expect(b.receive(buffer)).toBe(1);
  expect(openFds()).toBe(before);
  a.close();
  b.close();
});

test('credentials are the kernel’s: of the peer, and of the sender of each message', async () => {
  const me = { pid: process.pid, uid: process.getuid!(), gid: process.getgid!() };
  const [a, b] = Socket.pair('stream');
  expect(a.peer).toEqual(me);
  const groups = /^Groups:[\t ]*(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  expect(a.peerGroups()).toEqual(groups.split(' ').filter(Boolean).map(Number));
  b.passCredentials = true;
  a.write(Buffer.from('x'));
  await null;
  expect(b.receive(buffer)).toBe(1);
  expect(b.lastCredentials).toEqual(me);
  a.close();
  expect(b.receive(buffer)).toBe(0);
  expect(b.lastCredentials).toBeUndefined();
  b.close();
});

test('a slow reader gets every byte, while the writer’s queue grows and then drains', async () => {
  const [a, b] = Socket.pair('stream');
  const size = 3_000_000;
  const bytes = Buffer.alloc(size);
  for (let i = 0; i < size; i += 4) bytes.writeUInt32LE(i, i);
  const drained = new Promise<void>((resolve) => a.watch({ drained: resolve }));
  a.write(bytes);
  await null;
  const waiting = a.pending;
  expect(waiting).toBeGreaterThan(size / 2);
  expect(waiting).toBeLessThan(size);
  const parts: Buffer[] = [];
  let count = 0;
  const done = new Promise<void>((resolve) => {
    b.watch({
      readable() {
        const received = b.receive(buffer, undefined, 0, 7001);
        parts.push(Buffer.from(buffer.subarray(0, received)));
        count += received;
        if (count === size) resolve();
      },
    });
  });
  await Promise.all([drained, done]);
  expect(a.pending).toBe(0);
  expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  a.close();
  b.close();
});

test('reading that is paused calls nobody until it is resumed', async () => {
  const [a, b] = Socket.pair('stream');
  let calls = 0;
  let arrived = (): void => {};
  b.watch({
    readable() {
      calls++;
      b.receive(buffer);
      arrived();
    },
  });
  b.pauseReading();
  a.write(Buffer.from('x'));
  for (let i = 0; i < 5; i++) await new Promise(setImmediate);
  expect(calls).toBe(0);
  const done = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  b.resumeReading();
  await done;
  expect(calls).toBe(1);
  a.close();
  b.close();
});

test('a peer that goes fails the write side once, closes what was queued, and leaves what it had sent', async () => {
  const [a, b] = Socket.pair('stream');
  b.write(Buffer.from('last words'));
  b.flush();
  b.close();
  const before = openFds();
  const errors: SystemError[] = [];
  const failed = new Promise<void>((resolve) => {
    a.watch({
      failed: (error) => {
        errors.push(error);
        resolve();
      },
    });
  });
  a.write(Buffer.from('x'), [createMemfd('lost')]);
  await failed;
  a.write(Buffer.from('y'), [createMemfd('lost too')]);
  await null;
  expect(errors.map((error) => error.message)).toEqual(['EPIPE: sendmsg stream pair: Broken pipe']);
  expect(openFds()).toBe(before);
  expect(a.pending).toBe(0);
  expect(a.receive(buffer)).toBe(10);
  expect(a.receive(buffer)).toBe(0);
  a.close();
});

test('a peer that goes without reading all is an end like any other', async () => {
  for (const type of ['stream', 'seqpacket'] as const) {
    const [a, b] = Socket.pair(type);
    if (type === 'stream') a.write(Buffer.from('never read'));
    else a.send(Buffer.from('never read'));
    a.flush();
    if (type === 'stream') b.write(Buffer.from('sent before'));
    else b.send(Buffer.from('sent before'));
    b.flush();
    b.close();
    const seen: number[] = [];
    await new Promise<void>((resolve) => {
      a.watch({
        readable() {
          seen.push(a.receive(buffer));
          if (seen.at(-1) === 0) resolve();
        },
      });
    });
    expect(seen).toEqual([11, 0]);
    // The end was told, and is not told again and again.
    await new Promise(setImmediate);
    expect(seen).toEqual([11, 0]);
    a.close();
  }
});

test('a closed socket never calls back, whatever closes it', async () => {
  const [a, b] = Socket.pair('stream');
  let calls = 0;
  a.watch({
    readable() {
      calls++;
      a.close();
    },
    drained() {
      calls += 10;
      a.close();
    },
    failed() {
      calls += 100;
    },
  });
  a.write(Buffer.from('x'));
  b.write(Buffer.from('x'));
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(calls).toBe(10);
  const before = openFds();
  a.write(Buffer.from('dropped'), [createMemfd('dropped')]);
  expect(openFds()).toBe(before);
  a.close();
  b.close();

  const [c, d] = Socket.pair('stream');
  c.watch({ drained: () => calls++, failed: () => calls++ });
  c.write(Buffer.alloc(1 << 20), [createMemfd('queued')]);
  c.close();
  await new Promise(setImmediate);
  expect(calls).toBe(10);
  expect(d.receive(buffer)).toBe(0);
  d.close();
});

test('a limit on what is pending fails the socket with ENOBUFS, after the caller’s turn', async () => {
  const [a, b] = Socket.pair('stream');
  a.limitPending(100_000, 10);
  let failure: SystemError | undefined;
  a.watch({
    failed: (error) => {
      failure = error;
    },
  });
  for (let i = 0; i < 1000 && !failure; i++) {
    a.write(Buffer.alloc(10_000));
    if (i % 10 === 0) await null;
  }
  expect(failure?.message).toBe('ENOBUFS: sendmsg stream pair: No buffer space available');
  expect(a.pending).toBe(0);
  a.close();
  b.close();

  const [c, d] = Socket.pair('stream');
  c.limitPending(100_000, 10);
  // One turn may write more than the limit, as long as the kernel takes it.
  for (let i = 0; i < 15; i++) {
    c.write(Buffer.alloc(10_000));
    let count = 0;
    while (d.receive(buffer) > 0) count++;
    expect(count).toBeLessThanOrEqual(2);
  }
  c.flush();
  expect(c.pending).toBe(0);
  c.close();
  d.close();
});

test('packets keep their bounds and their fds; one that is cut is told', () => {
  const [a, b] = Socket.pair('seqpacket');
  const fd = createMemfd('buffer');
  const { inode } = fileStat(fd);
  expect(a.send(Buffer.from('first'))).toBe(true);
  expect(a.send(Buffer.from('second'), [fd])).toBe(true);
  expect(a.send(Buffer.from('third'))).toBe(true);
  expect(fd.closed).toBe(true);
  const fds: Fd[] = [];
  expect(b.receive(buffer, fds)).toBe(5);
  expect(fds).toHaveLength(0);
  expect(b.receive(buffer, fds)).toBe(6);
  expect(fds.map((received) => fileStat(received).inode)).toEqual([inode]);
  expect(b.lastTruncated).toBe(false);
  expect(b.receive(buffer, fds, 0, 2)).toBe(2);
  expect(b.lastTruncated).toBe(true);
  expect(b.receive(buffer, fds)).toBe(-1);
  fds[0]!.close();
  a.close();
  b.close();
});

test('a writer is told when the kernel has taken a part of what waits', async () => {
  const [a, b] = Socket.pair('stream');
  a.write(new Uint8Array(4 << 20));
  a.flush();
  const progressed = new Promise<number>((resolve) => a.watch({ progressed: () => resolve(a.pending) }));
  const waiting = a.pending;
  expect(waiting).toBeGreaterThan(0);
  while (b.receive(buffer) > 0);
  expect(await progressed).toBeLessThan(waiting);
  a.close();
  b.close();
});

test('a packet for which there is no room stays the caller’s, and drained tells when to try again', async () => {
  const [a, b] = Socket.pair('seqpacket');
  const packet = Buffer.alloc(4096, 'p');
  let sent = 0;
  while (a.send(packet)) sent++;
  const fd = createMemfd('kept');
  expect(a.send(packet, [fd])).toBe(false);
  expect(fd.closed).toBe(false);
  const drained = new Promise<void>((resolve) => a.watch({ drained: resolve }));
  for (let i = 0; i < sent; i++) expect(b.receive(buffer)).toBe(4096);
  await drained;
  expect(a.send(packet, [fd])).toBe(true);
  expect(fd.closed).toBe(true);
  a.close();
  b.close();
});

test('shutdown ends a channel for every holder of it', async () => {
  const [session, provider] = Socket.pair('seqpacket');
  using kept = session.fd.dup('kept duplicate');
  const ends: string[] = [];
  const ended = (name: string, socket: Socket): Promise<void> =>
    new Promise((resolve) => {
      socket.watch({
        readable() {
          if (socket.receive(buffer) !== 0) return;
          ends.push(name);
          resolve();
        },
      });
    });
  const both = [ended('session', session), ended('provider', provider)];
  Socket.adopt(kept, 'seqpacket').shutdown();
  await Promise.all(both);
  expect(ends.sort()).toEqual(['provider', 'session']);
  expect(() => provider.send(Buffer.from('event'))).toThrow('EPIPE: sendmsg seqpacket pair: Broken pipe');
  session.close();
  provider.close();
});

test('datagrams come to a bound address with their senders', async () => {
  const path = join(directory, 'notify');
  const receiver = Socket.bind(path, { mode: 0o600 });
  receiver.passCredentials = true;
  const sender = Socket.connect(path, 'dgram');
  expect(sender.send(Buffer.from('READY=1'))).toBe(true);
  expect((await next(receiver)).text).toBe('READY=1');
  expect(receiver.lastCredentials?.pid).toBe(process.pid);
  expect(sender.send(new Uint8Array(0))).toBe(true);
  expect(receiver.receive(buffer)).toBe(0);
  expect(receiver.lastCredentials?.pid).toBe(process.pid);
  receiver.close();
  expect(() => sender.send(Buffer.from('x'))).toThrow('ECONNREFUSED: sendmsg');
  sender.close();
});

test('each type has its own way of sending', () => {
  const [stream, streamPeer] = Socket.pair('stream');
  const [packets, packetsPeer] = Socket.pair('seqpacket');
  expect(() => stream.send(Buffer.from('x'))).toThrow('send() is for seqpacket and dgram sockets');
  expect(() => packets.write(Buffer.from('x'))).toThrow('write() is for stream sockets');
  for (const socket of [stream, streamPeer, packets, packetsPeer]) socket.close();
});

test('a connection that cannot be made says why', () => {
  expect(() => Socket.connect(join(directory, 'nobody'))).toThrow('ENOENT: connect');
  expect(() => Socket.connect('@nobody-at-all')).toThrow(
    'ECONNREFUSED: connect @nobody-at-all: Connection refused',
  );
  expect(() => Socket.connect(`/${'x'.repeat(107)}`)).toThrow('ENAMETOOLONG');
  expect(() => Socket.connect('')).toThrow('EINVAL');
  const path = join(directory, 'stream only');
  using _listener = Listener.listen(path, { onConnection: (socket) => socket.close() });
  expect(() => Socket.connect(path, 'seqpacket')).toThrow(`EPROTOTYPE: connect ${path}`);
});

test('a read ends where the fds of another write begin', async () => {
  const [a, b] = Socket.pair('stream');
  for (let i = 0; i < 3; i++) a.write(Buffer.from('ab'), [createMemfd(`number ${i}`)]);
  await null;
  const reads: [number, number][] = [];
  for (;;) {
    const fds: Fd[] = [];
    const count = b.receive(buffer, fds);
    if (count < 0) break;
    reads.push([count, fds.length]);
    for (const fd of fds) fd.close();
  }
  expect(reads).toEqual([
    [2, 1],
    [2, 1],
    [2, 1],
  ]);
  a.close();
  b.close();
});

test.runIf(process.getuid?.() === 0)(
  'a user with too many fds in flight waits, without spinning, until the reader takes them',
  () => {
    const script = `
      import { Fd, Socket } from '${new URL('../dist/index.js', import.meta.url).href}';
      process.setgroups([]); process.setgid(65534); process.setuid(65534);
      const [a, b] = Socket.pair('stream');
      for (let i = 0; i < 100; i++) { a.write(Buffer.from('x'), [Fd.open('/dev/null', 0)]); a.flush(); if (a.pending > 0) break; }
      console.log('pending', a.pending);
      a.watch({ drained() { console.log('drained'); a.close(); } });
      const used = process.cpuUsage();
      setTimeout(() => {
        const { user, system } = process.cpuUsage(used);
        console.log(user + system < 100_000 ? 'idle' : 'busy');
        const buffer = new Uint8Array(1);
        b.watch({ readable() { const fds = []; if (b.receive(buffer, fds) === 0) b.close(); for (const fd of fds) fd.close(); } });
      }, 300);`;
    const output = execFileSync(
      'sh',
      ['-c', 'ulimit -n 60; exec "$0" --input-type=module -e "$1"', process.execPath, script],
      { encoding: 'utf8' },
    );
    expect(output).toBe('pending 1\nidle\ndrained\n');
  },
);
