import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConsoleFixture } from './testing/ConsoleFixture.js';
import { TestDisplay } from './testing/TestDisplay.js';

const KEY = {
  leftCtrl: 29,
  leftShift: 42,
  leftAlt: 56,
  a: 30,
  c: 46,
  v: 47,
  up: 103,
  pageUp: 104,
  end: 107,
  insert: 110,
};
const BUTTON = { left: 0x110, middle: 0x112 };
const at = (row: number, text: string) => text.split('\n')[row];

describe('Console', () => {
  test('a shell’s output and what is typed come on the screen', async () => {
    await using fixture = await ConsoleFixture.start();
    await fixture.shows(/\$$/m);
    fixture.display.type('echo $((6*7))\n');
    await fixture.shows(/^42$/m);
  });

  test('the buffers are sealed against shrinking and growing', async () => {
    await using fixture = await ConsoleFixture.start();
    expect([...fixture.display.seals[0]!]).toEqual(expect.arrayContaining(['shrink', 'grow', 'seal']));
  });

  test('a typed character damages its cell and the cursor’s, and nothing else', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/cat']);
    const { cellWidth, cellHeight } = fixture.font;
    fixture.display.type('a');
    await fixture.shows(/^a/);
    const { damage } = fixture.display.commits.at(-1)!;
    expect(damage).toEqual([[0, 0, 2 * cellWidth, cellHeight]]);
  });

  test('a key’s echo is shown without waiting for a frame callback', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/cat']);
    fixture.display.autoFrame = true;
    const latencies: number[] = [];
    for (let key = 0; key < 20; key++) {
      const pressed = performance.now();
      fixture.display.type('x');
      await fixture.display.nextCommit();
      latencies.push(performance.now() - pressed);
    }
    latencies.sort((a, b) => a - b);
    expect(latencies[10]).toBeLessThan(10);
  });

  test('a window that gets no frame callbacks is not drawn', async () => {
    await using fixture = await ConsoleFixture.start();
    await fixture.shows(/\$$/m);
    fixture.display.autoFrame = false;
    fixture.display.type('x');
    await fixture.shows('x');
    await fixture.settled();
    const before = fixture.display.commits.length;
    fixture.display.type('\nseq 1 500; echo done\n');
    await fixture.shows(/^done$/m);
    expect(fixture.display.commits.length).toBe(before);
    const shown = fixture.display.nextCommit();
    fixture.display.frame();
    await shown;
    expect(fixture.display.commits.length).toBe(before + 1);
  });

  test('two buffers are enough when the display keeps one until the next', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/cat']);
    fixture.display.autoRelease = false;
    for (let key = 0; key < 10; key++) {
      fixture.display.type('k');
      await fixture.shows('k'.repeat(key + 1));
      fixture.display.release();
    }
    // The pointer's picture is sealed against writing too.
    expect(fixture.display.seals.filter((seals) => !seals.has('write')).length).toBe(2);
  });

  test('a new size reaches the program, and the text reflows', async () => {
    await using fixture = await ConsoleFixture.start();
    await fixture.shows(/\$$/m);
    const { cellWidth, cellHeight } = fixture.font;
    fixture.display.resize(100 * cellWidth + 3, 30 * cellHeight + 2);
    fixture.display.type('stty size\n');
    await fixture.shows(/^30 100$/m);
    expect(fixture.display.screen.width).toBe(100 * cellWidth + 3);
  });

  test('a scale of two doubles the pixels, not the characters', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/sh'], { width: 640, height: 400, scale: 2 });
    await fixture.shows(/\$$/m);
    expect([fixture.display.screen.width, fixture.display.screen.height]).toEqual([1280, 800]);
    expect(Math.abs(fixture.console.screen.columns - 640 / fixture.font.cellWidth)).toBeLessThan(4);
  });

  test('Ctrl+C stops a program that floods the terminal, at once', async () => {
    await using fixture = await ConsoleFixture.start();
    await fixture.shows(/\$$/m);
    fixture.display.type('yes abcdefghijklmnopqrstuvwxyz\n');
    await fixture.shows('abcdefghijklmnopqrstuvwxyz\nabc');
    const pressed = performance.now();
    fixture.display.key(KEY.leftCtrl, KEY.c);
    await fixture.shows(/\^C\n?.*\$$/m);
    expect(performance.now() - pressed).toBeLessThan(500);
  });

  test('keys repeat while they are held, and stop when they are released', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/cat']);
    fixture.display.keyState(KEY.a, true);
    await fixture.shows('aaaa');
    fixture.display.keyState(KEY.a, false);
    const { length } = fixture.console.screen.text().trim();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(fixture.console.screen.text().trim().length - length).toBeLessThanOrEqual(1);
  });

  test('dead keys compose', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/cat'], { layout: 'de' });
    const deadAcute = 13;
    fixture.display.key(deadAcute);
    fixture.display.type('e');
    await fixture.shows('é');
  });

  test('Shift+PageUp shows what scrolled away, and typing comes back', async () => {
    await using fixture = await ConsoleFixture.start();
    await fixture.shows(/\$$/m);
    fixture.display.type('seq 1 200\n');
    await fixture.shows(/^200$/m);
    const before = fixture.display.commits.length;
    const row = fixture.console.screen.lineNumber(0);
    fixture.display.key(KEY.leftShift, KEY.pageUp);
    await fixture.display.nextCommit();
    expect(fixture.console.screen.lineNumber(0)).toBe(row - (fixture.console.screen.rows - 1));
    fixture.display.type('x');
    await fixture.shows('$ x');
    expect(fixture.console.screen.lineNumber(0)).toBe(row);
    expect(fixture.display.commits.length).toBeGreaterThan(before);
  });
});

