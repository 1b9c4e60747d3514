import { beforeEach, describe, expect, test } from 'vitest';
import { Screen } from './Screen.js';
import { bgFlags } from './XtermCore.js';

let answers: string[];
let titles: string[];
let bells: number;
let copies: [string, string][];
let notices: [string, string][];
let screen: Screen;

beforeEach(() => {
  answers = [];
  titles = [];
  bells = 0;
  copies = [];
  notices = [];
  screen = new Screen(20, 6, {
    answer: (text) => answers.push(text),
    changed() {},
    title: (title) => titles.push(title),
    bell: () => bells++,
    copied: (board, text) => copies.push([board, text]),
    notified: (title, text) => notices.push([title, text]),
  });
});

const rows = () => screen.text().split('\n');
const linkAt = (row: number, column: number) => {
  const line = screen.row(row)!;
  const extended = (line._data[3 * column + 2]! & bgFlags.extended) !== 0;
  return extended ? screen.links.address(line._extendedAttrs[column]!.urlId) : undefined;
};
const asked = (query: string) => {
  answers = [];
  screen.write(query);
  return answers.join('');
};

describe('what vttest looks at first', () => {
  test('cursor movement stays on the screen', () => {
    screen.write('\x1b[3;5Hx\x1b[Ay\x1b[2Dz\x1b[Bw\x1b[99;99Hq\x1b[H\x1b[5A\x1b[5Dp');
    expect(rows()).toEqual(['p', '    zy', '    xw', '', '', '                   q']);
  });

  test('lines and characters are inserted and deleted', () => {
    screen.write('one\r\ntwo\r\nthree\x1b[2;1H\x1b[Lnew\x1b[1;1H\x1b[2@\x1b[4;1H\x1b[2P\x1b[3;1H\x1b[M');
    expect(rows().slice(0, 4)).toEqual(['  one', 'new', 'ree', '']);
  });

  test('a scroll region scrolls alone, in both directions', () => {
    screen.write('a\r\nb\r\nc\r\nd\r\ne\r\nf\x1b[2;4r\x1b[4;1H\n\x1b[r');
    expect(rows()).toEqual(['a', 'c', 'd', '', 'e', 'f']);
    screen.write('\x1b[2;4r\x1b[2;1H\x1bM\x1b[r');
    expect(rows()).toEqual(['a', '', 'c', 'd', 'e', 'f']);
  });

  test('origin mode counts from the region', () => {
    screen.write('\x1b[3;5r\x1b[?6h\x1b[1;1Hx\x1b[?6l\x1b[r');
    expect(rows()[2]).toBe('x');
  });

  test('tabs are where they were set', () => {
    screen.write('\ta\r\n\x1b[3g\x1b[5G\x1bH\r\tb\tc');
    expect(rows().slice(0, 2)).toEqual(['        a', `    b${' '.repeat(14)}c`]);
  });

  test('text wraps at the margin, and not before the next character', () => {
    screen.write(`${'x'.repeat(20)}\r\ny\r\n${'z'.repeat(21)}`);
    expect(rows()).toEqual(['x'.repeat(20), 'y', 'z'.repeat(20), 'z', '', '']);
    screen.write('\x1b[H\x1b[?7l\x1b[1;20Habc\x1b[?7h');
    expect(rows()[0]).toBe(`${'x'.repeat(19)}c`);
  });

  test('a wide character does not stand half on the margin', () => {
    screen.write(`${'x'.repeat(19)}漢`);
    expect(rows().slice(0, 2)).toEqual(['x'.repeat(19), '漢']);
  });

  test('overwriting half of a wide character takes all of it', () => {
    screen.write('漢字\x1b[1;2Hx');
    expect(rows()[0]).toBe(' x字');
  });

  test('clusters are one cell, or two', () => {
    screen.write('👨‍👩‍👧‍👦🇩🇪e\u0301|');
    expect(screen.cursor).toEqual({ x: 6, y: 0 });
    expect(rows()[0]).toBe('👨‍👩‍👧‍👦🇩🇪e\u0301|');
  });

  test('the DEC line-drawing set draws lines', () => {
    screen.write('\x1b(0lqk\x1b(B\r\n\x0f\x1b)0\x0ex\x0fx');
    expect(rows().slice(0, 2)).toEqual(['┌─┐', '│x']);
  });

  test('erasing', () => {
    screen.write('aaaaa\r\nbbbbb\r\nccccc\x1b[2;3H\x1b[1K\x1b[0J\x1b[1;3H\x1b[K');
    expect(rows().slice(0, 3)).toEqual(['aa', '   ', ''].map((row) => row.trimEnd()));
    screen.write('\x1b#8');
    expect(rows()).toEqual(Array.from({ length: 6 }, () => 'E'.repeat(20)));
  });

  test('the alternate screen leaves the other one as it was', () => {
    screen.write('main\x1b[?1049h\x1b[Halt');
    expect(rows()[0]).toBe('alt');
    expect(screen.modes.alternateScreen).toBe(true);
    screen.write('\x1b[?1049l');
    expect(rows()[0]).toBe('main');
    expect(screen.cursor).toEqual({ x: 4, y: 0 });
  });

  test('DECSCUSR and DECTCEM say how the cursor looks', () => {
    screen.write('\x1b[5 q');
    expect([screen.cursorShape, screen.cursorBlinks]).toEqual(['bar', true]);
    screen.write('\x1b[4 q');
    expect([screen.cursorShape, screen.cursorBlinks]).toEqual(['underline', false]);
    screen.write('\x1b[?25l');
    expect(screen.cursor).toBeUndefined();
  });
});

