import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KEY } from '@switchyard/uapi';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SeatLayout } from './SeatLayout.js';

let directory: string;
const path = () => join(directory, 'state', 'layout.json');
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'yard-layout-'));
});
afterEach(() => {
  delete process.env['XKB_DEFAULT_LAYOUT'];
  rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
});

/** What a display would begin with: the name, and the letter on the key that is Y on an American keyboard. */
function begin(): string {
  const layout = new SeatLayout(path());
  using keymap = layout.open();
  const [letter] = ['y', 'z'].filter((one) => keymap.keysFor(one)?.code === KEY.Y);
  return `${layout.name} ${letter}`;
}

test('what was chosen is there for the next display, unless that one is told another layout', () => {
  expect(begin()).toBe('us y');
  new SeatLayout(path()).choose('de(nodeadkeys)')[Symbol.dispose]();
  expect(begin()).toBe('de(nodeadkeys) z');
  process.env['XKB_DEFAULT_LAYOUT'] = 'fr';
  expect(begin()).toBe('fr y');
  delete process.env['XKB_DEFAULT_LAYOUT'];
  expect(begin()).toBe('de(nodeadkeys) z');
});

test('what is no layout is not kept', () => {
  const layout = new SeatLayout(path());
  for (const wrong of ['no-such-layout', '../../etc/passwd', 'de(', ''])
    expect(() => layout.choose(wrong)).toThrow();
  expect(layout.name).toBe('us');
  expect(() => readFileSync(path())).toThrow('ENOENT');
});

test('a file that somebody has broken is as none', () => {
  new SeatLayout(path()).choose('de')[Symbol.dispose]();
  for (const text of [
    '',
    '{',
    'null',
    '{"base":"us","chosen":7}',
    '{"base":"us","chosen":"no-such-layout"}',
  ]) {
    writeFileSync(path(), text);
    expect(begin()).toBe('us y');
  }
});
