import { CELL_NUMBERS, drawCells } from '@switchyard/pixels';
import { type CellGrid, cursorBits, decoration, RGB, underline, WORDS } from './CellGrid.js';
import type { Font } from './Font.js';
import type { Rgb } from './Palette.js';
import type { ShapeCache } from './ShapeCache.js';
import type { Pixels, Target } from './Target.js';

const OPAQUE = 0xff000000;
/** Cells that are drawn by one call. */
const BATCH = 1024;

/**
 * Draws cells into pixels. They are collected and drawn together; lines and the cursor's outline go on top.
 *
 *   idle ──begin──▶ collecting ──end──▶ idle
 */
export class CellPainter {
  readonly #font: Font;
  readonly #shapes: ShapeCache;
  readonly #cells = new Int32Array(CELL_NUMBERS * BATCH);
  #count = 0;
  /** Those of the batch that have more than their shape. */
  readonly #more: number[] = [];
  #target: Target | undefined;
  #grid: CellGrid | undefined;
  #cursorColour: Rgb = 0;

  constructor(font: Font, shapes: ShapeCache) {
    this.#font = font;
    this.#shapes = shapes;
  }

  /** What is drawn on, and the cells that will be: the grid must lie inside the target's pixels. */
  begin(target: Target, grid: CellGrid, cursorColour: Rgb): void {
    this.#target = target;
    this.#grid = grid;
    this.#cursorColour = cursorColour;
  }

  /** Hot. */
  add(column: number, row: number): void {
    const grid = this.#grid!;
    const at = (row * grid.columns + column) * WORDS;
    const fg = grid.words[at + 1]!;
    const bg = grid.words[at + 2]!;
    if (this.#shapes.isFull) {
      this.#draw();
      this.#shapes.forget();
    } else if (this.#count === BATCH) this.#draw();
    const shape = this.#shapes.place(grid.words[at]!);
    const cells = this.#cells;
    const to = this.#count++ * CELL_NUMBERS;
    cells[to] = column * this.#font.cellWidth;
    cells[to + 1] = row * this.#font.cellHeight;
    cells[to + 2] = shape ?? -1;
    cells[to + 3] = fg & RGB;
    cells[to + 4] = bg & RGB;
    const isPlain = shape !== undefined && bg >>> 24 === 0 && fg >>> cursorBits.shift <= cursorBits.block;
    if (!isPlain) this.#more.push(row * grid.columns + column);
  }

  end(): void {
    this.#draw();
    this.#target = undefined;
    this.#grid = undefined;
  }

  #draw(): void {
    if (this.#count === 0) return;
    const { bytes, pixels } = this.#target!;
    const { cellWidth, cellHeight } = this.#font;
    drawCells(bytes, pixels.width * 4, this.#shapes.bytes, cellWidth, cellHeight, this.#cells, this.#count);
    this.#count = 0;
    if (this.#more.length === 0) return;
    for (const cell of this.#more) this.#drawMore(pixels, this.#grid!, cell);
    this.#more.length = 0;
  }

  #drawMore(into: Pixels, grid: CellGrid, cell: number): void {
    const at = cell * WORDS;
    const column = cell % grid.columns;
    const row = (cell - column) / grid.columns;
    const origin = row * this.#font.cellHeight * into.width + column * this.#font.cellWidth;
    const word = grid.words[at]!;
    const fg = grid.words[at + 1]!;
    const bg = grid.words[at + 2]!;
    if (this.#shapes.place(word) === undefined) this.#blend(into, origin, this.#shapes.colours(word));
    if (bg >>> 24) this.#decorate(into, origin, bg, grid.words[at + 3]!, fg & RGB);
    const cursor = fg >>> cursorBits.shift;
    if (cursor > cursorBits.block) this.#outline(into, origin, cursor, this.#cursorColour);
  }

  /** Source-over of premultiplied words, on a background that is there already. */
  #blend(into: Pixels, origin: number, colours: Uint32Array): void {
    const { cellWidth, cellHeight } = this.#font;
    for (let y = 0, from = 0; y < cellHeight; y++) {
      const start = origin + y * into.width;
      for (let to = start; to < start + cellWidth; to++, from++) {
        const word = colours[from]!;
        const below = into.words[to]!;
        const alpha = word >>> 24;
        const rest = 256 - (alpha + (alpha >> 7));
        const redBlue = (word & 0xff00ff) + ((((below & 0xff00ff) * rest) >>> 8) & 0xff00ff);
        const green = (word & 0x00ff00) + ((((below & 0x00ff00) * rest) >>> 8) & 0x00ff00);
        into.words[to] = OPAQUE | (redBlue & 0xff00ff) | (green & 0x00ff00);
      }
    }
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
