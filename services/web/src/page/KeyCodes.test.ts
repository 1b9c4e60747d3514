import { KEY } from '@switchyard/uapi';
import { expect, test } from 'vitest';
import { keyCodes } from './KeyCodes.js';

/** Keys of an ordinary keyboard (linux/input-event-codes.h up to KEY_COMPOSE) that no KeyboardEvent.code names. */
const withoutCode = new Set<number>([KEY.KPJPCOMMA, KEY.LINEFEED]);

test('every key of an ordinary keyboard is reachable', () => {
  const reached = new Set(keyCodes.values());
  const missing = Object.entries(KEY).filter(
    ([, code]) => code <= KEY.COMPOSE && !reached.has(code) && !withoutCode.has(code),
  );
  expect(missing).toEqual([]);
});

test('codes are keys, not buttons, and two names of one key are aliases that browsers have used', () => {
  const names = new Map<number, string[]>();
  for (const [name, code] of keyCodes) {
    expect(code, name).toBeGreaterThan(0);
    expect(code, name).toBeLessThan(0x100);
    names.set(code, [...(names.get(code) ?? []), name]);
  }
  const aliases = [...names.values()].filter((list) => list.length > 1);
  expect(aliases).toEqual([
    ['MetaLeft', 'OSLeft'],
    ['MetaRight', 'OSRight'],
    ['Katakana', 'Lang3'],
    ['Hiragana', 'Lang4'],
    ['AudioVolumeMute', 'VolumeMute'],
    ['AudioVolumeDown', 'VolumeDown'],
    ['AudioVolumeUp', 'VolumeUp'],
  ]);
});

test.each([
  ['KeyA', 30],
  ['Digit1', 2],
  ['Digit0', 11],
  ['Enter', 28],
  ['Space', 57],
  ['F1', 59],
  ['F12', 88],
  ['ArrowUp', 103],
  ['Delete', 111],
  ['AltRight', 100],
  ['MetaLeft', 125],
  ['IntlBackslash', 86],
  ['NumpadEnter', 96],
  // linux/input-event-codes.h
])('%s is key %i', (name, code) => {
  expect(keyCodes.get(name)).toBe(code);
});
