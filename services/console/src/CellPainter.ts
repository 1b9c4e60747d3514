import { type CellGrid, cursorBits, decoration, RGB, underline, WORDS } from './CellGrid.js';
import type { Font } from './Font.js';
import type { Rgb } from './Palette.js';
import type { TileCache } from './TileCache.js';

const OPAQUE = 0xff000000;

/** Pixels of a buffer, XRGB8888. */
export interface Pixels {
  readonly words: Uint32Array;
  readonly width: number;
  readonly height: number;
}

/** Draws cells into pixels: a tile is copied, lines and the cursor's outline go on top. */
export class CellPainter {
  readonly #font: Font;
  readonly #tiles: TileCache;

  constructor(font: Font, tiles: TileCache) {
    this.#font = font;
    this.#tiles = tiles;
  }

  /** Hot. The cell's rectangle must lie inside the buffer. */
  paint(into: Pixels, grid: CellGrid, column: number, row: number, cursorColour: Rgb): void {
    const { cellWidth, cellHeight } = this.#font;
    const at = (row * grid.columns + column) * WORDS;
    const fg = grid.words[at + 1]!;
    const bg = grid.words[at + 2]!;
    let from = this.#tiles.tile(grid.words[at]!, fg & RGB, bg & RGB);
    const slab = this.#tiles.slab;
    const words = into.words;
    const stride = into.width;
    const origin = row * cellHeight * stride + column * cellWidth;
    for (let to = origin, end = origin + cellHeight * stride; to < end; to += stride) {
      for (let pixel = to; pixel < to + cellWidth; pixel++) words[pixel] = slab[from++]!;
    }
    if (bg >>> 24) this.#decorate(into, origin, bg, grid.words[at + 3]!, fg & RGB);
    const cursor = fg >>> cursorBits.shift;
    if (cursor > cursorBits.block) this.#outline(into, origin, cursor, cursorColour);
  }

  /** Paints what lies beside the cells: the rest of a window whose size is no multiple of the cell's. */
  paintMargin(into: Pixels, grid: CellGrid, colour: Rgb): void {
    const right = grid.columns * this.#font.cellWidth;
    const bottom = grid.rows * this.#font.cellHeight;
    const word = OPAQUE | colour;
    for (let y = 0; y < Math.min(bottom, into.height); y++) {
      into.words.fill(word, y * into.width + right, (y + 1) * into.width);
    }
    into.words.fill(word, bottom * into.width, into.height * into.width);
  }

  #decorate(into: Pixels, origin: number, bg: number, lineColour: Rgb, ink: Rgb): void {
    const { cellWidth, cellHeight, baseline, lineThickness } = this.#font;
    const style = (bg >>> decoration.underlineShift) & decoration.underlineMask;
    const lowest = cellHeight - lineThickness;
    const top = Math.min(baseline + lineThickness, lowest);
    const line = (y: number, colour: Rgb) => this.#fill(into, origin, 0, y, cellWidth, lineThickness, colour);
    switch (style) {
      case underline.single:
        line(top, lineColour);
        break;
      case underline.double:
        line(Math.min(top, lowest - 2 * lineThickness), lineColour);
        line(Math.min(top + 2 * lineThickness, lowest), lineColour);
        break;
      case underline.curly:
        this.#curl(into, origin, lineColour);
        break;
      case underline.dotted:
        for (let x = 0; x < cellWidth; x += 2 * lineThickness) {
          this.#fill(into, origin, x, top, Math.min(lineThickness, cellWidth - x), lineThickness, lineColour);
        }
        break;
      case underline.dashed: {
        const dash = Math.ceil(cellWidth / 2);
        this.#fill(into, origin, Math.floor((cellWidth - dash) / 2), top, dash, lineThickness, lineColour);
        break;
      }
    }
    if (bg & decoration.strike) line(Math.round(baseline * 0.67), ink);
    if (bg & decoration.overline) line(0, ink);
  }

  /** One wave a cell, so that it goes on in the next. */
  #curl(into: Pixels, origin: number, colour: Rgb): void {
    const { cellWidth, cellHeight, baseline, lineThickness } = this.#font;
    const room = cellHeight - baseline - lineThickness;
    const amplitude = Math.max(1, Math.min(room, 2 * lineThickness)) / 2;
    const middle = Math.min(baseline + lineThickness + amplitude, cellHeight - lineThickness - amplitude);
    for (let x = 0; x < cellWidth; x++) {
      const y = Math.round(middle + amplitude * Math.sin((2 * Math.PI * (x + 0.5)) / cellWidth));
      this.#fill(into, origin, x, y, 1, lineThickness, colour);
    }
  }

  #outline(into: Pixels, origin: number, cursor: number, colour: Rgb): void {
    const { cellWidth, cellHeight, lineThickness } = this.#font;
    const thick = Math.min(cellHeight, 2 * lineThickness);
    if (cursor === cursorBits.underline) {
      this.#fill(into, origin, 0, cellHeight - thick, cellWidth, thick, colour);
    } else if (cursor === cursorBits.bar) {
      this.#fill(into, origin, 0, 0, Math.min(thick, cellWidth), cellHeight, colour);
    } else {
      this.#fill(into, origin, 0, 0, cellWidth, lineThickness, colour);
      this.#fill(into, origin, 0, cellHeight - lineThickness, cellWidth, lineThickness, colour);
      this.#fill(into, origin, 0, 0, lineThickness, cellHeight, colour);
      this.#fill(into, origin, cellWidth - lineThickness, 0, lineThickness, cellHeight, colour);
    }
  }

  #fill(
    into: Pixels,
    origin: number,
    x: number,
    y: number,
    width: number,
    height: number,
    colour: Rgb,
  ): void {
    for (let row = y; row < y + height; row++) {
      const start = origin + row * into.width + x;
      into.words.fill(OPAQUE | colour, start, start + width);
    }
  }
}
