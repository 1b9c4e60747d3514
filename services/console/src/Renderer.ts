import { sameCell } from './CellDamage.js';
import { type CellGrid, WORDS } from './CellGrid.js';
import { CellPainter } from './CellPainter.js';
import type { ClusterNumbers } from './ClusterNumbers.js';
import type { Font } from './Font.js';
import type { Rgb } from './Palette.js';
import { RowShift } from './RowShift.js';
import { ShapeCache } from './ShapeCache.js';
import type { Target } from './Target.js';

/** Brings a target up to date by drawing the cells that differ from what it holds. */
export class Renderer {
  readonly font: Font;
  readonly #clusters: ClusterNumbers;
  readonly #painter: CellPainter;
  readonly #rowShift = new RowShift();

  constructor(font: Font, clusters: ClusterNumbers) {
    this.font = font;
    this.#clusters = clusters;
    this.#painter = new CellPainter(font, new ShapeCache(font, clusters));
  }

  /** `present` must be of the target's size. Returns the number of cells drawn. */
  paint(target: Target, present: CellGrid, margin: Rgb, cursorColour: Rgb): number {
    const { held, pixels } = target;
    if (target.generation !== this.#clusters.generation || target.cursorColour !== cursorColour)
      held.invalidate();
    target.generation = this.#clusters.generation;
    target.cursorColour = cursorColour;
    if (target.margin !== margin) {
      this.#painter.paintMargin(pixels, present, margin);
      target.margin = margin;
    }
    const shift = this.#rowShift.find(held, present);
    if (shift !== 0) this.#move(target, shift);
    this.#painter.begin(target, present, cursorColour);
    let painted = 0;
    for (let row = 0, cell = 0; row < present.rows; row++) {
      for (let column = 0; column < present.columns; column++, cell++) {
        if (sameCell(held, present, cell)) continue;
        this.#painter.add(column, row);
        painted++;
      }
    }
    this.#painter.end();
    held.copyFrom(present);
    return painted;
  }

  /** Moves pixels and what they are known to show up by `rows` (down when negative). */
  #move(target: Target, rows: number): void {
    const { held, pixels } = target;
    const kept = held.rows - Math.abs(rows);
    const [to, from] = rows > 0 ? [0, rows] : [-rows, 0];
    const rowWords = held.columns * WORDS;
    held.words.copyWithin(to * rowWords, from * rowWords, (from + kept) * rowWords);
    const rowPixels = this.font.cellHeight * pixels.width;
    pixels.words.copyWithin(to * rowPixels, from * rowPixels, (from + kept) * rowPixels);
  }
}
