import { beforeAll, describe, expect, test } from 'vitest';
import { CellDamage } from './CellDamage.js';
import { CellGrid, WORDS } from './CellGrid.js';
import { ClusterNumbers } from './ClusterNumbers.js';
import { Composer } from './Composer.js';
import type { Coverage } from './Coverage.js';
import { Font } from './Font.js';
import { mix } from './Palette.js';
import { Renderer } from './Renderer.js';
import { Screen, type ScreenEvents } from './Screen.js';
import { Target } from './Target.js';

const COLUMNS = 20;
const ROWS = 8;
const nothing: ScreenEvents = {
  answer() {},
  changed() {},
  title() {},
  bell() {},
  copied() {},
  notified() {},
};
const unselected = { columnsOf: () => undefined };

let font: Font;
beforeAll(async () => {
  font = await Font.load(15);
});

/** A screen with its pixels, as the console puts them together. */
class Picture {
  readonly screen = new Screen(COLUMNS, ROWS, nothing);
  readonly clusters = new ClusterNumbers();
  readonly composer = new Composer(this.clusters);
  readonly renderer = new Renderer(font, this.clusters);
  readonly grid = new CellGrid(COLUMNS, ROWS);
  readonly target = this.newTarget();

  newTarget(): Target {
    const width = COLUMNS * font.cellWidth + 5;
    const height = ROWS * font.cellHeight + 3;
    return new Target({ words: new Uint32Array(width * height), width, height }, COLUMNS, ROWS);
  }

  draw(output: string, target = this.target, cursor: 'none' | 'block' | 'hollow' = 'none'): number {
    this.screen.write(output);
    this.composer.compose(this.grid, 0, this.screen, { shape: cursor }, unselected, false);
    const { palette } = this.screen;
    return this.renderer.paint(target, this.grid, palette.background, palette.cursor);
  }

  cell(column: number, row: number, target = this.target): number[] {
    const { width, words } = target.pixels;
    const out: number[] = [];
    for (let y = 0; y < font.cellHeight; y++) {
      const start = (row * font.cellHeight + y) * width + column * font.cellWidth;
      out.push(...words.subarray(start, start + font.cellWidth));
    }
    return out.map((word) => word & 0xffffff);
  }

  /** Cells whose pixels differ between two targets. */
  difference(a: Target, b: Target): string[] {
    const cells: string[] = [];
    for (let row = 0; row < ROWS; row++) {
      for (let column = 0; column < COLUMNS; column++) {
        if (this.cell(column, row, a).join() !== this.cell(column, row, b).join())
          cells.push(`${column},${row}`);
      }
    }
    return cells;
  }
}

function expected(
  text: string,
  ink: number,
  paper: number,
  style = { bold: false, italic: false },
): number[] {
  const shape = font.glyph(text, 1, style)[0] as Coverage;
  return [...shape.bytes].map((value) => mix(ink, paper, value + (value >> 7)));
}

