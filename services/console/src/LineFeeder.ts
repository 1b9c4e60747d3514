import { type ActiveBuffer, CELL_WORDS, type CoreLine, content, type XtermCore } from './XtermCore.js';

/**
 * Takes the place of the emulator's line feed where the whole screen scrolls and the scrollback is full, which is what a flood of output
 * does, where a region scrolls below its top, and where the cursor only goes down: without the emulator's events, which nobody here
 * hears, and its copies. All else (a scrollback that grows, a user who scrolled up) is left to it. `fed` is told of each.
 */
export function feedLinesFast(core: XtermCore, fed: () => void): void {
  const input = core._inputHandler;
  const service = core._bufferService;
  let blank = new Uint32Array(0);
  let blankColour = 0;

  const blankWords = (background: number): Uint32Array => {
    const length = service.cols * CELL_WORDS;
    if (blank.length === length && blankColour === background) return blank;
    blank = new Uint32Array(length);
    for (let at = 0; at < length; at += CELL_WORDS) {
      blank[at] = 1 << content.widthShift;
      blank[at + 2] = background;
    }
    blankColour = background;
    return blank;
  };

  const clear = (line: CoreLine, background: number): void => {
    line._data.set(blankWords(background));
    if (!isEmpty(line._combined)) line._combined = {};
    if (!isEmpty(line._extendedAttrs)) line._extendedAttrs = {};
    line.isWrapped = false;
  };

  /** The lines go up and a blank one comes; false when that is the emulator's to do. */
  const scroll = (buffer: ActiveBuffer): boolean => {
    const { lines, scrollTop } = buffer;
    const erased = input._eraseAttrData();
    const top = buffer.ybase + scrollTop;
    const first = lines.get(scrollTop === 0 ? 0 : top)!;
    if (erased.fg !== 0 || service.isUserScrolling || first._data.length !== service.cols * CELL_WORDS)
      return false;
    if (scrollTop === 0) {
      if (buffer.scrollBottom !== service.rows - 1 || !lines.isFull) return false;
      clear(lines.recycle(), erased.bg);
      return true;
    }
    // Of a region nothing is kept: its first line becomes its last.
    const bottom = buffer.ybase + buffer.scrollBottom;
    for (let y = top; y < bottom; y++) lines.set(y, lines.get(y + 1)!);
    clear(first, erased.bg);
    lines.set(bottom, first);
    return true;
  };

  /** Hot. */
  const feed = (): boolean => {
    const buffer = input._activeBuffer;
    fed();
    if (buffer.y === buffer.scrollBottom) {
      if (!scroll(buffer)) return input.lineFeed();
    } else if (buffer.y + 1 < service.rows) {
      buffer.y++;
      buffer.lines.get(buffer.ybase + buffer.y)!.isWrapped = false;
    } else {
      return input.lineFeed();
    }
    if (buffer.x >= service.cols) buffer.x--;
    return true;
  };
  input._parser.setExecuteHandler('\n', feed);
}

/** Most lines have neither clusters nor links, and a new object for each would be the collector's work. */
function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}
