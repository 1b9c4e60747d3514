import type { SelectedRows } from './Composer.js';
import type { Screen } from './Screen.js';
import { CELL_WORDS, type CoreLine, content } from './XtermCore.js';

/** What a selection grows by. */
export type Unit = 'character' | 'word' | 'line';

export interface Place {
  /** Screen.lineNumber */
  readonly line: number;
  /** Between characters: 0 is before the first column. */
  readonly column: number;
}

/** Characters that belong to a word, beside letters and digits: those of paths, addresses and options. */
const WORD = /[\p{L}\p{N}\p{M}_\-./~:?&=%+#@$]/u;
/** Selected text, in UTF-16 code units. Scrollback is at most 10,000 lines of 200 columns. */
const TEXT_LIMIT = 4 << 20;
/** Selections up to this many lines are watched for output that changes them. */
const WATCHED_LINES = 100;

function before(a: Place, b: Place): boolean {
  return a.line < b.line || (a.line === b.line && a.column < b.column);
}

/**
 * Text that the user marked: from where the button went down to where the pointer is, grown to whole words or lines; or a rectangle.
 * Lines are named by number, so that it stays on its text while output scrolls it up.
 */
export class Selection implements SelectedRows {
  readonly #screen: Screen;
  readonly #changed: () => void;
  #anchor: Place | undefined;
  #focus: Place | undefined;
  #unit: Unit = 'character';
  #block = false;
  #watched: string | undefined;
  readonly #columns: [number, number] = [0, 0];

  constructor(screen: Screen, changed: () => void) {
    this.#screen = screen;
    this.#changed = changed;
  }

  begin(place: Place, unit: Unit, block: boolean): void {
    this.#anchor = place;
    this.#focus = place;
    this.#unit = unit;
    this.#block = block;
    this.#watched = undefined;
    this.#changed();
  }

  /** The pointer moved on, or Shift-click. */
  extend(place: Place): void {
    this.#anchor ??= place;
    if (this.#focus && this.#focus.line === place.line && this.#focus.column === place.column) return;
    this.#focus = place;
    this.#watched = undefined;
    this.#changed();
  }

  /** The button went up: from now on, output that changes the selected text ends the selection. */
  finish(): void {
    const [start, end] = this.range() ?? [];
    if (start && end && end.line - start.line < WATCHED_LINES) this.#watched = this.text();
  }

  clear(): void {
    if (!this.#anchor) return;
    this.#anchor = undefined;
    this.#focus = undefined;
    this.#watched = undefined;
    this.#changed();
  }

  /** After output. */
  check(): void {
    if (this.#watched !== undefined && this.text() !== this.#watched) this.clear();
  }

  get empty(): boolean {
    return this.range() === undefined;
  }

  /** First and last place, grown by the unit; undefined when nothing is selected. */
  range(): [Place, Place] | undefined {
    if (!this.#anchor || !this.#focus) return undefined;
    let [start, end] = before(this.#focus, this.#anchor)
      ? [this.#focus, this.#anchor]
      : [this.#anchor, this.#focus];
    if (this.#block) {
      const left = Math.min(start.column, end.column);
      const right = Math.max(start.column, end.column);
      if (left === right) return undefined;
      return [
        { line: start.line, column: left },
        { line: end.line, column: right },
      ];
    }
    if (this.#unit === 'word') {
      start = this.#wordEdge(start, -1);
      end = this.#wordEdge(end, 1);
    } else if (this.#unit === 'line') {
      start = { line: this.#firstOfWrapped(start.line), column: 0 };
      end = { line: this.#lastOfWrapped(end.line), column: this.#screen.columns };
    } else {
      start = this.#wholeCharacter(start, -1);
      end = this.#wholeCharacter(end, 1);
    }
    return before(start, end) ? [start, end] : undefined;
  }

  columnsOf(row: number): readonly [number, number] | undefined {
    if (!this.#anchor) return undefined;
    const range = this.range();
    if (!range) return undefined;
    const [start, end] = range;
    const line = this.#screen.lineNumber(row);
    if (line < start.line || line > end.line) return undefined;
    this.#columns[0] = this.#block || line === start.line ? start.column : 0;
    this.#columns[1] = this.#block || line === end.line ? end.column : this.#screen.columns;
    return this.#columns;
  }

  /** Wrapped lines are joined; trailing blanks of a line go. */
  text(): string {
    const range = this.range();
    if (!range) return '';
    const [start, end] = range;
    let text = '';
    const first = Math.max(start.line, this.#screen.firstLine);
    for (let number = first; number <= end.line && text.length < TEXT_LIMIT; number++) {
      const line = this.#screen.line(number);
      if (!line) break;
      const from = this.#block || number === start.line ? start.column : 0;
      const to = this.#block || number === end.line ? end.column : line.length;
      const wraps = !this.#block && this.#screen.line(number + 1)?.isWrapped === true;
      if (number > first && (this.#block || !line.isWrapped)) text += '\n';
      const part = line.translateToString(!wraps, from, to);
      text += !wraps && (this.#block || to >= line.length) ? part.trimEnd() : part;
    }
    return text.slice(0, TEXT_LIMIT);
  }

  /** A place inside a wide character is moved out of it. */
  #wholeCharacter(place: Place, direction: 1 | -1): Place {
    const line = this.#screen.line(place.line);
    return line && isRightHalf(line, place.column) ? { ...place, column: place.column + direction } : place;
  }

  #wordEdge(place: Place, direction: 1 | -1): Place {
    const line = this.#screen.line(place.line);
    if (!line) return place;
    let { column } = place;
    const character = (at: number) => characterAt(line, at);
    const under = direction < 0 ? column : Math.max(0, Math.min(column, line.length - 1));
    const kind = kindOf(character(under));
    if (direction < 0) {
      while (column > 0 && kindOf(character(column - 1)) === kind) column--;
    } else {
      while (column < line.length && kindOf(character(column)) === kind) column++;
      if (column === place.column) column = Math.min(column + 1, line.length);
    }
    return { line: place.line, column };
  }

  #firstOfWrapped(number: number): number {
    let first = number;
    while (first > this.#screen.firstLine && this.#screen.line(first)?.isWrapped) first--;
    return first;
  }

  #lastOfWrapped(number: number): number {
    let last = number;
    while (last < this.#screen.lastLine && this.#screen.line(last + 1)?.isWrapped) last++;
    return last;
  }
}

function isRightHalf(line: CoreLine, column: number): boolean {
  if (column <= 0 || column >= line.length) return false;
  return line._data[column * CELL_WORDS]! >>> content.widthShift === 0;
}

function characterAt(line: CoreLine, column: number): string {
  const at = isRightHalf(line, column) ? column - 1 : column;
  return line.translateToString(false, at, at + 1);
}

function kindOf(character: string): 'word' | 'blank' | string {
  if (character.trim() === '') return 'blank';
  return WORD.test(character) ? 'word' : character;
}
