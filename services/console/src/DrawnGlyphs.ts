import { drawBox, lightThickness } from './BoxDrawing.js';
import { Coverage } from './Coverage.js';

/**
 * Characters whose picture is geometry that must meet its neighbours' exactly, at any size: drawn here, never taken from a font.
 * Undefined for all others.
 */
export function drawnGlyph(code: number, width: number, height: number): Coverage | undefined {
  const draw = painterOf(code);
  if (!draw) return undefined;
  const coverage = new Coverage(width, height);
  draw(code, coverage);
  return coverage;
}

type Painter = (code: number, into: Coverage) => void;

function painterOf(code: number): Painter | undefined {
  if (code >= 0x2500 && code <= 0x257f) return drawBox;
  if (code >= 0x2580 && code <= 0x259f) return drawBlock;
  if (code >= 0x2800 && code <= 0x28ff) return drawBraille;
  if (code >= 0x1fb00 && code <= 0x1fb3b) return drawSextant;
  if (code >= 0x1fb70 && code <= 0x1fb8b) return drawEighths;
  if (code >= 0x25e2 && code <= 0x25e5) return drawCorner;
  if (code >= 0xe0b0 && code <= 0xe0b7) return drawPowerline;
  if (code >= 0xe0b8 && code <= 0xe0bf) return drawSlant;
  if (code >= 0x23ba && code <= 0x23bd) return drawScanLine;
  return undefined;
}

/** What is shown for a character that no font has: a hollow box. */
export function replacementGlyph(width: number, height: number): Coverage {
  const coverage = new Coverage(width, height);
  const line = lightThickness(width);
  const [left, right] = [line, width - line];
  const [top, bottom] = [Math.round(height * 0.2), Math.round(height * 0.8)];
  coverage.fill(left, top, right, bottom, 200);
  coverage.fill(left + line, top + line, right - line, bottom - line, 0);
  return coverage;
}

const upperLeft = 1;
const upperRight = 2;
const lowerLeft = 4;
const lowerRight = 8;
/** U+2596…U+259F */
const quadrants = [
  lowerLeft,
  lowerRight,
  upperLeft,
  upperLeft | lowerLeft | lowerRight,
  upperLeft | lowerRight,
  upperLeft | upperRight | lowerLeft,
  upperLeft | upperRight | lowerRight,
  upperRight,
  upperRight | lowerLeft,
  upperRight | lowerLeft | lowerRight,
];

function drawBlock(code: number, into: Coverage): void {
  const { width, height } = into;
  const across = (eighths: number) => Math.round((width * eighths) / 8);
  const down = (eighths: number) => Math.round((height * eighths) / 8);
  if (code === 0x2580) into.fill(0, 0, width, down(4));
  else if (code <= 0x2588) into.fill(0, height - down(code - 0x2580), width, height);
  else if (code <= 0x258f) into.fill(0, 0, across(0x2590 - code), height);
  else if (code === 0x2590) into.fill(across(4), 0, width, height);
  else if (code <= 0x2593) into.fill(0, 0, width, height, (code - 0x2590) * 64);
  else if (code === 0x2594) into.fill(0, 0, width, down(1));
  else if (code === 0x2595) into.fill(width - across(1), 0, width, height);
  else {
    const parts = quadrants[code - 0x2596]!;
    if (parts & upperLeft) into.fill(0, 0, across(4), down(4));
    if (parts & upperRight) into.fill(across(4), 0, width, down(4));
    if (parts & lowerLeft) into.fill(0, down(4), across(4), height);
    if (parts & lowerRight) into.fill(across(4), down(4), width, height);
  }
}

/** Bits 0…7 as [column, row]: the dots are numbered 1-2-3 and 4-5-6 downwards, 7 and 8 below them. */
const brailleDots = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 0],
  [1, 1],
  [1, 2],
  [0, 3],
  [1, 3],
] as const;

function drawBraille(code: number, into: Coverage): void {
  const { width, height } = into;
  const dot = Math.max(1, Math.floor(Math.min(width / 4, height / 8)));
  for (const [bit, [column, row]] of brailleDots.entries()) {
    if ((code & (1 << bit)) === 0) continue;
    const left = Math.round((width * (2 * column + 1)) / 4 - dot / 2);
    const top = Math.round((height * (2 * row + 1)) / 8 - dot / 2);
    into.fill(left, top, left + dot, top + dot);
  }
}

