import xterm from '@xterm/headless';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphemeWidths } from './GraphemeWidths.js';
import { LineFeeder } from './LineFeeder.js';
import { PlainReader } from './PlainReader.js';
import {
  bgFlags,
  CELL_WORDS,
  type CoreLine,
  coreOf,
  fgFlags,
  SINGLE_UNDERLINE,
  type XtermCore,
} from './XtermCore.js';

function emulator(scrollback: number): XtermCore {
  const made = new xterm.Terminal({
    cols: 12,
    rows: 5,
    scrollback,
    allowProposedApi: true,
    logLevel: 'off',
  });
  made.unicode.register(graphemeWidths);
  made.unicode.activeVersion = graphemeWidths.version;
  return coreOf(made);
}

/** Two that are given the same: the emulator alone, and with our reader before it. */
function pair(scrollback = 8) {
  const [alone, read] = [emulator(scrollback), emulator(scrollback)];
  const reader = new PlainReader(read, new LineFeeder(read, () => {}));
  const [alonesTrimmed, readsTrimmed] = [countTrimmed(alone), countTrimmed(read)];
  return {
    write(bytes: Uint8Array) {
      alone.writeSync(bytes.slice());
      reader.write(bytes);
    },
    resize(columns: number, rows: number) {
      for (const core of [alone, read]) core.resize(columns, rows);
    },
    /** Every cell, and all that decides about the next one. */
    compare() {
      const [a, b] = [stateOf(alone), stateOf(read)];
      expect(b).toEqual(a);
      expect(readsTrimmed()).toBe(alonesTrimmed());
    },
  };
}

function countTrimmed(core: XtermCore): () => number {
  let trimmed = 0;
  core._bufferService.buffers.normal.lines.onTrim((lines) => {
    trimmed += lines;
  });
  return () => trimmed;
}

function stateOf(core: XtermCore) {
  const { buffers, buffer } = core._bufferService;
  const { fg, bg, extended } = core._inputHandler._curAttrData;
  return {
    cursor: [buffer.x, buffer.y, buffer.ybase, buffer.ydisp],
    attributes: [fg >>> 0, bg >>> 0, extended.ext],
    join: core._inputHandler._parser.precedingJoinState,
    lines: [buffers.normal, buffers.alt].map(({ lines }) =>
      Array.from({ length: lines.length }, (_, y) => {
        const line = lines.get(y)!;
        return [
          line.translateToString(),
          line.isWrapped,
          [...line._data].map((word, at) => wordOf(line, word, at)).join(),
          Array.from({ length: line.length }, (_, x) => underlineOf(line, x)).join(),
        ];
      }),
    ),
  };
}

function underlineOf(line: CoreLine, x: number): number {
  const isNoted = line._data[x * CELL_WORDS + 2]! & bgFlags.extended;
  const noted = isNoted ? line._extendedAttrs[x] : undefined;
  if (!noted) return line._data[x * CELL_WORDS + 1]! & fgFlags.underline ? SINGLE_UNDERLINE : 0;
  return noted.ext;
}

/** That an underline is a plain one may be noted beside the cell, or not. */
function wordOf(line: CoreLine, word: number, at: number): number {
  const noted =
    at % CELL_WORDS === 2 && word & bgFlags.extended ? line._extendedAttrs[(at - 2) / CELL_WORDS] : undefined;
  return (noted?.ext === SINGLE_UNDERLINE && noted.urlId === 0 ? word & ~bgFlags.extended : word) >>> 0;
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 30 }),
  fc.constantFrom('twelve chars', 'a dozen of 9', 'more than one line has room for, and 1'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }),
  fc.constantFrom(
    '漢字',
    'x漢',
    '한',
    '😀',
    'e\u0301',
    '\u0301',
    '👨‍👩‍👧',
    '❤\ufe0f',
    'é',
    '\u200d',
    '\x7f',
    '👍🏽',
    '\u0085',
    '\ufeff',
  ),
);
const controls = fc.constantFrom('\r', '\n', '\b', '\t', '\x0b', '\x1b', '\x18', '\x07');
const lineEnds = fc.constantFrom('\r\n', '\r\n', '\n', '\n\r', '\r\r\n');
const moves = fc.constantFrom(
  ...[
    '[H',
    '[C',
    '[D',
    '[A',
    '[B',
    '[99C',
    '[3;4H',
    '[;3H',
    '[4G',
    '[2d',
    '[0;0;0H',
    '[9999999999C',
    '[1:2H',
    '[ 3H',
    '[?3H',
  ],
);
const erasures = fc.constantFrom(
  '[K',
  '[1K',
  '[2K',
  '[J',
  '[1J',
  '[2J',
  '[3J',
  '[3X',
  '[2P',
  '[2@',
  '[M',
  '[L',
  '[S',
  '[T',
  '[3b',
);
const colours = fc.constantFrom(
  ...[
    '[m',
    '[0m',
    '[1;31m',
    '[48;5;20m',
    '[38;2;1;2;3m',
    '[38;2;300;2;3m',
    '[;7m',
    '[39;49m',
    '[97;104m',
    '[2;3m',
    '[22;23;27m',
  ],
  ...[
    '[4m',
    '[4:3m',
    '[24m',
    '[38;5m',
    '[38;2;1m',
    '[58;5;3m',
    '[59m',
    '[9;53m',
    '[5m',
    '[38:5:3m',
    '[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17m',
  ],
);
const modes = fc.constantFrom(
  ...[
    '[4h',
    '[4l',
    '[?7l',
    '[?7h',
    '(0',
    '(B',
    '[2;4r',
    '[1;3r',
    '[r',
    '[?6h',
    '[?6l',
    '[?1049h',
    '[?1049l',
    'M',
    '7',
    '8',
    'c',
    ']8;;http://a\x07',
    ']8;;\x07',
    ']0;title\x1b\\',
    'Pq#0\x1b\\',
  ],
);
const escaped = fc.oneof(colours, colours, moves, erasures, modes).map((sequence) => `\x1b${sequence}`);
/** Lines as programs print them, which are deferred, and whatever else. */
const line = fc
  .tuple(
    fc.array(
      fc.oneof(
        text,
        colours.map((sequence) => `\x1b${sequence}`),
      ),
      { maxLength: 3 },
    ),
    lineEnds,
  )
  .map(([parts, end]) => parts.join('') + end);
