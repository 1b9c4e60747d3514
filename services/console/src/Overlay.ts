import { type CellGrid, cursorBits, decoration, RGB, WORDS } from './CellGrid.js';
import { type ClusterNumbers, glyph } from './ClusterNumbers.js';
import { clusters } from './GraphemeWidths.js';
import type { Rgb } from './Palette.js';

/** Something of the terminal's own that is drawn over the program's text. */
export interface Overlay {
  paint(onto: OverlayGrid): void;
}

/** Cells to draw over; rows are those of the window, the screen's begin at `top`. */
export class OverlayGrid {
  readonly #grid: CellGrid;
  readonly #clusters: ClusterNumbers;
  readonly top: number;

  constructor(grid: CellGrid, clusterNumbers: ClusterNumbers, top: number) {
    this.#grid = grid;
    this.#clusters = clusterNumbers;
    this.top = top;
  }

  get columns(): number {
    return this.#grid.columns;
  }
  get rows(): number {
    return this.#grid.rows;
  }

  /** Writes from a column on, as much as fits before `end`; returns the column behind. Control characters are blanks. */
  write(
    column: number,
    row: number,
    text: string,
    ink: Rgb,
    paper: Rgb,
    end = this.columns,
    bold = false,
  ): number {
    let x = column;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
    for (const cluster of clusters(text.replace(/[\x00-\x1f\x7f-\x9f]/g, ' '))) {
      const columns = Math.max(1, cluster.columns);
      if (x + columns > Math.min(end, this.columns)) break;
      let word =
        [...cluster.text].length > 1
          ? this.#clusters.numberOf(cluster.text) | glyph.cluster
          : cluster.text.codePointAt(0)!;
      if (word === 0x20) word = 0;
      else if (bold) word |= glyph.bold;
      if (columns === 2) word |= glyph.wide;
      this.#set(x, row, word, ink, paper);
      if (columns === 2) this.#set(x + 1, row, (word | glyph.right) >>> 0, ink, paper);
      x += columns;
    }
    return x;
  }

  fill(column: number, row: number, end: number, paper: Rgb): void {
    for (let x = column; x < Math.min(end, this.columns); x++) this.#set(x, row, 0, paper, paper);
  }

  /** Other colours for the text that is there. */
  colour(column: number, row: number, end: number, ink: Rgb, paper: Rgb): void {
    this.#each(column, row, end, (at) => {
      const { words } = this.#grid;
      words[at + 1] = ((words[at + 1]! & ~RGB) | ink) >>> 0;
      words[at + 2] = ((words[at + 2]! & ~RGB) | paper) >>> 0;
    });
  }

  underline(column: number, row: number, end: number): void {
    this.#each(column, row, end, (at) => {
      const { words } = this.#grid;
      words[at + 2] = (words[at + 2]! | (1 << decoration.underlineShift)) >>> 0;
      words[at + 3] = words[at + 1]! & RGB;
    });
  }

  /** A cursor before what stands there. */
  bar(column: number, row: number): void {
    this.#each(column, row, column + 1, (at) => {
      const { words } = this.#grid;
      words[at + 1] = ((words[at + 1]! & RGB) | (cursorBits.bar << cursorBits.shift)) >>> 0;
    });
  }

  #each(column: number, row: number, end: number, change: (at: number) => void): void {
    if (row < 0 || row >= this.rows) return;
    for (let x = Math.max(0, column); x < Math.min(end, this.columns); x++) {
      change((row * this.columns + x) * WORDS);
    }
  }

  #set(x: number, row: number, word: number, ink: Rgb, paper: Rgb): void {
    if (row < 0 || row >= this.rows || x < 0) return;
    this.#grid.words.set([word, ink, paper, 0], (row * this.columns + x) * WORDS);
  }
}