describe('answers', () => {
  test.each([
    ['DA1', '\x1b[c', '\x1b[?62;4;22;52c'],
    ['DA2', '\x1b[>c', '\x1b[>41;276;0c'],
    ['DA3', '\x1b[=c', '\x1bP!|53575944\x1b\\'],
    ['DSR', '\x1b[5n', '\x1b[0n'],
    ['CPR', '\x1b[3;4H\x1b[6n', '\x1b[3;4R'],
    ['DECRQM of bracketed paste', '\x1b[?2004$p', '\x1b[?2004;2$y'],
    ['DECRQM of bracketed paste, set', '\x1b[?2004h\x1b[?2004$p', '\x1b[?2004;1$y'],
    ['DECRQM of reverse video', '\x1b[?5h\x1b[?5$p', '\x1b[?5;1$y'],
    ['DECRQM of urxvt mouse reports', '\x1b[?1015h\x1b[?1015$p', '\x1b[?1015;1$y'],
    ['DECRQM of grapheme clusters', '\x1b[?2027$p', '\x1b[?2027;3$y'],
    ['DECRQM of what nobody knows', '\x1b[?4242$p', '\x1b[?4242;0$y'],
    ['XTVERSION', '\x1b[>q', '\x1bP>|switchyard(0.1.0)\x1b\\'],
    [
      'XTGETTCAP',
      '\x1bP+q544e;524742\x1b\\',
      '\x1bP1+r544e=787465726D2D323536636F6C6F72\x1b\\\x1bP1+r524742=382F382F38\x1b\\',
    ],
    ['XTGETTCAP of what is not there', '\x1bP+q666f6f\x1b\\', '\x1bP0+r666f6f\x1b\\'],
    ['XTSMGRAPHICS', '\x1b[?1;1;0S\x1b[?2;1;0S', '\x1b[?1;0;256S\x1b[?2;0;4096;4096S'],
    ['DECRQM of sizes told as they change', '\x1b[?2048$p', '\x1b[?2048;2$y'],
    ['DECRQM of synchronized output', '\x1b[?2026$p', '\x1b[?2026;2$y'],
    ['DECRQM of sgr mouse reports in pixels', '\x1b[?1016h\x1b[?1016$p', '\x1b[?1016;1$y'],
    ['DECRQM of focus reports', '\x1b[?1004$p', '\x1b[?1004;2$y'],
    ['DECRQSS of the cursor', '\x1bP$q q\x1b\\', '\x1bP1$r2 q\x1b\\'],
    ['the foreground', '\x1b]10;?\x07', '\x1b]10;rgb:d7d7/dbdb/e2e2\x1b\\'],
    ['the background', '\x1b]11;?\x07', '\x1b]11;rgb:1414/1616/1a1a\x1b\\'],
    ['a colour', '\x1b]4;196;?\x07', '\x1b]4;196;rgb:ffff/0000/0000\x1b\\'],
    ['the size in characters', '\x1b[18t', '\x1b[8;6;20t'],
  ])('%s', (_, query, answer) => {
    expect(asked(query)).toBe(answer);
  });

  test('sizes in pixels are those of the cells', () => {
    screen.resize(20, 6, [9, 18]);
    expect(asked('\x1b[14t\x1b[16t')).toBe('\x1b[4;108;180t\x1b[6;18;9t');
  });

  test('colours that a program sets are asked back and reset', () => {
    screen.write('\x1b]4;1;rgb:12/34/56;2;#abcdef\x07\x1b]11;#000011\x07');
    expect(screen.palette.colours[1]).toBe(0x123456);
    expect(screen.palette.colours[2]).toBe(0xabcdef);
    expect(screen.palette.background).toBe(0x000011);
    screen.write('\x1b]104\x07\x1b]111\x07');
    expect(screen.palette.colours[1]).not.toBe(0x123456);
    expect(screen.palette.background).not.toBe(0x000011);
  });

  test('a program that asked is told the new size', () => {
    screen.resize(20, 6, [9, 18]);
    expect(asked('\x1b[?2048h')).toBe('\x1b[48;6;20;108;180t');
    answers = [];
    screen.resize(30, 5, [9, 18]);
    expect(answers.join('')).toBe('\x1b[48;5;30;90;270t');
  });

  test('title and bell', () => {
    screen.write('\x1b]0;work\x07\x1b]2;more\x1b\\\x07');
    expect(titles).toEqual(['work', 'more']);
    expect(bells).toBe(1);
  });
});

