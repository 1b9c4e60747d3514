import { nextState } from './GraphemeWidths.js';
import type { Attributes } from './Sgr.js';
import { bgFlags, CELL_WORDS, type CoreLine, content } from './XtermCore.js';

/** Below are the characters of one column that join nothing. */
const ASCII_END = 0x7f;
const NARROW = 1 << content.widthShift;

/**
 * Puts characters into the cells of one line, as the emulator's printing does for text without character sets, insert mode, hyperlinks
 * and extended attributes: a character costs three words here, and a dozen calls there.
 */
export class LinePrinter {
  /** The column of the next character, and what the one before decides about it (GraphemeWidths' state). */
  x = 0;
  state = 0;
  /** Where lines end: a screen that was made narrower has longer ones, of which the rest is not seen. */
  columns = 0;

  /** Hot. Prints ASCII for as long as there is some and it fits; returns where it stopped. */
  printAscii(line: CoreLine, attributes: Attributes, bytes: Uint8Array, at: number, end: number): number {
    const words = line._data;
    const { fg } = attributes;
    const bg = attributes.bg & ~bgFlags.extended;
    const fits = Math.min(end, at + this.columns - this.x);
    if (at >= fits) return at;
    this.#endWide(words, fg, bg);
    let next = at;
    let to = this.x * CELL_WORDS;
    for (; next < fits; next++, to += CELL_WORDS) {
      const code = bytes[next]!;
      if (code < 0x20 || code >= ASCII_END) break;
      words[to] = code | NARROW;
      words[to + 1] = fg;
      words[to + 2] = bg;
    }
    if (next === at) return at;
    this.x += next - at;
    this.state = nextState(bytes[next - 1]!, 0);
    this.#endHalf(words, fg, bg);
    return next;
  }

  /** Hot. Prints from `at` as many as fit on the line; returns where it stopped. */
  print(line: CoreLine, attributes: Attributes, codes: Uint32Array, at: number, end: number): number {
    const words = line._data;
    const { fg } = attributes;
    const bg = attributes.bg & ~bgFlags.extended;
    const { columns } = this;
    this.#endWide(words, fg, bg);
    let { x, state } = this;
    let next = at;
    for (; next < end; next++) {
      const code = codes[next]!;
      const properties = nextState(code, state);
      const width = (properties >> 1) & 3;
      if (properties & 1) {
        const before = (state >> 1) & 3;
        if (x === 0 || x + width - before > columns) break;
        const half = words[(x - 1) * CELL_WORDS]! >>> content.widthShift === 0;
        line.addCodepointToCell(x - (half ? 2 : 1), code, width);
        for (let grown = before; grown < width; grown++) setCell(words, x++, 0, fg, bg);
      } else {
        if (x + width > columns) break;
        let to = x * CELL_WORDS;
        words[to] = code | (width << content.widthShift);
        words[to + 1] = fg;
        words[to + 2] = bg;
        if (width === 2) {
          to += CELL_WORDS;
          words[to] = 0;
          words[to + 1] = fg;
          words[to + 2] = bg;
        }
        x += width;
      }
      state = properties;
    }
    if (next === at) return at;
    this.x = x;
    this.state = state;
    this.#endHalf(words, fg, bg);
    return next;
  }

  /** A wide character whose right half is printed over is gone. */
  #endWide(words: Uint32Array, fg: number, bg: number): void {
    const { x } = this;
    if (x > 0 && words[(x - 1) * CELL_WORDS]! >>> content.widthShift === 2)
      setCell(words, x - 1, NARROW, fg, bg);
  }

  /** And so is one whose left half was. */
  #endHalf(words: Uint32Array, fg: number, bg: number): void {
    const { x } = this;
    if (x >= this.columns) return;
    const behind = words[x * CELL_WORDS]!;
    if (behind >>> content.widthShift === 0 && (behind & (content.codePoint | content.combined)) === 0)
      setCell(words, x, NARROW, fg, bg);
  }
}

function setCell(words: Uint32Array, column: number, cell: number, fg: number, bg: number): void {
  const to = column * CELL_WORDS;
  words[to] = cell;
  words[to + 1] = fg;
  words[to + 2] = bg;
}
