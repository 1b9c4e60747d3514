import { beforeEach, describe, expect, it } from 'vitest';
import { Paper } from '../board/Paper.js';
import { CellGrid } from '../CellGrid.js';
import { ClusterNumbers } from '../ClusterNumbers.js';
import { noModifiers } from '../Front.js';
import { keysyms } from '../keysyms.js';
import type { LogEntry } from './KernelLog.js';
import { LogView } from './LogView.js';

const ROWS = 12;
let entries: LogEntry[];
let view: LogView;
const did: string[] = [];

const record = (sequence: number, level = 6, text = `line ${sequence}`): LogEntry => ({
  ...{ level, facility: 0, sequence, microseconds: sequence * 1e6, continues: false, text },
  dictionary: new Map(),
});
function rows(): string[] {
  const paper = new Paper(new CellGrid(60, ROWS), new ClusterNumbers());
  view.compose(paper);
  return paper.read().split('\n');
}
const lines = () =>
  rows()
    .slice(1, -1)
    .map((row) => row.slice(15))
    .filter(Boolean);
const press = (...keys: (string | number)[]) => {
  for (const key of keys) {
    const text = typeof key === 'string' ? key : '';
    view.key({ keysym: typeof key === 'number' ? key : key.codePointAt(0)!, text, latin: text }, noModifiers);
  }
};

beforeEach(() => {
  did.length = 0;
  entries = Array.from({ length: 30 }, (_, i) => record(i + 1, i % 10 === 3 ? 3 : 6));
  view = new LogView(entries, () => ROWS, {
    leave: () => did.push('leave'),
    save: () => did.push('save'),
    changed: () => {},
  });
});

describe('LogView', () => {
  it('shows the newest lines, with their time, and follows', () => {
    expect(lines()).toEqual(Array.from({ length: ROWS - 2 }, (_, i) => `line ${i + 21}`));
    expect(rows().at(-2)).toBe('[   30.000000] line 30');
    entries.push(record(31));
    expect(lines().at(-1)).toBe('line 31');
  });

  it('stands still when it is paused or scrolled, until it is at the end again', () => {
    press(' ');
    entries.push(record(31));
    expect(lines().at(-1)).toBe('line 30');
    expect(rows()[0]).toContain('PAUSED');
    press(' ');
    expect(lines().at(-1)).toBe('line 31');
    press(keysyms.PageUp);
    entries.push(record(32));
    expect(lines().at(-1)).toBe('line 22');
    press(keysyms.Home);
    expect(lines()[0]).toBe('line 1');
    press(keysyms.End);
    expect(lines().at(-1)).toBe('line 32');
  });

  it('shows only what is bad enough, and what was lost', () => {
    entries.push({ lost: 5 });
    press('3');
    expect(lines().slice(0, 3)).toEqual(['line 4', 'line 14', 'line 24']);
    expect(rows().join()).toContain('5 messages were lost');
    expect(rows()[0]).toContain('up to err');
    press('7');
    expect(lines()).toContain('line 29');
  });

  it('finds earlier and later lines, and says when there is none', () => {
    press('/', ...'LINE 1', keysyms.Return);
    expect(lines().at(-1)).toBe('line 19');
    press('N');
    expect(lines().at(-1)).toBe('line 18');
    press('n', 'n');
    expect(rows().at(-1)).toContain('no later line has “LINE 1”');
    press(keysyms.Escape);
    expect(did).toEqual([]);
    press(keysyms.Escape);
    expect(did).toEqual(['leave']);
  });

  it('shows only lines with something', () => {
    press('&', '2', keysyms.Return);
    expect(lines().every((line) => line.includes('2'))).toBe(true);
    expect(rows()[0]).toContain('12 lines, with “2”');
    press('s');
    expect(did).toEqual(['save']);
  });

  it('wraps long lines, and cuts what is above the first row', () => {
    entries.push(record(31, 6, 'x'.repeat(45 * 3)));
    expect(lines().slice(-3)).toEqual(['x'.repeat(45), 'x'.repeat(45), 'x'.repeat(45)]);
    entries.push(record(32, 6, 'y'.repeat(45 * 20)));
    expect(lines()).toHaveLength(ROWS - 2);
    expect(rows()[0]).toContain('Kernel log');
  });

  it('has a notice above all', () => {
    view.notice = 'emerg: help';
    expect(rows()[1]).toContain('emerg: help');
    expect(lines().at(-1)).toBe('line 30');
  });
});