describe('mouse modes', () => {
  test('follow the application, and a reset', () => {
    screen.write('\x1b[?1002;1006h');
    expect([screen.modes.mouseTracking, screen.modes.mouseEncoding]).toEqual(['drag', 'sgr']);
    screen.write('\x1b[?1003h\x1b[?1016h');
    expect([screen.modes.mouseTracking, screen.modes.mouseEncoding]).toEqual(['motion', 'sgr-pixels']);
    screen.write('\x1bc');
    expect([screen.modes.mouseTracking, screen.modes.mouseEncoding]).toEqual(['none', 'default']);
  });
});

describe('bounds', () => {
  test('binary output throws nothing', () => {
    const bytes = new Uint8Array(200_000);
    let state = 1;
    for (let at = 0; at < bytes.length; at++) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      bytes[at] = state >>> 16;
    }
    expect(() => {
      for (let at = 0; at < bytes.length; at += 4096) screen.write(bytes.subarray(at, at + 4096));
    }).not.toThrow();
  });

  test('an update that is never finished is shown after a second', async () => {
    screen.write('\x1b[?2026h');
    expect(screen.holdsOutput).toBe(true);
    await expect.poll(() => screen.holdsOutput).toBe(false);
  });

  test('scrollback ends at its limit of lines, and sooner on a wide screen', () => {
    screen.write('line\r\n'.repeat(12_000));
    expect(screen.scrollback(20_000).split('\n').length).toBe(10_000);
    const wide = new Screen(1000, 5, {
      answer() {},
      changed() {},
      title() {},
      bell() {},
      copied() {},
      notified() {},
    });
    wide.write('line\r\n'.repeat(4000));
    expect(wide.scrollback(20_000).split('\n').length).toBeLessThan(3000);
  });

  test('a hyperlink that is never closed ends by itself', () => {
    const started = performance.now();
    screen.write('\x1b]8;;https://example.org\x1b\\a');
    expect(linkAt(0, 0)).toBe('https://example.org');
    for (let line = 0; line < 3000; line++) screen.write(`text text text ${line}\r\n`);
    expect(performance.now() - started).toBeLessThan(3000);
    expect(linkAt(0, 0)).toBeUndefined();
  });

  test('hyperlinks beyond the limit are plain text', () => {
    for (let link = 0; link < 12_000; link++)
      screen.write(`\x1b]8;;https://example.org/${link}\x1b\\x\x1b]8;;\x1b\\\r`);
    expect(rows()[0]).toBe('x');
    expect(linkAt(0, 0)).toBeUndefined();
  });

  test('OSC 52 takes text up to a megabyte, and base64 only', () => {
    screen.write(`\x1b]52;p;${Buffer.from('small').toString('base64')}\x07`);
    screen.write(`\x1b]52;c;${Buffer.alloc(2 << 20, 'x').toString('base64')}\x07`);
    screen.write('\x1b]52;c;not base64!\x07');
    expect(copies).toEqual([['primary', 'small']]);
  });
});
