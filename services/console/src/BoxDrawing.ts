import type { Coverage } from './Coverage.js';
import { boxArms } from './generated/boxes.js';

/** A stroke's extent across its direction, [start, end). */
type Span = readonly [number, number];

const DOUBLE = 3;
const HEAVY = 2;
const LIGHT = 1;
/** Directions of the arms, in the table's order. */
const UP = 0;
const RIGHT = 1;
const DOWN = 2;
const LEFT = 3;

/** Strokes of one cell: light lines have a thickness of an eighth of the cell's width, at least one pixel. */
export function lightThickness(cellWidth: number): number {
  return Math.max(1, Math.round(cellWidth / 8));
}

function centred(extent: number, thickness: number): Span {
  const start = (extent - thickness) >> 1;
  return [start, start + thickness];
}

/** U+2500…U+257F. Lines end exactly at the cell's edges, so that neighbours join. */
export function drawBox(code: number, into: Coverage): void {
  const light = lightThickness(into.width);
  if (code >= 0x256d && code <= 0x2570) drawArc(code, into, light);
  else if (code >= 0x2571 && code <= 0x2573) drawDiagonals(code, into, light);
  else drawLines(code, into, light);
}

function drawLines(code: number, into: Coverage, light: number): void {
  const arms = Array.from(boxArms[code - 0x2500]!, Number);
  for (let direction = 0; direction < 4; direction++)
    if (arms[direction]) drawArm(direction, arms, into, light);
  const dashes = dashCount(code);
  if (dashes > 0) cutDashes(dashes, arms[RIGHT] !== 0, into);
}

function singleSpan(extent: number, weight: number, light: number): Span {
  return centred(extent, weight === HEAVY ? 2 * light + 1 : light);
}

function doubleSpans(extent: number, light: number): [Span, Span] {
  const start = (extent - 3 * light) >> 1;
  return [
    [start, start + light],
    [start + 2 * light, start + 3 * light],
  ];
}

/**
 * One arm, from where it meets the others to the edge. The arms across it are called `before` (above, left of) and `after`. A line of a
 * double arm ends at the nearer line of a double arm on its own side, else at the farther one of that on the other side (an outer
 * corner); a single arm ends at the farther line of a corner (╓), the nearer line of a double crossing (╟), or goes through (╫).
 */
function drawArm(direction: number, arms: readonly number[], into: Coverage, light: number): void {
  const horizontal = direction === RIGHT || direction === LEFT;
  const outward = direction === RIGHT || direction === DOWN;
  const weight = arms[direction]!;
  const before = arms[horizontal ? UP : LEFT]!;
  const after = arms[horizontal ? DOWN : RIGHT]!;
  const length = horizontal ? into.width : into.height;
  const breadth = horizontal ? into.height : into.width;

  const edge = (span: Span) => (outward ? span[0] : span[1]);
  const [first, second] = doubleSpans(length, light);
  const near = edge(outward ? second : first);
  const far = edge(outward ? first : second);
  const single = edge(singleSpan(length, before === HEAVY || after === HEAVY ? HEAVY : LIGHT, light));

  const stroke = (span: Span, from: number) => {
    const [start, end] = outward ? [from, length] : [0, from];
    if (horizontal) into.fill(start, span[0], end, span[1]);
    else into.fill(span[0], start, span[1], end);
  };
  if (weight === DOUBLE) {
    const meet = (own: number, other: number) => {
      if (own === DOUBLE) return near;
      return own === 0 && other === DOUBLE ? far : single;
    };
    const [low, high] = doubleSpans(breadth, light);
    stroke(low, meet(before, after));
    stroke(high, meet(after, before));
    return;
  }
  let from = single;
  if (before === DOUBLE && after === DOUBLE) from = arms[(direction + 2) % 4] ? single : near;
  else if (before === DOUBLE || after === DOUBLE) from = arms[(direction + 2) % 4] ? single : far;
  stroke(singleSpan(breadth, weight, light), from);
}

function dashCount(code: number): number {
  if (code >= 0x2504 && code <= 0x2507) return 3;
  if (code >= 0x2508 && code <= 0x250b) return 4;
  return code >= 0x254c && code <= 0x254f ? 2 : 0;
}

function cutDashes(dashes: number, horizontal: boolean, into: Coverage): void {
  const length = horizontal ? into.width : into.height;
  const gap = Math.max(1, Math.round(length / (dashes * 3)));
  for (let dash = 1; dash <= dashes; dash++) {
    const end = Math.round((length * dash) / dashes);
    if (horizontal) into.fill(end - gap, 0, end, into.height, 0);
    else into.fill(0, end - gap, into.width, end, 0);
  }
}

/** ╭ ╮ ╯ ╰: a quarter of a circle between two straight pieces. */
function drawArc(code: number, into: Coverage, light: number): void {
  const down = code === 0x256d || code === 0x256e;
  const right = code === 0x256d || code === 0x2570;
  const [x0, x1] = centred(into.width, light);
  const [y0, y1] = centred(into.height, light);
  const centreX = (x0 + x1) / 2;
  const centreY = (y0 + y1) / 2;
  const radius = Math.floor(Math.min(into.width, into.height) / 2);
  const arcX = centreX + (right ? radius : -radius);
  const arcY = centreY + (down ? radius : -radius);
  into.shade((x, y) => {
    const inQuarter = (right ? x <= arcX : x >= arcX) && (down ? y <= arcY : y >= arcY);
    return inQuarter ? Math.abs(Math.hypot(x - arcX, y - arcY) - radius) - light / 2 : 1;
  });
  if (right) into.fill(Math.ceil(arcX), y0, into.width, y1);
  else into.fill(0, y0, Math.floor(arcX), y1);
  if (down) into.fill(x0, Math.ceil(arcY), x1, into.height);
  else into.fill(x0, 0, x1, Math.floor(arcY));
}

/** ╱ ╲ ╳, from corner to corner. */
function drawDiagonals(code: number, into: Coverage, light: number): void {
  const { width, height } = into;
  const length = Math.hypot(width, height);
  const rising = (x: number, y: number) => Math.abs(x * height + y * width - width * height) / length;
  const falling = (x: number, y: number) => Math.abs(x * height - y * width) / length;
  if (code !== 0x2572) into.shade((x, y) => rising(x, y) - light / 2);
  if (code !== 0x2571) into.shade((x, y) => falling(x, y) - light / 2);
}
