import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ZwpTextInputV3ContentHint, ZwpTextInputV3ContentPurpose } from '@switchyard/wayland';
import { describe, expect, test } from 'vitest';
import { ConsoleFixture } from './testing/ConsoleFixture.js';
import type { TextField } from './testing/TestTextInput.js';

const CTRL_SHIFT_F = [29, 42, 33] as const;
const CTRL_SHIFT_T = [29, 42, 20] as const;
const { normal, password, terminal } = ZwpTextInputV3ContentPurpose;

/** Whether a cell has a line of the text's colour where underlines are; a bar before it may cover the left half. */
function isUnderlined(
  { display, font, barRows, console }: ConsoleFixture,
  column: number,
  row: number,
): boolean {
  const { cellWidth, cellHeight, baseline, lineThickness } = font;
  const y = (row + barRows) * cellHeight + baseline + lineThickness;
  const { foreground } = console.screen.palette;
  const right = (column + 1) * cellWidth;
  for (let x = right - Math.floor(cellWidth / 2); x < right; x++) {
    if (display.pixel(x, y) !== foreground) return false;
  }
  return true;
}

/** Whether the input method's cursor stands before a cell. */
function hasBar({ display, font, barRows, console }: ConsoleFixture, column: number, row: number): boolean {
  const y = (row + barRows) * font.cellHeight;
  return display.pixel(column * font.cellWidth, y) === console.screen.palette.cursor;
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = performance.now() + 60_000; !condition(); ) {
    if (performance.now() > end) throw new Error('it did not come');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('TextInput', () => {
  test('a focused terminal is a text field for terminals, and tells where its cursor is as that moves', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/cat']);
    const { display, font } = fixture;
    const { cellWidth, cellHeight } = font;
    const field = await display.textInput.committed(({ cursor }) => cursor !== undefined);
    expect(field).toEqual({
      enabled: true,
      purpose: terminal,
      hint: 0,
      cursor: [0, 0, cellWidth, cellHeight],
    });
    display.type('ab');
    await display.textInput.committed(({ cursor }) => cursor?.[0] === 2 * cellWidth);
    display.type('\n');
    const below = await display.textInput.committed(({ cursor }) => cursor?.[1] === 2 * cellHeight);
    expect(below.cursor).toEqual([0, 2 * cellHeight, cellWidth, cellHeight]);
  });

  test('the place is in units of the surface, also at scale 2', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/cat'], { scale: 2 });
    const { textInput } = fixture.display;
    fixture.display.type('abc');
    // The font of scale 2 has twice the cells, within a pixel.
    const near = 3 * fixture.font.cellWidth;
    const { cursor } = await textInput.committed((field) => Math.abs((field.cursor?.[0] ?? 0) - near) <= 2);
    expect(Math.abs(cursor![3] - fixture.font.cellHeight)).toBeLessThanOrEqual(1);
  });

  test('what is composed is seen underlined at the cursor, and the program does not hear of it', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/cat']);
    const { display, console } = fixture;
    display.type('a');
    await fixture.shows(/^a/);
    await fixture.settled();
    const before = display.textInput.requests;
    display.textInput.compose({ preedit: 'かn', cursor: [3, 3] });
    await until(() => isUnderlined(fixture, 1, 0));
    expect([1, 2, 3].map((column) => isUnderlined(fixture, column, 0))).toEqual([true, true, true]);
    expect(isUnderlined(fixture, 4, 0)).toBe(false);
    // Behind the kana, which is two columns wide and three bytes long.
    expect([1, 2, 3, 4].map((column) => hasBar(fixture, column, 0))).toEqual([false, false, true, false]);
    expect(console.screen.text()).toMatch(/^a\s*$/);
    display.textInput.compose({ preedit: 'かn', cursor: [4, 4] });
    await until(() => hasBar(fixture, 4, 0));
    display.textInput.compose({ preedit: 'かn', cursor: [-1, -1] });
    await until(() => !hasBar(fixture, 4, 0));
    // Nothing of this moves the text cursor.
    expect(display.textInput.requests).toBe(before);
    // A change without a preedit takes it away.
    display.textInput.compose({});
    await until(() => !isUnderlined(fixture, 1, 0));
    await fixture.settled();
  });

  test('what does not fit behind the cursor begins further to the left, and of too much the end is seen', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/cat']);
    const { display, console } = fixture;
    const { columns } = console.screen;
    display.type('.'.repeat(columns - 2));
    await fixture.shows('.'.repeat(columns - 2));
    await fixture.settled();
    display.textInput.compose({ preedit: 'abcd', cursor: [4, 4] });
    await until(() => hasBar(fixture, columns - 1, 0));
    expect(isUnderlined(fixture, columns - 5, 0)).toBe(true);
    expect(isUnderlined(fixture, columns - 6, 0)).toBe(false);
    display.textInput.compose({ preedit: 'm'.repeat(1000), cursor: [1000, 1000] });
    await until(() => isUnderlined(fixture, 0, 0));
    expect(hasBar(fixture, columns - 1, 0)).toBe(true);
    expect(isUnderlined(fixture, 0, 1)).toBe(false);
  });

  test('what is written goes to the program as typed text, whatever state it was written for', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/sh', '-c', "printf '\\033[?2004h'; exec cat -v"]);
    const { display } = fixture;
    await fixture.settled();
    display.textInput.compose({ preedit: 'ka' });
    await until(() => isUnderlined(fixture, 0, 0));
    // Without marks of a paste, and without control characters; the line end is Return.
    display.textInput.compose({ commit: 'ok\x1b[2J\n', before: 5 });
    await fixture.shows(/^ok\[2J\nok\[2J$/m);
    expect(isUnderlined(fixture, 0, 0)).toBe(false);
    display.textInput.compose({ commit: 'late', late: true });
    await fixture.shows(/^late/m);
  });

  test('without the keyboard nothing is told, and what was composed is gone', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/sh', '-c', 'read line; seq 3; exec cat']);
    const { display } = fixture;
    await fixture.settled();
    display.textInput.compose({ preedit: 'ka' });
    await until(() => isUnderlined(fixture, 0, 0));
    display.type('\n');
    display.focus(false);
    await fixture.shows(/^3$/m);
    await until(() => !isUnderlined(fixture, 0, 0));
    const before = display.textInput.requests;
    display.textInput.compose({ commit: 'lost', preedit: 'lost' });
    display.resize(800, 500);
    await display.nextCommit();
    expect(fixture.console.screen.text()).not.toContain('lost');
    expect(display.textInput.requests).toBe(before);
    // With it again, the place of now.
    display.focus(true);
    const { cellHeight } = fixture.font;
    const field = await display.textInput.committed(({ cursor }) => cursor?.[1] === 4 * cellHeight);
    expect(field.enabled).toBe(true);
  });

  test('a flood tells of the cursor at most once a frame, and not at all when it ends up where it was', async () => {
    await using fixture = await ConsoleFixture.start([
      '/bin/sh',
      '-c',
      'read line; yes | head -n 200000; echo done',
    ]);
    const { display } = fixture;
    await fixture.settled();
    const { commits } = display.textInput;
    const before = { told: commits.length, frames: display.commits.length };
    display.type('\n');
    await fixture.shows(/^done$/m, 20_000);
    await fixture.settled().catch(() => {});
    const frames = display.commits.length - before.frames;
    const places = commits.slice(before.told).map(({ cursor }) => String(cursor));
    expect(places.length).toBeGreaterThan(0);
    expect(places.length).toBeLessThanOrEqual(frames);
    // It scrolls: nearly every frame has the cursor at the beginning of the last row.
    expect(places.every((place, index) => place !== places[index - 1])).toBe(true);
  });

  test('what is composed for a search is seen in its line, and its cursor is the search’s', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/cat']);
    const { display, font } = fixture;
    const bottom = fixture.console.screen.rows - 1;
    const typed = 1 + 'Search: '.length;
    await fixture.settled();
    display.textInput.compose({ preedit: 'given up' });
    await until(() => isUnderlined(fixture, 0, 0));
    display.key(...CTRL_SHIFT_F);
    const place = [typed * font.cellWidth, bottom * font.cellHeight, font.cellWidth, font.cellHeight];
    await display.textInput.committed(
      ({ enabled, purpose, cursor }) => enabled && purpose === normal && String(cursor) === String(place),
    );
    await until(() => !isUnderlined(fixture, 0, 0));
    display.textInput.compose({ preedit: 'かn', cursor: [3, 3] });
    await until(() => hasBar(fixture, typed + 2, bottom));
    expect([0, 1, 2].map((column) => isUnderlined(fixture, typed + column, bottom))).toEqual([
      true,
      true,
      true,
    ]);
    expect(isUnderlined(fixture, typed + 3, bottom)).toBe(false);
    expect(isUnderlined(fixture, 0, 0)).toBe(false);
    display.textInput.compose({ commit: 'かん' });
    // It is typed: the cursor is behind it.
    await display.textInput.committed(({ cursor }) => cursor?.[0] === (typed + 4) * font.cellWidth);
    await until(() => !isUnderlined(fixture, typed, bottom));
    display.textInput.compose({ preedit: 'j' });
    await until(() => isUnderlined(fixture, typed + 4, bottom));
    display.key(1);
    await display.textInput.committed(({ purpose, cursor }) => purpose === terminal && cursor?.[0] === 0);
    await until(() => !isUnderlined(fixture, typed + 4, bottom));
  });

  test.each([
    ['sudo', ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', 'sudo', '-k', 'true'], '[sudo]'],
    ['read -s', ['bash', '-c', 'echo started; read -s line; printf %s "$line" | wc -c; exec cat'], 'started'],
  ])(
    '%s asks for a password: so input methods are told, and nothing composed is seen',
    async (_, command, asks) => {
      await using fixture = await ConsoleFixture.start(command);
      const { display } = fixture;
      const isPassword = ({ enabled, purpose }: TextField) => enabled && purpose === password;
      await fixture.shows(asks, 20_000);
      const field = await display.textInput.committed(isPassword);
      expect(field.hint).toBe(
        ZwpTextInputV3ContentHint.hidden_text | ZwpTextInputV3ContentHint.sensitive_data,
      );
      await fixture.settled();
      const frames = display.commits.length;
      display.textInput.compose({ preedit: 'geheim', cursor: [6, 6] });
      display.textInput.compose({ commit: 'geheim' });
      display.type('\n');
      if (asks === 'started') await fixture.shows(/^6$/m, 20_000);
      await until(() => display.commits.length > frames);
      expect(fixture.console.screen.text()).not.toContain('geheim');
      if (asks === 'started') await display.textInput.committed(({ purpose }) => purpose === terminal);
    },
  );

  test('an editor, which reads keys without echo, asks for no password, and neither does a line that is shown', async () => {
    await using fixture = await ConsoleFixture.start([
      'bash',
      '-c',
      'stty -echo -icanon; echo keys; read -n 1 key; stty sane; echo lines; exec cat',
    ]);
    const { display } = fixture;
    await fixture.shows('keys');
    await fixture.settled();
    display.type('x');
    await fixture.shows('lines');
    await fixture.settled();
    expect(display.textInput.commits.map(({ purpose }) => purpose)).not.toContain(password);
  });

  test('a dead key that was pressed for a password does not wait for what is typed next', async () => {
    await using fixture = await ConsoleFixture.start(
      [
        'sh',
        '-c',
        'stty -echo; echo started; until [ -e go ]; do sleep 0.05; done; stty echo; echo ended; exec cat',
      ],
      { layout: 'de' },
    );
    const { display } = fixture;
    await fixture.shows('started');
    await display.textInput.committed(({ purpose }) => purpose === password);
    // The acute accent, beside the backspace key.
    display.key(13);
    writeFileSync(join(fixture.directory, 'go'), '');
    await fixture.shows('ended');
    await display.textInput.committed(({ purpose }) => purpose === terminal);
    display.type('e');
    await fixture.shows(/^e$/m);
  });

  test('a search takes what is written, and another tab gives up what was composed for the one before', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/cat']);
    const { display } = fixture;
    display.type('kana\n');
    await fixture.shows(/^kana\nkana$/m);
    display.key(...CTRL_SHIFT_F);
    await fixture.display.nextCommit();
    display.textInput.compose({ commit: 'kan' });
    // The match's colour.
    await until(() => display.pixel(0, fixture.font.cellHeight) === 0xffd75f);
    display.key(1);
    display.type('x');
    await fixture.shows(/^x$/m);
    display.textInput.compose({ preedit: 'ka' });
    await until(() => isUnderlined(fixture, 2, 2));
    const told = display.textInput.commits.length;
    display.key(...CTRL_SHIFT_T);
    await until(() => display.textInput.commits.length > told);
    expect(display.textInput.field.enabled).toBe(true);
    await until(() => fixture.barRows === 1 && !isUnderlined(fixture, 0, 0));
  });
});
