import xterm from '@xterm/headless';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphemeWidths } from './GraphemeWidths.js';
import { feedLinesFast } from './LineFeeder.js';
import { printPlainFast } from './PlainPrinter.js';
import { coreOf } from './XtermCore.js';

function terminal(fast: boolean) {
  const made = new xterm.Terminal({ cols: 12, rows: 5, scrollback: 8, allowProposedApi: true });
  made.unicode.register(graphemeWidths);
  made.unicode.activeVersion = graphemeWidths.version;
  const core = coreOf(made);
  if (fast) {
    printPlainFast(core);
    feedLinesFast(core, () => {});
  }
  return core;
}

const pieces = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 30 }),
  fc.constantFrom('漢字', 'x漢', '한', '😀', 'e\u0301', '\u0301', '👨‍👩‍👧', '❤\ufe0f', 'é', '\u200d', '\x7f'),
  fc.constantFrom(
    '\r',
    '\n',
    '\b',
    '\t',
    '\x1b[H',
    '\x1b[C',
    '\x1b[D',
    '\x1b[A',
    '\x1b[99C',
    '\x1b[K',
    '\x1b[3b',
  ),
  fc.constantFrom('\x1b[4h', '\x1b[4l', '\x1b[?7l', '\x1b[?7h', '\x1b(0', '\x1b(B', '\x1b[2;4r', '\x1b[r'),
  fc.constantFrom(
    '\x1b[m',
    '\x1b[1;31m',
    '\x1b[48;5;20m',
    '\x1b[4:3m',
    '\x1b]8;;http://a\x07',
    '\x1b]8;;\x07',
  ),
  fc.constantFrom('\x1b[?1049h', '\x1b[?1049l', '\x1b[2J', '\x1b[M', '\x1b[L', '\x1b[2P', '\x1b[2@', '\x1bM'),
);

test('the screen is the same as without it, cell by cell', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
      const [plain, fast] = [terminal(false), terminal(true)];
      for (const part of parts) {
        plain.writeSync(part);
        fast.writeSync(part);
      }
      const [a, b] = [plain._bufferService.buffer, fast._bufferService.buffer];
      expect([b.x, b.y, b.ybase, b.ydisp, b.lines.length]).toEqual([
        a.x,
        a.y,
        a.ybase,
        a.ydisp,
        a.lines.length,
      ]);
      for (let y = 0; y < a.lines.length; y++) {
        const [one, other] = [a.lines.get(y)!, b.lines.get(y)!];
        expect([...other._data]).toEqual([...one._data]);
        expect(other.translateToString()).toBe(one.translateToString());
        expect(other.isWrapped).toBe(one.isWrapped);
      }
    }),
    { numRuns: 400 },
  );
});
