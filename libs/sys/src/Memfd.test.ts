import { readlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  addSeals,
  createMemfd,
  fileStat,
  getSeals,
  Mapping,
  pread,
  pwrite,
  type Seal,
  sealedMemfd,
  truncate,
} from './index.js';

const bytes = new TextEncoder().encode('keymap');

test('a memfd has the name, the size and no seals', () => {
  using fd = createMemfd('frame', { size: 8192 });
  expect(readlinkSync(`/proc/self/fd/${fd.number}`)).toBe('/memfd:frame (deleted)');
  expect(fileStat(fd).size).toBe(8192);
  expect(getSeals(fd)).toEqual(new Set());
});

test('the seals are those that were set', () => {
  const cases: Seal[][] = [['shrink'], ['shrink', 'grow'], ['write'], ['future-write'], ['exec'], ['seal']];
  for (const seals of cases) {
    using fd = createMemfd('sealed');
    addSeals(fd, seals);
    const expected = new Set(seals);
    // The kernel adds these four to F_SEAL_EXEC of an executable memfd: what runs must not change.
    if (seals[0] === 'exec')
      for (const seal of ['shrink', 'grow', 'write', 'future-write'] as const) expected.add(seal);
    expect(getSeals(fd)).toEqual(expected);
  }
});

test('each seal forbids what it says', () => {
  using fd = createMemfd('pool', { size: 4096 });
  addSeals(fd, ['shrink']);
  expect(() => truncate(fd, 100)).toThrow('EPERM: ftruncate memfd pool: Operation not permitted');
  truncate(fd, 8192);
  addSeals(fd, ['grow']);
  expect(() => truncate(fd, 9000)).toThrow('EPERM');
  pwrite(fd, bytes, 0);
  addSeals(fd, ['write']);
  expect(() => pwrite(fd, bytes, 0)).toThrow('EPERM: pwrite');
  expect(() => Mapping.map(fd, 4096, { write: true })).toThrow('EPERM: mmap');
  addSeals(fd, ['seal']);
  expect(() => addSeals(fd, ['future-write'])).toThrow('EPERM: fcntl(F_ADD_SEALS)');
});

test('the seal write waits for writable mappings to end', () => {
  using fd = createMemfd('pool', { size: 4096 });
  const mapping = Mapping.map(fd, 4096, { write: true });
  expect(() => addSeals(fd, ['write'])).toThrow('EBUSY');
  mapping.unmap();
  addSeals(fd, ['write']);
});

test('a sealed memfd holds its bytes and every seal that keeps them', () => {
  using fd = sealedMemfd('keymap', bytes);
  const read = new Uint8Array(16);
  expect(pread(fd, read, 0)).toBe(bytes.length);
  expect(read.subarray(0, bytes.length)).toEqual(bytes);
  expect(getSeals(fd)).toEqual(new Set(['shrink', 'grow', 'write', 'seal']));
});

test('flags of memfd_create reach the kernel', () => {
  using unsealable = createMemfd('plain', { sealable: false });
  expect(getSeals(unsealable)).toEqual(new Set(['seal']));
  using noexec = createMemfd('noexec', { noexecSeal: true });
  expect(getSeals(noexec)).toContain('exec');
  expect(fileStat(noexec).mode & 0o111).toBe(0);
  using executable = createMemfd('program', { executable: true });
  expect(fileStat(executable).mode & 0o111).toBe(0o111);
});

test('huge pages are asked for by size', () => {
  // Node's process may be on a kernel without hugetlbfs, which says ENOSYS or ENOENT; with it, sizes are whole pages.
  try {
    using fd = createMemfd('huge', { hugetlb: 2 * 1024 * 1024 });
    expect(() => truncate(fd, 4096)).toThrow('EINVAL: ftruncate memfd huge');
    truncate(fd, 4 * 1024 * 1024);
    expect(fileStat(fd).size).toBe(4 * 1024 * 1024);
  } catch (error) {
    expect((error as Error).message).toMatch(/^(ENOSYS|ENOENT|ENODEV): memfd_create/);
  }
});

test('a name or a page size that cannot be is refused', () => {
  expect(() => createMemfd('x'.repeat(250))).toThrow('EINVAL: memfd_create');
  expect(() => createMemfd('huge', { hugetlb: 3_000_000 })).toThrow('3000000 is no size of huge pages');
});
