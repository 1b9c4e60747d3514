import { unicodeVersion, widthRuns } from './generated/widths.js';

/**
 * The terminal's own answer to "how many columns, and does it join the character before it?".
 *
 * The tables cover U+0000..U+1FFFF; beyond, planes 2 and 3 are ideographs and plane 14 is tags and selectors.
 * A character's properties are one byte: bits 0-1 width, bits 2-4 kind, bit 5 "U+FE0F makes it wide".
 */
const TABLE_LIMIT = 0x20000;
/** Code points in one cell. The longest emoji sequence has 10; a flag of tags 7; more is an attempt to fill memory. */
const CLUSTER_LIMIT = 32;

const kinds = {
  other: 0,
  extend: 1,
  joiner: 2,
  regional: 3,
  pictograph: 4,
  modifier: 5,
  emojiStyle: 6,
} as const;
const WIDENS = 0x20;

const table = new Uint8Array(TABLE_LIMIT);
let filled = 0;
for (const line of widthRuns) {
  for (const run of line.split(' ')) {
    const dot = run.indexOf('.');
    const end = filled + Number.parseInt(run.slice(0, dot), 36);
    table.fill(Number.parseInt(run.slice(dot + 1), 36), filled, end);
    filled = end;
  }
}

function properties(code: number): number {
  if (code < TABLE_LIMIT) return table[code]!;
  if (code < 0x40000) return 2;
  return code >= 0xe0000 && code < 0xe1000 ? kinds.extend << 2 : 1;
}

/**
 * What xterm's parser carries from character to character:
 *
 *   bit 0      the character joins the one before
 *   bits 1-2   columns of the cluster so far
 *   bits 3-5   what the cluster ends in: other | joiner (after a pictograph) | regional (one, unpaired) | pictograph
 *   bit 6      U+FE0F may widen it
 *   bits 7-12  code points joined so far
 *
 * 0 means: nothing to join (after a control sequence).
 */
function pack(ends: number, columns: number, joins: boolean, widens = 0, joined = 0): number {
  return (joined << 7) | (widens << 6) | (ends << 3) | (columns << 1) | (joins ? 1 : 0);
}

/** A stand-alone character's state; marks that have nothing to stand on take a column of their own. */
function begin(props: number): number {
  const kind = (props >> 2) & 7;
  if (kind === kinds.pictograph || kind === kinds.modifier) {
    return pack(kinds.pictograph, props & 3, false, (props & WIDENS) >> 5);
  }
  return pack(kind === kinds.regional ? kind : kinds.other, props & 3 || 1, false, (props & WIDENS) >> 5);
}

const asciiStates = Uint16Array.from({ length: 0x7f }, (_, code) => begin(table[code]!));

/** Columns of one code point by itself, as wcwidth(3) says it. */
export function codePointWidth(code: number): 0 | 1 | 2 {
  return (properties(code) & 3) as 0 | 1 | 2;
}

/** Hot: called for every printed character. */
export function nextState(code: number, before: number): number {
  if (code < 0x7f) return asciiStates[code]!;
  const props = properties(code);
  const kind = (props >> 2) & 7;
  const columns = (before >> 1) & 3;
  const joined = (before >> 7) & 63;
  if (kind === kinds.other || columns === 0 || joined >= CLUSTER_LIMIT) return begin(props);
  const ends = (before >> 3) & 7;
  const widens = (before >> 6) & 1;
  switch (kind) {
    case kinds.joiner:
      return pack(ends === kinds.pictograph ? kinds.joiner : kinds.other, columns, true, 0, joined + 1);
    case kinds.emojiStyle:
      return pack(keepsPictograph(ends), widens ? 2 : columns, true, 0, joined + 1);
    case kinds.extend:
      return pack(keepsPictograph(ends), columns, true, 0, joined + 1);
    case kinds.modifier:
      return ends === kinds.pictograph ? pack(ends, 2, true, 0, joined + 1) : begin(props);
    case kinds.pictograph:
      return ends === kinds.joiner ? pack(kind, 2, true, 0, joined + 1) : begin(props);
    default:
      return ends === kinds.regional ? pack(kinds.other, 2, true, 0, joined + 1) : begin(props);
  }
}

function keepsPictograph(ends: number): number {
  return ends === kinds.pictograph ? ends : kinds.other;
}

/** Splits text as the terminal does: clusters with their columns. */
export function* clusters(text: string): Generator<{ text: string; columns: number }> {
  let current = '';
  let state = 0;
  for (const character of text) {
    const next = nextState(character.codePointAt(0)!, state);
    if (current !== '' && (next & 1) === 0) {
      yield { text: current, columns: (state >> 1) & 3 };
      current = '';
    }
    current += character;
    state = next;
  }
  if (current !== '') yield { text: current, columns: (state >> 1) & 3 };
}

/** For `terminal.unicode.register`. */
export const graphemeWidths = {
  version: `${unicodeVersion}-graphemes`,
  wcwidth: codePointWidth,
  charProperties: nextState,
};
