import { CellGrid } from './CellGrid.js';
import type { Rgb } from './Palette.js';

/** Pixels of a buffer, XRGB8888. */
export interface Pixels {
  readonly words: Uint32Array;
  readonly width: number;
  readonly height: number;
}

/** Pixels, and which cells they show. */
export class Target {
  readonly pixels: Pixels;
  /** The same memory. */
  readonly bytes: Uint8Array;
  readonly held: CellGrid;
  margin: Rgb = -1;
  cursorColour: Rgb = -1;
  generation = -1;

  constructor(pixels: Pixels, columns: number, rows: number) {
    this.pixels = pixels;
    const { buffer, byteOffset, byteLength } = pixels.words;
    this.bytes = new Uint8Array(buffer, byteOffset, byteLength);
    this.held = new CellGrid(columns, rows);
    this.held.invalidate();
  }
}