describe('mouse and clipboards', () => {
  async function withText(): Promise<ConsoleFixture> {
    const fixture = await ConsoleFixture.start([
      '/bin/sh',
      '-c',
      'echo hello brave world; stty -echo; cat -v',
    ]);
    await fixture.shows('hello brave world');
    await fixture.settled();
    return fixture;
  }

  test('a drag selects, offers the primary selection, and Ctrl+Shift+C the clipboard', async () => {
    await using fixture = await withText();
    const { display } = fixture;
    display.pointTo(0, 5);
    display.button(BUTTON.left, true);
    display.pointTo(5 * fixture.font.cellWidth, 5);
    display.button(BUTTON.left, false);
    expect(await display.clipboard.copied('primary')).toBe('hello');
    display.key(KEY.leftCtrl, KEY.leftShift, KEY.c);
    expect(await display.clipboard.copied('clipboard')).toBe('hello');
    expect(display.clipboard.serials.every((serial) => serial > 0)).toBe(true);
  });

  test('the selected cells are drawn, and only they', async () => {
    await using fixture = await withText();
    const { display } = fixture;
    await fixture.settled();
    const before = display.pixel(0, 0);
    display.pointTo(0, 5);
    display.button(BUTTON.left, true);
    display.pointTo(5 * fixture.font.cellWidth, 5);
    await display.nextCommit();
    expect(display.pixel(0, 0)).not.toBe(before);
    expect(display.pixel(6 * fixture.font.cellWidth, 0)).toBe(before);
    expect(display.commits.at(-1)!.damage).toEqual([
      [0, 0, 5 * fixture.font.cellWidth, fixture.font.cellHeight],
    ]);
  });

  test('a double click selects a word, a triple click the line', async () => {
    await using fixture = await withText();
    const { display } = fixture;
    const click = () => {
      display.button(BUTTON.left, true);
      display.button(BUTTON.left, false);
    };
    display.pointTo(...fixture.cell(8, 0));
    click();
    click();
    expect(await display.clipboard.copied('primary')).toBe('brave');
    display.clipboard.forget('primary');
    click();
    expect(await display.clipboard.copied('primary')).toBe('hello brave world');
  });

  test('the middle button and Ctrl+Shift+V paste, bracketed when the program wants it', async () => {
    await using fixture = await withText();
    const { display } = fixture;
    display.clipboard.offer('primary', 'one\n');
    display.clipboard.offer('clipboard', 'two\x1b[201~\n');
    display.button(BUTTON.middle, true);
    display.button(BUTTON.middle, false);
    await fixture.shows(/^one$/m);
    fixture.console.screen.write('\x1b[?2004h');
    display.key(KEY.leftCtrl, KEY.leftShift, KEY.v);
    display.type('\n');
    await fixture.shows('^[[200~two[201~');
    display.type('\n');
    await fixture.shows('^[[201~');
  });

  test('text that is no text is not pasted', async () => {
    await using fixture = await withText();
    fixture.display.clipboard.offer('clipboard', 'PNG', ['image/png']);
    fixture.display.key(KEY.leftCtrl, KEY.leftShift, KEY.v);
    fixture.display.type('after\n');
    await fixture.shows('after');
    expect(fixture.console.screen.text()).not.toContain('PNG');
  });

  test('a program that tracks the mouse hears of it; with Shift it is the user’s', async () => {
    await using fixture = await withText();
    const { display } = fixture;
    fixture.console.screen.write('\x1b[?1002;1006h');
    display.pointTo(...fixture.cell(3, 4));
    display.button(BUTTON.left, true);
    display.pointTo(...fixture.cell(4, 4));
    display.button(BUTTON.left, false);
    display.wheel(1);
    display.type('\n');
    await fixture.shows('^[[<0;4;5M^[[<32;5;5M^[[<0;5;5m^[[<65;5;5M');
    display.keyState(KEY.leftShift, true);
    display.pointTo(0, 5);
    display.button(BUTTON.left, true);
    display.pointTo(5 * fixture.font.cellWidth, 5);
    display.button(BUTTON.left, false);
    display.keyState(KEY.leftShift, false);
    expect(await display.clipboard.copied('primary')).toBe('hello');
  });

  test('the wheel scrolls, and on the alternate screen it is arrow keys', async () => {
    await using fixture = await withText();
    const { display } = fixture;
    fixture.console.screen.write('\r\n'.repeat(100));
    const row = fixture.console.screen.lineNumber(0);
    display.wheel(-1);
    await display.nextCommit();
    expect(fixture.console.screen.lineNumber(0)).toBe(row - 3);
    fixture.console.screen.write('\x1b[?1049h');
    display.wheel(1);
    display.type('\n');
    await fixture.shows('^[[B^[[B^[[B');
  });

  test('a program sets the clipboard by OSC 52, and cannot read it', async () => {
    await using fixture = await withText();
    fixture.display.type('x');
    fixture.console.screen.write(`\x1b]52;c;${Buffer.from('from afar').toString('base64')}\x07`);
    expect(await fixture.display.clipboard.copied('clipboard')).toBe('from afar');
    fixture.console.screen.write('\x1b]52;c;?\x07');
    fixture.display.type('\n');
    await fixture.shows(/^x$/m);
  });

  test('Ctrl+click copies a hyperlink’s address', async () => {
    await using fixture = await withText();
    const { display } = fixture;
    fixture.console.screen.write('\x1b[3;1H\x1b]8;;https://example.org/a\x1b\\link\x1b]8;;\x1b\\');
    display.pointTo(...fixture.cell(1, 2));
    display.keyState(KEY.leftCtrl, true);
    display.button(BUTTON.left, true);
    display.button(BUTTON.left, false);
    display.keyState(KEY.leftCtrl, false);
    expect(await display.clipboard.copied('clipboard')).toBe('https://example.org/a');
  });
});

