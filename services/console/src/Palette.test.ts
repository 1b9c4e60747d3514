import { describe, expect, test } from 'vitest';
import { formatColour, mix, Palette, parseColour } from './Palette.js';

function luminance(colour: number): number {
  const linear = [16, 8, 0].map((shift) => {
    const value = ((colour >> shift) & 0xff) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
}

function contrast(a: number, b: number): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

describe('Palette', () => {
  test('every colour but black can be read on the background, and the text is well above WCAG AA', () => {
    const palette = new Palette();
    for (let index = 1; index < 16; index++) {
      expect(contrast(palette.colours[index]!, palette.background), `colour ${index}`).toBeGreaterThan(3.5);
    }
    expect(contrast(palette.foreground, palette.background)).toBeGreaterThan(7);
  });

  test('white on blue, black on green and black on cyan can be read', () => {
    const { colours } = new Palette();
    expect(contrast(colours[7]!, colours[4]!)).toBeGreaterThan(2.8);
    expect(contrast(colours[0]!, colours[2]!)).toBeGreaterThan(4.5);
    expect(contrast(colours[0]!, colours[6]!)).toBeGreaterThan(4.5);
  });

  test('has the cube and the greys of xterm', () => {
    const { colours } = new Palette();
    expect([colours[16], colours[21], colours[196], colours[231], colours[232], colours[255]]).toEqual([
      0x000000, 0x0000ff, 0xff0000, 0xffffff, 0x080808, 0xeeeeee,
    ]);
  });

  test.each([
    ['rgb:ff/80/00', 0xff8000],
    ['rgb:f/8/0', 0xff8800],
    ['rgb:ffff/8080/0000', 0xff8000],
    ['#f80', 0xf08000],
    ['#ff8000', 0xff8000],
    ['#ffff80800000', 0xff8000],
    ['orange', undefined],
    ['rgb:ff/80', undefined],
  ])('reads %s', (text, colour) => {
    expect(parseColour(text)).toBe(colour);
  });

  test('answers with sixteen bits a channel', () => {
    expect(formatColour(0x0a80ff)).toBe('rgb:0a0a/8080/ffff');
  });

  test('mixes by share', () => {
    expect(mix(0xffffff, 0x000000, 256)).toBe(0xffffff);
    expect(mix(0xffffff, 0x204060, 0)).toBe(0x204060);
    expect(mix(0x804020, 0x000000, 128)).toBe(0x402010);
  });
});
