import { type ActiveBuffer, CELL_WORDS, content, type XtermCore } from './XtermCore.js';

/**
 * Takes the place of the emulator's line feed where the whole screen scrolls and the scrollback is full, which is what a flood of output
 * does, and where the cursor only goes down: without the emulator's events, which nobody here hears, and its copies. All else (a scroll
 * region, a scrollback that grows, a user who scrolled up) is left to it. `fed` is told of each.
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

  /** The bottom line goes up and a blank one comes; false when that is the emulator's to do. */
  const scroll = (buffer: ActiveBuffer): boolean => {
    const { lines } = buffer;
    const erased = input._eraseAttrData();
    const plain =
      buffer.scrollTop === 0 && buffer.scrollBottom === service.rows - 1 && lines.isFull && erased.fg === 0;
    const words = service.cols * CELL_WORDS;
    if (!plain || service.isUserScrolling || lines.get(0)!._data.length !== words) return false;
    const line = lines.recycle();
    line._data.set(blankWords(erased.bg));
    line._combined = {};
    line._extendedAttrs = {};
    line.isWrapped = false;
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
