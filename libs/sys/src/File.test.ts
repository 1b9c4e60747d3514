import { constants, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  createMemfd,
  Fd,
  fileStat,
  ioctl,
  lockFile,
  makeFifo,
  monotonicNow,
  pread,
  pwrite,
  read,
  Socket,
  write,
} from './index.js';

test('fileStat says what node:fs says', () => {
  using fd = Fd.open('/dev/null', constants.O_RDONLY);
  const expected = statSync('/dev/null', { bigint: true });
  const status = fileStat(fd);
  expect(status.inode).toBe(expected.ino);
  expect(status.mode).toBe(Number(expected.mode));
  expect(status.rdev).toEqual({ major: 1, minor: 3 });
  expect(status.links).toBe(Number(expected.nlink));
});

test('pread and pwrite go by position, behind 4 GiB too', () => {
  using fd = createMemfd('sparse', { size: 2 ** 33 });
  const position = 2 ** 32 + 5;
  expect(pwrite(fd, Buffer.from('far'), position)).toBe(3);
  const bytes = Buffer.alloc(3);
  expect(pread(fd, bytes, position)).toBe(3);
  expect(bytes.toString()).toBe('far');
  expect(pread(fd, bytes, 2 ** 33)).toBe(0);
});

test('a fifo carries bytes, says that there are none, and ends with its last writer', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sys-'));
  try {
    const path = join(directory, 'session.ref');
    makeFifo(path, 0o600);
    using reader = Fd.open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = Fd.open(path, constants.O_WRONLY | constants.O_NONBLOCK);
    const bytes = Buffer.alloc(8);
    expect(read(reader, bytes)).toBe(-1);
    expect(write(writer, Buffer.from('hello'))).toBe(5);
    expect(read(reader, bytes)).toBe(5);
    writer.close();
    expect(read(reader, bytes)).toBe(0);
    expect(() => makeFifo(path, 0o600)).toThrow(`EEXIST: mkfifo ${path}`);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('an ioctl fills the buffer, and one without a direction is kept from writing behind it', () => {
  using master = Fd.open('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY);
  const TIOCSWINSZ = 0x5414;
  const TIOCGWINSZ = 0x5413;
  ioctl(master, TIOCSWINSZ, new Uint8Array(Uint16Array.of(24, 80, 0, 0).buffer));
  const size = new Uint16Array(4);
  ioctl(master, TIOCGWINSZ, new Uint8Array(size.buffer));
  expect([...size]).toEqual([24, 80, 0, 0]);
  const memory = new Uint8Array(8).fill(0xee);
  ioctl(master, TIOCGWINSZ, memory.subarray(0, 2));
  expect([...memory]).toEqual([24, 0, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee]);
});

test('a buffer shorter than the request says is refused', () => {
  using master = Fd.open('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY);
  expect(() => ioctl(master, 0x80045430, new Uint8Array(3))).toThrow('EINVAL: ioctl(0x80045430) /dev/ptmx');
});

test('an ioctl reaches the memory that its argument points to, and leaves no address behind', () => {
  const SIOCGIFCONF = 0x8912;
  const [socket, peer] = Socket.pair('dgram');
  // struct ifconf { int ifc_len; struct ifreq *ifc_req; }, and struct ifreq is 40 bytes that begin with a name.
  const memory = new Uint8Array(40 * 64);
  const argument = new Uint8Array(16);
  new DataView(argument.buffer).setInt32(0, memory.length, true);
  ioctl(socket.fd, SIOCGIFCONF, argument, [{ offset: 8, memory }]);
  const used = new DataView(argument.buffer).getInt32(0, true);
  expect(used % 40).toBe(0);
  expect([...argument.subarray(8)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  const names = Array.from({ length: used / 40 }, (_, i) =>
    Buffer.from(memory.subarray(i * 40, i * 40 + 16))
      .toString()
      .replace(/\0.*/, ''),
  );
  for (const name of names) expect(readdirSync('/sys/class/net')).toContain(name);
  expect(names).toContain('lo');
  for (const offset of [9, -1, 2 ** 40])
    expect(() => ioctl(socket.fd, SIOCGIFCONF, argument, [{ offset, memory }])).toThrow('EINVAL');
  const pointers = Array.from({ length: 9 }, () => ({ offset: 8, memory }));
  expect(() => ioctl(socket.fd, SIOCGIFCONF, argument, pointers)).toThrow('EINVAL');
  socket.close();
  peer.close();
});

test('a lock is held by one open file at a time, and until all of its descriptors are closed', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sys-'));
  try {
    const path = join(directory, 'lock');
    const first = Fd.open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    const copy = first.dup();
    using second = Fd.open(path, constants.O_RDWR);
    expect(lockFile(first)).toBe(true);
    expect(lockFile(copy)).toBe(true);
    expect(lockFile(second)).toBe(false);
    first.close();
    expect(lockFile(second)).toBe(false);
    copy.close();
    expect(lockFile(second)).toBe(true);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('the monotonic clock is the one of process.hrtime', () => {
  const before = process.hrtime.bigint();
  const now = monotonicNow();
  expect(now >= before && now <= process.hrtime.bigint()).toBe(true);
});