describe('life and death', () => {
  test('the console ends with its program’s status', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/sh', '-c', 'read x; exit 7']);
    fixture.display.type('\n');
    expect(await fixture.console.ended).toBe(7);
  });

  test('a program that cannot be started is told in the terminal, until a key', async () => {
    await using fixture = await ConsoleFixture.start(['/nonexistent/program']);
    const text = await fixture.shows('Press a key');
    expect(at(0, text)).toContain('cannot start /nonexistent/program');
    fixture.display.type('q');
    expect(await fixture.console.ended).toBe(1);
  });

  test('the shell outlives the display, and shows in the next one', async () => {
    await using fixture = await ConsoleFixture.start();
    await fixture.shows(/\$$/m);
    fixture.display.type('marker=kept\n');
    fixture.display.destroy();
    const next = new TestDisplay(fixture.display.path);
    try {
      await next.nextCommit();
      next.type('echo still $marker\n');
      await fixture.shows(/^still kept$/m);
      expect(next.pixel(2, 2)).toBe(fixture.console.screen.palette.background);
    } finally {
      next.destroy();
    }
  });

  test('the program hears the hang-up when the console closes', async () => {
    const fixture = await ConsoleFixture.start([
      '/bin/sh',
      '-c',
      'trap "echo hup > $HOME/hup; exit" HUP; echo ready; while :; do sleep 0.05; done',
    ]);
    await fixture.shows('ready');
    const file = join(fixture.directory, 'hup');
    fixture.console.close();
    await expect.poll(() => readFileSync(file, 'utf8'), { timeout: 3000 }).toContain('hup');
    await fixture[Symbol.asyncDispose]();
  });

  test('a title becomes the window’s', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/sh', '-c', 'printf "\\033]2;work\\007"; cat']);
    await expect.poll(() => fixture.display.titles).toContain('work');
  });

  test('the visual bell inverts the screen for a moment', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/cat']);
    await fixture.settled();
    const background = fixture.display.pixel(300, 300);
    fixture.console.screen.write('\x07');
    await fixture.display.nextCommit();
    expect(fixture.display.pixel(300, 300)).not.toBe(background);
    await fixture.display.nextCommit();
    expect(fixture.display.pixel(300, 300)).toBe(background);
  });

  test('focus is shown by the cursor and told to programs that ask', async () => {
    await using fixture = await ConsoleFixture.start([
      '/bin/sh',
      '-c',
      'stty -echo; printf "\\033[?1004hready\\r\\n"; cat -v',
    ]);
    await fixture.shows('ready');
    fixture.display.focus(false);
    fixture.display.focus(true);
    fixture.display.type('\n');
    await fixture.shows('^[[O^[[I');
  });

  test('a blinking cursor costs its cell, and none without focus', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/sh', '-c', 'printf "\\033[1 q"; cat']);
    await fixture.display.nextCommit();
    await fixture.display.nextCommit();
    const { cellWidth, cellHeight } = fixture.font;
    expect(fixture.display.commits.at(-1)!.damage).toEqual([[0, 0, cellWidth, cellHeight]]);
    fixture.display.focus(false);
    await fixture.display.nextCommit();
    const { length } = fixture.display.commits;
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(fixture.display.commits.length).toBe(length);
  });
});
