import { cut, ink, type Paper, type TextStyle, widthOf } from '../board/Paper.js';
import { clusters } from '../GraphemeWidths.js';
import type { KeyModifiers, KeyPress } from '../KeyEncoder.js';
import { keysyms } from '../keysyms.js';
import type { LogEntry } from './KernelLog.js';
import { levels } from './KernelRecord.js';

const styles: readonly TextStyle[] = [
  { colour: ink.bright, paper: 0x8f2a2f, bold: true },
  { colour: ink.bad, bold: true },
  { colour: ink.bad, bold: true },
  { colour: ink.bad },
  { colour: ink.warning },
  { colour: ink.bright },
  { colour: ink.text },
  { colour: ink.dim },
];
const STAMP_COLUMNS = 15;
/** What is typed to search for. */
const SEARCH_LIMIT = 100;

export interface LogViewEvents {
  /** Somebody wants to go back to where he was. */
  leave(): void;
  save(): void;
  changed(): void;
}

/**
 * The log on a board: newest at the bottom, until somebody scrolls or pauses.
 *
 *   following ──Space, scroll up──▶ held ──Space, End──▶ following
 *       └── / or & ──▶ typing what is looked for ──Enter, Escape──▶ as before
 */
export class LogView {
  readonly #entries: readonly LogEntry[];
  readonly #on: LogViewEvents;
  /** The entry at the bottom; undefined while following. By itself, since the oldest go. */
  #held: LogEntry | undefined;
  #worst = levels.length - 1;
  #looksFor = '';
  #filters = false;
  #typing: '/' | '&' | undefined;
  /** What it has to say, above the log, and below. */
  #notice = '';
  #message = '';
  readonly #rows: () => number;

  /** `rows`: of the paper. Where it is shown in several sizes, the fewest, so that paging leaves no line out. */
  constructor(entries: readonly LogEntry[], rows: () => number, on: LogViewEvents) {
    this.#entries = entries;
    this.#rows = rows;
    this.#on = on;
  }

  /** Why it is in front; '' takes it away. */
  set notice(text: string) {
    this.#notice = text;
  }
  set message(text: string) {
    this.#message = text;
    this.#on.changed();
  }

  compose(paper: Paper): void {
    const top = this.#top;
    const shown = this.#shown();
    const bottom = this.#held === undefined ? shown.length - 1 : Math.max(0, this.#indexOf(shown));
    let row = paper.rows - 2;
    for (let index = bottom; index >= 0 && row >= top; index--)
      row = this.#write(paper, shown[index]!, row, top);
    this.#writeHead(paper, shown.length, top);
    this.#writeFoot(paper);
  }

  key(press: KeyPress, modifiers: KeyModifiers): void {
    this.#message = '';
    if (this.#typing) this.#type(press, modifiers);
    else this.#command(press);
    this.#on.changed();
  }

  /** Rows above the log. */
  get #top(): number {
    return this.#notice ? 2 : 1;
  }
  get #page(): number {
    return Math.max(1, this.#rows() - this.#top - 2);
  }

