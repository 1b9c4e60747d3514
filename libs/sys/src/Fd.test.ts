import { execFileSync } from 'node:child_process';
import { closeSync, constants, fstatSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createMemfd, dupAll, Fd, fileStat, pread, pwrite } from './index.js';

function isOpen(number: number): boolean {
  try {
    fstatSync(number);
    return true;
  } catch {
    return false;
  }
}

test('a closed Fd has closed its number, and closing it again does nothing', () => {
  const fd = Fd.open('/dev/null', constants.O_RDONLY);
  const number = fd.number;
  expect(isOpen(number)).toBe(true);
  fd.close();
  expect(isOpen(number)).toBe(false);
  expect(fd.closed).toBe(true);
  const other = Fd.open('/dev/null', constants.O_RDONLY);
  expect(other.number).toBe(number);
  fd.close();
  expect(isOpen(number)).toBe(true);
  other.close();
});

test('a closed Fd gives no number', () => {
  const fd = Fd.open('/dev/null', constants.O_RDONLY);
  fd.close();
  expect(() => fd.number).toThrow('use of a closed file descriptor: /dev/null');
  expect(() => fd.take()).toThrow('use of a closed file descriptor: /dev/null');
});

test('take() leaves the number open, and the Fd closed', () => {
  const fd = Fd.open('/dev/null', constants.O_RDONLY);
  const number = fd.take();
  fd.close();
  expect(fd.closed).toBe(true);
  expect(isOpen(number)).toBe(true);
  closeSync(number);
});

test('using closes at the end of the block', () => {
  let number: number;
  {
    using fd = Fd.open('/dev/null', constants.O_RDONLY);
    number = fd.number;
  }
  expect(isOpen(number)).toBe(false);
});

test('a duplicate is another number of the same file', () => {
  using memfd = createMemfd('twice');
  using second = memfd.dup();
  pwrite(memfd, Buffer.from('same'), 0);
  const bytes = Buffer.alloc(4);
  pread(second, bytes, 0);
  expect(second.number).not.toBe(memfd.number);
  expect(bytes.toString()).toBe('same');
  expect(fileStat(second).inode).toBe(fileStat(memfd).inode);
});

test('duplicates of several are all made, or none', () => {
  using good = createMemfd('good');
  const copies = dupAll([good, good]);
  expect(new Set([good, ...copies].map(({ number }) => number)).size).toBe(3);
  for (const copy of copies) copy.close();
  const closed = createMemfd('closed');
  closed.close();
  const before = readdirSync('/proc/self/fd').length;
  expect(() => dupAll([good, closed])).toThrow('closed');
  expect(readdirSync('/proc/self/fd').length).toBe(before);
});

test('every number is close-on-exec', () => {
  using fd = Fd.open('/dev/null', constants.O_RDONLY);
  using copy = fd.dup();
  for (const { number } of [fd, copy]) {
    const flags = /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${number}`, 'utf8'))?.[1];
    expect(Number.parseInt(flags!, 8) & 0o2000000).toBe(0o2000000);
  }
});

test('a number that somebody else has closed is reported at close', () => {
  const fd = Fd.open('/dev/null', constants.O_RDONLY);
  closeSync(fd.number);
  expect(() => fd.close()).toThrow('EBADF: close /dev/null: Bad file descriptor');
});

test('a nonsensical number is refused', () => {
  expect(() => Fd.adopt(-1, 'result of a failed call')).toThrow(RangeError);
});

test('in debug mode an Fd that is collected unclosed is reported with the place where it was made', () => {
  const script = `
    import { Fd } from '${new URL('../dist/index.js', import.meta.url).href}';
    function loseOne() { Fd.open('/dev/null', 0); }
    function closeOne() { Fd.open('/dev/zero', 0).close(); }
    const kept = Fd.open('/dev/full', 0);
    loseOne();
    closeOne();
    const before = Fd.live().map((record) => record.what);
    while (Fd.leaks().length === 0) { gc(); await new Promise(setImmediate); }
    console.log(JSON.stringify({ before, after: Fd.live().map((record) => record.what), leaks: Fd.leaks(), kept: kept.what }));
  `;
  const output = execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { ...process.env, YARD_DEBUG_FDS: '1' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { before, after, leaks } = JSON.parse(output);
  expect(before.sort()).toEqual(['/dev/full', '/dev/null']);
  expect(after).toEqual(['/dev/full']);
  expect(leaks).toHaveLength(1);
  expect(leaks[0].what).toBe('/dev/null');
  expect(leaks[0].stack).toContain('loseOne');
});

test.skipIf(process.env['YARD_DEBUG_FDS'] === '1')('without debug mode nothing is recorded', () => {
  using _fd = Fd.open('/dev/null', constants.O_RDONLY);
  expect(Fd.live()).toEqual([]);
  expect(Fd.leaks()).toEqual([]);
});
