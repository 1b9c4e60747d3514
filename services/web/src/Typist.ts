import { Keymap } from '@switchyard/input';
import type { SeatInput } from './SeatInput.js';

/** Characters that are told as missing; the rest is known by then. */
const MISSING_TOLD = 8;

/** Writes text on the seat's keyboard, by the keys that give it in the seat's layout. */
export class Typist {
  readonly #input: SeatInput;
  #keymap: Keymap | undefined;

  constructor(input: SeatInput) {
    this.#input = input;
  }

  /**
   * Throws, with nothing written, when the layout has no key for some of it: half of a word would be worse than none.
   */
  write(text: string): void {
    this.#keymap ??= Keymap.fromNames();
    const keymap = this.#keymap;
    const strokes = [...text].map((character) => ({ character, keys: keymap.keysFor(character) }));
    const missing = new Set(
      strokes.filter(({ keys }) => keys === undefined).map(({ character }) => character),
    );
    if (missing.size > 0) {
      const told = [...missing].slice(0, MISSING_TOLD).join(' ');
      throw new Error(`the seat’s keyboard has no key for ${told}; paste it instead`);
    }
    for (const { keys } of strokes) this.#press([...keys!.modifiers, keys!.code]);
  }

  #press(codes: readonly number[]): void {
    for (const code of codes) this.#input.key(this, code, true);
    for (const code of codes.toReversed()) this.#input.key(this, code, false);
  }
}
