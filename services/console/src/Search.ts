import type { KeyModifiers, KeyPress } from './KeyEncoder.js';
import { keysyms } from './keysyms.js';
import type { Overlay, OverlayGrid } from './Overlay.js';
import { type CellRun, Paragraph } from './Paragraph.js';
import type { Screen } from './Screen.js';
import type { Selection } from './Selection.js';

/** Places that are found; of more, the lowest. */
const MATCH_LIMIT = 10_000;
const QUERY_LENGTH = 200;

const FOUND = { ink: 0x000000, paper: 0xb8a04a };
const CURRENT = { ink: 0x000000, paper: 0xffd75f };

/** Cells of one place where the text was found, line by line. */
type Match = readonly CellRun[];

/** Where the text stands on the screen and above it, from top to bottom; capitals matter when there are some. */
export function findText(screen: Screen, query: string): Match[] {
  const matches: Match[] = [];
  if (query === '') return matches;
  const exact = query !== query.toLowerCase();
  const wanted = exact ? query : query.toLowerCase();
  for (let line = screen.lastLine; line >= screen.firstLine && matches.length < MATCH_LIMIT; ) {
    const paragraph = new Paragraph(screen, line);
    const lower = paragraph.text.toLowerCase();
    // A letter whose small one is longer would shift what follows; then only exact text is found.
    const text = exact || lower.length !== paragraph.text.length ? paragraph.text : lower;
    const inParagraph: Match[] = [];
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      inParagraph.push(paragraph.runs(at, at + wanted.length));
    }
    matches.push(...inParagraph.reverse());
    line = paragraph.first - 1;
  }
  return matches.reverse();
}

/**
 * Search in what the terminal shows and what scrolled away. Typed text is looked for at once, from the bottom up; Enter, Up and the
 * shortcut again go to the one above, Shift+Enter and Down below; Escape ends it. The place it is at is selected, to be copied.
 */
export class Search implements Overlay {
  readonly #screen: Screen;
  readonly #selection: Selection;
  readonly #changed: () => void;
  /** What an input method composes behind the typed text; '' nothing. */
  composing = '';
  #query = '';
  #matches: Match[] = [];
  #at = -1;

  constructor(screen: Screen, selection: Selection, changed: () => void) {
    this.#screen = screen;
    this.#selection = selection;
    this.#changed = changed;
  }

  /** The prompt as far as the cursor. */
  get typed(): string {
    return `Search: ${this.#query}`;
  }

  get prompt(): string {
    const count = this.#matches.length;
    const found = this.#query === '' ? '' : count === 0 ? '   not found' : `   ${this.#at + 1} of ${count}`;
    return `${this.typed}${this.composing || '▏'}${found}`;
  }

  /** False when it is over. */
  key(key: KeyPress, modifiers: KeyModifiers): boolean {
    switch (key.keysym) {
      case keysyms.Escape:
        return false;
      case keysyms.Return:
      case keysyms.KP_Enter:
        this.step(modifiers.shift ? 1 : -1);
        return true;
      case keysyms.Up:
        this.step(-1);
        return true;
      case keysyms.Down:
        this.step(1);
        return true;
      case keysyms.BackSpace:
        this.#look([...this.#query].slice(0, -1).join(''));
        return true;
    }
    if (modifiers.control && key.latin === 'u') this.#look('');
    else if (!modifiers.control && !modifiers.alt) this.type(key.text);
    return true;
  }

  type(text: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
    if (text === '' || /[\x00-\x1f\x7f]/.test(text)) return;
    this.#look((this.#query + text).slice(0, QUERY_LENGTH));
  }

  /** To the next match below, or above; around at the ends. */
  step(direction: 1 | -1): void {
    const here = this.#matches[this.#at]?.[0];
    this.#matches = findText(this.#screen, this.#query);
    const count = this.#matches.length;
    // Output may have moved the matches: the one that we were at is known by its place.
    const again = here
      ? this.#matches.findIndex(([run]) => run?.line === here.line && run.from === here.from)
      : -1;
    this.#at = count === 0 ? -1 : ((again < 0 ? count : again) + direction + count) % count;
    this.#show();
  }

  paint(onto: OverlayGrid): void {
    for (const [index, match] of this.#matches.entries()) {
      const { ink, paper } = index === this.#at ? CURRENT : FOUND;
      for (const { line, from, to } of match) {
        const row = line - this.#screen.lineNumber(0);
        if (row >= 0 && row < this.#screen.rows) onto.colour(from, row + onto.top, to, ink, paper);
      }
    }
  }

  #look(query: string): void {
    this.#query = query;
    this.#matches = findText(this.#screen, query);
    this.#at = this.#matches.length - 1;
    this.#show();
  }

  #show(): void {
    const match = this.#matches[this.#at];
    const [first, last] = [match?.[0], match?.[match.length - 1]];
    if (first && last) {
      const row = first.line - this.#screen.lineNumber(0);
      // The lowest row may be the search's own.
      if (row < 0 || row >= this.#screen.rows - 1) {
        this.#screen.scrollToLine(first.line - Math.floor(this.#screen.rows / 2));
      }
      this.#selection.begin({ line: first.line, column: first.from }, 'character', false);
      this.#selection.extend({ line: last.line, column: last.to });
    } else {
      this.#selection.clear();
    }
    this.#changed();
  }
}