/** Two columns of three blocks; U+1FB00 is block 1 alone, and the patterns that other characters have (left half, right half) are left out. */
function drawSextant(code: number, into: Coverage): void {
  let bits = code - 0x1fb00 + 1;
  if (bits >= 0b010101) bits++;
  if (bits >= 0b101010) bits++;
  const { width, height } = into;
  const middle = Math.round(width / 2);
  const third = (row: number) => Math.round((height * row) / 3);
  for (let block = 0; block < 6; block++) {
    if ((bits & (1 << block)) === 0) continue;
    const row = block >> 1;
    const right = (block & 1) === 1;
    into.fill(right ? middle : 0, third(row), right ? width : middle, third(row + 1));
  }
}

/** U+E0B0…E0B3: triangles, full and outlined, to the right and to the left; U+E0B4…E0B7: half circles likewise. */
function drawPowerline(code: number, into: Coverage): void {
  const { width, height } = into;
  const line = lightThickness(width);
  const pointsLeft = ((code - 0xe0b0) & 2) === 2;
  const outline = ((code - 0xe0b0) & 1) === 1;
  const round = code >= 0xe0b4;
  const slope = Math.hypot(width, height / 2);
  const edge = (x: number, y: number) => {
    const across = pointsLeft ? width - x : x;
    const up = Math.abs(y - height / 2);
    if (!round) return (across * (height / 2) + up * width - (width * height) / 2) / slope;
    return (Math.hypot(across / width, up / (height / 2)) - 1) * Math.min(width, height / 2);
  };
  into.shade(outline ? (x, y) => Math.abs(edge(x, y) + line / 2) - line / 2 : edge);
}

/** U+1FB70…1FB7B: eighths of a cell, columns 2…7 and rows 2…7; then corners of two of them, and blocks from the top and the right. */
function drawEighths(code: number, into: Coverage): void {
  const { width, height } = into;
  const across = (eighths: number) => Math.round((width * eighths) / 8);
  const down = (eighths: number) => Math.round((height * eighths) / 8);
  const column = (index: number) =>
    into.fill(across(index), 0, Math.max(across(index) + 1, across(index + 1)), height);
  const row = (index: number) => into.fill(0, down(index), width, Math.max(down(index) + 1, down(index + 1)));
  if (code <= 0x1fb75) column(code - 0x1fb70 + 1);
  else if (code <= 0x1fb7b) row(code - 0x1fb76 + 1);
  else if (code <= 0x1fb7f) {
    // Left and lower, left and upper, right and upper, right and lower.
    column(code <= 0x1fb7d ? 0 : 7);
    row(code === 0x1fb7c || code === 0x1fb7f ? 7 : 0);
  } else if (code === 0x1fb80) {
    row(0);
    row(7);
  } else if (code === 0x1fb81) {
    for (const index of [0, 2, 4, 7]) row(index);
  } else if (code <= 0x1fb86) {
    into.fill(0, 0, width, down([2, 3, 5, 6, 7][code - 0x1fb82]!));
  } else {
    into.fill(across(8 - [2, 3, 5, 6, 7][code - 0x1fb87]!), 0, width, height);
  }
}

/** ◢ ◣ ◤ ◥: half of the cell, from corner to corner. */
function drawCorner(code: number, into: Coverage): void {
  drawHalf(into, code === 0x25e2 || code === 0x25e5, code === 0x25e4 || code === 0x25e5, false);
}

/** U+E0B8…E0BF: the same four halves of Powerline, each followed by its edge alone. */
function drawSlant(code: number, into: Coverage): void {
  const which = (code - 0xe0b8) >> 1;
  drawHalf(into, which === 1 || which === 3, which >= 2, ((code - 0xe0b8) & 1) === 1);
}

/** The triangle with the right or left, upper or lower corner of the cell; or only the line that cuts it off. */
function drawHalf(into: Coverage, right: boolean, upper: boolean, edgeOnly: boolean): void {
  const { width, height } = into;
  const slope = Math.hypot(width, height);
  const line = lightThickness(width);
  into.shade((x, y) => {
    const across = (right ? width - x : x) / width;
    const up = (upper ? y : height - y) / height;
    const distance = ((across + up - 1) * width * height) / slope;
    return edgeOnly ? Math.abs(distance) - line / 2 : distance;
  });
}

/** ⎺ ⎻ ⎼ ⎽: the DEC terminal's scan lines 1, 3, 7 and 9. */
function drawScanLine(code: number, into: Coverage): void {
  const scan = [0, 0.25, 0.75, 1][code - 0x23ba]!;
  const line = lightThickness(into.width);
  const top = Math.round((into.height - line) * scan);
  into.fill(0, top, into.width, top + line);
}
