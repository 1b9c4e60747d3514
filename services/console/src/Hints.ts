import type { KeyPress } from './KeyEncoder.js';
import { keysyms } from './keysyms.js';
import { type Link, visibleLinks } from './Links.js';
import type { Overlay, OverlayGrid } from './Overlay.js';
import type { Screen } from './Screen.js';

const LETTERS = 'asdfghjklqwertyuiopzxcvbnm';
const LABEL = { ink: 0x000000, paper: 0xffd75f };

/** Links are reached by the keyboard: each that is seen has letters, and typing them follows it. Escape ends it. */
export class Hints implements Overlay {
  readonly #screen: Screen;
  readonly #labels = new Map<string, Link>();
  readonly #chosen: (link: Link, onlyCopy: boolean) => void;
  #typed = '';

  /** `chosen`: with Shift it is only to be copied. */
  constructor(screen: Screen, chosen: (link: Link, onlyCopy: boolean) => void) {
    this.#screen = screen;
    this.#chosen = chosen;
    const links = visibleLinks(screen).slice(0, LETTERS.length ** 2);
    const long = links.length > LETTERS.length;
    for (const [index, link] of links.entries()) {
      const first = long ? LETTERS[Math.floor(index / LETTERS.length)]! : '';
      this.#labels.set(first + LETTERS[index % LETTERS.length]!, link);
    }
  }

  get empty(): boolean {
    return this.#labels.size === 0;
  }

  get prompt(): string {
    return `Links: type the letters to follow one, with Shift to copy it; Escape   ${this.#typed}`;
  }

  /** False when it is over. */
  key(key: KeyPress): boolean {
    if (key.keysym === keysyms.Escape) return false;
    if (key.keysym === keysyms.BackSpace) this.#typed = this.#typed.slice(0, -1);
    const letter = LETTERS.includes(key.text.toLowerCase()) ? key.text : key.latin;
    if (letter.length !== 1 || !LETTERS.includes(letter.toLowerCase())) return true;
    this.#typed += letter.toLowerCase();
    const link = this.#labels.get(this.#typed);
    if (link) {
      this.#chosen(link, letter !== letter.toLowerCase());
      return false;
    }
    if (![...this.#labels.keys()].some((label) => label.startsWith(this.#typed))) this.#typed = '';
    return true;
  }

  paint(onto: OverlayGrid): void {
    for (const [label, link] of this.#labels) {
      for (const { line, from, to } of link.runs)
        onto.underline(from, line - this.#screen.lineNumber(0) + onto.top, to);
      if (!label.startsWith(this.#typed)) continue;
      const { line, from } = link.runs[0]!;
      onto.write(from, line - this.#screen.lineNumber(0) + onto.top, label, LABEL.ink, LABEL.paper);
    }
  }
}
