import { type CellGrid, cursorBits, decoration, RGB, underline, WORDS } from './CellGrid.js';
import { type ClusterNumbers, glyph } from './ClusterNumbers.js';
import { mix } from './Palette.js';
import { FIRST_TILE } from './Pictures.js';
import type { Screen } from './Screen.js';
import { bgFlags, CELL_WORDS, type CoreLine, colourMode, content, fgFlags } from './XtermCore.js';

/** Faint text keeps this share (of 256) of its colour. */
const DIM = 150;

export interface CursorLook {
  readonly shape: 'block' | 'hollow' | 'underline' | 'bar' | 'none';
}

/** Which columns of a row are selected: [start, end), or undefined. */
export interface SelectedRows {
  columnsOf(row: number): readonly [number, number] | undefined;
}

/** Turns the emulated screen into cells to draw. Hot: it runs over every cell once a frame, without allocating. */
export class Composer {
  readonly #clusters: ClusterNumbers;

  constructor(clusters: ClusterNumbers) {
    this.#clusters = clusters;
  }

  /** Below the first `top` rows, which are left alone. `flash`: the whole screen is inverted (visual bell). */
  compose(
    into: CellGrid,
    top: number,
    screen: Screen,
    cursor: CursorLook,
    selection: SelectedRows,
    flash: boolean,
  ): void {
    const { palette, modes } = screen;
    const inverted = modes.reverseVideo !== flash;
    const foreground = inverted ? palette.background : palette.foreground;
    const background = inverted ? palette.foreground : palette.background;
    for (let y = 0; y < into.rows - top; y++) {
      const line = screen.row(y);
      this.#composeRow(into, y + top, screen, line, foreground, background, selection.columnsOf(y));
    }
    this.#placeCursor(into, top, screen, cursor);
  }

  #composeRow(
    into: CellGrid,
    y: number,
    screen: Screen,
    line: CoreLine | undefined,
    defaultForeground: number,
    defaultBackground: number,
    selectedColumns: readonly [number, number] | undefined,
  ): void {
    const { words, columns } = into;
    const { colours, selection, selected: selectedInk, boldIsBright } = screen.palette;
    const brightening = boldIsBright ? fgFlags.bold : 0;
    const data = line?._data;
    const present = line ? Math.min(columns, line.length) : 0;
    const selectionStart = selectedColumns ? selectedColumns[0] : columns;
    const selectionEnd = selectedColumns ? selectedColumns[1] : 0;
    let at = y * columns * WORDS;
    let from = 0;
    let glyphWord = 0;
    for (let x = 0; x < columns; x++, at += WORDS, from += CELL_WORDS) {
      const cell = x < present ? data![from]! : 1 << content.widthShift;
      const fg = x < present ? data![from + 1]! : 0;
      const bg = x < present ? data![from + 2]! : 0;
      if (cell >>> content.widthShift === 0 && (cell & (content.codePoint | content.combined)) === 0) {
        glyphWord = glyphWord & glyph.wide ? (glyphWord | glyph.right) >>> 0 : 0;
      } else {
        glyphWord = this.#glyphOf(cell, fg, bg, line!, x);
      }

      let ink = defaultForeground;
      if ((fg & colourMode.mask) === colourMode.rgb) ink = fg & RGB;
      else if ((fg & colourMode.mask) === colourMode.palette) ink = colours[fg & 0xff]!;
      else if ((fg & colourMode.mask) === colourMode.sixteen) {
        ink = colours[(fg & 0xff) + (fg & brightening && (fg & 0xff) < 8 ? 8 : 0)]!;
      }
      let paper = defaultBackground;
      if ((bg & colourMode.mask) === colourMode.rgb) paper = bg & RGB;
      else if (bg & colourMode.mask) paper = colours[bg & 0xff]!;
      if (fg & fgFlags.inverse) {
        const swap = ink;
        ink = paper;
        paper = swap;
      }
      if (bg & bgFlags.dim) ink = mix(ink, paper, DIM);
      if (fg & fgFlags.invisible) glyphWord &= glyph.wide | glyph.right;

      let decorations = 0;
      let lineColour = ink;
      if (fg & fgFlags.underline || bg & bgFlags.extended) {
        const extended = bg & bgFlags.extended ? line!._extendedAttrs[x] : undefined;
        const style = extended ? extended.underlineStyle : fg & fgFlags.underline ? underline.single : 0;
        decorations = style << decoration.underlineShift;
        const own = extended ? extended.underlineColor : 0;
        if ((own & colourMode.mask) === colourMode.rgb) lineColour = own & RGB;
        else if (own & colourMode.mask) lineColour = colours[own & 0xff]!;
      }
      if (fg & fgFlags.strike) decorations |= decoration.strike;
      if (bg & bgFlags.overline) decorations |= decoration.overline;

      if (x >= selectionStart && x < selectionEnd) {
        paper = selection;
        ink = selectedInk;
      }
      words[at] = glyphWord;
      words[at + 1] = ink;
      words[at + 2] = paper | decorations;
      words[at + 3] = decorations ? lineColour : 0;
    }
  }

  #glyphOf(cell: number, fg: number, bg: number, line: CoreLine, x: number): number {
    let word: number;
    if (cell & content.combined) {
      word = this.#clusters.numberOf(line._combined[x] ?? ' ') | glyph.cluster;
    } else {
      word = cell & content.codePoint;
      if (word >= FIRST_TILE) return (word - FIRST_TILE) | glyph.picture;
      // A blank looks the same in every face.
      if (word <= 0x20) return 0;
    }
    if (fg & fgFlags.bold) word |= glyph.bold;
    if (bg & bgFlags.italic) word |= glyph.italic;
    if (cell >>> content.widthShift === 2) word |= glyph.wide;
    return word;
  }

  #placeCursor(into: CellGrid, top: number, screen: Screen, look: CursorLook): void {
    const place = screen.cursor;
    if (look.shape === 'none' || !place || place.y + top >= into.rows || place.x >= into.columns) return;
    let { x } = place;
    const row = place.y + top;
    const wordAt = (column: number) => into.words[(row * into.columns + column) * WORDS]!;
    if (wordAt(x) & glyph.right && x > 0) x--;
    const columns = wordAt(x) & glyph.wide && x + 1 < into.columns ? 2 : 1;
    const { palette } = screen;
    for (let column = x; column < x + columns; column++) {
      const at = (row * into.columns + column) * WORDS;
      const paper = into.words[at + 2]! & RGB;
      if (look.shape === 'block') {
        into.words[at + 1] = paper | (cursorBits.block << cursorBits.shift);
        into.words[at + 2] = ((into.words[at + 2]! & ~RGB) | palette.cursor) >>> 0;
      } else {
        into.words[at + 1] = (into.words[at + 1]! | (cursorBits[look.shape] << cursorBits.shift)) >>> 0;
      }
    }
  }
}
