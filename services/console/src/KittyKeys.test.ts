import { beforeEach, describe, expect, test } from 'vitest';
import { noModifiers } from './Front.js';
import { encodeKey, type KeyPress } from './KeyEncoder.js';
import { keysyms as k } from './keysyms.js';
import { Screen } from './Screen.js';

const letter = (text: string, plain = text.toLowerCase(), latin = plain): KeyPress => ({
  keysym: text.codePointAt(0)!,
  text,
  latin,
  plain,
  shifted: plain.toUpperCase(),
});
const named = (keysym: number, text = ''): KeyPress => ({ keysym, text, latin: '' });
const held = (names: string) => ({
  ...noModifiers,
  shift: names.includes('S'),
  alt: names.includes('A'),
  control: names.includes('C'),
  meta: names.includes('M'),
  numLock: names.includes('N'),
});
const sent = (key: KeyPress, names: string, kittyFlags: number, modifyOtherKeys = 0) =>
  encodeKey(key, held(names), {
    applicationCursor: true,
    applicationKeypad: false,
    kittyFlags,
    modifyOtherKeys,
  }).replaceAll('\x1b', 'ESC ');

describe('the kitty keyboard protocol', () => {
  test.each<[string, KeyPress, string, number, string]>([
    ['text stays text', letter('a'), '', 1, 'a'],
    ['also with Shift and Num Lock', letter('A'), 'SN', 1, 'A'],
    ['Escape is told from the begin of a sequence', named(k.Escape, '\x1b'), '', 1, 'ESC [27u'],
    ['Ctrl+i is not Tab', letter('i'), 'C', 1, 'ESC [105;5u'],
    ['Ctrl+Shift+a says Shift', letter('A'), 'CS', 1, 'ESC [97;6u'],
    ['Alt+a', letter('a'), 'A', 1, 'ESC [97;3u'],
    ['Super', letter('a'), 'M', 1, 'ESC [97;9u'],
    ['Enter stays Enter, with Num Lock too', named(k.Return, '\r'), 'N', 1, '\r'],
    ['Shift+Enter', named(k.Return, '\r'), 'S', 1, 'ESC [13;2u'],
    ['Shift+Tab', named(k.ISO_Left_Tab), 'S', 1, 'ESC [9;2u'],
    ['cursor keys are CSI, whatever DECCKM says', named(k.Up), '', 1, 'ESC [A'],
    ['F3 does not look like a cursor report', named(k.F1 + 2), '', 1, 'ESC [13~'],
    ['F13 has a number', named(k.F1 + 12), '', 1, 'ESC [57376u'],
    ['the keypad types', named(k.KP_0 + 5, '5'), 'N', 1, '5'],
    ['its Enter is another Enter', named(k.KP_Enter, '\r'), '', 1, 'ESC [57414u'],
    ['a modifier alone says nothing', named(0xffe1), 'S', 1, ''],
    ['a repeat', { ...named(k.Up), event: 'repeat' }, '', 3, 'ESC [1;1:2A'],
    ['a release', { ...named(k.Up), event: 'release' }, '', 3, 'ESC [1;1:3A'],
    ['the release of a letter', { ...letter('a'), event: 'release' }, '', 3, 'ESC [97;1:3u'],
    ['but not of Enter', { ...named(k.Return, '\r'), event: 'release' }, '', 3, ''],
    ['nor without being asked', { ...named(k.Up), event: 'release' }, '', 1, ''],
    ['what Shift makes of it', letter('A'), 'CS', 5, 'ESC [97:65;6u'],
    ['where it is on a us keyboard', letter('с', 'с', 'c'), 'C', 5, 'ESC [1089::99;5u'],
    ['all keys', letter('a'), '', 8, 'ESC [97u'],
    ['all keys, locks too', letter('a'), 'N', 8, 'ESC [97;129u'],
    ['Enter with all keys', named(k.Return, '\r'), '', 8, 'ESC [13u'],
    ['a modifier alone, with all keys', named(0xffe1), 'S', 8, 'ESC [57441;2u'],
    ['the text that it types', letter('A'), 'S', 24, 'ESC [97;2;65u'],
    ['text without modifiers', letter('a'), '', 24, 'ESC [97;;97u'],
    ['no text with Control', letter('a'), 'C', 24, 'ESC [97;5u'],
    ['everything', { ...letter('A'), event: 'repeat' }, 'S', 31, 'ESC [97:65;2:2;65u'],
  ])('%s', (_, key, names, flags, expected) => {
    expect(sent(key, names, flags)).toBe(expected);
  });
});

