import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig } from './Config.js';
import { ConsoleFixture } from './testing/ConsoleFixture.js';

const KEY = {
  escape: 1,
  enter: 28,
  leftCtrl: 29,
  leftShift: 42,
  f: 33,
  o: 24,
  t: 20,
  u: 22,
  w: 17,
  x: 45,
  z: 44,
  up: 103,
  pageUp: 104,
  pageDown: 109,
};
const BUTTON = { left: 0x110, middle: 0x112 };

function keysOf(fixture: ConsoleFixture) {
  return {
    withBoth: (code: number) => fixture.display.key(KEY.leftCtrl, KEY.leftShift, code),
    withControl: (code: number) => fixture.display.key(KEY.leftCtrl, code),
  };
}

/** Text of the window's own rows cannot be read from a screen: it is found by its pixels being there. */
const inked = (fixture: ConsoleFixture, row: number) => {
  const { width, words } = fixture.display.screen;
  const { cellHeight } = fixture.font;
  const part = words.subarray(row * cellHeight * width, (row + 1) * cellHeight * width);
  return new Set(part).size;
};

describe('tabs', () => {
  test('a new one has a shell of its own where the last one was, and a row for the names', async () => {
    await using fixture = await ConsoleFixture.start();
    const { withBoth, withControl } = keysOf(fixture);
    await fixture.shows(/\$$/m);
    mkdirSync(join(fixture.directory, 'below'));
    fixture.display.type('cd below; echo first\n');
    await fixture.shows(/^first$/m);
    const { rows } = fixture.console.screen;
    const first = fixture.console.screen;
    withBoth(KEY.t);
    await expect.poll(() => fixture.console.screen).not.toBe(first);
    await fixture.shows(/\$$/m);
    expect(fixture.console.screen.rows).toBe(rows - 1);
    expect(first.rows).toBe(rows - 1);
    fixture.display.type('pwd; stty size\n');
    await fixture.shows(`${fixture.directory}/below\n${rows - 1} `);
    withControl(KEY.pageUp);
    await fixture.shows(/^first$/m);
    await fixture.settled();
    expect(inked(fixture, 0)).toBeGreaterThan(2);
    // Output of the one that is not seen arrives there all the same.
    fixture.display.type('echo in the first\n');
    await fixture.shows(/^in the first$/m);
    withControl(KEY.pageDown);
    await fixture.shows('/below');
    fixture.display.type('exit\n');
    await fixture.shows(/^in the first$/m);
    expect(fixture.console.screen.rows).toBe(rows);
    fixture.display.type('exit 3\n');
    expect(await fixture.console.ended).toBe(3);
  });

  test('names are clicked, with the middle button away; the screen’s mouse begins below them', async () => {
    await using fixture = await ConsoleFixture.start([
      '/bin/sh',
      '-c',
      'printf "\\033[?1000h\\033[?1006hgo"; cat -v',
    ]);
    const { withBoth } = keysOf(fixture);
    await fixture.shows('go');
    const first = fixture.console.screen;
    withBoth(KEY.t);
    await expect.poll(() => fixture.console.screen).not.toBe(first);
    await fixture.shows('go');
    fixture.display.pointTo(...fixture.cell(3, 1));
    fixture.display.button(BUTTON.left, true);
    fixture.display.button(BUTTON.left, false);
    fixture.display.type('\n');
    await fixture.shows('^[[<0;4;1M^[[<0;4;1m');
    const second = fixture.console.screen;
    fixture.display.pointTo(...fixture.cell(2, 0));
    fixture.display.button(BUTTON.left, true);
    fixture.display.button(BUTTON.left, false);
    await expect.poll(() => fixture.console.screen).toBe(first);
    fixture.display.button(BUTTON.middle, true);
    fixture.display.button(BUTTON.middle, false);
    await expect.poll(() => fixture.console.screen).toBe(second);
    fixture.display.type('alone\n');
    await fixture.shows(/^alone$/m);
  });

  test('Ctrl+PageUp is the program’s while there is one terminal', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/sh', '-c', 'echo ready; cat -v']);
    await fixture.shows('ready');
    keysOf(fixture).withControl(KEY.pageUp);
    fixture.display.type('\n');
    await fixture.shows('^[[5;5~');
  });
});