describe('Renderer', () => {
  test('a drawn cell is its glyph in its colours', () => {
    const picture = new Picture();
    picture.draw('A\x1b[31mB\x1b[1mC\x1b[0;38;2;1;2;3;48;5;21mD\x1b[0;3mE');
    const { foreground, background, colours } = picture.screen.palette;
    expect(picture.cell(0, 0)).toEqual(expected('A', foreground, background));
    expect(picture.cell(1, 0)).toEqual(expected('B', colours[1]!, background));
    expect(picture.cell(2, 0)).toEqual(expected('C', colours[9]!, background, { bold: true, italic: false }));
    expect(picture.cell(3, 0)).toEqual(expected('D', 0x010203, 0x0000ff));
    expect(picture.cell(4, 0)).toEqual(expected('E', foreground, background, { bold: false, italic: true }));
    expect(new Set(picture.cell(5, 0))).toEqual(new Set([background]));
  });

  test('inverse swaps, dim fades, invisible hides', () => {
    const picture = new Picture();
    picture.draw('\x1b[7mA\x1b[0;2mB\x1b[0;8mC\x1b[0;7;8;41mD');
    const { foreground, background, colours } = picture.screen.palette;
    expect(picture.cell(0, 0)).toEqual(expected('A', background, foreground));
    expect(picture.cell(1, 0)).toEqual(expected('B', mix(foreground, background, 150), background));
    expect(new Set(picture.cell(2, 0))).toEqual(new Set([background]));
    expect(new Set(picture.cell(3, 0))).toEqual(new Set([foreground]));
    expect(colours[1]).not.toBe(foreground);
  });

  test('one typed character costs one cell', () => {
    const picture = new Picture();
    picture.draw('hello');
    expect(picture.draw('!')).toBe(1);
    expect(picture.draw('\r')).toBe(0);
    picture.draw('', picture.target, 'block');
    expect(picture.draw('x', picture.target, 'block')).toBe(2);
  });

  test('damage is exactly the cells whose pixels changed', () => {
    const picture = new Picture();
    picture.draw('one two three\r\nfour');
    const before = picture.newTarget();
    picture.draw('', before);
    const shown = new CellGrid(COLUMNS, ROWS);
    shown.copyFrom(picture.grid);
    picture.draw('\x1b[1;5HTWO\x1b[2;1H\x1b[7mfour\x1b[5;10H漢');
    const damage = new CellDamage();
    damage.between(shown, picture.grid);
    const damaged: string[] = [];
    for (let at = 0; at < damage.count * 4; at += 4) {
      const [x, y, width, height] = damage.rectangles.subarray(at, at + 4);
      for (let row = y!; row < y! + height!; row++) {
        for (let column = x!; column < x! + width!; column++) damaged.push(`${column},${row}`);
      }
    }
    expect(damaged.sort()).toEqual(picture.difference(before, picture.target).sort());
    expect(damage.count).toBe(3);
  });

  test('a buffer that missed frames ends up with the same pixels', () => {
    const picture = new Picture();
    const other = picture.newTarget();
    picture.draw('first\r\n', other);
    for (let line = 0; line < 12; line++) picture.draw(`\x1b[3${line % 8}mline ${line}\r\n`);
    picture.draw('', other);
    expect(picture.difference(picture.target, other)).toEqual([]);
    expect(other.pixels.words).toEqual(picture.target.pixels.words);
  });

  test('scrolling draws the new rows only', () => {
    const picture = new Picture();
    picture.draw(Array.from({ length: ROWS }, (_, row) => `row number ${row}`).join('\r\n'));
    const painted = picture.draw('\r\nnew');
    expect(painted).toBeLessThanOrEqual('row number 7'.length);
    const fresh = picture.newTarget();
    picture.draw('', fresh);
    expect(picture.difference(picture.target, fresh)).toEqual([]);
  });

  test('a wide character is drawn over both of its columns', () => {
    const picture = new Picture();
    picture.draw('a漢b\x1b[2;1H\x1b[7m漢');
    expect(picture.grid.words[1 * WORDS]! >>> 0).not.toBe(0);
    expect(picture.cell(3, 0)).toEqual(
      expected('b', picture.screen.palette.foreground, picture.screen.palette.background),
    );
    expect(picture.cell(1, 1)[0]).toBe(picture.screen.palette.foreground);
  });

  test('more clusters than there are numbers do not confuse what is drawn', () => {
    const picture = new Picture();
    picture.draw('e\u0301');
    const before = picture.cell(0, 0);
    for (let at = 0; at < 66_000; at++) picture.clusters.numberOf(`x${at}`);
    picture.draw('\x1b[2;1H');
    expect(picture.cell(0, 0)).toEqual(before);
  });

  test('a full cache of tiles starts over and draws the same', () => {
    const picture = new Picture();
    const colours = (seed: number) =>
      Array.from({ length: COLUMNS * ROWS }, (_, cell) => {
        const value = (seed * 7919 + cell * 104729) & 0xffffff;
        return `\x1b[38;2;${value >> 16};${(value >> 8) & 255};${value & 255}m#`;
      }).join('');
    for (let seed = 0; seed < 200; seed++) picture.draw(`\x1b[H${colours(seed)}`);
    const fresh = picture.newTarget();
    picture.draw('', fresh);
    expect(picture.difference(picture.target, fresh)).toEqual([]);
  });

  test('underline styles differ and keep to their cell', () => {
    const picture = new Picture();
    picture.draw('\x1b[4ma\x1b[4:2ma\x1b[4:3ma\x1b[4:4ma\x1b[4:5ma\x1b[0;9ma\x1b[0;53ma\x1b[0ma');
    const looks = Array.from({ length: 8 }, (_, column) => picture.cell(column, 0).join());
    expect(new Set(looks).size).toBe(8);
    expect(new Set(picture.cell(0, 1)).size).toBe(1);
  });

  test('the cursor is a block with focus and hollow without', () => {
    const picture = new Picture();
    picture.draw('x\b', picture.target, 'block');
    const { cursor, background } = picture.screen.palette;
    expect(picture.cell(0, 0)).toEqual(expected('x', background, cursor));
    picture.draw('', picture.target, 'hollow');
    expect(picture.cell(0, 0)[0]).toBe(cursor);
    expect(picture.cell(0, 0)[font.cellWidth + 1]).toBe(background);
  });
});

describe('Font', () => {
  test('a character without a glyph is a visible box', () => {
    const shape = font.glyph('\u{10fffd}', 1, { bold: false, italic: false })[0] as Coverage;
    expect(shape.bytes.some((value) => value > 0)).toBe(true);
  });

  test('lines of box drawing meet at the cells’ edges', () => {
    const horizontal = font.glyph('─', 1, { bold: false, italic: false })[0] as Coverage;
    const cross = font.glyph('┼', 1, { bold: false, italic: false })[0] as Coverage;
    const inkedRows = (shape: Coverage, column: number) =>
      Array.from({ length: shape.height }, (_, y) => y).filter(
        (y) => shape.bytes[y * shape.width + column] === 255,
      );
    expect(inkedRows(horizontal, 0)).toEqual(inkedRows(horizontal, horizontal.width - 1));
    expect(inkedRows(horizontal, 0)).toEqual(inkedRows(cross, 0));
    expect(inkedRows(horizontal, 0).length).toBeGreaterThan(0);
  });

  test('an unreadable font says which and why', async () => {
    await expect(Font.load(15, '/nonexistent.ttf')).rejects.toThrow(/nonexistent\.ttf.*ENOENT/);
    await expect(Font.load(15, '/etc/passwd')).rejects.toThrow(/is not a font/);
  });
});
