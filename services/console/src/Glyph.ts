import type { Coverage } from './Coverage.js';

/** One column of a glyph: its shape, to be coloured, or its own colours (premultiplied ARGB words). */
export type GlyphColumn = Coverage | Uint32Array;

export interface GlyphStyle {
  readonly bold: boolean;
  readonly italic: boolean;
}

/** Pixels. */
export interface FontMetrics {
  /** Per em. */
  readonly size: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** From the cell's top. */
  readonly baseline: number;
}
