import { Csi } from './Csi.js';
import type { LineFeeder } from './LineFeeder.js';
import type { Sgr } from './Sgr.js';
import { TextBlock } from './TextBlock.js';
import { characterLength } from './Utf8.js';
import { CELL_WORDS, type ExtendedAttributes, type XtermCore } from './XtermCore.js';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const ESC = 0x1b;
const DELETE = 0x7f;
const SGR = 0x6d;
const CELL_BYTES = CELL_WORDS * Uint32Array.BYTES_PER_ELEMENT;

/** How a text ends that a line can keep: not at all, by CR LF, or at the line's last column with more behind it. */
type Ending = 'none' | 'lineFeed' | 'full';

/** Reads whole lines of text and colours, one after the other, and leaves them what they are until somebody looks (DeferredLine.ts). */
export class LineReader {
  readonly #core: XtermCore;
  readonly #feeder: LineFeeder;
  readonly #sgr: Sgr<ExtendedAttributes>;
  readonly #csi = new Csi();
  #view: DataView = new DataView(new ArrayBuffer(0));
  #ending: Ending = 'none';

  constructor(core: XtermCore, feeder: LineFeeder, sgr: Sgr<ExtendedAttributes>) {
    this.#core = core;
    this.#feeder = feeder;
    this.#sgr = sgr;
  }

  /** What `read` is given from now on. */
  begin(bytes: Uint8Array): void {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /**
   * Hot. The cursor is at the first column. Takes as many lines as there are; returns where they end, the cursor being at the first column
   * behind them, or `at`.
   */
  read(bytes: Uint8Array, at: number, end: number): number {
    const feeder = this.#feeder;
    const attributes = this.#core._inputHandler._curAttrData;
    let line = feeder.deferrable();
    if (!line) return at;
    const columns = line.length;
    const textLimit = Math.min(TextBlock.textLimit, columns * CELL_BYTES);
    const block = TextBlock.withRoom();
    const begin = block.used;
    const stop = Math.min(end, at + block.room);
    let next = at;
    feeder.begin();
    while (line && next < stop) {
      const { fg, bg, extended } = attributes;
      const behind = this.#scan(bytes, next, Math.min(stop, next + textLimit), columns);
      if (this.#ending === 'none') {
        attributes.fg = fg;
        attributes.bg = bg;
        attributes.extended = extended;
        break;
      }
      if (behind > next) line.defer(block, begin + next - at, behind - next, fg, bg);
      const isFull = this.#ending === 'full';
      next = isFull ? behind : behind + 2;
      line = feeder.next(isFull, attributes.bg);
    }
    feeder.end();
    if (next > at) {
      block.put(bytes, at, next, begin);
      this.#core._inputHandler._parser.precedingJoinState = 0;
    }
    return next;
  }

  /** Hot. Returns where the text ends, and notes how. Colours in it are obeyed. */
  #scan(bytes: Uint8Array, at: number, limit: number, columns: number): number {
    const view = this.#view;
    /** Columns, or more than it has. */
    let used = 0;
    let isAscii = true;
    let next = at;
    this.#ending = 'none';
    while (next < limit) {
      const byte = bytes[next]!;
      if (byte >= 0x20 && byte < DELETE) {
        if (used >= columns) {
          if (used === columns && isAscii) this.#ending = 'full';
          return next;
        }
        const begin = next++;
        // Four at a time: no byte has its upper bit, has it when a space is taken away, or gets it when one is added.
        for (const last = Math.min(limit, begin + columns - used) - 4; next <= last; next += 4) {
          const word = view.getInt32(next, true);
          if ((word | (word - 0x20202020) | (word + 0x01010101)) & 0x80808080) break;
        }
        used += next - begin;
      } else if (byte === CARRIAGE_RETURN) {
        if (used <= columns && next + 1 < limit && bytes[next + 1] === LINE_FEED) this.#ending = 'lineFeed';
        return next;
      } else if (byte === ESC) {
        const behind = this.#csi.read(bytes, next, limit);
        if (behind === next || this.#csi.final !== SGR) return next;
        if (!this.#sgr.apply(this.#core._inputHandler._curAttrData, this.#csi.params, this.#csi.length))
          return next;
        next = behind;
      } else {
        isAscii = false;
        // Most characters of two bytes, and of three, need no more to be looked at.
        if (byte > 0xc2 && byte < 0xe0 && next + 1 < limit && (bytes[next + 1]! & 0xc0) === 0x80) {
          used++;
          next += 2;
          continue;
        }
        const isThree = byte > 0xe0 && byte < 0xed && next + 2 < limit;
        if (isThree && (bytes[next + 1]! & 0xc0) === 0x80 && (bytes[next + 2]! & 0xc0) === 0x80) {
          used += 2;
          next += 3;
          continue;
        }
        const length = characterLength(bytes, next, limit);
        if (length === 0) return next;
        used += length > 2 ? 2 : 1;
        next += length;
      }
    }
    return next;
  }
}
