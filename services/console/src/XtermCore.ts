import type { Terminal } from '@xterm/headless';

/**
 * The parts of @xterm/headless 6.0 that its public typings leave out and that a renderer needs: cells as words (reading 7,200 cells
 * through getCell() costs ten times as much), underline styles, hyperlinks, the cursor's state and the synchronous parser. The
 * package's version is pinned for this; `coreOf` checks the shape once, at start.
 *
 * A line holds three words a cell:
 *
 *   content  bits 0-20 code point, 21 "combined" (the text is in _combined[x]), 22-23 columns (0: right half of a wide character)
 *   fg       bits 0-23 colour, 24-25 mode (0 default, 1 one of 16, 2 one of 256, 3 RGB), 26… flags
 *   bg       the same, with other flags
 */
export interface CoreLine {
  readonly _data: Uint32Array;
  _combined: Record<number, string>;
  _extendedAttrs: Record<number, ExtendedAttributes | undefined>;
  readonly length: number;
  isWrapped: boolean;
  addCodepointToCell(column: number, code: number, width: number): void;
  /** `columns` is filled with the column of each UTF-16 unit, and the one behind the last. */
  translateToString(
    trimRight?: boolean,
    startColumn?: number,
    endColumn?: number,
    columns?: number[],
  ): string;
  setCellFromCodepoint(column: number, code: number, width: number, attributes: CellAttributes): void;
}

/** What is written into a cell beside the character. */
export interface CellAttributes {
  readonly fg: number;
  readonly bg: number;
}

/** What the program chose for the text to come. */
export interface CurrentAttributes {
  fg: number;
  bg: number;
  extended: ExtendedAttributes;
}

/** `params` of a sequence, of which `length` were sent; at least one, 0 where it was left out. */
export interface CsiParameters {
  readonly params: Int32Array;
  readonly length: number;
}
export type CsiHandler = (parameters: CsiParameters) => boolean;

export interface ExtendedAttributes {
  /** 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed */
  readonly underlineStyle: number;
  /** like the fg word; mode 0: the text's colour */
  readonly underlineColor: number;
  /** 0: no hyperlink */
  readonly urlId: number;
  /** Style and colour in one word; 0: neither. */
  readonly ext: number;
  clone(): ExtendedAttributes & { ext: number };
}

/** `ext` of an underline without style or colour. */
export const SINGLE_UNDERLINE = 1 << 26;

/** The emulator never changes the one that it has: it makes another. */
export function singleUnderline(none: ExtendedAttributes): ExtendedAttributes {
  const made = none.clone();
  made.ext = SINGLE_UNDERLINE;
  return made;
}

export const CELL_WORDS = 3;
export const content = { codePoint: 0x1fffff, combined: 0x200000, widthShift: 22 } as const;
export const colourMode = {
  mask: 0x3000000,
  sixteen: 0x1000000,
  palette: 0x2000000,
  rgb: 0x3000000,
} as const;
export const fgFlags = {
  inverse: 0x4000000,
  bold: 0x8000000,
  underline: 0x10000000,
  invisible: 0x40000000,
  strike: 0x80000000,
} as const;
export const bgFlags = {
  italic: 0x4000000,
  dim: 0x8000000,
  extended: 0x10000000,
  overline: 0x40000000,
} as const;

export interface CoreBuffer {
  readonly lines: {
    get(index: number): CoreLine | undefined;
    set(index: number, line: CoreLine): void;
    readonly length: number;
    push(line: CoreLine): void;
    /** A ring: where it begins, how many lines it has, and how many at most. */
    readonly _array: (CoreLine | undefined)[];
    _startIndex: number;
    readonly _length: number;
    readonly _maxLength: number;
    readonly onTrimEmitter: { fire(lines: number): void };
    onTrim(listener: (lines: number) => void): void;
  };
  /** Column of the cursor; equal to the number of columns when a wrap is pending. */
  readonly x: number;
  /** Row of the cursor, from ybase. */
  readonly y: number;
  /** First line of the screen proper, and first line shown. */
  readonly ybase: number;
  readonly ydisp: number;
  readonly markers: readonly unknown[];
}

