import { Hints } from './Hints.js';
import type { KeyModifiers, KeyPress } from './KeyEncoder.js';
import type { Link } from './Links.js';
import type { Overlay, OverlayGrid } from './Overlay.js';
import type { FieldCursor } from './Preedit.js';
import { Search } from './Search.js';
import type { StatusLine } from './StatusLine.js';
import type { Tab } from './Tab.js';

/**
 * While the user searches or picks a link, keys are the terminal's.
 *
 *   program's ──search──▶ searching ──Escape──▶ program's
 *       └──────links──▶ picking ──a link, Escape──▶ program's
 */
export class OwnKeys implements Overlay {
  readonly #status: StatusLine;
  readonly #changed: () => void;
  readonly #taken: () => void;
  #taker: Search | Hints | undefined;

  /** `taken`: who has the keys is another one now. */
  constructor(status: StatusLine, changed: () => void, taken: () => void) {
    this.#status = status;
    this.#changed = changed;
    this.#taken = taken;
  }

  get taken(): boolean {
    return this.#taker !== undefined;
  }
  get searching(): boolean {
    return this.#taker instanceof Search;
  }

  /** Where a search is typed; links are picked by keys alone. */
  cursor(onto: OverlayGrid): FieldCursor | undefined {
    return this.#taker instanceof Search ? this.#status.cursor(onto, this.#taker.typed) : undefined;
  }

  /** Begins a search, or goes on to what is above. */
  search(tab: Tab): void {
    if (this.#taker instanceof Search) this.#taker.step(-1);
    else this.#begin(new Search(tab.screen, tab.selection, this.#changed));
  }

  pick(tab: Tab, chosen: (link: Link, onlyCopy: boolean) => void): void {
    const hints = new Hints(tab.screen, chosen);
    if (hints.empty) this.#status.notify('No links are to be seen');
    else this.#begin(hints);
  }

  /** A key went down while they are the terminal's. */
  key(key: KeyPress, modifiers: KeyModifiers): void {
    if (this.#taker?.key(key, modifiers) === false) this.end();
    this.#changed();
  }

  /** An input method composes this; '' nothing. */
  composing(text: string): void {
    if (this.#taker instanceof Search) this.#taker.composing = text;
  }

  /** An input method wrote while they are the terminal's. */
  text(text: string): void {
    if (this.#taker instanceof Search) this.#taker.type(text);
  }

  end(): void {
    if (!this.#taker) return;
    this.#taker = undefined;
    this.#status.prompt = undefined;
    this.#changed();
    this.#taken();
  }

  paint(onto: OverlayGrid): void {
    this.#taker?.paint(onto);
  }

  #begin(taker: Search | Hints): void {
    this.#taker = taker;
    this.#status.prompt = () => taker.prompt;
    this.#changed();
    this.#taken();
  }
}
