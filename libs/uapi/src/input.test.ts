import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ABS, BTN, EV, KEY, LED, REL, SW, SYN } from './input.js';

const HEADER = '/usr/include/linux/input-event-codes.h';

/** `#define NAME value` of the header, where the value is a number or another name. */
function definitions(): Map<string, number> {
  const found = new Map<string, number>();
  for (const [, name = '', value = ''] of readFileSync(HEADER, 'utf8').matchAll(
    /^#define\s+(\w+)\s+(0x[\da-f]+|\d+|[A-Z]\w+)\b/gim,
  ))
    found.set(name, found.get(value) ?? Number(value));
  return found;
}

describe.skipIf(!existsSync(HEADER))("the kernel's header input-event-codes.h", () => {
  const kernel = existsSync(HEADER) ? definitions() : new Map<string, number>();

  for (const [prefix, ours] of Object.entries({ EV, SYN, REL, ABS, LED, SW, BTN, KEY }))
    it(`has the same number for every ${prefix}_…`, () => {
      const theirs = Object.keys(ours).map((name) => [name, kernel.get(`${prefix}_${name}`)]);
      expect(Object.fromEntries(theirs)).toEqual(ours);
    });
});

describe('KEY', () => {
  it('has no code twice', () => {
    expect(new Set(Object.values(KEY)).size).toBe(Object.values(KEY).length);
  });
});
