import { KEY } from '@switchyard/uapi';
import type { SeatInput } from '../SeatInput.js';
import { isKey } from '../SeatInput.js';
import type { SeatKeymap } from '../SeatKeymap.js';
import { KeysymKeys } from './KeysymKeys.js';
import { keyOfScanCode } from './ScanCodes.js';

const shifts = [KEY.LEFTSHIFT, KEY.RIGHTSHIFT];

/**
 * A client's key events as the seat's. With QEMU's event a key is a place on the keyboard; without it is a keysym, that
 * is a character, whose key and Shift depend on the seat's layout: Shift is held or let go of for the stroke if the
 * client's own layout has it elsewhere.
 */
export class RfbKeyboard {
  readonly #viewer: object;
  readonly #input: SeatInput;
  readonly #keysyms: KeysymKeys;
  /** What was pressed for each keysym that is down. */
  readonly #down = new Map<number, number>();
  readonly #held = new Set<number>();

  constructor(viewer: object, input: SeatInput, keymap: SeatKeymap) {
    this.#viewer = viewer;
    this.#input = input;
    this.#keysyms = new KeysymKeys(keymap);
  }

  scanCode(code: number, keysym: number, down: boolean): void {
    const key = keyOfScanCode(code);
    if (key === undefined) this.keysym(keysym, down);
    else this.#set(key, down);
  }

  keysym(keysym: number, down: boolean): void {
    const before = this.#down.get(keysym);
    if (!down) {
      if (before === undefined) return;
      this.#down.delete(keysym);
      this.#set(before, false);
      return;
    }
    // A client repeats by itself; the session does too.
    if (before !== undefined) return;
    const found = this.#keysyms.find(keysym);
    if (found === undefined || !isKey(found.code)) return;
    this.#down.set(keysym, found.code);
    const wanted = found.modifiers ?? [...this.#held];
    const missing = wanted.filter((code) => !this.#holds(code));
    // Ctrl+Shift+letter is a chord and keeps its Shift; a character that needs none loses it for the stroke.
    const chord = [KEY.LEFTCTRL, KEY.RIGHTCTRL, KEY.LEFTALT, KEY.LEFTMETA].some((code) =>
      this.#held.has(code),
    );
    const extra =
      found.modifiers === undefined || chord || wanted.includes(KEY.LEFTSHIFT)
        ? []
        : shifts.filter((code) => this.#held.has(code));
    for (const code of extra) this.#input.key(this.#viewer, code, false);
    for (const code of missing) this.#input.key(this.#viewer, code, true);
    this.#set(found.code, true);
    for (const code of missing) this.#input.key(this.#viewer, code, false);
    for (const code of extra) this.#input.key(this.#viewer, code, true);
  }

  #holds(code: number): boolean {
    return this.#held.has(code) || (code === KEY.LEFTSHIFT && this.#held.has(KEY.RIGHTSHIFT));
  }

  #set(code: number, down: boolean): void {
    if (down) this.#held.add(code);
    else this.#held.delete(code);
    this.#input.key(this.#viewer, code, down);
  }
}
