import { constants, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createMemfd, Fd, fileStat, Mapping, pread, pwrite } from './index.js';

function mapped(name: string): number {
  return readFileSync('/proc/self/maps', 'utf8').split(`/memfd:${name} `).length - 1;
}

test('a mapping shows what is written to the file, and the other way round', () => {
  using fd = createMemfd('shared', { size: 4096 });
  using mapping = Mapping.map(fd, 4096, { write: true });
  pwrite(fd, Buffer.from('from the file'), 0);
  expect(Buffer.from(mapping.bytes.subarray(0, 13)).toString()).toBe('from the file');
  mapping.bytes.set(Buffer.from('from the memory'));
  const bytes = Buffer.alloc(15);
  pread(fd, bytes, 0);
  expect(bytes.toString()).toBe('from the memory');
});

test('it outlives its Fd', () => {
  const fd = createMemfd('orphan', { size: 4096 });
  pwrite(fd, Buffer.from('!'), 4095);
  using mapping = Mapping.map(fd, 4096);
  fd.close();
  expect(mapping.bytes[4095]).toBe(33);
});

test('after unmap() every view has length 0 and the memory is gone', () => {
  using fd = createMemfd('brief', { size: 8192 });
  const mapping = Mapping.map(fd, 8192, { write: true });
  const view = new Uint32Array(mapping.buffer, 4096, 16);
  expect(mapped('brief')).toBe(1);
  mapping.unmap();
  expect([mapping.bytes.length, view.length, mapping.buffer.byteLength]).toEqual([0, 0, 0]);
  expect(mapping.unmapped).toBe(true);
  expect(mapped('brief')).toBe(0);
  mapping.unmap();
});

test('an old mapping that is collected does not take a new one at its address away', async () => {
  using fd = createMemfd('reused', { size: 1 << 20 });
  pwrite(fd, Buffer.from('still here'), 0);
  for (let i = 0; i < 200; i++) Mapping.map(fd, 1 << 20).unmap();
  using last = Mapping.map(fd, 1 << 20);
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let i = 0; i < 5; i++) {
    collect();
    await new Promise(setImmediate);
  }
  expect(Buffer.from(last.bytes.subarray(0, 10)).toString()).toBe('still here');
  expect(mapped('reused')).toBe(1);
});

test('a forgotten mapping is unmapped by the collector', async () => {
  using fd = createMemfd('forgotten', { size: 1 << 20 });
  (() => {
    Mapping.map(fd, 1 << 20);
  })();
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let i = 0; i < 100 && mapped('forgotten') > 0; i++) {
    collect();
    await new Promise(setImmediate);
  }
  expect(mapped('forgotten')).toBe(0);
});

test('a private mapping keeps its writes to itself', () => {
  using fd = createMemfd('private', { size: 4096 });
  using mapping = Mapping.map(fd, 4096, { write: true, private: true });
  mapping.bytes[0] = 7;
  const bytes = new Uint8Array(1);
  pread(fd, bytes, 0);
  expect(bytes[0]).toBe(0);
});

test('a mapping can begin inside the file, at a page', () => {
  using fd = createMemfd('offset', { size: 3 * 4096 });
  pwrite(fd, Buffer.from('page 2'), 8192);
  using mapping = Mapping.map(fd, 4096, { offset: 8192 });
  expect(Buffer.from(mapping.bytes.subarray(0, 6)).toString()).toBe('page 2');
  expect(() => Mapping.map(fd, 4096, { offset: 100 })).toThrow('EINVAL: mmap memfd offset');
});

test('what may not be written cannot be mapped writable', () => {
  using fd = Fd.open(process.execPath, constants.O_RDONLY);
  expect(fileStat(fd).size).toBeGreaterThan(0);
  expect(() => Mapping.map(fd, 4096, { write: true })).toThrow(`EACCES: mmap ${process.execPath}`);
});

/** So many more huge pages for as long as the test lasts; undefined where the machine has none, or lends none. */
function reserveHugePages(count: number): Disposable | undefined {
  const file = '/proc/sys/vm/nr_hugepages';
  try {
    const before = Number(readFileSync(file, 'utf8'));
    writeFileSync(file, String(before + count));
    const restore = () => writeFileSync(file, String(before));
    if (Number(readFileSync(file, 'utf8')) === before + count) return { [Symbol.dispose]: restore };
    restore();
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toMatch(/^(ENOENT|EROFS|EACCES|EPERM|EINVAL)$/);
  }
  return undefined;
}

test('a part of a huge page is unmapped with all of the page, and never more than was mapped', () => {
  const page = 2 * 1024 * 1024;
  using pages = reserveHugePages(1);
  const length = 3 * 4096;
  if (!pages) {
    // What cannot be had is refused when it is mapped, not when it is read.
    expect(() => Mapping.map(createMemfd('huge', { size: page, hugetlb: page }), length)).toThrow(/^E/);
    return;
  }
  using huge = createMemfd('huge', { size: page, hugetlb: page });
  using neighbour = createMemfd('neighbour', { size: 4096 });
  using beside = Mapping.map(neighbour, 4096);
  for (let times = 0; times < 3; times++) {
    const mapping = Mapping.map(huge, length);
    expect(mapping.bytes.length).toBe(length);
    expect(mapping.bytes[length - 1]).toBe(0);
    expect(mapped('huge')).toBe(1);
    mapping.unmap();
    expect(mapped('huge')).toBe(0);
  }
  expect(beside.bytes[0]).toBe(0);
});
