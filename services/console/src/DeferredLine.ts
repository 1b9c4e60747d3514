import { Csi } from './Csi.js';
import { LinePrinter } from './LinePrinter.js';
import { type Attributes, Sgr } from './Sgr.js';
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
  /** Where text that begins at the first column is put before `defer`; as long as the line's cells. */
  readonly text: Uint8Array;
  /** Of blank cells. */
  clear(background: number): void;
  /** Of the first `length` bytes of `text`, printed with these attributes first; undefined when the line is not blank. */
  defer(length: number, fg: number, bg: number): void;
}

/**
 * Most of what a flood prints scrolls away and is never looked at. So a line that came up blank and gets a whole text at once keeps the
 * text, in the memory of its cells, and becomes cells when somebody reads or writes one:
 *
 *   blank ──defer──▶ text ──_data──▶ cells ──clear──▶ blank
 *     └────────────_data─────────────▲
 *
 * The emulator's own code works on it as on any of its lines.
 */
export function deferredLines(Line: LineClass): DeferredLineClass {
  class Deferred extends Line {
    declare private bytes: Uint8Array;
    /** The same memory, once there are cells. */
    declare private words: Uint32Array | undefined;
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
      this.bytes = new Uint8Array(columns * CELL_WORDS * Uint32Array.BYTES_PER_ELEMENT);
      this.words = undefined;
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
    get text(): Uint8Array {
      return this.bytes;
    }

    clear(background: number): void {
      if (this.textLength < 0) {
        if (!isEmpty(this.combined)) this.combined = nothing;
        if (!isEmpty(this.extended)) this.extended = nothing;
      }
      this.textLength = 0;
      this.background = background;
      this.isWrapped = false;
    }

    defer(length: number, fg: number, bg: number): void {
      this.textLength = length;
      this.fg = fg;
      this.bg = bg;
    }

    get _data(): Uint32Array {
      return this.textLength >= 0 ? this.settle() : this.words!;
    }
    set _data(words: Uint32Array) {
      this.words = words;
      this.bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
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
      if (scratch.length < length) scratch = new Uint8Array(length);
      if (length > 0) copy(this.bytes, scratch, length);
      const { buffer, byteOffset, byteLength } = this.bytes;
      this.words ??= new Uint32Array(buffer, byteOffset, byteLength / Uint32Array.BYTES_PER_ELEMENT);
      const { words, background } = this;
      for (let at = 0; at < words.length; at += CELL_WORDS) {
        words[at] = 1 << content.widthShift;
        words[at + 1] = 0;
        words[at + 2] = background;
      }
      attributes.fg = this.fg;
      attributes.bg = this.bg;
      if (length > 0) printText(this as unknown as CoreLine, scratch, length);
      return words;
    }
  }
  return Deferred as unknown as DeferredLineClass;
}

/** Of lines without cells: ten thousand of them would have two empty objects each. */
const nothing: Record<number, never> = Object.freeze({});

let scratch = new Uint8Array(4096);
const attributes: Attributes = { fg: 0, bg: 0, extended: undefined };
const sgr = new Sgr<unknown>(undefined, undefined);
const printer = new LinePrinter();
const csi = new Csi();
const codePoints = new CodePoints();

/** Text and SGR that are known to be obeyed without the emulator, and to fit. */
function printText(line: CoreLine, text: Uint8Array, length: number): void {
  printer.columns = line.length;
  printer.x = 0;
  printer.state = 0;
  for (let at = 0; at < length; ) {
    const byte = text[at]!;
    if (byte === ESC) {
      at = csi.read(text, at, length);
      sgr.apply(attributes, csi.params, csi.length);
      printer.state = 0;
    } else if (byte < 0x80) {
      at = printer.printAscii(line, attributes, text, at, length);
    } else {
      at = codePoints.decode(text, at, length);
      printer.print(line, attributes, codePoints.codes, 0, codePoints.length);
    }
  }
}

function copy(from: Uint8Array, to: Uint8Array, length: number): void {
  for (let at = 0; at < length; at++) to[at] = from[at]!;
}

/** Most lines have neither clusters nor links, and a new object for each would be the collector's work. */
function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}
