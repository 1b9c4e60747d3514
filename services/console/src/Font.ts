import { lightThickness } from './BoxDrawing.js';
import { drawnGlyph } from './DrawnGlyphs.js';
import type { FontMetrics, GlyphColumn, GlyphStyle } from './Glyph.js';
import { GlyphSheet } from './GlyphSheet.js';
import { Rasteriser } from './Rasteriser.js';

/** Pixels per em. Below, text cannot be read; above, the shapes of a screenful would outgrow the cache. */
export const FONT_SIZES = { least: 6, most: 128 } as const;

/**
 * Turns characters into shapes of exactly one or two cells. What must meet its neighbours exactly is drawn by code; the shipped font's
 * common characters are on a sheet; whatever else appears is drawn by Skia, which is loaded then.
 */
export class Font {
  readonly size: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly baseline: number;
  readonly lineThickness: number;
  readonly #sheet: GlyphSheet | undefined;
  readonly #file: string | undefined;
  #rasteriser: Rasteriser | undefined;

  private constructor(metrics: FontMetrics, sheet?: GlyphSheet, rasteriser?: Rasteriser, file?: string) {
    this.size = metrics.size;
    this.cellWidth = metrics.cellWidth;
    this.cellHeight = metrics.cellHeight;
    this.baseline = metrics.baseline;
    this.lineThickness = lightThickness(this.cellWidth);
    this.#sheet = sheet;
    this.#rasteriser = rasteriser;
    this.#file = file;
  }

  /** `file`: a font's file or family, to prefer to the one that is shipped; throws when it cannot be read or is none. */
  static async load(size: number, file?: string): Promise<Font> {
    const sheet = file === undefined ? GlyphSheet.shipped(size) : undefined;
    if (sheet) return new Font(sheet, sheet);
    const rasteriser = Rasteriser.load(size, file);
    return new Font(rasteriser, undefined, rasteriser, file);
  }

  /** Of the same faces. */
  isLike(other: Font): boolean {
    return this.#file === other.#file;
  }

  /** The same faces at another size. */
  resized(size: number): Font {
    const sheet = this.#file === undefined ? GlyphSheet.shipped(size) : undefined;
    if (sheet) return new Font(sheet, sheet);
    const rasteriser = this.#rasterise().resized(size);
    return new Font(rasteriser, undefined, rasteriser, this.#file);
  }

  /** The columns of a cluster: as many as it takes. */
  glyph(text: string, columns: 1 | 2, style: GlyphStyle): GlyphColumn[] {
    const drawn = drawnGlyph(text.codePointAt(0)!, columns * this.cellWidth, this.cellHeight);
    if (drawn) return drawn.columns(columns);
    const stored = columns === 1 ? this.#sheet?.glyph(text, style) : undefined;
    return stored ? [stored] : this.#rasterise().glyph(text, columns, style);
  }

  #rasterise(): Rasteriser {
    this.#rasteriser ??= Rasteriser.load(this.size);
    return this.#rasteriser;
  }
}
