import { readFileSync } from 'node:fs';
import native from '@switchyard/native';
import { getSeals, Mapping, pwrite, truncate } from '@switchyard/sys';
import { KEY } from '@switchyard/uapi';
import { describe, expect, it } from 'vitest';
import { KeyboardState } from './KeyboardState.js';
import { Keymap } from './Keymap.js';

const haveXkb = native.xkbAvailable();
const backends = [
  { name: 'libxkbcommon', library: true, runs: haveXkb },
  { name: 'the built-in us layout', library: false, runs: true },
];

for (const { name, library, runs } of backends) {
  describe.skipIf(!runs)(`a keymap by ${name}`, () => {
    const open = () => Keymap.fromNames({ layout: 'us' }, { library });

    it('is handed out as one memfd that nobody can change, NUL at its end', () => {
      using keymap = open();
      using first = keymap.file();
      using second = keymap.file();
      const content = readFileSync(`/proc/self/fd/${first.number}`);
      expect(content.length).toBe(keymap.size);
      expect(content.toString()).toBe(`${keymap.text}\0`);
      expect(getSeals(first)).toEqual(new Set(['seal', 'shrink', 'grow', 'write']));
      expect(() => pwrite(second, new Uint8Array(1), 0)).toThrow(/EBADF|EPERM/);
      expect(() => truncate(second, 0)).toThrow();
    });

    it('can be mapped as clients do: shared up to wl_keyboard version 6, private from 7 on', () => {
      using keymap = open();
      using fd = keymap.file();
      for (const options of [{}, { private: true }]) {
        using mapping = Mapping.map(fd, keymap.size, options);
        expect(Buffer.from(mapping.bytes).toString('utf8', 0, 11)).toBe('xkb_keymap ');
        expect(mapping.bytes[keymap.size - 1]).toBe(0);
      }
      expect(() => Mapping.map(fd, keymap.size, { write: true })).toThrow(/EACCES|EPERM/);
    });

    it('leaves no descriptor behind when it is disposed', () => {
      const keymap = open();
      const fd = keymap.file();
      keymap[Symbol.dispose]();
      expect(readFileSync(`/proc/self/fd/${fd.number}`).length).toBeGreaterThan(1000);
      fd.close();
    });

    it('knows which keys repeat', () => {
      using keymap = open();
      expect([KEY.A, KEY.ENTER, KEY.LEFT, KEY.BACKSPACE].map((code) => keymap.repeats(code))).toEqual([
        true,
        true,
        true,
        true,
      ]);
      expect(
        [KEY.LEFTSHIFT, KEY.RIGHTCTRL, KEY.CAPSLOCK, KEY.NUMLOCK].map((code) => keymap.repeats(code)),
      ).toEqual([false, false, false, false]);
    });

    it('finds the keys for every character of us text, and typing them gives that text', () => {
      using keymap = open();
      using state = new KeyboardState(keymap);
      const text = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('');
      let typed = '';
      for (const character of text) {
        const keys = keymap.keysFor(character)!;
        for (const code of keys.modifiers) state.update(code, true);
        typed += state.text(keys.code);
        for (const code of keys.modifiers) state.update(code, false);
      }
      expect(typed).toBe(text);
    });

    it('types as a person would: letters with Shift, nothing on the keypad', () => {
      using keymap = open();
      expect(keymap.keysFor('a')).toEqual({ code: KEY.A, modifiers: [] });
      expect(keymap.keysFor('A')).toEqual({ code: KEY.A, modifiers: [KEY.LEFTSHIFT] });
      expect(keymap.keysFor('*')).toEqual({ code: KEY[8], modifiers: [KEY.LEFTSHIFT] });
      expect(keymap.keysFor('<')).toEqual({ code: KEY.COMMA, modifiers: [KEY.LEFTSHIFT] });
      expect(keymap.keysFor('1')).toEqual({ code: KEY[1], modifiers: [] });
      expect(keymap.keysFor('\n')).toEqual({ code: KEY.ENTER, modifiers: [] });
      expect(keymap.keysFor('\t')).toEqual({ code: KEY.TAB, modifiers: [] });
      expect(keymap.keysFor('語')).toBeUndefined();
      expect(keymap.keysFor('')).toBeUndefined();
    });
  });
}

describe.skipIf(!haveXkb)('keymaps by libxkbcommon', () => {
  it('come in every layout, with AltGr where a character needs it', () => {
    using keymap = Keymap.fromNames({ layout: 'de' });
    expect(keymap.builtin).toBe(false);
    expect(keymap.keysFor('z')).toEqual({ code: KEY.Y, modifiers: [] });
    expect(keymap.keysFor('ö')).toEqual({ code: KEY.SEMICOLON, modifiers: [] });
    expect(keymap.keysFor('@')).toEqual({ code: KEY.Q, modifiers: [KEY.RIGHTALT] });
    expect(keymap.keysFor('€')).toEqual({ code: KEY.E, modifiers: [KEY.RIGHTALT] });
    expect(keymap.keysFor('<')).toEqual({ code: KEY['102ND'], modifiers: [] });
  });

  it('round-trip through their text, as a client gets them', () => {
    using keymap = Keymap.fromNames({ layout: 'fr' });
    using copy = Keymap.fromText(keymap.text);
    expect(copy.keysFor('é')).toEqual(keymap.keysFor('é'));
    expect(copy.keysFor('é')).toEqual({ code: KEY[2], modifiers: [] });
  });

  it('say what they do not know', () => {
    expect(() => Keymap.fromNames({ layout: 'nowhere', variant: 'x' })).toThrow(
      'no keymap of layout "nowhere", variant "x"',
    );
    expect(() => Keymap.fromText('xkb_keymap { nonsense')).toThrow("not a keymap in XKB's text format");
    expect(() => Keymap.fromNames({ layout: 'x'.repeat(2000) })).toThrow(TypeError);
  });

  it('accept the keymap that is shipped for machines without the library', () => {
    using builtin = Keymap.fromNames({}, { library: false });
    expect(builtin.builtin).toBe(true);
    using parsed = Keymap.fromText(builtin.text);
    expect(parsed.keysFor('Q')).toEqual(builtin.keysFor('Q'));
  });

  it('are not usable after they were disposed', () => {
    const keymap = Keymap.fromNames({ layout: 'us' });
    keymap[Symbol.dispose]();
    expect(() => keymap.repeats(KEY.A)).toThrow('freed');
    expect(() => new KeyboardState(keymap)).toThrow('freed');
  });

  it('the library refuses objects of another kind', () => {
    const keymap = native.xkbKeymapFromNames(undefined, undefined, 'us')!;
    expect(() => native.xkbStateKeysym(keymap as unknown as native.XkbState, 1)).toThrow(TypeError);
    expect(() => native.xkbKeymapText({} as native.XkbKeymap)).toThrow(TypeError);
    native.xkbFree(keymap);
    native.xkbFree(keymap);
  });
});
