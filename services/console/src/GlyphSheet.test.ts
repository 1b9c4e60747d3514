import { expect, test } from 'vitest';
import type { Coverage } from './Coverage.js';
import { GlyphSheet } from './GlyphSheet.js';
import { Rasteriser } from './Rasteriser.js';

const plain = { bold: false, italic: false };

test('a character on a sheet looks as Skia draws it, in each style', () => {
  const rasteriser = Rasteriser.load(15);
  const sheet = GlyphSheet.drawn(rasteriser);
  expect([sheet.cellWidth, sheet.cellHeight, sheet.baseline]).toEqual([
    rasteriser.cellWidth,
    rasteriser.cellHeight,
    rasteriser.baseline,
  ]);
  for (const character of 'aÄ…')
    for (const bold of [false, true])
      for (const italic of [false, true]) {
        const [drawn] = rasteriser.glyph(character, 1, { bold, italic });
        const stored = sheet.glyph(character, { bold, italic });
        expect(stored?.bytes.some((ink) => ink > 0)).toBe(true);
        expect(stored?.bytes).toEqual((drawn as Coverage).bytes);
      }
});

test('what is not on a sheet is not found there', () => {
  const sheet = GlyphSheet.drawn(Rasteriser.load(12));
  for (const text of ['漢', 'e\u0301', '😀', '']) expect(sheet.glyph(text, plain)).toBeUndefined();
});
