import { Csi } from './Csi.js';
import type { LineFeeder } from './LineFeeder.js';
import { LinePrinter } from './LinePrinter.js';
import { LineReader } from './LineReader.js';
import { MoveReader } from './MoveReader.js';
import { Sgr } from './Sgr.js';
import { CodePoints } from './Utf8.js';
import {
  type CsiHandler,
  type ExtendedAttributes,
  SINGLE_UNDERLINE,
  singleUnderline,
  type XtermCore,
} from './XtermCore.js';

const BACKSPACE = 0x08;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const ESC = 0x1b;
const DELETE = 0x7f;
const SGR = 0x6d;
/** Where nothing is ours, the emulator gets at least so many bytes at once. */
const LEAST_SLICE = 256;
/** The emulator's parser is in an escape or a control sequence, up to this state; each ends with a byte from here on. */
const LAST_CSI_STATE = 5;
const FIRST_FINAL = 0x40;

/**
 * Reads what programs print, as bytes. Nearly all of it is text, line feeds, colours and moves of the cursor: those are obeyed here,
 * without decoding, without the emulator's tables and calls for each character. The rest is handed to the emulator, in slices that end
 * before an escape or behind a line feed; so is everything while it is in the middle of a sequence, or in a mode in which text is more
 * than text:
 *
 *   ours ──what is not──▶ the emulator's ──at rest, and in no such mode──▶ ours
 */
export class PlainReader {
  readonly #core: XtermCore;
  readonly #feeder: LineFeeder;
  readonly #printer = new LinePrinter();
  readonly #csi = new Csi();
  readonly #sgr: Sgr<ExtendedAttributes>;
  readonly #lines: LineReader;
  readonly #moves: MoveReader;
  readonly #codes = new CodePoints();
  /** The emulator's own, by the final byte. Each acts on screen and cursor only. */
  readonly #handlers: (CsiHandler | undefined)[] = [];

  constructor(core: XtermCore, feeder: LineFeeder) {
    this.#core = core;
    this.#feeder = feeder;
    const input = core._inputHandler;
    const none = input._curAttrData.extended;
    this.#sgr = new Sgr(none, singleUnderline(none));
    this.#lines = new LineReader(core, feeder, this.#sgr);
    this.#moves = new MoveReader(core, this.#printer);
    const handlers: Record<string, CsiHandler> = {
      A: (parameters) => input.cursorUp(parameters),
      B: (parameters) => input.cursorDown(parameters),
      C: (parameters) => input.cursorForward(parameters),
      D: (parameters) => input.cursorBackward(parameters),
      G: (parameters) => input.cursorCharAbsolute(parameters),
      H: (parameters) => input.cursorPosition(parameters),
      J: (parameters) => input.eraseInDisplay(parameters),
      K: (parameters) => input.eraseInLine(parameters),
      P: (parameters) => input.deleteChars(parameters),
      X: (parameters) => input.eraseChars(parameters),
      d: (parameters) => input.linePosAbsolute(parameters),
    };
    for (const [final, handler] of Object.entries(handlers)) this.#handlers[final.charCodeAt(0)] = handler;
    // What is in the emulator's slices.
    input._parser.setPrintHandler((codes, start, end) => {
      this.#printer.columns = core._bufferService.cols;
      if (this.#isPlain) this.#print(codes, start, end);
      else input.print(codes, start, end);
    });
    input._parser.setExecuteHandler('\n', () => {
      feeder.feed();
      feeder.flush();
      return true;
    });
  }

  /** Reads what is ours at the beginning; returns where it ends. */
  read(bytes: Uint8Array): number {
    this.#printer.columns = this.#core._bufferService.cols;
    this.#lines.begin(bytes);
    const next = this.#isPlain && this.#isAtRest ? this.#read(bytes, 0, bytes.length) : 0;
    this.#feeder.flush();
    return next;
  }

  write(bytes: Uint8Array): void {
    const end = bytes.length;
    for (let at = this.read(bytes); at < end; ) {
      const slice = this.#sliceEnd(bytes, at, end);
      this.#core.writeSync(bytes.subarray(at, slice));
      at = slice;
      if (at === end || !this.#isPlain || !this.#isAtRest) continue;
      at = this.#read(bytes, at, end);
      this.#feeder.flush();
    }
  }

  /** The emulator is in the middle of nothing. */
  get #isAtRest(): boolean {
    const { _parser, _utf8Decoder } = this.#core._inputHandler;
    return _parser.currentState === 0 && _utf8Decoder.interim[0] === 0;
  }

  /** Where the emulator's bytes end: with the sequence or character it is in, before an escape, or behind a line feed. */
  #sliceEnd(bytes: Uint8Array, at: number, end: number): number {
    const { _parser, _utf8Decoder } = this.#core._inputHandler;
    if (_utf8Decoder.interim[0] !== 0) {
      let next = at + 1;
      while (next < end && (bytes[next]! & 0xc0) === 0x80) next++;
      return next;
    }
    const state = _parser.currentState;
    if (state > 0 && state <= LAST_CSI_STATE) {
      for (let next = at; next < end; next++) if (bytes[next]! >= FIRST_FINAL) return next + 1;
      return end;
    }
    const least = state === 0 && this.#isPlain ? 1 : LEAST_SLICE;
    for (let next = at + least; next < end; next++) {
      if (bytes[next] === ESC) return next;
      if (bytes[next] === LINE_FEED) return next + 1;
    }
    return end;
  }

