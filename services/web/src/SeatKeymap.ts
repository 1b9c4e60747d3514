import { Keymap, type KeymapNames } from '@switchyard/input';

/** The keymap of the seat's layout, for whoever has characters and needs keys; made when it is first asked for. */
export class SeatKeymap implements Disposable {
  #names: KeymapNames = {};
  #keymap: Keymap | undefined;

  /** Not to be kept: another layout ends it. */
  get current(): Keymap {
    this.#keymap ??= Keymap.fromNames(this.#names);
    return this.#keymap;
  }

  setLayout(names: KeymapNames): void {
    this.#names = names;
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.#keymap?.[Symbol.dispose]();
    this.#keymap = undefined;
  }
}