/** Halves of wide characters that are printed over in other colours. */
const overprints = fc
  .tuple(fc.constantFrom('漢字漢字', '😀x漢', 'e\u0301漢'), fc.nat(4), colours, text)
  .map(([below, column, colour, above]) => `${below}\x1b[${column}G\x1b${colour}${above}`);
const output = fc.array(
  fc.oneof({ weight: 4, arbitrary: line }, overprints, text, controls, lineEnds, escaped),
  { maxLength: 40 },
);

/** Cuts bytes where reads of the pseudo-terminal happen to end. */
function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}

test('whatever is printed, every cell is the one that the emulator alone would show', () => {
  fc.assert(
    fc.property(output, fc.array(fc.nat(), { maxLength: 3 }), (parts, cuts) => {
      const both = pair();
      for (const piece of pieces(Buffer.from(parts.join('')), cuts)) both.write(piece);
      both.compare();
    }),
    { numRuns: 400 },
  );
});

test('bytes that are no text are as harmless as they are there', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(), { maxLength: 3 }), (bytes, cuts) => {
      const both = pair();
      for (const piece of pieces(bytes, cuts)) both.write(piece);
      both.compare();
    }),
    { numRuns: 120 },
  );
});

test('any byte, anywhere in a line, is what it is for the emulator', () => {
  const text = Buffer.from('abcdefghi\r\n');
  const both = pair();
  for (let byte = 0; byte < 256; byte++) {
    for (let at = 0; at < 9; at++) {
      const line = Uint8Array.from(text);
      line[at] = byte;
      both.write(line);
    }
    both.compare();
  }
});

test('lines that nobody has looked at yet are reflowed, searched and written over like others', () => {
  fc.assert(
    fc.property(
      output,
      output,
      fc.integer({ min: 2, max: 20 }),
      fc.integer({ min: 1, max: 9 }),
      (before, after, columns, rows) => {
        const both = pair(40);
        const flood = Array.from({ length: 20 }, (_, n) => `\x1b[3${n % 8}mline ${n}\x1b[m\r\n`).join('');
        both.write(Buffer.from(flood + before.join('')));
        both.resize(columns, rows);
        both.write(Buffer.from(after.join('')));
        both.compare();
      },
    ),
    { numRuns: 120 },
  );
});

test('a flood that goes round the scrollback many times leaves what the emulator alone would keep', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 9, arbitrary: line }, escaped), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 60 }),
      fc.array(fc.nat(), { maxLength: 3 }),
      (lines, times, cuts) => {
        const both = pair(40);
        for (const piece of pieces(Buffer.from(lines.join('').repeat(times)), cuts)) both.write(piece);
        both.compare();
      },
    ),
    { numRuns: 60 },
  );
});

test('text that is put here and there on the screen stands where the emulator alone would put it', () => {
  const place = fc.integer({ min: 0, max: 14 });
  const move = fc.oneof(
    { weight: 9, arbitrary: fc.tuple(place, place).map(([row, column]) => `\x1b[${row};${column}H`) },
    moves.map((sequence) => `\x1b${sequence}`),
    modes.map((sequence) => `\x1b${sequence}`),
  );
  const there = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('a', 'bc', 'defghijklmnop', '') }, text);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(move, there), { maxLength: 60 }),
      fc.array(fc.nat(), { maxLength: 6 }),
      (parts, cuts) => {
        const both = pair();
        for (const piece of pieces(Buffer.from(parts.flat().join('')), cuts)) both.write(piece);
        both.compare();
      },
    ),
    { numRuns: 150 },
  );
});
