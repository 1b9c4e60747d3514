import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addSeals,
  createMemfd,
  Fd,
  getSeals,
  pwrite,
  type Seal,
  Socket,
  SystemError,
  truncate,
} from '@switchyard/sys';
import { expect, test } from 'vitest';
import { MemoryRefused, SharedMemory } from './SharedMemory.js';
import { ShmImage } from './ShmImage.js';

const size = 16 * 16 * 4;

function copy(memory: SharedMemory, width = 16, height = 16): Uint8Array | undefined {
  const target = new Uint8Array(size);
  return memory.copy(target, 64, 0, 64, 0, 0, width, height) ? target : undefined;
}

function file(bytes: number): Fd {
  const directory = mkdtempSync(join(tmpdir(), 'yard-shm-'));
  const fd = Fd.adopt(openSync(join(directory, 'pool'), 'w+'), 'pool');
  rmSync(directory, { recursive: true });
  truncate(fd, bytes);
  return fd;
}

test('memory that its client sealed is taken as it is', () => {
  const fd = createMemfd('pool', { size });
  using mine = fd.dup();
  const memory = SharedMemory.open(fd, size, 'require');
  expect(memory.protection).toBe('sealed by us');
  expect(getSeals(mine)).toContain('shrink');
  expect(SharedMemory.open(mine.dup(), size, 'require').protection).toBe('sealed by the client');
  expect(() => truncate(mine, 0)).toThrow(SystemError);
  memory.release();
});

test('what cannot be sealed is read under a guard, and refused where sealing is required', () => {
  const unsealable = () => createMemfd('pool', { size, sealable: false });
  expect(SharedMemory.open(unsealable(), size, 'auto').protection).toBe('guarded reads');
  expect(() => SharedMemory.open(unsealable(), size, 'require')).toThrow(MemoryRefused);
  expect(SharedMemory.open(file(size), size, 'auto').protection).toBe('guarded reads');
});

test('with sealing off nothing is sealed', () => {
  const fd = createMemfd('pool', { size });
  using mine = fd.dup();
  expect(SharedMemory.open(fd, size, 'off').protection).toBe('guarded reads');
  expect([...getSeals(mine)]).toEqual([]);
});

test('memory that is read only for us cannot be sealed by us, but read', () => {
  using writable = createMemfd('pool', { size });
  const readable = Fd.open(`/proc/self/fd/${writable.number}`, 0);
  const memory = SharedMemory.open(readable, size, 'auto');
  expect(memory.protection).toBe('guarded reads');
  expect(copy(memory)).toBeDefined();
});

test('pixels are read where they are, and again after the memory has grown', () => {
  const fd = createMemfd('pool', { size });
  using mine = fd.dup();
  const memory = SharedMemory.open(fd, size, 'auto');
  pwrite(mine, new Uint8Array([1, 2, 3, 4]), 0);
  expect(copy(memory)?.subarray(0, 4)).toEqual(new Uint8Array([1, 2, 3, 4]));
  truncate(mine, size * 100);
  memory.grow(size * 100);
  pwrite(mine, new Uint8Array([5, 6, 7, 8]), size * 99);
  const target = new Uint8Array(size);
  expect(memory.copy(target, 64, size * 99, 64, 0, 0, 16, 16)).toBe(true);
  expect(target.subarray(0, 4)).toEqual(new Uint8Array([5, 6, 7, 8]));
  memory.release();
});

test('memory that is shorter than its client says is not there, neither before nor after it was cut', () => {
  const short = SharedMemory.open(createMemfd('pool', { size: 100 }), size, 'auto');
  expect(copy(short)).toBeUndefined();
  expect(copy(short, 16, 1)).toBeDefined();
  const fd = createMemfd('pool', { size, sealable: false });
  using mine = fd.dup();
  const cut = SharedMemory.open(fd, size, 'auto');
  expect(copy(cut)).toBeDefined();
  truncate(mine, 0);
  expect(copy(cut)).toBeUndefined();
  truncate(mine, size);
  expect(copy(cut)).toBeDefined();
});

test('what cannot be mapped is refused at once', () => {
  const [a, b] = Socket.pair('stream');
  expect(() => SharedMemory.open(a.fd.dup(), size, 'auto')).toThrow();
  a.close();
  b.close();
  const directory = Fd.adopt(openSync('/', 'r'), '/');
  expect(() => SharedMemory.open(directory, size, 'auto')).toThrow();
  expect(directory.closed).toBe(true);
});

test('a refused descriptor is closed, a held one with its last holder', () => {
  const refused = createMemfd('pool', { size, sealable: false });
  expect(() => SharedMemory.open(refused, size, 'require')).toThrow(MemoryRefused);
  expect(refused.closed).toBe(true);
  const fd = createMemfd('pool', { size });
  const memory = SharedMemory.open(fd, size, 'auto').hold();
  memory.release();
  expect(fd.closed).toBe(false);
  memory.release();
  expect(fd.closed).toBe(true);
});

test('memory is frozen when all of it is there and sealed against writing and shrinking', () => {
  const made = (seals: Seal[], filled = size): SharedMemory => {
    const fd = createMemfd('pool', { size: 2 * 4096 });
    pwrite(fd, new Uint8Array(2 * 4096).fill(7).subarray(0, filled), 0);
    addSeals(fd, seals);
    return SharedMemory.open(fd, 2 * 4096, 'off');
  };
  const whole = made(['shrink', 'write'], 2 * 4096);
  using image = new ShmImage(16, 16, 64, whole.frozen(size)!);
  expect([...image.bytes.subarray(size - 2)]).toEqual([7, 7]);
  expect(whole.frozen(2 * 4096 + 1)).toBeUndefined();
  // One page has never been written.
  expect(made(['shrink', 'write'], 4096).frozen(size)).toBeUndefined();
  expect(made(['shrink', 'future-write'], 2 * 4096).frozen(size)).toBeUndefined();
  expect(made(['write'], 2 * 4096).frozen(size)).toBeUndefined();
  expect(made(['shrink', 'grow', 'seal'], 2 * 4096).frozen(size)).toBeUndefined();
});
