import { Pictures } from './Pictures.js';

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
