#!/usr/bin/env node
// Writes src/generated/widths.ts and src/generated/boxes.ts from the Unicode character database.
//
//   node scripts/generate-tables.mjs [DIR]
//
// DIR holds the database's files as Debian's package unicode-data lays them out (default /usr/share/unicode).
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const directory = process.argv[2] ?? '/usr/share/unicode';
const LIMIT = 0x20000; // beyond it a few rules suffice; see GraphemeWidths.ts

/** Lines `0041..005A ; Lu # …` as [first, last, value]. */
function* ranges(file) {
  for (const line of readFileSync(join(directory, file), 'utf8').split('\n')) {
    const match = /^([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*;\s*(\w+)/.exec(line);
    if (match) yield [parseInt(match[1], 16), parseInt(match[2] ?? match[1], 16), match[3]];
  }
}

const width = new Uint8Array(LIMIT).fill(1);
const kind = new Uint8Array(LIMIT);
const widens = new Uint8Array(LIMIT);
const fill = (array, first, last, value) => {
  if (first < LIMIT) array.fill(value, first, Math.min(last + 1, LIMIT));
};

const KIND = { other: 0, extend: 1, joiner: 2, regional: 3, pictograph: 4, modifier: 5, emojiStyle: 6 };

for (const [first, last] of [
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xf900, 0xfaff],
])
  fill(width, first, last, 2);
for (const [first, last, value] of ranges('EastAsianWidth.txt')) {
  fill(width, first, last, value === 'W' || value === 'F' ? 2 : 1);
}
for (const [first, last, value] of ranges('emoji/emoji-data.txt')) {
  if (value === 'Emoji_Presentation') fill(width, first, last, 2);
  if (value === 'Extended_Pictographic') fill(kind, first, last, KIND.pictograph);
}
for (const [first, last, value] of ranges('extracted/DerivedGeneralCategory.txt')) {
  if (value === 'Mn' || value === 'Me' || value === 'Cf') {
    fill(width, first, last, 0);
    fill(kind, first, last, KIND.extend);
  }
}
// A soft hyphen and the Arabic number signs are printed where they stand.
for (const [first, last] of [
  [0xad, 0xad],
  [0x600, 0x605],
  [0x6dd, 0x6dd],
  [0x70f, 0x70f],
  [0x8e2, 0x8e2],
  [0x890, 0x891],
  [0x110bd, 0x110bd],
  [0x110cd, 0x110cd],
]) {
  fill(width, first, last, 1);
  fill(kind, first, last, KIND.other);
}
// Hangul vowels and final consonants stand in their syllable's leading consonant.
for (const [first, last] of [
  [0x1160, 0x11ff],
  [0xd7b0, 0xd7ff],
]) {
  fill(width, first, last, 0);
  fill(kind, first, last, KIND.extend);
}
fill(kind, 0x200d, 0x200d, KIND.joiner);
fill(kind, 0xfe0f, 0xfe0f, KIND.emojiStyle);
fill(kind, 0x1f1e6, 0x1f1ff, KIND.regional);
fill(width, 0x1f1e6, 0x1f1ff, 1);
fill(kind, 0x1f3fb, 0x1f3ff, KIND.modifier);
for (const line of readFileSync(join(directory, 'emoji/emoji-variation-sequences.txt'), 'utf8').split('\n')) {
  const match = /^([0-9A-F]+) FE0F/.exec(line);
  if (match) widens[parseInt(match[1], 16)] = 1;
}

const version = /EastAsianWidth-([\d.]+)\.txt/.exec(
  readFileSync(join(directory, 'EastAsianWidth.txt'), 'utf8'),
)[1];
const runs = [];
let start = 0;
const at = (code) => width[code] | (kind[code] << 2) | (widens[code] << 5);
for (let code = 1; code <= LIMIT; code++) {
  if (code < LIMIT && at(code) === at(start)) continue;
  runs.push(`${(code - start).toString(36)}.${at(start).toString(36)}`);
  start = code;
}
const lines = [];
for (let index = 0; index < runs.length; index += 16)
  lines.push(`  '${runs.slice(index, index + 16).join(' ')}',`);
writeFileSync(
  new URL('../src/generated/widths.ts', import.meta.url),
  `// Written by scripts/generate-tables.mjs from the Unicode character database ${version}.
export const unicodeVersion = '${version}';

/**
 * Runs of equal properties from U+0000 up to U+1FFFF, \`length.value\` in base 36.
 * value: bits 0-1 width, bits 2-4 kind (0 other, 1 extend, 2 joiner, 3 regional indicator, 4 pictograph,
 * 5 emoji modifier, 6 emoji style selector), bit 5: U+FE0F after it makes it wide.
 */
export const widthRuns: readonly string[] = [
${lines.join('\n')}
];
`,
);

// The arms of U+2500..U+257F follow from the characters' names: `BOX DRAWINGS VERTICAL HEAVY AND RIGHT LIGHT`.
const WEIGHT = { LIGHT: 1, SINGLE: 1, HEAVY: 2, DOUBLE: 3 };
const ARMS = { UP: [0], RIGHT: [1], DOWN: [2], LEFT: [3], VERTICAL: [0, 2], HORIZONTAL: [1, 3] };
const boxes = [];
for (const line of readFileSync(join(directory, 'UnicodeData.txt'), 'utf8').split('\n')) {
  const [code, name] = line.split(';');
  if (!/^25[0-7]/.test(code ?? '') || name.includes('DIAGONAL')) {
    if (/^25[0-7]/.test(code ?? '')) boxes.push('0000');
    continue;
  }
  const arms = [0, 0, 0, 0];
  let weight = 0;
  for (const part of name.replace('BOX DRAWINGS ', '').split(' AND ')) {
    const words = part.split(' ');
    weight = WEIGHT[words.find((word) => word in WEIGHT)] ?? weight;
    for (const word of words) for (const arm of ARMS[word] ?? []) arms[arm] = weight;
  }
  boxes.push(arms.join(''));
}
const rows = [];
for (let index = 0; index < boxes.length; index += 16)
  rows.push(`  '${boxes.slice(index, index + 16).join(' ')}',`);
writeFileSync(
  new URL('../src/generated/boxes.ts', import.meta.url),
  `// Written by scripts/generate-tables.mjs from the Unicode character database ${version}.

/** U+2500..U+257F: the weights of the arms up, right, down, left (0 none, 1 light, 2 heavy, 3 double). Diagonals are 0000. */
export const boxArms: readonly string[] = [
${rows.join('\n')}
].flatMap((row) => row.split(' '));
`,
);
