import { describe, expect, test } from 'vitest';
import { ConsoleFixture } from './testing/ConsoleFixture.js';

const KEY = { leftCtrl: 29, leftShift: 42, c: 46, v: 47 };
const BUTTON = { left: 0x110, middle: 0x112 };

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