describe('search', () => {
  test('goes up through what scrolled away, and selects what it finds', async () => {
    await using fixture = await ConsoleFixture.start([
      '/bin/sh',
      '-c',
      'for i in $(seq 1 300); do echo line $i; done; cat',
    ]);
    const { withBoth } = keysOf(fixture);
    await fixture.shows('line 300');
    withBoth(KEY.f);
    fixture.display.type('Line 42');
    await new Promise((resolve) => setTimeout(resolve, 50));
    // Capitals count when there are some: nothing is found, and nothing moved.
    const bottom = fixture.console.screen.lineNumber(0);
    expect(fixture.console.screen.text()).toContain('line 300');
    withBoth(KEY.f);
    fixture.display.key(KEY.leftCtrl, KEY.u);
    fixture.display.type('line 42');
    await expect.poll(() => fixture.console.screen.lineNumber(0)).toBeLessThan(bottom - 200);
    const row = (number: number) =>
      Array.from({ length: fixture.console.screen.rows }, (_, y) => y).find(
        (y) => fixture.console.screen.row(y)?.translateToString(true) === `line ${number}`,
      )!;
    const [x, y] = fixture.cell(0, row(42));
    await expect.poll(() => fixture.display.pixel(Math.floor(x) - 4, Math.floor(y) - 8)).toBe(0xffd75f);
    withBoth(46);
    expect(await fixture.display.clipboard.copied('clipboard')).toBe('line 42');
    fixture.display.key(KEY.escape);
    fixture.display.type('typed');
    await fixture.shows('typed');
    expect(fixture.console.screen.lineNumber(0)).toBe(bottom);
  });
});

describe('links', () => {
  test('have letters that follow them; without a program they are copied', async () => {
    await using fixture = await ConsoleFixture.start([
      '/bin/sh',
      '-c',
      'echo "see (https://example.org/a_(b)), or"; printf "\\033]8;;https://example.net/hidden\\033\\\\here\\033]8;;\\033\\\\\\n"; cat -v',
    ]);
    const { withBoth } = keysOf(fixture);
    await fixture.shows('here');
    withBoth(KEY.o);
    fixture.display.type('a');
    expect(await fixture.display.clipboard.copied('clipboard')).toBe('https://example.org/a_(b)');
    withBoth(KEY.o);
    fixture.display.type('s');
    await expect.poll(() => fixture.display.clipboard.copied('clipboard')).toBe('https://example.net/hidden');
  });

  test('a program of the user’s opens them', async () => {
    await using fixture = await ConsoleFixture.start(
      ['/bin/sh', '-c', 'echo https://example.org/x; exec sleep 9'],
      {},
    );
    fixture.console.configure(
      parseConfig(`open-links = ["/bin/sh", "-c", "echo $0 > ${fixture.directory}/opened"]`),
      undefined,
    );
    await fixture.shows('example.org');
    fixture.display.pointTo(...fixture.cell(12, 0));
    fixture.display.keyState(KEY.leftCtrl, true);
    fixture.display.button(BUTTON.left, true);
    fixture.display.button(BUTTON.left, false);
    fixture.display.keyState(KEY.leftCtrl, false);
    const { readFileSync } = await import('node:fs');
    await expect
      .poll(() => {
        try {
          return readFileSync(join(fixture.directory, 'opened'), 'utf8');
        } catch {
          return '';
        }
      })
      .toBe('https://example.org/x\n');
  });
});

describe('prompts', () => {
  test('are jumped between', async () => {
    const mark = '\\033]133;A\\033\\\\';
    await using fixture = await ConsoleFixture.start([
      '/bin/sh',
      '-c',
      `for i in 1 2 3; do printf "${mark}\\$ run $i\\n"; seq 1 60; done; echo over; cat`,
    ]);
    const { withBoth } = keysOf(fixture);
    await fixture.shows(/^over$/m);
    const top = () => fixture.console.screen.row(0)?.translateToString(true);
    withBoth(KEY.z);
    await expect.poll(top).toBe('$ run 3');
    withBoth(KEY.z);
    await expect.poll(top).toBe('$ run 2');
    withBoth(KEY.x);
    await expect.poll(top).toBe('$ run 3');
  });
});

describe('settings', () => {
  test('another theme, cursor and size are seen at once', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/sh', '-c', 'printf "\\033[?2031hready"; cat -v']);
    await fixture.shows('ready');
    fixture.console.configure(
      parseConfig('theme = "solarized-light"\n[cursor]\nstyle = "bar"\n'),
      fixture.font.resized(20),
    );
    await expect.poll(() => fixture.display.pixel(600, 350)).toBe(0xfdf6e3);
    expect(fixture.console.screen.cursorShape).toBe('bar');
    expect(fixture.console.screen.columns).toBeLessThan(640 / 11);
    fixture.display.type('\n');
    await fixture.shows('^[[?997;2n');
  });

  test('a notification is shown over the last row', async () => {
    await using fixture = await ConsoleFixture.start([
      '/bin/sh',
      '-c',
      'echo ready; read x; printf "\\033]9;done\\033\\\\"; cat',
    ]);
    await fixture.shows('ready');
    const last = fixture.console.screen.rows - 1;
    expect(inked(fixture, last)).toBe(1);
    fixture.display.type('\n');
    await expect.poll(() => inked(fixture, last)).toBeGreaterThan(2);
  });
});
