import { clusters } from './GraphemeWidths.js';
import type { Overlay, OverlayGrid } from './Overlay.js';
import type { Screen } from './Screen.js';
import type { Composed } from './TextInput.js';

/** A cluster of composed text. */
interface Piece {
  readonly text: string;
  readonly columns: number;
  readonly marked: boolean;
}

/**
 * What an input method is composing, drawn underlined over the program's text from the cursor on, and the input method's own cursor in
 * it. The emulator knows nothing of it. What has no room on the rest of the row begins further to the left; of what has none on a whole
 * row, the end is seen.
 */
export class Preedit implements Overlay {
  readonly #screen: () => Screen | undefined;
  readonly #changed: () => void;
  #composed: Composed | undefined;

  /** `screen`: the one that is composed for; undefined while the keys are the terminal's own. */
  constructor(screen: () => Screen | undefined, changed: () => void) {
    this.#screen = screen;
    this.#changed = changed;
  }

  set composed(composed: Composed | undefined) {
    this.#composed = composed;
    this.#changed();
  }

  paint(onto: OverlayGrid): void {
    const composed = this.#composed;
    const screen = composed && this.#screen();
    const place = screen?.place;
    if (!composed || !place) return;
    const { pieces, cursor } = piecesOf(composed);
    const { foreground, background, selected, selection } = screen.palette;
    const row = place.y + onto.top;
    // A column is left for the cursor behind the text.
    let columns = pieces.reduce((sum, piece) => sum + piece.columns, 1);
    let first = 0;
    while (columns > onto.columns && first < pieces.length) columns -= pieces[first++]!.columns;
    const start = Math.min(place.x, onto.columns - columns);
    let x = start;
    let cursorAt: number | undefined;
    for (let at = first; at < pieces.length; at++) {
      const { text, marked } = pieces[at]!;
      if (at === cursor) cursorAt = x;
      x = marked
        ? onto.write(x, row, text, selected, selection)
        : onto.write(x, row, text, foreground, background);
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
