import { hostname } from 'node:os';
import { beforeEach, expect, test } from 'vitest';
import { Screen } from './Screen.js';

let screen: Screen;
let notices: [string, string][];

beforeEach(() => {
  notices = [];
  screen = new Screen(20, 5, {
    answer() {},
    changed() {},
    title() {},
    bell() {},
    copied() {},
    notified: (title, text) => notices.push([title, text]),
  });
});

const prompt = '\x1b]133;A\x1b\\$ \x1b]133;B\x1b\\';
const lineAt = (number: number | undefined) =>
  number === undefined ? undefined : screen.line(number)?.translateToString(true);

test('prompts are found above and below a line', () => {
  screen.write(`${prompt}one\r\nout\r\nout\r\n${prompt}two\r\nout\r\n${prompt}three`);
  const { marks } = screen;
  const last = marks.promptBefore(99)!;
  expect(lineAt(last)).toBe('$ three');
  expect(lineAt(marks.promptBefore(last))).toBe('$ two');
  expect(lineAt(marks.promptBefore(marks.promptBefore(last)!))).toBe('$ one');
  expect(marks.promptBefore(0)).toBeUndefined();
  expect(lineAt(marks.promptAfter(0))).toBe('$ two');
  expect(marks.promptAfter(last)).toBeUndefined();
});

test('they stay on their lines when the text reflows and old lines go', () => {
  screen.write(`${'x'.repeat(50)}\r\n${prompt}mine\r\n${'y'.repeat(90)}\r\n`);
  screen.resize(9, 5);
  expect(lineAt(screen.marks.promptBefore(99))).toBe('$ mine');
  screen.resize(40, 5);
  expect(lineAt(screen.marks.promptBefore(99))).toBe('$ mine');
  screen.write('line\r\n'.repeat(9_990));
  expect(lineAt(screen.marks.promptBefore(99_999))).toBe('$ mine');
  screen.write('line\r\n'.repeat(100));
  expect(screen.marks.promptBefore(99_999)).toBeUndefined();
});

test('the directory is told, of this machine only', () => {
  screen.write(`\x1b]7;file://${hostname()}/tmp/a%20b\x1b\\`);
  expect(screen.marks.directory).toBe('/tmp/a b');
  screen.write('\x1b]7;file://elsewhere.example/etc\x1b\\\x1b]7;http://x/\x1b\\\x1b]7;file:///a%00b\x1b\\');
  expect(screen.marks.directory).toBe('/tmp/a b');
});

test('notifications are told one at a time, and progress is none', async () => {
  screen.write('\x1b]9;4;1;50\x07\x1b]777;notify;build;done; all of it\x07\x1b]9;too soon\x07');
  expect(notices).toEqual([['build', 'done; all of it']]);
  await new Promise((resolve) => setTimeout(resolve, 600));
  screen.write('\x1b]9;hello\x07');
  expect(notices.at(-1)).toEqual(['', 'hello']);
});
