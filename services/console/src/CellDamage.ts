import { type CellGrid, WORDS } from './CellGrid.js';

/** Rectangles in one frame's damage. Beyond, each row's changes become one rectangle. */
const RECTANGLE_LIMIT = 256;

/** Which cells differ between two screens, as rectangles of cells: runs in a row, merged downwards when they are equally wide. */
export class CellDamage {
  /** x, y, width, height of each, in cells. */
  readonly rectangles = new Int32Array(4 * RECTANGLE_LIMIT);
  count = 0;

  /** Everything, when `shown` is undefined or of another size. */
  between(shown: CellGrid | undefined, present: CellGrid): void {
    this.count = 0;
    if (!shown || shown.columns !== present.columns || shown.rows !== present.rows) {
      this.#add(0, 0, present.columns, present.rows);
      return;
    }
    if (!this.#collect(shown, present, false)) this.#collect(shown, present, true);
  }

  /** False when there are too many. */
  #collect(shown: CellGrid, present: CellGrid, wholeRuns: boolean): boolean {
    this.count = 0;
    const { columns, rows } = present;
    for (let y = 0; y < rows; y++) {
      let start = -1;
      let end = -1;
      for (let x = 0; x < columns; x++) {
        if (sameCell(shown, present, y * columns + x)) continue;
        if (start >= 0 && x > end && !wholeRuns) {
          if (!this.#add(start, y, end - start, 1)) return false;
          start = x;
        }
        if (start < 0) start = x;
        end = x + 1;
      }
      if (start >= 0 && !this.#add(start, y, end - start, 1)) return false;
    }
    return true;
  }

  #add(x: number, y: number, width: number, height: number): boolean {
    const r = this.rectangles;
    for (let at = 4 * (this.count - 1); at >= 0 && r[at + 1]! + r[at + 3]! >= y; at -= 4) {
      if (r[at] === x && r[at + 2] === width && r[at + 1]! + r[at + 3]! === y) {
        r[at + 3]! += height;
        return true;
      }
    }
    if (this.count === RECTANGLE_LIMIT) return false;
    r.set([x, y, width, height], 4 * this.count++);
    return true;
  }
}

export function sameCell(a: CellGrid, b: CellGrid, cell: number): boolean {
  const at = cell * WORDS;
  return (
    a.words[at] === b.words[at] &&
    a.words[at + 1] === b.words[at + 1] &&
    a.words[at + 2] === b.words[at + 2] &&
    a.words[at + 3] === b.words[at + 3]
  );
}
