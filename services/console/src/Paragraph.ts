import { withoutTiles } from './Graphics.js';
import type { Screen } from './Screen.js';

/** Lines of one paragraph. A program that never ends a line must not make one text of the whole scrollback. */
const LINE_LIMIT = 64;

export interface CellPlace {
  /** Screen.lineNumber */
  readonly line: number;
  readonly column: number;
}

/** The columns [from, to) of a line. */
export interface CellRun {
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** Lines that wrapped, as the one text that they are. */
export class Paragraph {
  readonly text: string;
  readonly first: number;
  readonly last: number;
  /** Of each UTF-16 unit of the text: its column; and where each line's text begins. */
  readonly #columns: number[] = [];
  readonly #starts: number[] = [];

  /** The one that `line` belongs to. */
  constructor(screen: Screen, line: number) {
    let first = line;
    while (first > screen.firstLine && line - first < LINE_LIMIT && screen.line(first)?.isWrapped) first--;
    let text = '';
    let number = first;
    const columns: number[] = [];
    for (; number < first + 2 * LINE_LIMIT; number++) {
      const core = screen.line(number);
      if (!core || (number > first && !core.isWrapped)) break;
      this.#starts.push(text.length);
      text += core.translateToString(false, 0, core.length, columns);
      for (let at = 0; at + 1 < columns.length; at++) this.#columns.push(columns[at]!);
    }
    this.text = withoutTiles(text, '  ');
    this.first = first;
    this.last = Math.max(first, number - 1);
  }

  /** The cells of the text from `start` to `end`, line by line. */
  runs(start: number, end: number): CellRun[] {
    const runs: CellRun[] = [];
    for (const [index, begin] of this.#starts.entries()) {
      const stop = this.#starts[index + 1] ?? this.text.length;
      const [from, to] = [Math.max(start, begin), Math.min(end, stop)];
      if (from >= to) continue;
      const next = to < stop ? this.#columns[to]! : this.#columns[to - 1]! + 1;
      runs.push({ line: this.first + index, from: this.#columns[from]!, to: next });
    }
    return runs;
  }
}
