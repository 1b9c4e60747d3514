import { Csi } from './Csi.js';
import { LinePrinter } from './LinePrinter.js';
import { type Attributes, Sgr } from './Sgr.js';
import type { TextBlock } from './TextBlock.js';
import { CodePoints } from './Utf8.js';
import { CELL_WORDS, type CoreLine, content } from './XtermCore.js';

const ESC = 0x1b;

/** The emulator's class of lines. */
export type LineClass = new (columns: number, cell?: undefined, isWrapped?: boolean) => EmulatorLine;
export type DeferredLineClass = new (columns: number) => DeferredLine;
type EmulatorLine = Omit<CoreLine, '_data' | '_combined' | '_extendedAttrs' | 'length'> & { length: number };

/** A line of the emulator's that may be kept as the text that was printed on it. */
export interface DeferredLine extends CoreLine {
  /** Nothing was printed on it since it was cleared. */
  readonly isBlank: boolean;
  /** Of blank cells. */
  clear(background: number): void;
  /** Hot. Of a blank line: `length` bytes of a block, from `start` on, printed with these attributes first. */
  defer(block: TextBlock, start: number, length: number, fg: number, bg: number): void;
}

/**
 * Most of what a flood prints scrolls away and is never looked at. So a line that came up blank and gets a whole text at once keeps the
 * text, and becomes cells when somebody reads or writes one:
 *
 *   blank ──defer──▶ text ──_data──▶ cells ──clear──▶ blank
 *     └────────────_data─────────────▲
 *
 * The emulator's own code works on it as on any of its lines.
 */
export function deferredLines(Line: LineClass): DeferredLineClass {
  class Deferred extends Line {
    /** Where there are cells. */
    declare private words: Uint32Array | undefined;
    declare private block: TextBlock | undefined;
    declare private start: number;
    declare private combined: Record<number, string>;
    declare private extended: CoreLine['_extendedAttrs'];
    /** Bytes of text, 0 of a blank line, -1 when the cells are there. */
    declare private textLength: number;
    declare private fg: number;
    declare private bg: number;
    declare private background: number;

    constructor(columns: number) {
      super(0);
      this.length = columns;
      this.words = undefined;
      this.block = undefined;
      this.start = 0;
      this.combined = nothing;
      this.extended = nothing;
      this.fg = 0;
      this.bg = 0;
      this.background = 0;
      this.textLength = 0;
    }

    get isBlank(): boolean {
      return this.textLength === 0;
    }

    clear(background: number): void {
      if (this.textLength > 0) this.block!.release();
      else if (this.textLength < 0) {
        if (!isEmpty(this.combined)) this.combined = nothing;
        if (!isEmpty(this.extended)) this.extended = nothing;
        if (spare.length < SPARE_LIMIT) spare.push(this.words!);
        this.words = undefined;
      }
      this.textLength = 0;
      this.background = background;
      this.isWrapped = false;
    }

    defer(block: TextBlock, start: number, length: number, fg: number, bg: number): void {
      block.hold();
      this.block = block;
      this.start = start;
      this.textLength = length;
      this.fg = fg;
      this.bg = bg;
    }

    get _data(): Uint32Array {
      return this.textLength >= 0 ? this.settle() : this.words!;
    }
    set _data(words: Uint32Array) {
      if (this.textLength > 0) this.block!.release();
      this.textLength = -1;
      this.words = words;
      if (this.combined === nothing) this.combined = {};
      if (this.extended === nothing) this.extended = {};
    }
    get _combined(): Record<number, string> {
      if (this.textLength >= 0) this.settle();
      return this.combined;
    }
    set _combined(combined: Record<number, string>) {
      if (this.textLength >= 0) this.settle();
      this.combined = combined;
    }
    get _extendedAttrs(): CoreLine['_extendedAttrs'] {
      if (this.textLength >= 0) this.settle();
      return this.extended;
    }
    set _extendedAttrs(extended: CoreLine['_extendedAttrs']) {
      if (this.textLength >= 0) this.settle();
      this.extended = extended;
    }

    private settle(): Uint32Array {
      const length = this.textLength;
      this.textLength = -1;
      if (this.combined === nothing) this.combined = {};
      if (this.extended === nothing) this.extended = {};
      const words = cellsOf(this.length);
      this.words = words;
      const { background } = this;
      for (let at = 0; at < words.length; at += CELL_WORDS) {
        words[at] = 1 << content.widthShift;
        words[at + 1] = 0;
        words[at + 2] = background;
      }
      if (length > 0) {
        const block = this.block!;
        attributes.fg = this.fg;
        attributes.bg = this.bg;
        printText(this as unknown as CoreLine, block.bytes, this.start, this.start + length);
        block.release();
        this.block = undefined;
      }
      return words;
    }
  }
  return Deferred as unknown as DeferredLineClass;
}

/** Of lines without cells: ten thousand of them would have two empty objects each. */
const nothing: Record<number, never> = Object.freeze({});

/** Cells of lines that were cleared. */
const spare: Uint32Array[] = [];
const SPARE_LIMIT = 256;

function cellsOf(columns: number): Uint32Array {
  for (let words = spare.pop(); words; words = spare.pop())
    if (words.length === columns * CELL_WORDS) return words;
  return new Uint32Array(columns * CELL_WORDS);
}

const attributes: Attributes = { fg: 0, bg: 0, extended: undefined };
const sgr = new Sgr<unknown>(undefined, undefined);
const printer = new LinePrinter();
const csi = new Csi();
const codePoints = new CodePoints();

/** Text and SGR that are known to be obeyed without the emulator, and to fit. */
function printText(line: CoreLine, text: Uint8Array, start: number, end: number): void {
  printer.columns = line.length;
  printer.x = 0;
  printer.state = 0;
  for (let at = start, behind = at; at < end; at = behind) {
    const byte = text[at]!;
    if (byte === ESC) {
      behind = csi.read(text, at, end);
      sgr.apply(attributes, csi.params, csi.length);
      printer.state = 0;
    } else if (byte < 0x80) {
      behind = printer.printAscii(line, attributes, text, at, end);
    } else {
      behind = codePoints.decode(text, at, end);
      printer.print(line, attributes, codePoints.codes, 0, codePoints.length);
    }
    if (behind === at) throw new Error('a line was left text that cannot be printed on it');
  }
}

/** Most lines have neither clusters nor links, and a new object for each would be the collector's work. */
function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}
