import { type ClusterNumbers, glyph } from './ClusterNumbers.js';
import type { Font } from './Font.js';

/** Bytes of shapes. 4 MiB are 25,000 of 9×18. */
const SHAPE_BYTES = 4 << 20;
/** At first: the Latin characters in four styles. */
const FIRST_BYTES = 64 << 10;
/** Shapes in colours of their own: emoji, and the tiles of pictures. 9×18 take 650 bytes. */
const COLOURED_LIMIT = 16_384;
const ASCII_END = 0x80;
const STYLES = 4;
const STYLE_SHIFT = 21;
const UNKNOWN = -2;

/** Where a blank's shape is. */
export const BLANK = -1;

/** The shapes of what was shown so far, in one piece of memory that cells are drawn from. */
export class ShapeCache {
  readonly #font: Font;
  readonly #clusters: ClusterNumbers;
  readonly #area: number;
  readonly #limit: number;
  /** Of ASCII in four styles, without a look into the map. */
  readonly #ascii = new Int32Array(ASCII_END * STYLES).fill(UNKNOWN);
  readonly #places = new Map<number, number>();
  readonly #coloured = new Map<number, Uint32Array>();
  #bytes: Uint8Array;
  #used = 0;
  #generation = 0;

  constructor(font: Font, clusters: ClusterNumbers) {
    this.#font = font;
    this.#clusters = clusters;
    this.#area = font.cellWidth * font.cellHeight;
    this.#limit = Math.max(SHAPE_BYTES, 1024 * this.#area);
    this.#bytes = new Uint8Array(Math.max(FIRST_BYTES, 8 * this.#area));
  }

  /** One byte a pixel; another array when it has grown. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** The next shape might make all others forgotten: what was asked for must be drawn before. */
  get isFull(): boolean {
    return (
      this.#used + 2 * this.#area > this.#limit ||
      this.#coloured.size >= COLOURED_LIMIT ||
      this.#generation !== this.#clusters.generation
    );
  }

  forget(): void {
    this.#generation = this.#clusters.generation;
    this.#ascii.fill(UNKNOWN);
    this.#places.clear();
    this.#coloured.clear();
    this.#used = 0;
  }

  /** Hot. Where in `bytes` the shape begins, BLANK, or undefined when it has colours of its own. */
  place(glyphWord: number): number | undefined {
    const code = glyphWord & ~(glyph.bold | glyph.italic);
    if (code < ASCII_END) {
      const slot = ((glyphWord >> STYLE_SHIFT) & (STYLES - 1)) * ASCII_END + code;
      const known = this.#ascii[slot]!;
      if (known !== UNKNOWN) return known;
      const place = this.#find(glyphWord);
      if (place !== undefined) this.#ascii[slot] = place;
      return place;
    }
    return this.#find(glyphWord);
  }

  /** The pixels of one that has, premultiplied ARGB. */
  colours(glyphWord: number): Uint32Array {
    return this.#coloured.get(glyphWord)!;
  }

  #find(glyphWord: number): number | undefined {
    if ((glyphWord & (glyph.index | glyph.cluster | glyph.picture)) === 0) return BLANK;
    const known = this.#places.get(glyphWord);
    if (known !== undefined) return known;
    if (!this.#coloured.has(glyphWord)) this.#make(glyphWord);
    return this.#places.get(glyphWord);
  }

  #make(glyphWord: number): void {
    const { cellWidth, cellHeight } = this.#font;
    if (glyphWord & glyph.picture) {
      this.#coloured.set(
        glyphWord,
        this.#clusters.pictures.tile(glyphWord & glyph.index, cellWidth, cellHeight),
      );
      return;
    }
    const columns = this.#font.glyph(this.#clusters.text(glyphWord), glyphWord & glyph.wide ? 2 : 1, {
      bold: (glyphWord & glyph.bold) !== 0,
      italic: (glyphWord & glyph.italic) !== 0,
    });
    for (const [index, column] of columns.entries()) {
      const word = index === 0 ? glyphWord & ~glyph.right : glyphWord | glyph.right;
      if (column instanceof Uint32Array) this.#coloured.set(word, column);
      else this.#places.set(word, this.#add(column.bytes));
    }
  }

  #add(shape: Uint8Array): number {
    const place = this.#used;
    this.#used += this.#area;
    if (this.#used > this.#bytes.length) {
      const grown = new Uint8Array(2 * this.#bytes.length);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(shape, place);
    return place;
  }
}
