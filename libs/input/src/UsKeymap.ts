import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';
import { KEY } from '@switchyard/uapi';
import { usKeys, usKeysyms, usStillKeys } from './generated/usKeys.js';
import type { KeymapEngine, KeymapEntry, StateEngine } from './KeymapEngine.js';
import { keysymToUtf8 } from './keysyms.js';
import { LED, MODIFIER } from './modifiers.js';

/** Found when it is read: nearly everywhere libxkbcommon compiles keymaps, and looking for it takes longer than all of this file. */
const usKeymapFile = () => createRequire(import.meta.url).resolve('@switchyard/input/us-keymap');

/** One key: what it gives with which modifiers, and which modifiers matter to it at all. */
interface UsKey {
  readonly levels: ReadonlyMap<number, number>;
  readonly relevant: number;
}

function parseKey(row: string): UsKey {
  const levels = new Map<number, number>();
  let relevant = 0;
  for (const level of row.split(' ')) {
    const [name = '', mask = '0'] = level.split('@');
    levels.set(Number(mask), usKeysyms[name] ?? 0);
    relevant |= Number(mask);
  }
  return { levels, relevant };
}

/** The us layout without libxkbcommon: a keymap compiled in advance for clients, and a table for ourselves. */
export class UsKeymap implements KeymapEngine {
  readonly #keys = new Map(Object.entries(usKeys).map(([code, row]) => [Number(code), parseKey(row)]));
  readonly #still = new Set(usStillKeys);
  #text: string | undefined;

  get text(): string {
    this.#text ??= gunzipSync(readFileSync(usKeymapFile())).toString();
    return this.#text;
  }

  repeats(code: number): boolean {
    return this.#keys.has(code) && !this.#still.has(code);
  }

  entries(): readonly KeymapEntry[] {
    const entries: KeymapEntry[] = [];
    for (const [code, key] of this.#keys)
      for (const [mask, keysym] of key.levels) entries.push({ code, keysym, mask });
    return entries;
  }

  newState(): StateEngine {
    return new UsState(this.#keys);
  }

  dispose(): void {}
}

/** Keys that are modifiers while they are held. */
const held: ReadonlyMap<number, number> = new Map([
  [KEY.LEFTSHIFT, MODIFIER.SHIFT],
  [KEY.RIGHTSHIFT, MODIFIER.SHIFT],
  [KEY.LEFTCTRL, MODIFIER.CONTROL],
  [KEY.RIGHTCTRL, MODIFIER.CONTROL],
  [KEY.LEFTALT, MODIFIER.MOD1],
  [KEY.RIGHTALT, MODIFIER.MOD1],
  [KEY.LEFTMETA, MODIFIER.MOD4],
  [KEY.RIGHTMETA, MODIFIER.MOD4],
  [84, MODIFIER.MOD5], // <LVL3>: no name in the kernel
]);

/** Keys that lock their modifier until they are pressed again. */
const locking: ReadonlyMap<number, number> = new Map([
  [KEY.CAPSLOCK, MODIFIER.LOCK],
  [KEY.NUMLOCK, MODIFIER.MOD2],
]);

class UsState implements StateEngine {
  readonly #keys: ReadonlyMap<number, UsKey>;
  readonly #down = new Set<number>();
  /** Locks that the held lock key ends when it is released; the press that locks does not end with its own release. */
  readonly #unlocking = new Set<number>();
  #depressed = 0;
  #latched = 0;
  #locked = 0;
  #group = 0;

  constructor(keys: ReadonlyMap<number, UsKey>) {
    this.#keys = keys;
  }

  get leds(): number {
    return (this.#locked & MODIFIER.MOD2 ? LED.NUM : 0) | (this.#locked & MODIFIER.LOCK ? LED.CAPS : 0);
  }

  update(code: number, down: boolean): boolean {
    const depressed = this.#depressed;
    const locked = this.#locked;
    const lock = locking.get(code) ?? 0;
    if (down) {
      this.#down.add(code);
      if (lock) {
        if (this.#locked & lock) this.#unlocking.add(code);
        this.#locked |= lock;
      }
    } else {
      this.#down.delete(code);
      if (this.#unlocking.delete(code)) this.#locked &= ~lock;
    }
    if (lock || held.has(code)) {
      this.#depressed = 0;
      for (const key of this.#down) this.#depressed |= (held.get(key) ?? 0) | (locking.get(key) ?? 0);
    }
    return depressed !== this.#depressed || locked !== this.#locked;
  }

  set(depressed: number, latched: number, locked: number, group: number): void {
    this.#depressed = depressed;
    this.#latched = latched;
    this.#locked = locked;
    this.#group = group;
  }

  read(into: Uint32Array): void {
    into[0] = this.#depressed;
    into[1] = this.#latched;
    into[2] = this.#locked;
    into[3] = this.#group;
  }

  keysym(code: number): number {
    const key = this.#keys.get(code);
    if (!key) return 0;
    return key.levels.get(this.#effective & key.relevant) ?? key.levels.get(0) ?? 0;
  }

  text(code: number): string {
    const text = keysymToUtf8(this.keysym(code));
    const controlled =
      this.#effective & MODIFIER.CONTROL && !((this.#keys.get(code)?.relevant ?? 0) & MODIFIER.CONTROL);
    return controlled ? controlCharacter(text) : text;
  }

  dispose(): void {}

  get #effective(): number {
    return this.#depressed | this.#latched | this.#locked;
  }
}

/** What Control makes of a character, as terminals have it since the VT220 (and libxkbcommon). */
function controlCharacter(text: string): string {
  const code = text.length === 1 ? text.charCodeAt(0) : 0;
  if ((code >= 0x40 && code < 0x7f) || code === 0x20) return String.fromCharCode(code & 0x1f);
  const special = '2\0' + '3\x1b' + '4\x1c' + '5\x1d' + '6\x1e' + '7\x1f' + '8\x7f' + '/\x1f';
  for (let i = 0; i < special.length; i += 2) if (special[i] === text) return special[i + 1]!;
  return text;
}
