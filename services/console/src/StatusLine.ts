import type { Overlay, OverlayGrid } from './Overlay.js';
import { mix, type Palette } from './Palette.js';

/** How long a notice is shown. */
const NOTICE_MS = 5000;

/** The terminal's own words, over the last row while there are any: a prompt, else a notice, else where a link leads. */
export class StatusLine implements Overlay {
  readonly changed: () => void;
  palette: Palette | undefined;
  /** What the keys are for now. */
  prompt: (() => string) | undefined;
  #hint = '';
  #notice = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(changed: () => void) {
    this.changed = changed;
  }

  /** Said for some seconds. */
  notify(text: string): void {
    clearTimeout(this.#timer);
    this.#notice = text;
    this.#timer = setTimeout(() => this.#endNotice(), NOTICE_MS);
    this.changed();
  }

  /** What the pointer is over; '' nothing. */
  set hint(text: string) {
    if (text === this.#hint) return;
    this.#hint = text;
    this.changed();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  paint(onto: OverlayGrid): void {
    const text = this.prompt?.() ?? (this.#notice || this.#hint);
    const { palette } = this;
    if (text === '' || !palette) return;
    const { foreground, background } = palette;
    const row = onto.rows - 1;
    // A link's address takes no more room than it needs.
    const wide = this.prompt !== undefined || this.#notice !== '';
    const paper = mix(foreground, background, 60);
    if (wide) onto.fill(0, row, onto.columns, paper);
    onto.write(0, row, ` ${text} `, foreground, paper);
  }

  #endNotice(): void {
    this.#timer = undefined;
    this.#notice = '';
    this.changed();
  }
}
