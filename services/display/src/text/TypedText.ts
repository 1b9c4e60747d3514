import { Keymap } from '@switchyard/input';
import type { Keyboard } from '../input/Keyboard.js';
import { PlayedKeyboard } from '../input/PlayedKeyboard.js';

/** X keycodes go from 8 to 255, and evdev's are 8 below. */
const firstCode = 1;
const lastCode = 247;

/**
 * Types text on a keyboard of its own, for programs that have no text input: every character gets a key. Characters keep
 * their keys, so that a new keymap is needed only when one comes that was not there before.
 */
export class TypedText {
  readonly #keyboard: Keyboard;
  readonly #codes = new Map<string, number>();
  #keymap: Keymap | undefined;
  #played: PlayedKeyboard | undefined;

  constructor(keyboard: Keyboard) {
    this.#keyboard = keyboard;
  }

  /** Control characters but Enter and Tab are left out. `time` as of input events (ms). */
  type(text: string, time: number): void {
    const characters = Array.from(text).filter((character) => keysym(character) !== undefined);
    for (let at = 0; at < characters.length; ) {
      const until = this.#assign(characters, at, time);
      for (const character of characters.slice(at, until)) {
        const code = this.#codes.get(character)!;
        this.#played?.key(code, true, time);
        this.#played?.key(code, false, time);
      }
      at = until;
    }
  }

  close(): void {
    this.#played?.close(0);
    this.#keymap?.[Symbol.dispose]();
  }

  /** Sees to it that as many of the characters as there are keys have one; returns the index behind them. */
  #assign(characters: readonly string[], from: number, time: number): number {
    const before = this.#codes.size;
    const missing = new Set(characters.slice(from).filter((character) => !this.#codes.has(character)));
    const full = before + missing.size > lastCode - firstCode + 1;
    if (full) this.#codes.clear();
    let until = from;
    for (; until < characters.length; until++) {
      const character = characters[until]!;
      if (this.#codes.has(character)) continue;
      if (this.#codes.size > lastCode - firstCode) break;
      this.#codes.set(character, firstCode + this.#codes.size);
    }
    if (full || this.#codes.size !== before) this.#rebuild(time);
    return until;
  }

  #rebuild(time: number): void {
    const old = this.#keymap;
    this.#keymap = Keymap.fromText(keymapText(this.#codes));
    if (this.#played) this.#played.setKeymap(this.#keymap, time);
    else this.#played = new PlayedKeyboard(this.#keyboard, this.#keymap);
    old?.[Symbol.dispose]();
  }
}

function keysym(character: string): string | undefined {
  if (character === '\n' || character === '\r') return 'Return';
  if (character === '\t') return 'Tab';
  const code = character.codePointAt(0)!;
  const control = code < 0x20 || (code >= 0x7f && code < 0xa0);
  const half = code >= 0xd800 && code < 0xe000;
  return control || half ? undefined : `U${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** In XKB's text format; types and interpretations are the usual ones. */
function keymapText(codes: ReadonlyMap<string, number>): string {
  const keys = [...codes].map(([character, code]) => ({
    name: `<K${code}>`,
    code,
    symbol: keysym(character),
  }));
  return `xkb_keymap {
xkb_keycodes "typed" { minimum = 8; maximum = 255;
${keys.map(({ name, code }) => `${name} = ${code + 8};`).join('\n')}
};
xkb_types "typed" { include "complete" };
xkb_compatibility "typed" { include "complete" };
xkb_symbols "typed" {
${keys.map(({ name, symbol }) => `key ${name} { [ ${symbol} ] };`).join('\n')}
};
};
`;
}
