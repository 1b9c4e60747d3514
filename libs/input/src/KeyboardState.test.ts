import native from '@switchyard/native';
import { KEY } from '@switchyard/uapi';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyboardState } from './KeyboardState.js';
import { Keymap } from './Keymap.js';
import { keysymByName, keysymName, keysymOf, keysymToUtf8 } from './keysyms.js';
import { LED, MODIFIER } from './modifiers.js';

const haveXkb = native.xkbAvailable();

for (const library of haveXkb ? [true, false] : [false]) {
  describe(`a keyboard's state ${library ? 'by libxkbcommon' : 'without the library'}`, () => {
    const keyboard = () => new KeyboardState(Keymap.fromNames({ layout: 'us' }, { library }));

    it('tells which updates change the modifiers, and what they are', () => {
      const state = keyboard();
      expect(state.update(KEY.A, true)).toBe(false);
      expect(state.update(KEY.LEFTSHIFT, true)).toBe(true);
      expect(state.update(KEY.RIGHTALT, true)).toBe(true);
      expect([...state.modifiers]).toEqual([MODIFIER.SHIFT | MODIFIER.MOD1, 0, 0, 0]);
      expect([...state.pressed]).toEqual([KEY.A, KEY.LEFTSHIFT, KEY.RIGHTALT]);
      expect(state.update(KEY.LEFTSHIFT, false)).toBe(true);
      expect(state.update(KEY.LEFTSHIFT, false)).toBe(false);
      expect([...state.modifiers]).toEqual([MODIFIER.MOD1, 0, 0, 0]);
    });

    it('keeps Shift while one of two Shift keys is held', () => {
      const state = keyboard();
      state.update(KEY.LEFTSHIFT, true);
      state.update(KEY.RIGHTSHIFT, true);
      state.update(KEY.LEFTSHIFT, false);
      expect(state.text(KEY.A)).toBe('A');
      state.update(KEY.RIGHTSHIFT, false);
      expect(state.text(KEY.A)).toBe('a');
    });

    it('locks with Caps Lock, which Shift undoes for letters only', () => {
      const state = keyboard();
      state.update(KEY.CAPSLOCK, true);
      state.update(KEY.CAPSLOCK, false);
      expect(state.leds).toBe(LED.CAPS);
      expect([state.text(KEY.A), state.text(KEY[1])]).toEqual(['A', '1']);
      state.update(KEY.LEFTSHIFT, true);
      expect([state.text(KEY.A), state.text(KEY[1])]).toEqual(['a', '!']);
      state.update(KEY.LEFTSHIFT, false);
      state.update(KEY.CAPSLOCK, true);
      state.update(KEY.CAPSLOCK, false);
      expect([state.leds, state.text(KEY.A)]).toEqual([0, 'a']);
    });

    it('gives the keypad its digits with Num Lock', () => {
      const state = keyboard();
      expect([state.keysym(KEY.KP7), state.text(KEY.KP7)]).toEqual([0xff95, '']);
      state.update(KEY.NUMLOCK, true);
      state.update(KEY.NUMLOCK, false);
      expect([state.keysym(KEY.KP7), state.text(KEY.KP7), state.leds]).toEqual([0xffb7, '7', LED.NUM]);
    });

    it('types control characters with Control', () => {
      const state = keyboard();
      state.update(KEY.LEFTCTRL, true);
      const typed = [KEY.C, KEY.LEFTBRACE, KEY.SPACE, KEY[2], KEY[8], KEY.SLASH, KEY[1]].map((code) =>
        state.text(code),
      );
      expect(typed).toEqual(['\x03', '\x1b', '\0', '\0', '\x7f', '\x1f', '1']);
    });

    it('lets go of every key at reset and keeps the locks', () => {
      const state = keyboard();
      for (const code of [KEY.CAPSLOCK, KEY.LEFTSHIFT, KEY.LEFTCTRL, KEY.A]) state.update(code, true);
      state.reset();
      expect([...state.modifiers]).toEqual([0, 0, MODIFIER.LOCK, 0]);
      expect(state.pressed.size).toBe(0);
      expect(state.text(KEY.A)).toBe('A');
      state.update(KEY.LEFTSHIFT, true);
      expect([...state.modifiers]).toEqual([MODIFIER.SHIFT, 0, MODIFIER.LOCK, 0]);
    });

    it('takes over the modifiers that a compositor tells', () => {
      const state = keyboard();
      state.setModifiers(MODIFIER.SHIFT, 0, MODIFIER.MOD2, 0);
      expect([state.text(KEY.A), state.leds, ...state.modifiers]).toEqual(['A', LED.NUM, 1, 0, 16, 0]);
      state.setModifiers(0, 0, 0, 0);
      expect(state.text(KEY.A)).toBe('a');
    });

    it('has no text and no keysym for codes that no key has', () => {
      const state = keyboard();
      for (const code of [0, 600, 5000, 2 ** 31])
        expect([state.keysym(code), state.text(code), state.update(code, true)]).toEqual([0, '', false]);
    });
  });
}

