import { constants } from 'node:fs';
import native from '@switchyard/native';
import { Fd, sealedMemfd } from '@switchyard/sys';
import { KEY } from '@switchyard/uapi';
import type { KeymapEngine, KeymapEntry, StateEngine } from './KeymapEngine.js';
import { keysymToUtf8 } from './keysyms.js';
import { UsKeymap } from './UsKeymap.js';
import { XkbKeymap } from './XkbKeymap.js';

/** xkb's RMLVO; what is absent is the library's default (XKB_DEFAULT_LAYOUT and its like, else us). */
export interface KeymapNames {
  readonly rules?: string;
  readonly model?: string;
  readonly layout?: string;
  readonly variant?: string;
  readonly options?: string;
}

export interface KeymapOptions {
  /** false: the built-in us keymap even where libxkbcommon is installed. */
  readonly library?: boolean;
}

/** Keys that stand for modifiers, best first: those that a person would hold. */
const preferredModifierKeys = [KEY.LEFTSHIFT, KEY.RIGHTALT, KEY.LEFTCTRL, KEY.LEFTALT, KEY.LEFTMETA];

/** X's keypad keysyms: KP_Space … KP_9, KP_Equal. */
const isKeypad = (keysym: number): boolean => keysym >= 0xff80 && keysym <= 0xffbd;

/** A keyboard layout: what keys mean, for us and, as a file, for Wayland clients. */
export class Keymap implements Disposable {
  /** Whether this is the built-in us layout, whatever was asked for, because libxkbcommon is not there. */
  readonly builtin: boolean;
  readonly #engine: KeymapEngine;
  #file: Fd | undefined;
  #size = 0;
  #byCharacter: Map<string, { code: number; modifiers: number[] }> | undefined;

  private constructor(engine: KeymapEngine) {
    this.#engine = engine;
    this.builtin = engine instanceof UsKeymap;
  }

  /** Throws when libxkbcommon does not know the names. Without the library every name gives the us layout (see `builtin`). */
  static fromNames(names: KeymapNames = {}, options: KeymapOptions = {}): Keymap {
    if (options.library === false || !native.xkbAvailable()) return new Keymap(new UsKeymap());
    const { rules, model, layout, variant, options: rmlvoOptions } = names;
    const keymap = native.xkbKeymapFromNames(rules, model, layout, variant, rmlvoOptions);
    if (!keymap)
      throw new Error(
        `no keymap of ${describe(names)}: see /usr/share/X11/xkb/rules/evdev.lst for the names (package xkb-data)`,
      );
    return new Keymap(new XkbKeymap(keymap));
  }

  /** A keymap in XKB's text format, as a compositor sends it. Throws when it is none. Without the library: the us layout. */
  static fromText(text: string, options: KeymapOptions = {}): Keymap {
    if (options.library === false || !native.xkbAvailable()) return new Keymap(new UsKeymap());
    const keymap = native.xkbKeymapFromText(text);
    if (!keymap) throw new Error(`not a keymap in XKB's text format (${text.length} characters)`);
    return new Keymap(new XkbKeymap(keymap));
  }

  get text(): string {
    return this.#engine.text;
  }

  /** Bytes in `file()`, the NUL included: what wl_keyboard.keymap tells. */
  get size(): number {
    if (this.#size === 0) this.#size = Buffer.byteLength(this.text) + 1;
    return this.#size;
  }

  /**
   * The text with a NUL at its end, for wl_keyboard.keymap: a new descriptor of one memfd that nobody can change any more. It is
   * open for reading only, so that clients below wl_keyboard version 7 may map it MAP_SHARED in spite of the write seal.
   */
  file(): Fd {
    if (!this.#file) {
      using writable = sealedMemfd('keymap', Buffer.from(`${this.text}\0`));
      this.#file = Fd.open(`/proc/self/fd/${writable.number}`, constants.O_RDONLY);
    }
    return this.#file.dup('keymap');
  }

  /** Whether holding the key should repeat it. */
  repeats(code: number): boolean {
    return this.#engine.repeats(code);
  }

  /** The key to press, and those to hold meanwhile, to type a character in the first layout; undefined when no key gives it. */
  keysFor(character: string): { code: number; modifiers: number[] } | undefined {
    this.#byCharacter ??= this.#indexCharacters();
    return this.#byCharacter.get(character === '\n' ? '\r' : character);
  }

  /** Not for callers: KeyboardState's half. */
  newState(): StateEngine {
    return this.#engine.newState();
  }

  [Symbol.dispose](): void {
    this.#file?.close();
    this.#file = undefined;
    this.#engine.dispose();
  }

  /** Of several ways to type a character the one that a person would choose: main keys, then few modifiers, then low codes. */
  #indexCharacters(): Map<string, { code: number; modifiers: number[] }> {
    const entries = this.#engine.entries();
    const holders = this.#modifierKeys(entries);
    const best = new Map<string, { cost: number; code: number; modifiers: number[] }>();
    for (const { code, keysym, mask } of entries) {
      const text = keysymToUtf8(keysym);
      const modifiers: number[] = [];
      for (let bit = 0; bit < 32; bit++) if (mask & (1 << bit)) modifiers.push(holders.get(bit) ?? -1);
      if (text === '' || modifiers.includes(-1)) continue;
      const cost = (code > KEY.KPDOT || isKeypad(keysym) ? 10_000 : 0) + modifiers.length * 1000 + code;
      if (cost < (best.get(text)?.cost ?? Number.POSITIVE_INFINITY))
        best.set(text, { cost, code, modifiers });
    }
    return new Map([...best].map(([text, { code, modifiers }]) => [text, { code, modifiers }]));
  }

  /** For each modifier bit a key that sets it, and it alone, while it is held. Found by trying. */
  #modifierKeys(entries: readonly KeymapEntry[]): Map<number, number> {
    const holders = new Map<number, number>();
    const modifiers = new Uint32Array(4);
    const state = this.#engine.newState();
    for (const code of new Set([...preferredModifierKeys, ...entries.map((entry) => entry.code)])) {
      state.set(0, 0, 0, 0);
      state.update(code, true);
      state.read(modifiers);
      state.update(code, false);
      const [depressed = 0, latched, locked, group] = modifiers;
      const bit = Math.log2(depressed);
      if (!Number.isInteger(bit) || latched || locked || group || holders.has(bit)) continue;
      holders.set(bit, code);
    }
    state.dispose();
    return holders;
  }
}

function describe(names: KeymapNames): string {
  const given = Object.entries(names).map(([name, value]) => `${name} "${value}"`);
  return given.length > 0 ? given.join(', ') : 'the default names';
}
