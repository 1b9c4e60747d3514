import type { IParser, Terminal } from '@xterm/headless';
import { KeyboardModes } from './KeyboardModes.js';

/** What the application wants to hear of the mouse: DECSET 9, 1000, 1002, 1003. */
export type MouseTracking = 'none' | 'x10' | 'press' | 'drag' | 'motion';
/** How: the default, DECSET 1006, 1015, 1016. */
export type MouseEncoding = 'default' | 'sgr' | 'urxvt' | 'sgr-pixels';

const tracking: Record<number, MouseTracking> = { 9: 'x10', 1000: 'press', 1002: 'drag', 1003: 'motion' };
const encoding: Record<number, MouseEncoding> = { 1006: 'sgr', 1015: 'urxvt', 1016: 'sgr-pixels' };

/** DECRPM's values. */
const SET = 1;
const RESET = 2;
const PERMANENTLY_SET = 3;

/**
 * The modes that @xterm/headless leaves to its embedder, or knows only in part: reverse video (?5), the mouse, wheel as arrow keys on
 * the alternate screen (?1007), grapheme clusters (?2027, always on), sizes and colour schemes told as they change (?2048, ?2031). It watches the same sequences and answers DECRQM for its own.
 */
export class TerminalModes {
  readonly #terminal: Terminal;
  readonly #keyboard: KeyboardModes;
  readonly #answer: (text: string) => void;
  #tellsSize = false;
  #tellsScheme = false;
  #dark = true;
  #size: readonly number[] = [];
  mouseTracking: MouseTracking = 'none';
  mouseEncoding: MouseEncoding = 'default';
  reverseVideo = false;
  alternateScroll = true;

  constructor(terminal: Terminal, answer: (text: string) => void) {
    this.#terminal = terminal;
    this.#answer = answer;
    const parser = terminal.parser;
    this.#keyboard = new KeyboardModes(parser, () => this.alternateScreen, answer);
    parser.registerCsiHandler({ prefix: '?', final: 'h' }, (parameters) => this.#change(parameters, true));
    parser.registerCsiHandler({ prefix: '?', final: 'l' }, (parameters) => this.#change(parameters, false));
    parser.registerCsiHandler({ intermediates: '!', final: 'p' }, () => this.#reset());
    parser.registerEscHandler({ final: 'c' }, () => this.#reset());
    parser.registerCsiHandler({ prefix: '?', final: 'n' }, (parameters) => {
      if (parameters[0] !== 996) return false;
      this.#tellScheme();
      return true;
    });
    this.#answerRequests(parser, answer);
  }

  get applicationCursor(): boolean {
    return this.#terminal.modes.applicationCursorKeysMode;
  }
  get applicationKeypad(): boolean {
    return this.#terminal.modes.applicationKeypadMode;
  }
  get kittyFlags(): number {
    return this.#keyboard.kittyFlags;
  }
  get modifyOtherKeys(): number {
    return this.#keyboard.modifyOtherKeys;
  }
  get bracketedPaste(): boolean {
    return this.#terminal.modes.bracketedPasteMode;
  }
  get focusReports(): boolean {
    return this.#terminal.modes.sendFocusMode;
  }
  get alternateScreen(): boolean {
    return this.#terminal.buffer.active.type === 'alternate';
  }

  /** The screen has another size; `cell` in pixels. */
  resized(rows: number, columns: number, cell: readonly [number, number]): void {
    this.#size = [rows, columns, rows * cell[1], columns * cell[0]];
    if (this.#tellsSize) this.#tellSize();
  }

  /** The colours are others now; `dark`: the background is darker than the text. */
  schemeChanged(dark: boolean): void {
    this.#dark = dark;
    if (this.#tellsScheme) this.#tellScheme();
  }

  #tellScheme(): void {
    this.#answer(`\x1b[?997;${this.#dark ? 1 : 2}n`);
  }

  #tellSize(): void {
    if (this.#size.length > 0) this.#answer(`\x1b[48;${this.#size.join(';')}t`);
  }

  #change(parameters: readonly (number | number[])[], on: boolean): boolean {
    for (const mode of parameters) {
      if (typeof mode !== 'number') continue;
      if (mode in tracking) this.mouseTracking = on ? tracking[mode]! : 'none';
      else if (mode in encoding) this.mouseEncoding = on ? encoding[mode]! : 'default';
      else if (mode === 5) this.reverseVideo = on;
      else if (mode === 1007) this.alternateScroll = on;
      else if (mode === 2031) this.#tellsScheme = on;
      else if (mode === 2048) {
        this.#tellsSize = on;
        if (on) this.#tellSize();
      }
    }
    return false;
  }

  #reset(): boolean {
    this.mouseTracking = 'none';
    this.mouseEncoding = 'default';
    this.reverseVideo = false;
    this.alternateScroll = true;
    this.#tellsSize = false;
    this.#tellsScheme = false;
    return false;
  }

  #answerRequests(parser: IParser, answer: (text: string) => void): void {
    parser.registerCsiHandler({ prefix: '?', intermediates: '$', final: 'p' }, (parameters) => {
      const mode = parameters[0];
      const value = typeof mode === 'number' ? this.#state(mode) : undefined;
      if (value === undefined) return false;
      answer(`\x1b[?${mode};${value}$y`);
      return true;
    });
  }

  #state(mode: number): number | undefined {
    switch (mode) {
      case 5:
        return this.reverseVideo ? SET : RESET;
      case 1007:
        return this.alternateScroll ? SET : RESET;
      case 1015:
        return this.mouseEncoding === 'urxvt' ? SET : RESET;
      case 2027:
        return PERMANENTLY_SET;
      case 2031:
        return this.#tellsScheme ? SET : RESET;
      case 2048:
        return this.#tellsSize ? SET : RESET;
      default:
        return undefined;
    }
  }
}
