import { clusters } from './GraphemeWidths.js';
import type { Overlay, OverlayGrid } from './Overlay.js';
import type { Palette, Rgb } from './Palette.js';
import type { Composed } from './TextInput.js';

/** The cursor of the field that is composed in: its cell in the window, and its colours. */
export interface FieldCursor {
  readonly x: number;
  readonly y: number;
  readonly palette: Palette;
  readonly paper: Rgb;
}

/** A cluster of composed text. */
interface Piece {
  readonly text: string;
  readonly columns: number;
  readonly marked: boolean;
}

/**
 * What an input method is composing, drawn underlined over the field's text from its cursor on, and the input method's own cursor in it.
 * The emulator knows nothing of it. What has no room on the rest of the row begins further to the left; of what has none on a whole
 * row, the end is seen.
 */
export class Preedit implements Overlay {
  readonly #cursor: (onto: OverlayGrid) => FieldCursor | undefined;
  readonly #changed: () => void;
  #composed: Composed | undefined;

  /** `cursor`: undefined while it is not to be seen, or nothing can be composed. */
  constructor(cursor: (onto: OverlayGrid) => FieldCursor | undefined, changed: () => void) {
    this.#cursor = cursor;
    this.#changed = changed;
  }

  set composed(composed: Composed | undefined) {
    this.#composed = composed;
    this.#changed();
  }

  paint(onto: OverlayGrid): void {
    const composed = this.#composed;
    const field = composed && this.#cursor(onto);
    if (!composed || !field) return;
    const { pieces, cursor } = piecesOf(composed);
    const { foreground, selected, selection } = field.palette;
    const row = field.y;
    // A column is left for the cursor behind the text.
    let columns = pieces.reduce((sum, piece) => sum + piece.columns, 1);
    let first = 0;
    while (columns > onto.columns && first < pieces.length) columns -= pieces[first++]!.columns;
    const start = Math.min(field.x, onto.columns - columns);
    let x = start;
    let cursorAt: number | undefined;
    for (let at = first; at < pieces.length; at++) {
      const { text, marked } = pieces[at]!;
      if (at === cursor) cursorAt = x;
      x = marked
        ? onto.write(x, row, text, selected, selection)
        : onto.write(x, row, text, foreground, field.paper);
    }
    onto.underline(start, row, x);
    if (cursor === pieces.length) cursorAt = x;
    if (cursorAt !== undefined) onto.bar(cursorAt, row);
  }
}

/** `cursor`: which piece the cursor stands before; undefined when it is on some of them, which are marked, or hidden. */
function piecesOf({ text, begin, end }: Composed): { pieces: Piece[]; cursor: number | undefined } {
  const pieces: Piece[] = [];
  let cursor: number | undefined;
  let offset = 0;
  for (const cluster of clusters(text)) {
    if (begin === end && begin >= 0 && cursor === undefined && offset >= begin) cursor = pieces.length;
    const marked = offset >= begin && offset < end;
    pieces.push({ text: cluster.text, columns: Math.max(1, cluster.columns), marked });
    offset += Buffer.byteLength(cluster.text);
  }
  if (begin === end && begin >= 0) cursor ??= pieces.length;
  return { pieces, cursor };
}
