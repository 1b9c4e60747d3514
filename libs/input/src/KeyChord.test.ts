import { KEY } from '@switchyard/uapi';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyChord } from './KeyChord.js';

const { LEFTCTRL, RIGHTCTRL, LEFTALT, RIGHTSHIFT, ESC, SYSRQ, K } = KEY;

describe('KeyChord', () => {
  it('is complete when the last of its keys goes down, in whatever order and on whichever side', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([RIGHTCTRL, LEFTALT, RIGHTSHIFT, ESC], { minLength: 4, maxLength: 4 }),
        (keys) => {
          const chord = KeyChord.parse('ctrl+alt+shift+esc');
          expect(keys.map((key) => chord.feed(key, 1))).toEqual([false, false, false, true]);
        },
      ),
    );
  });

  it('comes again with the next press, and not with repeats', () => {
    const chord = KeyChord.parse('alt+sysrq+k');
    chord.feed(LEFTALT, 1);
    chord.feed(SYSRQ, 1);
    expect(chord.feed(K, 1)).toBe(true);
    expect(chord.feed(K, 2)).toBe(false);
    expect(chord.feed(K, 0)).toBe(false);
    expect(chord.feed(K, 1)).toBe(true);
    chord.feed(SYSRQ, 0);
    expect(chord.feed(K, 1)).toBe(false);
  });

  it('does not mind other keys, and forgets what is down when it is told to', () => {
    const chord = KeyChord.parse('ctrl+esc');
    chord.feed(K, 1);
    chord.feed(LEFTCTRL, 1);
    expect(chord.feed(ESC, 1)).toBe(true);
    chord.reset();
    expect(chord.feed(ESC, 1)).toBe(false);
  });

  it('says what is wrong with a name', () => {
    expect(() => KeyChord.parse('ctrl+esk')).toThrow('ctrl+esk: there is no key esk');
    expect(() => KeyChord.parse('esc')).toThrow('a chord is 2…5 keys');
    expect(() => KeyChord.parse('a+b+c+d+e+f')).toThrow('a chord is 2…5 keys');
    expect(() => KeyChord.parse('ctrl+constructor')).toThrow('there is no key constructor');
  });
});
