import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { type AnyStruct, type Ioctl, isByValue, sizeOf } from './index.js';
import { findIoctl, headers } from './tables.js';
import { compileAndRun, expectedOf, programOf } from './testing/Compiler.js';
import { allConstants, ioctlsOf, membersOf } from './testing/expressions.js';

const measured = JSON.parse(
  readFileSync(new URL('testing/kernel-offsets.json', import.meta.url), 'utf8'),
) as Record<'structs' | 'ioctls', Record<string, string>> & { constants: Record<string, number | string> };

const structs = new Map<string, AnyStruct>(
  headers.flatMap((header) => header.structs.map((type) => [`${type.kind} ${type.name}`, type])),
);
const ioctls = new Map<string, Ioctl>(headers.flatMap(ioctlsOf));

describe("the tables beside what was measured of the kernel's headers", () => {
  it.each(Object.entries(measured.structs))('%s', (name, facts) => {
    const type = structs.get(name);
    expect(type, 'is in a table').toBeDefined();
    const [size, ...fields] = facts.split(' ');
    expect(type!.size).toBe(Number(size));
    const members = membersOf(type!).map(({ path, offset, type }) => `${path}@${offset}+${sizeOf(type)}`);
    expect(members).toEqual(expect.arrayContaining(fields));
  });

  it.each(Object.entries(measured.ioctls))('%s', (name, facts) => {
    const ioctl = ioctls.get(name);
    expect(ioctl, 'is in a table').toBeDefined();
    const [number, moves, argument] = facts.split(' ');
    expect(ioctl!.number.toString(16)).toBe(Number(number).toString(16));
    if (argument === 'value') expect(isByValue(ioctl!.argument)).toBe(true);
    else if (argument === '-') expect(ioctl!.argument).toBeUndefined();
    else {
      expect(typeof ioctl!.argument === 'string' || !isByValue(ioctl!.argument)).toBe(true);
      if (moves!.includes('W')) expect(ioctl!.direction).toMatch(/read|both/);
      if (moves!.includes('R')) expect(ioctl!.direction).toMatch(/write|both/);
    }
  });

  it('the constants', () => {
    const ours = allConstants();
    const theirs = Object.entries(measured.constants).map(([name, value]) => [name, BigInt(value)] as const);
    expect(new Map(theirs.map(([name]) => [name, ours.get(name)]))).toEqual(new Map(theirs));
  });
});

/** Headers that hold only constants of a table. */
const constantHeaders: Readonly<Record<string, readonly string[]>> = {
  'linux/kd.h': ['linux/tiocl.h'],
  'drm/drm.h': ['drm/drm_fourcc.h'],
  'linux/signalfd.h': ['linux/posix_acl.h'],
};
/** What the oldest headers that we build with do not have yet. */
const newer = ['HIDIOCREVOKE'];

describe('the tables beside the installed headers, by the C compiler', () => {
  for (const header of headers)
    it(header.includes[0]!, ({ skip }) => {
      const more = constantHeaders[header.includes[0]!] ?? [];
      const result = compileAndRun(programOf(header, more));
      if ('missing' in result) return skip(result.missing);
      const known = new Set(result.lines.map((line) => line.split(' ')[0]));
      const expected = expectedOf(header, more).filter((line) => {
        const [entry] = line.split(' ');
        return !newer.includes(entry!) || known.has(entry);
      });
      expect(result.lines).toEqual(expected);
    });
});

test('every ioctl is found by its number, and no two are the same', () => {
  for (const { name, number } of ioctls.values()) expect(findIoctl(number)).toMatchObject({ name, number });
  const numbers = [...ioctls.values()].map(({ number }) => number);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(findIoctl(0xc0106467)).toBeUndefined();
});

test('a table has its ioctls by their own names', async () => {
  for (const [name, entry] of Object.entries(await import('./tables.js')))
    if (/^(VT|KD|TIOC|EVIOC|UI|HIDIOC|DRM_IOCTL|DMA_BUF|SYNC_IOC|FBIO)/.test(name))
      if (typeof entry === 'object' && 'direction' in entry) expect(entry.name).toBe(name);
});
