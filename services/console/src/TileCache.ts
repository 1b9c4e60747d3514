import type { Coverage } from './Coverage.js';
import type { Font } from './Font.js';
import type { GlyphColumn } from './Glyph.js';
import { Pictures } from './Pictures.js';

/** Bytes of coloured tiles. 16 MiB are 25,000 cells of 9×18: three full screens in which no two cells are alike. */
const TILE_BYTES = 16 << 20;
/** Shapes kept (about 160 bytes each at 9×18). */
const SHAPE_LIMIT = 16_384;
/** Clusters of several code points that have a number of their own. Beyond, all are forgotten and everything is drawn anew. */
const CLUSTER_LIMIT = 65_536;

/**
 * What a cell shows, as one word:
 *
 *   bits 0-20   code point, or number of a cluster
 *   bit 21      bold
 *   bit 22      italic
 *   bit 23      two columns wide
 *   bit 24      this is the right one of them
 *   bit 25      bits 0-20 number a cluster
 *   bit 26      bits 0-20 number a picture's tile
 *
 * 0 is an empty cell.
 */
export const glyph = {
  index: 0x1fffff,
  bold: 1 << 21,
  italic: 1 << 22,
  wide: 1 << 23,
  right: 1 << 24,
  cluster: 1 << 25,
  picture: 1 << 26,
} as const;

/** Numbers for clusters, so that a cell's content is one word; and the pictures, whose tiles have numbers of their own. */
export class ClusterNumbers {
  readonly pictures: Pictures;
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];
  #taken = 0;

  constructor(pictures = new Pictures()) {
    this.pictures = pictures;
  }

  /** Grows when all numbers were taken back: what was drawn with them must not be compared any more. */
  get generation(): number {
    return this.#taken + this.pictures.generation;
  }

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    if (this.#texts.length >= CLUSTER_LIMIT) {
      this.#numbers.clear();
      this.#texts.length = 0;
      this.#taken++;
    }
    this.#numbers.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }

  text(glyphWord: number): string {
    const index = glyphWord & glyph.index;
    return glyphWord & glyph.cluster ? (this.#texts[index] ?? '') : String.fromCodePoint(index);
  }
}

/**
 * Cells in their colours, ready to be copied. An open-addressing table of (glyph, foreground, background) → place in one slab; when
 * the slab is full everything is coloured anew, which costs a microsecond a tile.
 */
export class TileCache {
  readonly #font: Font;
  readonly #clusters: ClusterNumbers;
  readonly #shapes = new Map<number, GlyphColumn>();
  readonly #tileWords: number;
  readonly #capacity: number;
  readonly #mask: number;
  readonly #keys: Uint32Array;
  readonly #places: Int32Array;
  readonly slab: Uint32Array;
  #count = 0;
  #generation = 0;

