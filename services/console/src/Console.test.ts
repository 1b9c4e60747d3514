import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConsoleFixture } from './testing/ConsoleFixture.js';
import { TestDisplay } from './testing/TestDisplay.js';

const KEY = {
  leftCtrl: 29,
  leftShift: 42,
  a: 30,
  c: 46,
  pageUp: 104,
};
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
    await fixture.settled();
    const { cellWidth, cellHeight } = fixture.font;
    fixture.display.type('a');
    await fixture.shows(/^a/);
    await fixture.settled();
    const { damage } = fixture.display.commits.at(-1)!;
    expect(damage).toEqual([[0, 0, 2 * cellWidth, cellHeight]]);
  });

  test('a key’s echo is shown at once, without waiting for another frame callback', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/cat']);
    await fixture.settled();
    fixture.display.autoFrame = false;
    fixture.display.type('x');
    await fixture.display.nextCommit();
    expect(fixture.console.screen.text()).toMatch(/^x/);
  });

  test('a window that gets no frame callbacks is not drawn', async () => {
    await using fixture = await ConsoleFixture.start();
    await fixture.shows(/\$$/m);
    await fixture.settled();
    fixture.display.autoFrame = false;
    fixture.display.type('x');
    await fixture.display.nextCommit();
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
    // The third is the pointer's picture.
    expect(fixture.display.seals.length).toBe(3);
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

  test('a scale between whole numbers is drawn at exactly, where the display can say and take it', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/sh'], { width: 393, height: 300, scale: 2.75 });
    await fixture.shows(/\$$/m);
    expect([fixture.display.screen.width, fixture.display.screen.height]).toEqual([1081, 825]);
    expect(fixture.display.scale?.destination).toEqual([393, 300]);
    // The usual font has whole pixels of its own, so that the cells are only nearly 2.75 times as wide.
    expect(Math.abs(fixture.console.screen.columns - 393 / fixture.font.cellWidth)).toBeLessThan(4);
  });

  test('Ctrl+C stops a program that floods the terminal, at once', async () => {
    await using fixture = await ConsoleFixture.start();
    await fixture.shows(/\$$/m);
    fixture.display.type('yes abcdefghijklmnopqrstuvwxyz\n');
    await fixture.shows('abcdefghijklmnopqrstuvwxyz\nabc');
    const pressed = performance.now();
    fixture.display.key(KEY.leftCtrl, KEY.c);
    await fixture.shows(/\^C.*\n.*\$$/m);
    // On a quiet machine it is a hundredth of this; tests/display/flood.test.ts measures it by the machine's speed.
    expect(performance.now() - pressed).toBeLessThan(20_000);
  });

  test('keys repeat while they are held, and stop when they are released', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/cat']);
    fixture.display.keyState(KEY.a, true);
    await fixture.shows('aaaa');
    fixture.display.keyState(KEY.a, false);
    // Some may be on their way; without an end there would be seven in this time.
    const more = async () => {
      const { length } = fixture.console.screen.text().trim();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return fixture.console.screen.text().trim().length - length;
    };
    await expect.poll(more).toBe(0);
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
    const page = fixture.console.screen.rows - 1;
    await expect.poll(() => fixture.console.screen.lineNumber(0)).toBe(row - page);
    fixture.display.type('x');
    await fixture.shows('$ x');
    expect(fixture.console.screen.lineNumber(0)).toBe(row);
    expect(fixture.display.commits.length).toBeGreaterThan(before);
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

  test('a display that ends it at once, again and again, is left', async () => {
    await using fixture = await ConsoleFixture.start();
    fixture.display.events.on('commit', () => fixture.display.client?.destroy());
    fixture.display.type('x');
    expect(await fixture.console.ended).toBe(1);
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
    await expect.poll(() => readFileSync(file, 'utf8')).toContain('hup');
    await fixture[Symbol.asyncDispose]();
  });

  test('a title becomes the window’s', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/sh', '-c', 'printf "\\033]2;work\\007"; cat']);
    await expect.poll(() => fixture.display.titles).toContain('work');
  });

  test('the visual bell inverts the screen for a moment', async () => {
    await using fixture = await ConsoleFixture.start(['/bin/cat']);
    await fixture.settled();
    const looks: number[] = [];
    fixture.display.events.on('commit', () => looks.push(fixture.display.pixel(300, 300)));
    const { background, foreground } = fixture.console.screen.palette;
    fixture.console.screen.write('\x07');
    await expect.poll(() => looks.slice(-2)).toEqual([foreground, background]);
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
    const { cellWidth, cellHeight } = fixture.font;
    await expect.poll(() => fixture.display.commits.at(-1)!.damage).toEqual([[0, 0, cellWidth, cellHeight]]);
    fixture.display.focus(false);
    const more = async () => {
      const { length } = fixture.display.commits;
      await new Promise((resolve) => setTimeout(resolve, 700));
      return fixture.display.commits.length - length;
    };
    await expect.poll(more).toBe(0);
  });
});
