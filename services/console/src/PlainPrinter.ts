import { nextState } from './GraphemeWidths.js';
import { bgFlags, CELL_WORDS, type CoreLine, content, type XtermCore } from './XtermCore.js';

/** Below are the characters of one column that join nothing. */
const ASCII_END = 0x7f;
const NARROW = 1 << content.widthShift;

/**
 * Takes the place of the emulator's printing for runs of characters that stand for themselves, most of what programs write, and leaves
 * everything else to it: what joins the character before, the character that wraps, character sets, insert mode, hyperlinks, extended
 * attributes. A character costs three words here, and a dozen calls there.
 */
export function printPlainFast(core: XtermCore): void {
  const input = core._inputHandler;
  const parser = input._parser;
  const modes = core.coreService;

  /** Hot. Prints from `start` as many as stand for themselves and fit on the line; returns where it stopped. */
  const printRun = (codes: Uint32Array, start: number, end: number): number => {
    const buffer = input._activeBuffer;
    const line = buffer.lines.get(buffer.ybase + buffer.y) as CoreLine;
    const words = line._data;
    const attributes = input._curAttrData;
    const { fg, bg } = attributes;
    const columns = line.length;
    let x = buffer.x;
    if (x > 0 && words[(x - 1) * CELL_WORDS]! >>> content.widthShift === 2) {
      line.setCellFromCodepoint(x - 1, 0, 1, attributes);
    }
    let at = start;
    let state = parser.precedingJoinState;
    for (let to = x * CELL_WORDS; at < end && x < columns; to += CELL_WORDS, x++, at++) {
      const code = codes[at]!;
      if (code < ASCII_END) {
        words[to] = code | NARROW;
        words[to + 1] = fg;
        words[to + 2] = bg;
        continue;
      }
      // What ASCII leaves behind depends on nothing before it.
      const before = at > start && codes[at - 1]! < ASCII_END ? nextState(codes[at - 1]!, 0) : state;
      const next = nextState(code, before);
      const width = (next >> 1) & 3;
      if (next & 1 || x + width > columns) break;
      state = next;
      words[to] = code | (width << content.widthShift);
      words[to + 1] = fg;
      words[to + 2] = bg;
      if (width < 2) continue;
      to += CELL_WORDS;
      x++;
      words[to] = 0;
      words[to + 1] = fg;
      words[to + 2] = bg;
    }
    if (at === start) return at;
    if (x < columns) {
      const behind = words[x * CELL_WORDS]!;
      if (behind >>> content.widthShift === 0 && (behind & (content.codePoint | content.combined)) === 0) {
        line.setCellFromCodepoint(x, 0, 1, attributes);
      }
    }
    buffer.x = x;
    const last = codes[at - 1]!;
    parser.precedingJoinState = last < ASCII_END ? nextState(last, 0) : state;
    return at;
  };

  parser.setPrintHandler((codes, start, end) => {
    if (
      input._charsetService.charset !== undefined ||
      modes.modes.insertMode ||
      input._curAttrData.bg & bgFlags.extended
    ) {
      input.print(codes, start, end);
      return;
    }
    for (let at = start; at < end; ) {
      at = printRun(codes, at, end);
      if (at < end) input.print(codes, at, ++at);
    }
  });
}
