import native from '@switchyard/native';
import type { KeymapEngine, KeymapEntry, StateEngine } from './KeymapEngine.js';

/** enum xkb_state_component without its LED bit. */
const MODIFIERS_OR_GROUP = 0xff;

/** A keymap of libxkbcommon's. */
export class XkbKeymap implements KeymapEngine {
  readonly #keymap: native.XkbKeymap;
  #text: string | undefined;

  constructor(keymap: native.XkbKeymap) {
    this.#keymap = keymap;
  }

  get text(): string {
    this.#text ??= native.xkbKeymapText(this.#keymap);
    return this.#text;
  }

  repeats(code: number): boolean {
    return native.xkbKeymapRepeats(this.#keymap, code);
  }

  entries(): readonly KeymapEntry[] {
    const data = new Uint32Array(native.xkbKeymapEntries(this.#keymap, new Uint32Array(0)));
    native.xkbKeymapEntries(this.#keymap, data);
    const entries: KeymapEntry[] = [];
    for (let i = 0; i < data.length; i += 3)
      entries.push({ code: data[i]!, keysym: data[i + 1]!, mask: data[i + 2]! });
    return entries;
  }

  newState(): StateEngine {
    const state = native.xkbStateNew(this.#keymap);
    if (!state) throw new Error('libxkbcommon made no keyboard state: out of memory');
    return new XkbState(state);
  }

  dispose(): void {
    native.xkbFree(this.#keymap);
  }
}

class XkbState implements StateEngine {
  readonly #state: native.XkbState;

  constructor(state: native.XkbState) {
    this.#state = state;
  }

  get leds(): number {
    return native.xkbStateLeds(this.#state);
  }

  update(code: number, down: boolean): boolean {
    return (native.xkbStateUpdateKey(this.#state, code, down) & MODIFIERS_OR_GROUP) !== 0;
  }

  set(depressed: number, latched: number, locked: number, group: number): void {
    native.xkbStateUpdateMask(this.#state, depressed, latched, locked, group);
  }

  read(into: Uint32Array): void {
    native.xkbStateModifiers(this.#state, into);
  }

  keysym(code: number): number {
    return native.xkbStateKeysym(this.#state, code);
  }

  text(code: number): string {
    return native.xkbStateText(this.#state, code);
  }

  dispose(): void {
    native.xkbFree(this.#state);
  }
}