  /** Text is only text, and of underlines there is none or a single one. */
  get #isPlain(): boolean {
    const { _charsetService, _curAttrData } = this.#core._inputHandler;
    const { ext, urlId } = _curAttrData.extended;
    const { modes, decPrivateModes } = this.#core.coreService;
    return (
      _charsetService.charset === undefined &&
      !modes.insertMode &&
      decPrivateModes.wraparound &&
      (ext === 0 || ext === SINGLE_UNDERLINE) &&
      urlId === 0
    );
  }

  /** Hot. Returns where something begins that is the emulator's. */
  #read(bytes: Uint8Array, from: number, end: number): number {
    const input = this.#core._inputHandler;
    const buffer = input._activeBuffer;
    const parser = input._parser;
    const feeder = this.#feeder;
    const columns = this.#core._bufferService.cols;
    for (let at = from; at < end; ) {
      const byte = bytes[at]!;
      const isAscii = byte >= 0x20 && byte < DELETE;
      const fits = !isAscii || buffer.x < columns || feeder.wrap();
      if (buffer.x === 0 && (byte >= 0x20 || byte === ESC)) {
        const behind = this.#lines.read(bytes, at, end);
        if (behind > at) {
          at = behind;
          continue;
        }
      }
      if (byte >= 0x20) {
        const next = isAscii && fits ? this.#printAscii(bytes, at, end) : this.#printText(bytes, at, end);
        if (next === at) return at;
        at = next;
        continue;
      }
      if (byte === ESC) {
        const moved = this.#moves.read(bytes, at, end);
        if (moved > at) {
          at = moved;
          continue;
        }
        const next = this.#obey(bytes, at, end);
        if (next === at) return at;
        at = next;
      } else {
        if (byte === LINE_FEED) feeder.feed();
        else if (byte === CARRIAGE_RETURN) buffer.x = 0;
        else if (byte === BACKSPACE) input.backspace();
        else if (byte === TAB) input.tab();
        else return at;
        at++;
      }
      parser.precedingJoinState = 0;
    }
    return end;
  }

  /** Hot. There is a column for one at least. */
  #printAscii(bytes: Uint8Array, at: number, end: number): number {
    const input = this.#core._inputHandler;
    const buffer = input._activeBuffer;
    const printer = this.#printer;
    const line = buffer.lines.get(buffer.ybase + buffer.y)!;
    printer.x = buffer.x;
    const next = printer.printAscii(line, input._curAttrData, bytes, at, end);
    buffer.x = printer.x;
    input._parser.precedingJoinState = printer.state;
    return next;
  }

  /** Hot. */
  #printText(bytes: Uint8Array, at: number, end: number): number {
    const behind = this.#codes.decode(bytes, at, end);
    this.#print(this.#codes.codes, 0, this.#codes.length);
    return behind;
  }

  #print(codes: Uint32Array, start: number, end: number): void {
    const input = this.#core._inputHandler;
    const buffer = input._activeBuffer;
    const parser = input._parser;
    const printer = this.#printer;
    for (let at = start; at < end; ) {
      printer.x = buffer.x;
      printer.state = parser.precedingJoinState;
      const line = buffer.lines.get(buffer.ybase + buffer.y)!;
      at = printer.print(line, input._curAttrData, codes, at, end);
      buffer.x = printer.x;
      parser.precedingJoinState = printer.state;
      if (at === end) return;
      // One that wraps, or joins what cannot be joined.
      this.#feeder.flush();
      input.print(codes, at, ++at);
    }
  }

  /** Hot. Returns where the sequence ends, or `at`. */
  #obey(bytes: Uint8Array, at: number, end: number): number {
    const csi = this.#csi;
    const next = csi.read(bytes, at, end);
    if (next === at) return at;
    if (csi.final === SGR)
      return this.#sgr.apply(this.#core._inputHandler._curAttrData, csi.params, csi.length) ? next : at;
    const handler = this.#handlers[csi.final];
    if (!handler) return at;
    this.#feeder.flush();
    handler(csi);
    return next;
  }
}
