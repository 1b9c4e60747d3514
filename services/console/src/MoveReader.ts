import type { LinePrinter } from './LinePrinter.js';
import type { XtermCore } from './XtermCore.js';

const ESC = 0x1b;
const BRACKET = 0x5b;
const SEMICOLON = 0x3b;
const CURSOR_POSITION = 0x48;
const DELETE = 0x7f;
/** A larger number is the emulator's to clamp. */
const NUMBER_LIMIT = 9_999;

/** Reads what programs do that draw a screen here and there: the cursor goes to a place (`CSI row ; column H`), and some text comes there. */
export class MoveReader {
  readonly #core: XtermCore;
  readonly #printer: LinePrinter;
  /** The number that `#readNumber` read. */
  #number = 0;

  /** `printer` must know how many columns there are. */
  constructor(core: XtermCore, printer: LinePrinter) {
    this.#core = core;
    this.#printer = printer;
  }

  /** Hot. Takes as many moves as there are, and the text behind each that fits on its line; returns where it stopped. */
  read(bytes: Uint8Array, at: number, end: number): number {
    const { _activeBuffer: buffer, _curAttrData: attributes, _parser: parser } = this.#core._inputHandler;
    const { cols, rows } = this.#core._bufferService;
    // Rows would be counted from a region's first.
    if (this.#core.coreService.decPrivateModes.origin) return at;
    const { _array: ring, _startIndex: start } = buffer.lines;
    const first = (start + buffer.ybase) % ring.length;
    const printer = this.#printer;
    let next = at;
    let row = 0;
    while (next + 2 < end && bytes[next] === ESC && bytes[next + 1] === BRACKET) {
      let behind = this.#readNumber(bytes, next + 2, end);
      const line = this.#number;
      let column = 0;
      if (bytes[behind] === SEMICOLON) {
        behind = this.#readNumber(bytes, behind + 1, end);
        column = this.#number;
      }
      if (behind >= end || bytes[behind] !== CURSOR_POSITION) break;
      next = behind + 1;
      row = line > rows ? rows - 1 : line > 0 ? line - 1 : 0;
      printer.x = column > cols ? cols - 1 : column > 0 ? column - 1 : 0;
      printer.state = 0;
      if (next < end && bytes[next]! >= 0x20 && bytes[next]! < DELETE) {
        const place = first + row;
        next = printer.printAscii(
          ring[place < ring.length ? place : place - ring.length]!,
          attributes,
          bytes,
          next,
          end,
        );
      }
    }
    if (next === at) return at;
    buffer.x = printer.x;
    buffer.y = row;
    parser.precedingJoinState = printer.state;
    return next;
  }

  /** Hot. Returns where it ends: at once when there is none, inside of one that is too long. */
  #readNumber(bytes: Uint8Array, at: number, end: number): number {
    let next = at;
    let number = 0;
    for (; next < end && number <= NUMBER_LIMIT; next++) {
      const digit = bytes[next]! - 0x30;
      if (digit < 0 || digit > 9) break;
      number = number * 10 + digit;
    }
    this.#number = number;
    return next;
  }
}
