import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConsoleFixture } from './testing/ConsoleFixture.js';

/** Programs are many processes, on a machine that others use too. */
const PATIENCE = 60_000;
const KEY = { one: 2, enter: 28, leftCtrl: 29, b: 48, f10: 68 };

test('vim asks for keys that a VT does not tell, and gets them', async () => {
  await using fixture = await ConsoleFixture.start([
    'vim',
    '-u',
    'NONE',
    '-n',
    '--cmd',
    'set nocompatible term=xterm-256color',
    '-c',
    'inoremap <C-1> [control one]',
    '-c',
    'startinsert',
  ]);
  await fixture.shows('-- INSERT --', PATIENCE);
  await expect.poll(() => fixture.console.screen.modes.modifyOtherKeys, { timeout: PATIENCE }).toBe(2);
  fixture.display.type('a');
  fixture.display.key(KEY.leftCtrl, KEY.one);
  await fixture.shows('a[control one]', PATIENCE);
  fixture.display.key(1);
  fixture.display.type(':q!\n');
  expect(await fixture.console.ended).toBe(0);
  expect(fixture.console.screen.modes.modifyOtherKeys).toBe(0);
});

test('tmux splits the screen with lines', async () => {
  const socket = `switchyard${process.pid}`;
  await using fixture = await ConsoleFixture.start([
    'tmux',
    '-L',
    socket,
    '-f',
    '/dev/null',
    'new',
    '/bin/sh',
  ]);
  await fixture.shows('[0]', PATIENCE);
  await fixture.shows(/^[$#]/m, PATIENCE);
  fixture.display.key(KEY.leftCtrl, KEY.b);
  await new Promise((resolve) => setTimeout(resolve, 50));
  fixture.display.type('%');
  await fixture.shows(/│/, PATIENCE);
  fixture.display.type('echo right; tput colors\n');
  await fixture.shows(/│right *\n.*│256 *\n/, PATIENCE);
  fixture.display.type('tmux kill-server\n');
  await fixture.console.ended;
});

test('less searches and highlights; its screen is gone afterwards', async () => {
  await using fixture = await ConsoleFixture.start();
  await fixture.shows(/\$$/m, PATIENCE);
  const lines = Array.from({ length: 200 }, (_, line) => `line ${line + 1}`);
  writeFileSync(join(fixture.directory, 'text'), `${lines.join('\n')}\n`);
  fixture.display.type('less text\n');
  await fixture.shows(/^line 20$/m, PATIENCE);
  fixture.display.type('/line 150\n');
  await fixture.shows(/^line 150\nline 151/m, PATIENCE);
  expect(fixture.console.screen.modes.alternateScreen).toBe(true);
  // Bold stands out from 1 on; reverse is bit 26 of the foreground.
  expect(fixture.console.screen.row(0)!._data[1]! & 0x4000000).not.toBe(0);
  fixture.display.type('q');
  await fixture.shows(/\$ less text\n\$/, PATIENCE);
});

test.each([
  ['htop', /F1Help.*F10Quit/, PATIENCE],
  ['mc', /1Help.*10Quit/, PATIENCE],
])('%s draws its screen, and leaves by F10', async (program, shown, patience) => {
  await using fixture = await ConsoleFixture.start([program], { width: 800, height: 480 });
  await fixture.shows(shown, patience);
  expect(fixture.console.screen.modes.mouseTracking).not.toBe('none');
  fixture.display.key(KEY.f10);
  if (program === 'mc') fixture.display.key(KEY.enter);
  expect(await fixture.console.ended).toBe(0);
  expect(fixture.console.screen.modes.mouseTracking).toBe('none');
});

test('vttest is content with cursor movements', async () => {
  await using fixture = await ConsoleFixture.start(['vttest', '24x80.132']);
  // Its frame is as large as the screen that it was made for.
  fixture.display.resize(80 * fixture.font.cellWidth, 24 * fixture.font.cellHeight);
  await fixture.shows('Enter choice number', PATIENCE);
  fixture.display.type('1\n');
  const first = await fixture.shows(/an unbroken bor-/, PATIENCE);
  const edge = '*'.repeat(80);
  const inner = `*${'+'.repeat(78)}*`;
  const rows = first.split('\n');
  expect([rows[0], rows[1], rows[22], rows[23]], first).toEqual([edge, inner, inner, edge]);
  for (const row of rows.slice(2, 22)) expect(row, first).toMatch(/^\*\+.{76}\+\*$/);
});
