import { describe, expect, test } from 'vitest';
import { Coverage } from './Coverage.js';
import { drawnGlyph, replacementGlyph } from './DrawnGlyphs.js';
import { Rasteriser } from './Rasteriser.js';
import { shippedFontFor } from './ShippedFonts.js';
import { preferredFamilies } from './SystemFonts.js';

const plain = { bold: false, italic: false };
const ink = (column: Coverage | Uint32Array) =>
  (column instanceof Coverage ? [...column.bytes] : [...column]).filter((value) => value !== 0).length;

describe('fallback', () => {
  const font = Rasteriser.load(15);
  const hollow = replacementGlyph(2 * font.cellWidth, font.cellHeight).columns(2);

  test.each([['漢'], ['字'], ['あ'], ['鷗'], ['😀'], ['👨‍👩‍👧'], ['🇩🇪'], ['❤️']])('%s is drawn', (text) => {
    const columns = font.glyph(text, 2, plain);
    expect(columns.length).toBe(2);
    expect(columns.some((column) => ink(column) > 10)).toBe(true);
    const [first] = columns;
    if (first instanceof Coverage) expect([...first.bytes]).not.toEqual([...hollow[0]!.bytes]);
  });

  test('what no font has is a hollow box', () => {
    const [column] = font.glyph('\u{1fffd}', 1, plain);
    expect([...(column as Coverage).bytes]).toEqual([
      ...replacementGlyph(font.cellWidth, font.cellHeight).bytes,
    ]);
  });

  test('bold and italic have faces of their own', () => {
    const faces = [plain, { bold: true, italic: false }, { bold: false, italic: true }].map((style) =>
      [...(font.glyph('a', 1, style)[0] as Coverage).bytes].join(),
    );
    expect(new Set(faces).size).toBe(3);
  });
});

describe('fonts that come with the terminal', () => {
  test('have Japanese and emoji, in files that are there', () => {
    for (const character of '漢字あア、😀❤🚀') {
      expect(shippedFontFor(character.codePointAt(0)!), character).toMatch(/\.woff2$/);
    }
    expect(shippedFontFor(0x10fffd)).toBeUndefined();
  });
});

describe('a font by its name', () => {
  test('is one of the machine’s', () => {
    const [family] = preferredFamilies();
    expect(family).toBeTypeOf('string');
    expect(Rasteriser.load(15, family).cellWidth).toBeGreaterThan(4);
    expect(Rasteriser.load(15, 'monospace').cellWidth).toBeGreaterThan(4);
  });

  test('which is not there is told', () => {
    expect(() => Rasteriser.load(15, 'No Such Font')).toThrow('there is no font No Such Font');
  });
});

describe('characters that meet their neighbours', () => {
  const rows = (code: number) => {
    const { bytes, width, height } = drawnGlyph(code, 8, 16)!;
    return Array.from({ length: height }, (_, y) =>
      [...bytes.subarray(y * width, (y + 1) * width)].map((ink) => (ink > 127 ? '#' : '.')).join(''),
    );
  };

  test('eighths fill what they say', () => {
    expect(rows(0x1fb70).every((row) => row === '.#......')).toBe(true);
    expect(
      rows(0x1fb7b)
        .map((row) => row[0])
        .join(''),
    ).toBe('............##..');
    expect(rows(0x1fb7c)[0]).toBe('#.......');
    expect(rows(0x1fb7c)[15]).toBe('########');
    expect(
      rows(0x1fb82)
        .map((row) => row[7])
        .join(''),
    ).toBe('####............');
    expect(rows(0x1fb8b)[8]).toBe('.#######');
  });

  test('triangles of a corner and their complement fill the cell', () => {
    for (const [one, other] of [
      [0x25e2, 0x25e4],
      [0x25e3, 0x25e5],
      [0xe0b8, 0xe0be],
      [0xe0ba, 0xe0bc],
    ] as const) {
      const [a, b] = [drawnGlyph(one, 9, 18)!.bytes, drawnGlyph(other, 9, 18)!.bytes];
      expect(a.every((ink, at) => Math.abs(ink + b[at]! - 255) <= 1)).toBe(true);
      expect(a.some((ink) => ink === 255)).toBe(true);
    }
    expect(rows(0x25e3)[15]![0]).toBe('#');
    expect(rows(0xe0b8)[0]![7]).toBe('.');
  });
});
