/** Words of one cell in a CellGrid. */
export const WORDS = 4;

/**
 * A screenful of cells as they are to be drawn: every attribute, the selection and the cursor are resolved. Four words a cell, so that
 * comparing and moving them is comparing and moving numbers:
 *
 *   0  glyph (ClusterNumbers.ts)
 *   1  foreground 0xRRGGBB; bits 24-26 cursor
 *   2  background 0xRRGGBB; bits 24-26 underline style, 27 strike, 28 overline
 *   3  underline colour 0xRRGGBB
 */
export class CellGrid {
  readonly columns: number;
  readonly rows: number;
  readonly words: Uint32Array;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.words = new Uint32Array(columns * rows * WORDS);
  }

  copyFrom(other: CellGrid): void {
    this.words.set(other.words);
  }

  /** No real cell looks like this: everything will be drawn. */
  invalidate(): void {
    this.words.fill(0xffffffff);
  }
}

export const cursorBits = { shift: 24, block: 1, hollow: 2, underline: 3, bar: 4 } as const;
export const decoration = {
  underlineShift: 24,
  underlineMask: 7,
  strike: 1 << 27,
  overline: 1 << 28,
} as const;
export const underline = { none: 0, single: 1, double: 2, curly: 3, dotted: 4, dashed: 5 } as const;
export const RGB = 0xffffff;
