import { type CellGrid, cursorBits, WORDS } from '../CellGrid.js';
import { type ClusterNumbers, glyph } from '../ClusterNumbers.js';
import { clusters } from '../GraphemeWidths.js';
import type { Rgb } from '../Palette.js';

/** What a board is drawn with: the terminal's own dark. */
export const ink = {
  paper: 0x14161a,
  raised: 0x20242c,
  text: 0xd7dbe2,
  dim: 0x7a828f,
  bright: 0xffffff,
  accent: 0x7fb0ff,
  good: 0x8bd67a,
  warning: 0xf2d064,
  bad: 0xff7b7f,
} as const;

export interface TextStyle {
  readonly colour?: Rgb;
  readonly paper?: Rgb;
  readonly bold?: boolean;
}

/** Writes text into a grid of cells. Whatever lies outside of it is cut off. */
export class Paper {
  readonly columns: number;
  readonly rows: number;
  readonly #grid: CellGrid;
  readonly #numbers: ClusterNumbers;

  constructor(grid: CellGrid, numbers: ClusterNumbers) {
    this.#grid = grid;
    this.#numbers = numbers;
    this.columns = grid.columns;
    this.rows = grid.rows;
  }

  fill(paper: Rgb, row = 0, column = 0, rows = this.rows, columns = this.columns): void {
    const [top, bottom] = [Math.max(0, row), Math.min(this.rows, row + rows)];
    const [left, right] = [Math.max(0, column), Math.min(this.columns, column + columns)];
    for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) this.#set(y, x, 0, ink.text, paper);
  }

  /** Returns the column behind the text. What has no width or controls a terminal is left out. */
  text(row: number, column: number, text: string, style: TextStyle = {}): number {
    let x = column;
    for (const { text: cluster, columns } of clusters(text)) {
      const first = cluster.codePointAt(0)!;
      if (columns === 0 || first < 0x20 || (first >= 0x7f && first < 0xa0)) continue;
      if (row >= 0 && row < this.rows && x >= 0 && x + columns <= this.columns)
        this.#put(row, x, cluster, columns, style);
      x += columns;
    }
    return x;
  }

  centre(row: number, text: string, style: TextStyle = {}): void {
    this.text(row, Math.floor((this.columns - widthOf(text)) / 2), text, style);
  }

  /** A bar before the cell, as where text goes in. */
  cursor(row: number, column: number, colour: Rgb = ink.bright): void {
    if (row < 0 || row >= this.rows || column < 0 || column >= this.columns) return;
    const at = (row * this.columns + column) * WORDS;
    const bits = (cursorBits.bar << cursorBits.shift) | colour;
    this.#grid.words[at + 1] = bits >>> 0;
  }

  /** The rows as text, trailing spaces cut. */
  read(): string {
    const lines: string[] = [];
    for (let y = 0; y < this.rows; y++) {
      let line = '';
      for (let x = 0; x < this.columns; x++) {
        const word = this.#grid.words[(y * this.columns + x) * WORDS]!;
        if (word & glyph.right) continue;
        line += word === 0 ? ' ' : this.#numbers.text(word);
      }
      lines.push(line.trimEnd());
    }
    return lines.join('\n');
  }

  #put(row: number, column: number, cluster: string, columns: number, style: TextStyle): void {
    const { colour = ink.text, paper, bold } = style;
    const first = cluster.codePointAt(0)!;
    const single = cluster.length === (first > 0xffff ? 2 : 1);
    let word = single ? first : this.#numbers.numberOf(cluster) | glyph.cluster;
    if (first === 0x20 && single) word = 0;
    else if (bold) word |= glyph.bold;
    if (columns === 2) word |= glyph.wide;
    for (let part = 0; part < columns; part++) {
      const own = this.#grid.words[(row * this.columns + column + part) * WORDS + 2]!;
      this.#set(row, column + part, part === 0 ? word : word | glyph.right, colour, paper ?? own);
    }
  }

  #set(row: number, column: number, word: number, colour: Rgb, paper: Rgb): void {
    const at = (row * this.columns + column) * WORDS;
    const { words } = this.#grid;
    words[at] = word >>> 0;
    words[at + 1] = colour;
    words[at + 2] = paper;
    words[at + 3] = 0;
  }
}

export function widthOf(text: string): number {
  let columns = 0;
  for (const cluster of clusters(text)) columns += cluster.columns;
  return columns;
}

/** The text's beginning, with an ellipsis where it is cut. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let short = '';
  let used = 1;
  for (const cluster of clusters(text)) {
    if (used + cluster.columns > columns) break;
    short += cluster.text;
    used += cluster.columns;
  }
  return `${short}…`;
}