  constructor(font: Font, clusters: ClusterNumbers) {
    this.#font = font;
    this.#clusters = clusters;
    this.#tileWords = font.cellWidth * font.cellHeight;
    this.#capacity = Math.max(64, Math.floor(TILE_BYTES / (this.#tileWords * 4)));
    const slots = 2 ** Math.ceil(Math.log2(this.#capacity * 2));
    this.#mask = slots - 1;
    this.#keys = new Uint32Array(slots * 3);
    this.#places = new Int32Array(slots).fill(-1);
    this.slab = new Uint32Array(this.#capacity * this.#tileWords);
  }

  /** Hot. Where in `slab` the tile begins; it stays valid until the next call. Colours are 0xRRGGBB. */
  tile(glyphWord: number, foreground: number, background: number): number {
    if (this.#generation !== this.#clusters.generation) this.#forgetClusters();
    let slot =
      (Math.imul(glyphWord, 0x9e3779b1) ^
        Math.imul(foreground, 0x85ebca6b) ^
        Math.imul(background, 0xc2b2ae35)) >>>
      0;
    slot = (slot ^ (slot >>> 15)) & this.#mask;
    for (; this.#places[slot]! >= 0; slot = (slot + 1) & this.#mask) {
      const key = slot * 3;
      if (
        this.#keys[key] === glyphWord &&
        this.#keys[key + 1] === foreground &&
        this.#keys[key + 2] === background
      ) {
        return this.#places[slot]!;
      }
    }
    if (this.#count === this.#capacity) {
      this.#clear();
      return this.tile(glyphWord, foreground, background);
    }
    const place = this.#count++ * this.#tileWords;
    this.#keys.set([glyphWord, foreground, background], slot * 3);
    this.#places[slot] = place;
    this.#colour(place, glyphWord, foreground, background);
    return place;
  }

  #colour(place: number, glyphWord: number, foreground: number, background: number): void {
    const tile = this.slab.subarray(place, place + this.#tileWords);
    tile.fill(0xff000000 | background);
    if ((glyphWord & (glyph.index | glyph.cluster | glyph.picture)) === 0) return;
    const shape = this.#shape(glyphWord);
    if (shape instanceof Uint32Array) blendColours(tile, shape, background);
    else blendCoverage(tile, shape, foreground, background);
  }

  #shape(glyphWord: number): GlyphColumn {
    const known = this.#shapes.get(glyphWord);
    if (known) return known;
    if (this.#shapes.size >= SHAPE_LIMIT) this.#shapes.clear();
    if (glyphWord & glyph.picture) {
      // Its pixels are kept once, by the picture, and once coloured, by the slab.
      const { cellWidth, cellHeight } = this.#font;
      return this.#clusters.pictures.tile(glyphWord & glyph.index, cellWidth, cellHeight);
    }
    const columns = this.#font.glyph(this.#clusters.text(glyphWord), glyphWord & glyph.wide ? 2 : 1, {
      bold: (glyphWord & glyph.bold) !== 0,
      italic: (glyphWord & glyph.italic) !== 0,
    });
    this.#shapes.set(glyphWord & ~glyph.right, columns[0]!);
    if (columns[1]) this.#shapes.set(glyphWord | glyph.right, columns[1]);
    return (glyphWord & glyph.right ? columns[1] : columns[0])!;
  }

  #clear(): void {
    this.#places.fill(-1);
    this.#count = 0;
  }

  #forgetClusters(): void {
    this.#generation = this.#clusters.generation;
    for (const word of this.#shapes.keys()) if (word & glyph.cluster) this.#shapes.delete(word);
    this.#clear();
  }
}

function blendCoverage(tile: Uint32Array, shape: Coverage, foreground: number, background: number): void {
  const fgRedBlue = foreground & 0xff00ff;
  const fgGreen = foreground & 0x00ff00;
  const bgRedBlue = background & 0xff00ff;
  const bgGreen = background & 0x00ff00;
  for (let at = 0; at < tile.length; at++) {
    const ink = shape.bytes[at]!;
    if (ink === 0) continue;
    const share = ink + (ink >> 7);
    const rest = 256 - share;
    const redBlue = ((fgRedBlue * share + bgRedBlue * rest) >>> 8) & 0xff00ff;
    const green = ((fgGreen * share + bgGreen * rest) >>> 8) & 0x00ff00;
    tile[at] = 0xff000000 | redBlue | green;
  }
}

/** Source-over of premultiplied words. */
function blendColours(tile: Uint32Array, shape: Uint32Array, background: number): void {
  for (let at = 0; at < tile.length; at++) {
    const word = shape[at]!;
    const alpha = word >>> 24;
    const rest = 256 - (alpha + (alpha >> 7));
    const redBlue = (word & 0xff00ff) + ((((background & 0xff00ff) * rest) >>> 8) & 0xff00ff);
    const green = (word & 0x00ff00) + ((((background & 0x00ff00) * rest) >>> 8) & 0x00ff00);
    tile[at] = 0xff000000 | (redBlue & 0xff00ff) | (green & 0x00ff00);
  }
}
