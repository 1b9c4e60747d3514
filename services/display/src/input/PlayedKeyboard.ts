import type { Client } from '@switchyard/wayland';
import type { Keyboard } from './Keyboard.js';
import type { KeyboardSource, KeymapFile } from './KeyboardSource.js';

/** A keyboard that no person presses: a program's, or the one that types what a page has composed. */
export class PlayedKeyboard implements KeyboardSource {
  readonly pressed = new Set<number>();
  readonly client: Client | undefined;
  readonly modifiers = new Uint32Array(4);
  readonly #keyboard: Keyboard;
  #keymap: KeymapFile;

  /** `client`: whose it is; nobody's is the page's. */
  constructor(keyboard: Keyboard, keymap: KeymapFile, client?: Client) {
    this.#keyboard = keyboard;
    this.#keymap = keymap;
    this.client = client;
    keyboard.addPlayed(this);
  }

  get keymap(): KeymapFile {
    return this.#keymap;
  }

  /** Keys mean something else from now on: what is held is up, and nothing is locked. */
  setKeymap(keymap: KeymapFile, time: number): void {
    this.release(time);
    this.#keymap = keymap;
    this.modifiers.fill(0);
  }

  key(code: number, down: boolean, time: number): void {
    if (this.pressed.has(code) === down) return;
    if (down) this.pressed.add(code);
    else this.pressed.delete(code);
    this.#keyboard.type(this, code, down, time);
  }

  setModifiers(depressed: number, latched: number, locked: number, group: number): void {
    this.modifiers.set([depressed, latched, locked, group]);
    this.#keyboard.modifiersChanged(this);
  }

  /** The seat is another session's: whatever was held is up. */
  forget(): void {
    this.pressed.clear();
    this.modifiers.fill(0);
  }

  /** It types no more. */
  close(time: number): void {
    this.release(time);
    this.#keyboard.removePlayed(this);
  }

  /** All keys are up, and the seat's own keyboards count again. */
  release(time: number): void {
    this.#keyboard.removeSource(this, time);
    this.pressed.clear();
  }
}
