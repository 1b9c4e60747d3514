import { clusters } from './GraphemeWidths.js';
import type { Overlay, OverlayGrid } from './Overlay.js';
import { mix, type Palette, type Rgb } from './Palette.js';
import type { FieldCursor } from './Preedit.js';

/** How long a notice is shown. */
const NOTICE_MS = 5000;
/** Beside the text. */
const MARGIN = ' ';

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

  /** Behind the first part of the prompt. */
  cursor(onto: OverlayGrid, before: string): FieldCursor | undefined {
    const { palette } = this;
    if (!palette) return undefined;
    let x = MARGIN.length;
    for (const { columns } of clusters(before)) x += Math.max(1, columns);
    return { x: Math.min(x, onto.columns - 1), y: onto.rows - 1, palette, paper: paperOf(palette) };
  }

  paint(onto: OverlayGrid): void {
    const text = this.prompt?.() ?? (this.#notice || this.#hint);
    const { palette } = this;
    if (text === '' || !palette) return;
    const row = onto.rows - 1;
    // A link's address takes no more room than it needs.
    const wide = this.prompt !== undefined || this.#notice !== '';
    const paper = paperOf(palette);
    if (wide) onto.fill(0, row, onto.columns, paper);
    onto.write(0, row, `${MARGIN}${text}${MARGIN}`, palette.foreground, paper);
  }

  #endNotice(): void {
    this.#timer = undefined;
    this.#notice = '';
    this.changed();
  }
}

function paperOf({ foreground, background }: Palette): Rgb {
  return mix(foreground, background, 60);
}