  #command({ keysym, text }: KeyPress): void {
    const steps = new Map<number, number>([
      [keysyms.Up, -1],
      [keysyms.Down, 1],
      [keysyms.PageUp, -this.#page],
      [keysyms.PageDown, this.#page],
      [keysyms.Home, -Number.MAX_SAFE_INTEGER],
    ]);
    const step = steps.get(keysym);
    if (step !== undefined) this.#scroll(step);
    else if (keysym === keysyms.End) this.#held = undefined;
    else if (keysym === keysyms.Escape && this.#looksFor) this.#looksFor = '';
    else if (keysym === keysyms.Escape) this.#on.leave();
    else this.#letter(text);
  }

  #letter(text: string): void {
    if (text >= '0' && text <= '7') this.#worst = Number(text);
    else if (text === '/' || text === '&') this.#typing = text;
    else if (text === 'n') this.#find(1);
    else if (text === 'N') this.#find(-1);
    else if (text === 's') this.#on.save();
    else if (text === 'q') this.#on.leave();
    else if (text === ' ') this.#held = this.#held === undefined ? this.#shown().at(-1) : undefined;
  }

  #type(press: KeyPress, modifiers: KeyModifiers): void {
    const { keysym, text } = press;
    if (keysym === keysyms.Escape) {
      this.#looksFor = '';
      this.#typing = undefined;
    } else if (keysym === keysyms.Return || keysym === keysyms.KP_Enter) {
      const how = this.#typing;
      this.#typing = undefined;
      if (how === '/' && this.#looksFor) this.#find(-1);
    } else if (keysym === keysyms.BackSpace) {
      this.#looksFor = [...this.#looksFor].slice(0, -1).join('');
    } else if (!modifiers.control && !modifiers.alt && text >= ' ' && text !== '\x7f') {
      this.#looksFor = `${this.#looksFor}${text}`.slice(0, SEARCH_LIMIT);
    }
    this.#filters =
      this.#typing === '&' || (this.#filters && this.#typing === undefined && this.#looksFor !== '');
  }

  /** By entries; the last one is following again. */
  #scroll(by: number): void {
    const shown = this.#shown();
    const at = this.#held === undefined ? shown.length - 1 : this.#indexOf(shown);
    const to = Math.max(Math.min(this.#page, shown.length) - 1, at + by);
    this.#held = to >= shown.length - 1 ? undefined : shown[to];
  }

  /** The next entry below (1) or above (-1) that has what is looked for comes to the bottom. */
  #find(direction: 1 | -1): void {
    if (!this.#looksFor) return;
    const shown = this.#shown();
    const from = this.#held === undefined ? shown.length : this.#indexOf(shown);
    for (let at = from + direction; at >= 0 && at < shown.length; at += direction) {
      if (!this.#has(shown[at]!)) continue;
      this.#held = shown[at];
      return;
    }
    this.#message = `no ${direction === 1 ? 'later' : 'earlier'} line has “${this.#looksFor}”`;
  }

  #indexOf(shown: readonly LogEntry[]): number {
    const at = shown.indexOf(this.#held!);
    // It is hidden by the filter, or gone: as far down as what was there before it.
    if (at >= 0) return at;
    const sequence = 'lost' in this.#held! ? 0 : this.#held!.sequence;
    return shown.findLastIndex((entry) => !('lost' in entry) && entry.sequence <= sequence);
  }

  #shown(): readonly LogEntry[] {
    if (this.#worst === levels.length - 1 && !(this.#filters && this.#looksFor)) return this.#entries;
    return this.#entries.filter(
      (entry) =>
        'lost' in entry ||
        (entry.level <= this.#worst && !(this.#filters && this.#looksFor && !this.#has(entry))),
    );
  }

  #has(entry: LogEntry): boolean {
    return !('lost' in entry) && entry.text.toLowerCase().includes(this.#looksFor.toLowerCase());
  }

  /** An entry whose last row is `row`; returns the row above its first. */
  #write(paper: Paper, entry: LogEntry, row: number, top: number): number {
    if ('lost' in entry) {
      paper.text(row, 0, ` ${entry.lost} messages were lost: the kernel's buffer ran over`, {
        colour: ink.paper,
        paper: ink.warning,
      });
      return row - 1;
    }
    const style = styles[entry.level]!;
    const lines = wrap(entry.text, Math.max(1, paper.columns - STAMP_COLUMNS));
    const first = row - lines.length + 1;
    lines.forEach((line, index) => {
      if (first + index < top) return;
      const found = this.#looksFor !== '' && this.#has(entry);
      paper.text(first + index, STAMP_COLUMNS, line, found ? { ...style, paper: 0x2f4f85 } : style);
    });
    if (first >= top) {
      const seconds = (entry.microseconds / 1e6).toFixed(6).padStart(12);
      paper.text(first, 0, `[${seconds}]`, { colour: ink.dim });
    }
    return first - 1;
  }

  #writeHead(paper: Paper, count: number, top: number): void {
    paper.fill(ink.raised, 0, 0, 1);
    paper.text(0, 1, 'Kernel log', { colour: ink.bright, bold: true });
    const parts = [
      `${count} lines`,
      this.#worst < levels.length - 1 ? `up to ${levels[this.#worst]}` : '',
      this.#filters && this.#looksFor ? `with “${this.#looksFor}”` : '',
      this.#held === undefined ? '' : 'PAUSED',
    ].filter(Boolean);
    const state = parts.join(', ');
    paper.text(0, paper.columns - widthOf(state) - 1, state, { colour: this.#held ? ink.warning : ink.dim });
    if (top < 2) return;
    paper.fill(0x8f2a2f, 1, 0, 1);
    paper.text(1, 1, cut(this.#notice, paper.columns - 2), { colour: ink.bright, bold: true });
  }

  #writeFoot(paper: Paper): void {
    const row = paper.rows - 1;
    paper.fill(ink.raised, row, 0, 1);
    if (this.#typing) {
      const end = paper.text(row, 1, `${this.#typing}${this.#looksFor}`, { colour: ink.bright });
      paper.cursor(row, end);
      return;
    }
    const keys = 'Space pause   0…7 level   / search   n N next   & only lines with   s save   q back';
    paper.text(row, 1, cut(this.#message || keys, paper.columns - 2), {
      colour: this.#message ? ink.bright : ink.dim,
    });
  }
}

/** Lines of at most so many columns, at least one. */
function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const part of text.split('\n')) {
    let line = '';
    let used = 0;
    for (const cluster of clusters(part)) {
      if (used + cluster.columns > columns) {
        lines.push(line);
        line = '';
        used = 0;
      }
      line += cluster.text;
      used += cluster.columns;
    }
    lines.push(line);
  }
  return lines;
}
