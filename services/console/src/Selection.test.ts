import { beforeEach, describe, expect, test } from 'vitest';
import { Screen } from './Screen.js';
import { Selection } from './Selection.js';

const COLUMNS = 20;
let screen: Screen;
let selection: Selection;

beforeEach(() => {
  screen = new Screen(COLUMNS, 5, {
    answer() {},
    changed() {},
    title() {},
    bell() {},
    copied() {},
    notified() {},
  });
  selection = new Selection(screen, () => {});
});

const at = (row: number, column: number) => ({ line: screen.lineNumber(row), column });

describe('Selection', () => {
  test('a drag selects characters, in either direction', () => {
    screen.write('hello world');
    selection.begin(at(0, 6), 'character', false);
    selection.extend(at(0, 11));
    expect(selection.text()).toBe('world');
    selection.extend(at(0, 0));
    expect(selection.text()).toBe('hello ');
    expect(selection.columnsOf(0)).toEqual([0, 6]);
    expect(selection.columnsOf(1)).toBeUndefined();
  });

  test('a click without a drag selects nothing', () => {
    screen.write('hello');
    selection.begin(at(0, 2), 'character', false);
    expect(selection.empty).toBe(true);
  });

  test('two clicks select a word, paths and addresses included', () => {
    screen.write('see /usr/share/doc, ok');
    selection.begin(at(0, 8), 'word', false);
    expect(selection.text()).toBe('/usr/share/doc');
    selection.begin(at(0, 0), 'word', false);
    expect(selection.text()).toBe('see');
    selection.extend(at(0, 6));
    expect(selection.text()).toBe('see /usr/share/doc');
  });

  test('three clicks select a line with all its wrapped rows', () => {
    screen.write(`${'a'.repeat(25)}\r\nnext`);
    selection.begin(at(1, 2), 'line', false);
    expect(selection.text()).toBe('a'.repeat(25));
  });

  test('wrapped rows are one line of text, others end in a newline without blanks', () => {
    screen.write(`${'b'.repeat(22)}   \r\nsecond   \r\nthird`);
    selection.begin(at(0, 0), 'character', false);
    selection.extend(at(3, 5));
    expect(selection.text()).toBe(`${'b'.repeat(22)}\nsecond\nthird`);
  });

  test('a block is the same columns of each row', () => {
    screen.write('abcdef\r\n123456\r\nuvwxyz');
    selection.begin(at(0, 1), 'character', true);
    selection.extend(at(2, 3));
    expect(selection.text()).toBe('bc\n23\nvw');
    expect(selection.columnsOf(1)).toEqual([1, 3]);
  });

  test('wide characters are whole', () => {
    screen.write('漢字kana');
    selection.begin(at(0, 1), 'character', false);
    selection.extend(at(0, 3));
    expect(selection.text()).toBe('漢字');
  });

  test('it stays on its text when output scrolls, even off the scrollback', () => {
    screen.write('keep me');
    selection.begin(at(0, 0), 'character', false);
    selection.extend(at(0, 4));
    selection.finish();
    for (let line = 0; line < 20; line++) {
      screen.write(`\r\nline ${line}`);
      selection.check();
    }
    expect(selection.text()).toBe('keep');
    expect(selection.columnsOf(0)).toBeUndefined();
    screen.scroll(-1000);
    expect(selection.columnsOf(0)).toEqual([0, 4]);
    screen.write('\r\nx'.repeat(11_000));
    expect(selection.text()).not.toContain('x');
  });

  test('it ends when output changes the selected text', () => {
    screen.write('status: 1');
    selection.begin(at(0, 0), 'character', false);
    selection.extend(at(0, 9));
    selection.finish();
    screen.write('\r\nother');
    selection.check();
    expect(selection.text()).toBe('status: 1');
    screen.write('\x1b[1;9H2');
    selection.check();
    expect(selection.empty).toBe(true);
  });
});
