import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { globMatches, parseRule, readHardwareRules } from './SeatRule.js';

test('a star stands for anything, everything else for itself', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.', '/'), maxLength: 12 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '/'), maxLength: 16 });
  fc.assert(
    fc.property(pattern, text, (glob, subject) => {
      const expression = new RegExp(`^${glob.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
      expect(globMatches(glob, subject)).toBe(expression.test(subject));
    }),
    { numRuns: 3000 },
  );
  expect(globMatches('*', undefined)).toBe(false);
});

test('a pattern of many stars takes no longer than it must', () => {
  const began = performance.now();
  expect(globMatches('*a'.repeat(2000), 'a'.repeat(1999))).toBe(false);
  expect(globMatches(`${'*a'.repeat(30)}b`, 'a'.repeat(4000))).toBe(false);
  // A matcher that goes back over all stars would be at it for years.
  expect(performance.now() - began).toBeLessThan(10_000);
});

test('rules say of which hardware, and which seat', () => {
  expect(parseRule({ path: '/sys/devices/pci*', driver: 'bochs', seat: 'seat1' })).toEqual({
    match: { path: '/sys/devices/pci*', driver: 'bochs' },
    seat: 'seat1',
  });
  expect(parseRule({ kind: 'hidraw', seat: '' }).seat).toBe('');
  for (const [wrong, why] of [
    [null, 'object'],
    [[], 'object'],
    [{ name: 'x' }, '"seat" is missing'],
    [{ name: 'x', seat: 'desk' }, 'no name for a seat'],
    [{ seat: 'seat1' }, 'says nothing of the hardware'],
    [{ vendor: 'x', seat: 'seat1' }, 'there is no "vendor"'],
    [{ name: 7, seat: 'seat1' }, '"name" is a text'],
    [{ name: '', seat: 'seat1' }, '"name" is a text'],
  ] as const) {
    expect(() => parseRule(wrong), JSON.stringify(wrong)).toThrow(why);
  }
});

test('a file of rules is read as a whole or not at all', () => {
  const directory = mkdtempSync(join(tmpdir(), 'yard-rules-'));
  const path = join(directory, 'rules.json');
  const read = (text: string) => {
    writeFileSync(path, text);
    return () => readHardwareRules(path);
  };
  try {
    expect(read('{"rules": [{"driver": "bochs*", "seat": "seat1"}]}')()).toHaveLength(1);
    expect(read('[]')).toThrow('{"rules": […]} is meant');
    expect(read('{"rules": [], "more": 1}')).toThrow('is meant');
    expect(read('{"rules": [{"driver": "a", "seat": "seat1"}, {}]}')).toThrow('rule 2: "seat" is missing');
    expect(read('{')).toThrow(SyntaxError);
  } finally {
    rmSync(directory, { recursive: true, maxRetries: 10 });
  }
});
