import { FONT_SIZES, type Font } from './Font.js';

/** @xterm/headless knows no narrower screen. */
const LEAST_COLUMNS = 2;
/** Each step of zooming changes the font's size by this factor. */
const ZOOM = 1.1;
const ZOOM_STEPS = { least: -8, most: 16 } as const;

/** How large the text is, and how many cells a window has room for. */
export class TextSize {
  /** At scale 1 and without zoom; undefined until it is loaded. */
  base: Font | undefined;
  /** The window, in pixels of the buffer; 0 wide until it has a size. */
  pixels = { width: 0, height: 0, scale: 1 };
  #zoom = 0;

  /** Larger, smaller, or (0) the usual size; true when that is another one. */
  zoomBy(step: -1 | 0 | 1): boolean {
    const before = this.#zoom;
    this.#zoom = step === 0 ? 0 : Math.max(ZOOM_STEPS.least, Math.min(before + step, ZOOM_STEPS.most));
    return this.#zoom !== before;
  }

  /** The font to draw with: the present one, when it is that. */
  font(base: Font, present: Font): Font {
    const { scale } = this.pixels;
    const wanted = Math.round(base.size * ZOOM ** this.#zoom * scale);
    const size = Math.max(FONT_SIZES.least, Math.min(wanted, FONT_SIZES.most * scale));
    return present.size === size && present.isLike(base) ? present : base.resized(size);
  }

  cells(font: Font): { columns: number; rows: number } {
    const { width, height } = this.pixels;
    return {
      columns: Math.max(LEAST_COLUMNS, Math.floor(width / font.cellWidth)),
      rows: Math.max(1, Math.floor(height / font.cellHeight)),
    };
  }
}