describe('modifyOtherKeys', () => {
  test.each<[string, KeyPress, string, number, string]>([
    ['off', letter('i'), 'C', 0, '\t'],
    ['1 leaves what has a control character', letter('i'), 'C', 1, '\t'],
    ['1 says what has none', letter('.'), 'C', 1, 'ESC [27;5;46~'],
    ['1 says Ctrl+Enter', named(k.Return, '\r'), 'C', 1, 'ESC [27;5;13~'],
    ['2 says all', letter('i'), 'C', 2, 'ESC [27;5;105~'],
    ['2 says Alt', letter('x'), 'A', 2, 'ESC [27;3;120~'],
    ['2 leaves text', letter('X'), 'S', 2, 'X'],
    ['2 leaves keys with a sequence', named(k.Up), 'C', 2, 'ESC [1;5A'],
  ])('%s', (_, key, names, level, expected) => {
    expect(sent(key, names, 0, level)).toBe(expected);
  });
});

describe('what programs ask for', () => {
  let answers: string;
  let screen: Screen;
  const asked = (query: string) => {
    answers = '';
    screen.write(query);
    return answers;
  };

  beforeEach(() => {
    screen = new Screen(20, 5, {
      answer: (text) => {
        answers += text;
      },
      changed() {},
      title() {},
      bell() {},
      copied() {},
      notified() {},
    });
  });

  test('flags are pushed, set, added, taken and popped', () => {
    expect(asked('\x1b[?u')).toBe('\x1b[?0u');
    expect(asked('\x1b[>1u\x1b[?u')).toBe('\x1b[?1u');
    expect(asked('\x1b[=6;2u\x1b[?u')).toBe('\x1b[?7u');
    expect(asked('\x1b[=1;3u\x1b[?u')).toBe('\x1b[?6u');
    expect(asked('\x1b[=31u\x1b[?u')).toBe('\x1b[?31u');
    expect(asked('\x1b[>99u\x1b[?u')).toBe('\x1b[?3u');
    expect(asked('\x1b[<u\x1b[?u')).toBe('\x1b[?31u');
    expect(asked('\x1b[<9u\x1b[?u')).toBe('\x1b[?0u');
  });

  test('either screen has its own', () => {
    expect(asked('\x1b[>1u\x1b[?1049h\x1b[?u')).toBe('\x1b[?0u');
    expect(asked('\x1b[>5u\x1b[?1049l\x1b[?u')).toBe('\x1b[?1u');
    expect(asked('\x1bc\x1b[?u')).toBe('\x1b[?0u');
  });

  test('a thousand pushes keep the last ones', () => {
    for (let flags = 0; flags < 1000; flags++) screen.write(`\x1b[>${flags % 32}u`);
    expect(asked('\x1b[?u')).toBe(`\x1b[?${999 % 32}u`);
    expect(asked('\x1b[<u\x1b[?u')).toBe(`\x1b[?${998 % 32}u`);
  });

  test('modifyOtherKeys is set, told and reset', () => {
    expect(asked('\x1b[>4;2m\x1b[?4m')).toBe('\x1b[>4;2m');
    expect(asked('\x1b[>4m\x1b[?4m')).toBe('\x1b[>4;0m');
    expect(asked('\x1b[>4;1m\x1b[>4n\x1b[?4m')).toBe('\x1b[>4;0m');
  });
});
