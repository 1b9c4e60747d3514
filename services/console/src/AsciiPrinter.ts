import { nextState } from './GraphemeWidths.js';
import { bgFlags, CELL_WORDS, type CoreLine, content, type XtermCore } from './XtermCore.js';

/** Below are the characters of one column that join nothing. */
const ASCII_END = 0x7f;
const NARROW = 1 << content.widthShift;

/**
 * Takes the place of the emulator's printing for runs of ASCII, most of what programs write, and leaves everything else to it: other
 * characters, the character that wraps, character sets, insert mode, hyperlinks, extended attributes. A run costs three words a
 * character here, and a dozen calls there.
 */
export function printAsciiFast(core: XtermCore): void {
  const input = core._inputHandler;
  const parser = input._parser;
  const modes = core.coreService;

  /** Hot. Prints from `start`, as many as fit on the line; returns where it stopped. */
  const printRun = (codes: Uint32Array, start: number, end: number): number => {
    const buffer = input._activeBuffer;
    const line = buffer.lines.get(buffer.ybase + buffer.y) as CoreLine;
    const words = line._data;
    const attributes = input._curAttrData;
    const { fg, bg } = attributes;
    let x = buffer.x;
    if (x > 0 && words[(x - 1) * CELL_WORDS]! >>> content.widthShift === 2) {
      line.setCellFromCodepoint(x - 1, 0, 1, attributes);
    }
    const columns = line.length;
    let at = start;
    for (let to = x * CELL_WORDS; at < end && x < columns; to += CELL_WORDS, x++, at++) {
      const code = codes[at]!;
      if (code >= ASCII_END) break;
      words[to] = code | NARROW;
      words[to + 1] = fg;
      words[to + 2] = bg;
    }
    if (x < columns) {
      const next = words[x * CELL_WORDS]!;
      if (next >>> content.widthShift === 0 && (next & (content.codePoint | content.combined)) === 0) {
        line.setCellFromCodepoint(x, 0, 1, attributes);
      }
    }
    buffer.x = x;
    parser.precedingJoinState = nextState(codes[at - 1]!, 0);
    return at;
  };

  parser.setPrintHandler((codes, start, end) => {
    const attributes = input._curAttrData;
    if (
      input._charsetService.charset !== undefined ||
      modes.modes.insertMode ||
      attributes.bg & bgFlags.extended
    ) {
      input.print(codes, start, end);
      return;
    }
    const columns = core._bufferService.cols;
    for (let at = start; at < end; ) {
      if (codes[at]! < ASCII_END && input._activeBuffer.x < columns) {
        at = printRun(codes, at, end);
        continue;
      }
      let stop = at + 1;
      if (codes[at]! >= ASCII_END) while (stop < end && codes[stop]! >= ASCII_END) stop++;
      input.print(codes, at, stop);
      at = stop;
    }
  });
}
