import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { struct } from '@switchyard/uapi';
import { Coverage } from './Coverage.js';
import type { FontMetrics, GlyphStyle } from './Glyph.js';
import { Rasteriser } from './Rasteriser.js';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const fileOf = (size: number) => `${dist}glyphs-${size}.bin`;

/** A sheet's file: this, and for each character of each style its place in `characters`' order, one byte a pixel. */
const header = struct('sheet', {
  size: 'u16',
  cellWidth: 'u16',
  cellHeight: 'u16',
  baseline: 'u16',
  glyphs: 'u32',
});

/** ASCII, Latin-1, and what prompts and programs like: – — ‘ ’ “ ” • … ← ↑ → ↓ ● ✓ ✔ ✗ ❯ ➜ */
const characters = new Map(
  [
    ...range(0x21, 0x7e),
    ...range(0xa1, 0xff),
    ...[0x2013, 0x2014, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2026],
    ...[0x2190, 0x2191, 0x2192, 0x2193, 0x25cf, 0x2713, 0x2714, 0x2717, 0x276f, 0x279c],
  ].map((code, place) => [String.fromCodePoint(code), place]),
);

const styles: readonly GlyphStyle[] = [
  { bold: false, italic: false },
  { bold: true, italic: false },
  { bold: false, italic: true },
  { bold: true, italic: true },
];

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** The shipped font's common characters at one size, drawn when the program was built: a terminal that shows no others needs no Skia. */
export class GlyphSheet implements FontMetrics {
  readonly size: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly baseline: number;
  readonly #shapes: Uint8Array;

  constructor(metrics: FontMetrics, shapes: Uint8Array) {
    this.size = metrics.size;
    this.cellWidth = metrics.cellWidth;
    this.cellHeight = metrics.cellHeight;
    this.baseline = metrics.baseline;
    this.#shapes = shapes;
  }

  /** Undefined when there is none of that size, or when the program was built anew since it was drawn. */
  static shipped(size: number): GlyphSheet | undefined {
    const file = fileOf(size);
    const made = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (made === undefined || made < statSync(`${dist}.tsbuildinfo`).mtimeMs) return undefined;
    const bytes = readFileSync(file);
    const metrics = header.read(new DataView(bytes.buffer, bytes.byteOffset, header.size), 0);
    const shapes = bytes.subarray(header.size);
    const { glyphs, cellWidth, cellHeight } = metrics;
    const isWhole =
      glyphs === styles.length * characters.size && shapes.length === glyphs * cellWidth * cellHeight;
    return isWhole ? new GlyphSheet(metrics, shapes) : undefined;
  }

  static drawn(rasteriser: Rasteriser): GlyphSheet {
    const area = rasteriser.cellWidth * rasteriser.cellHeight;
    const shapes = new Uint8Array(styles.length * characters.size * area);
    let at = 0;
    for (const style of styles)
      for (const character of characters.keys()) {
        const [shape] = rasteriser.glyph(character, 1, style);
        if (shape instanceof Coverage) shapes.set(shape.bytes, at);
        at += area;
      }
    return new GlyphSheet(rasteriser, shapes);
  }

  /** Draws the sheets that the next `shipped` finds. */
  static ship(sizes: readonly number[]): void {
    for (const size of sizes) GlyphSheet.drawn(Rasteriser.load(size)).#write(fileOf(size));
  }

  /** Of a character in one column; undefined when it is not on the sheet. */
  glyph(text: string, { bold, italic }: GlyphStyle): Coverage | undefined {
    const place = characters.get(text);
    if (place === undefined) return undefined;
    const shape = new Coverage(this.cellWidth, this.cellHeight);
    const style = (bold ? 1 : 0) + (italic ? 2 : 0);
    const from = (style * characters.size + place) * shape.bytes.length;
    shape.bytes.set(this.#shapes.subarray(from, from + shape.bytes.length));
    return shape;
  }

  #write(file: string): void {
    const bytes = new Uint8Array(header.size + this.#shapes.length);
    const { size, cellWidth, cellHeight, baseline } = this;
    const glyphs = styles.length * characters.size;
    header.write(new DataView(bytes.buffer), 0, { size, cellWidth, cellHeight, baseline, glyphs });
    bytes.set(this.#shapes, header.size);
    writeFileSync(file, bytes);
  }
}