describe.skipIf(!haveXkb)('the built-in us layout', () => {
  const ordinary = [
    KEY.A,
    KEY.Z,
    KEY[2],
    KEY.KP4,
    KEY.KPASTERISK,
    KEY.F3,
    KEY.TAB,
    KEY.SYSRQ,
    KEY.COMMA,
    KEY.SPACE,
    KEY.ENTER,
  ];
  const modifiers = [
    KEY.LEFTSHIFT,
    KEY.RIGHTSHIFT,
    KEY.LEFTCTRL,
    KEY.LEFTALT,
    KEY.LEFTMETA,
    KEY.CAPSLOCK,
    KEY.NUMLOCK,
    84,
  ];

  it('is what libxkbcommon makes of the same keys, whatever is pressed in whatever order', () => {
    const [a, b] = [true, false].map((library) => Keymap.fromNames({ layout: 'us' }, { library })) as [
      Keymap,
      Keymap,
    ];
    const event = fc.tuple(fc.constantFrom(...modifiers, ...ordinary), fc.boolean());
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        using theirs = new KeyboardState(a);
        using ours = new KeyboardState(b);
        for (const [code, down] of events) {
          expect([code, ours.update(code, down)]).toEqual([code, theirs.update(code, down)]);
          expect([...ours.modifiers]).toEqual([...theirs.modifiers]);
          expect(ours.leds).toBe(theirs.leds);
        }
        for (const code of ordinary) {
          expect([code, ours.keysym(code)]).toEqual([code, theirs.keysym(code)]);
          expect([code, ours.text(code)]).toEqual([code, theirs.text(code)]);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('has the same keysym, text and repeat for every key with every modifier', () => {
    const [a, b] = [true, false].map((library) => Keymap.fromNames({ layout: 'us' }, { library })) as [
      Keymap,
      Keymap,
    ];
    for (const mask of [0, 1, 2, 3, 4, 5, 8, 0x0c, 0x0d, 0x10, 0x11, 0x40, 0x80, 0x81]) {
      using theirs = new KeyboardState(a);
      using ours = new KeyboardState(b);
      theirs.setModifiers(mask & ~0x12, 0, mask & 0x12, 0);
      ours.setModifiers(mask & ~0x12, 0, mask & 0x12, 0);
      for (let code = 0; code < 256; code++) {
        const where = `key ${code} with modifiers ${mask}`;
        expect([where, ours.keysym(code), ours.text(code)]).toEqual([
          where,
          theirs.keysym(code),
          theirs.text(code),
        ]);
        expect([where, b.repeats(code)]).toEqual([where, a.repeats(code)]);
      }
    }
  });
});

describe('keysyms', () => {
  it('have names, and characters where they type one', () => {
    expect([
      keysymByName('Return'),
      keysymByName('F12'),
      keysymByName('a'),
      keysymByName('no such keysym'),
    ]).toEqual([0xff0d, 0xffc9, 0x61, 0]);
    expect(keysymName(0xff0d)).toBe('Return');
    expect([0x61, 0xe4, 0x010020ac, 0xff8d, 0xffb5, 0xff51].map(keysymToUtf8)).toEqual([
      'a',
      'ä',
      '€',
      '\r',
      '5',
      '',
    ]);
  });

  it('come from characters and go back', () => {
    for (const character of ['a', '~', 'ß', '€', 'д', '語', '😀'])
      expect(keysymToUtf8(keysymOf(character))).toBe(character);
  });
});