/** The buffer that is written to now. */
export interface ActiveBuffer {
  readonly lines: CoreBuffer['lines'];
  x: number;
  y: number;
  ybase: number;
  ydisp: number;
  readonly scrollTop: number;
  readonly scrollBottom: number;
}

export interface XtermCore {
  readonly _inputHandler: {
    readonly _parser: {
      /** 0 between sequences. */
      readonly currentState: number;
      /** What the character before decides about the next one: GraphemeWidths' state. */
      precedingJoinState: number;
      setExecuteHandler(character: string, handler: () => boolean): void;
      setPrintHandler(handler: (codes: Uint32Array, start: number, end: number) => void): void;
    };
    readonly _activeBuffer: ActiveBuffer;
    readonly _curAttrData: CurrentAttributes;
    /** The beginning of a character that is not all there; zeros between characters. */
    readonly _utf8Decoder: { readonly interim: Uint8Array };
    readonly _charsetService: { readonly charset: object | undefined };
    print(codes: Uint32Array, start: number, end: number): void;
    lineFeed(): boolean;
    backspace(): boolean;
    tab(): boolean;
    cursorUp: CsiHandler;
    cursorDown: CsiHandler;
    cursorForward: CsiHandler;
    cursorBackward: CsiHandler;
    cursorCharAbsolute: CsiHandler;
    cursorPosition: CsiHandler;
    linePosAbsolute: CsiHandler;
    eraseInDisplay: CsiHandler;
    eraseInLine: CsiHandler;
    eraseChars: CsiHandler;
    deleteChars: CsiHandler;
    _eraseAttrData(): CellAttributes;
  };
  writeSync(data: Uint8Array | string): void;
  resize(columns: number, rows: number): void;
  readonly _bufferService: {
    readonly cols: number;
    readonly rows: number;
    readonly isUserScrolling: boolean;
    readonly buffer: CoreBuffer;
    readonly buffers: { readonly normal: CoreBuffer; readonly alt: CoreBuffer };
  };
  readonly coreService: {
    readonly isCursorHidden: boolean;
    readonly modes: { readonly insertMode: boolean };
    readonly decPrivateModes: {
      readonly cursorStyle: 'block' | 'underline' | 'bar' | undefined;
      readonly cursorBlink: boolean | undefined;
      readonly wraparound: boolean;
      readonly origin: boolean;
      synchronizedOutput: boolean;
    };
  };
  readonly _oscLinkService: { getLinkData(id: number): { readonly uri: string } | undefined };
}

export function coreOf(terminal: Terminal): XtermCore {
  const core = (terminal as unknown as { _core: XtermCore })._core;
  const line = core?._bufferService?.buffer?.lines?.get(0);
  if (
    typeof core?.writeSync !== 'function' ||
    line?._data?.length !== terminal.cols * CELL_WORDS ||
    typeof core.coreService?.decPrivateModes?.synchronizedOutput !== 'boolean' ||
    typeof core._oscLinkService?.getLinkData !== 'function' ||
    typeof core._inputHandler?._parser?.setPrintHandler !== 'function' ||
    typeof core._inputHandler._curAttrData?.extended?.ext !== 'number' ||
    core._inputHandler._parser.currentState !== 0 ||
    core._inputHandler._utf8Decoder?.interim?.[0] !== 0 ||
    typeof core._inputHandler.linePosAbsolute !== 'function' ||
    typeof core.coreService.decPrivateModes.wraparound !== 'boolean' ||
    typeof core.coreService.decPrivateModes.origin !== 'boolean' ||
    typeof core._bufferService.buffer.lines._startIndex !== 'number' ||
    core._bufferService.buffer.lines._array?.length !== core._bufferService.buffer.lines._maxLength
  ) {
    throw new Error('@xterm/headless is not the version this terminal is written for (6.0); run npm ci');
  }
  return core;
}
