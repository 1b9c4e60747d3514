import type { Rectangle } from '../geometry/Rectangle.js';

/**
 * The rules of an xdg_positioner as values, and where they put a popup.
 *
 * A direction (anchor, gravity) is kept a component an axis, -1, 0 or 1, so that flipping an axis is a change of sign.
 */
export interface PositionerRules {
  width: number;
  height: number;
  /** Relative to the parent's window geometry. */
  anchorRectangle: Rectangle;
  /** The anchor rectangle was set. One without size is a point, which menus at the pointer use. */
  anchored: boolean;
  anchor: Direction;
  gravity: Direction;
  /** xdg_positioner.constraint_adjustment bits. */
  adjustment: number;
  offsetX: number;
  offsetY: number;
  /** Placed anew whenever what constrains it changes. */
  reactive: boolean;
}

export interface Direction {
  readonly x: -1 | 0 | 1;
  readonly y: -1 | 0 | 1;
}

/** xdg_positioner.anchor and .gravity share their numbering. */
const directions: readonly Direction[] = [
  { x: 0, y: 0 },
  { x: 0, y: -1 },
  { x: 0, y: 1 },
  { x: -1, y: 0 },
  { x: 1, y: 0 },
  { x: -1, y: -1 },
  { x: -1, y: 1 },
  { x: 1, y: -1 },
  { x: 1, y: 1 },
];

/** The direction of an anchor or gravity value; undefined for a number that the enum does not have. */
export function direction(value: number): Direction | undefined {
  return directions[value];
}

export const Adjustment = { slideX: 1, slideY: 2, flipX: 4, flipY: 8, resizeX: 16, resizeY: 32 } as const;
export const allAdjustments = 63;

export function emptyRules(): PositionerRules {
  return {
    width: 0,
    height: 0,
    anchorRectangle: { x: 0, y: 0, width: 0, height: 0 },
    anchored: false,
    anchor: { x: 0, y: 0 },
    gravity: { x: 0, y: 0 },
    adjustment: 0,
    offsetX: 0,
    offsetY: 0,
    reactive: false,
  };
}

/** xdg_positioner: "it must have a non-zero size set by set_size, and a non-zero anchor rectangle set by set_anchor_rect". */
export function isComplete(rules: PositionerRules): boolean {
  return rules.width > 0 && rules.height > 0 && rules.anchored;
}

/**
 * Where the popup goes: its window geometry, relative to the parent's window geometry. `bounds` is the area that it
 * should stay in, in the same coordinates. Each axis is adjusted for itself: flip, then slide, then resize, and only
 * while it is still constrained.
 */
export function place(rules: PositionerRules, bounds: Rectangle): Rectangle {
  const { anchorRectangle: box, adjustment } = rules;
  const x = placeAxis(
    {
      anchorStart: box.x,
      anchorLength: box.width,
      anchor: rules.anchor.x,
      gravity: rules.gravity.x,
      offset: rules.offsetX,
      length: rules.width,
    },
    bounds.x,
    bounds.x + bounds.width,
    (adjustment & Adjustment.flipX) !== 0,
    (adjustment & Adjustment.slideX) !== 0,
    (adjustment & Adjustment.resizeX) !== 0,
  );
  const y = placeAxis(
    {
      anchorStart: box.y,
      anchorLength: box.height,
      anchor: rules.anchor.y,
      gravity: rules.gravity.y,
      offset: rules.offsetY,
      length: rules.height,
    },
    bounds.y,
    bounds.y + bounds.height,
    (adjustment & Adjustment.flipY) !== 0,
    (adjustment & Adjustment.slideY) !== 0,
    (adjustment & Adjustment.resizeY) !== 0,
  );
  return { x: x.start, y: y.start, width: x.length, height: y.length };
}

interface AxisRules {
  anchorStart: number;
  anchorLength: number;
  anchor: -1 | 0 | 1;
  gravity: -1 | 0 | 1;
  offset: number;
  length: number;
}

function placeAxis(
  rules: AxisRules,
  low: number,
  high: number,
  mayFlip: boolean,
  maySlide: boolean,
  mayResize: boolean,
): { start: number; length: number } {
  let start = unadjusted(rules, 1);
  let length = rules.length;
  let gravity = rules.gravity;
  const constrained = () => start < low || start + length > high;

  if (mayFlip && constrained()) {
    // The flip counts only when it ends unconstrained; otherwise the position is the one before it.
    const flipped = unadjusted(rules, -1);
    if (flipped >= low && flipped + length <= high) {
      start = flipped;
      gravity = -gravity as -1 | 0 | 1;
    }
  }
  if (maySlide && constrained()) start = slide(start, length, low, high, gravity);
  if (mayResize && constrained()) {
    const end = Math.min(start + length, high);
    const from = Math.max(start, low);
    if (end > from) {
      start = from;
      length = end - from;
    }
  }
  return { start, length };
}

/** The position by anchor, gravity and offset alone; `sense` -1 inverts anchor and gravity (but not the offset, as the text of flip_y says). */
function unadjusted(rules: AxisRules, sense: 1 | -1): number {
  const anchor = rules.anchorStart + anchorPoint(rules.anchor * sense, rules.anchorLength);
  const direction = rules.gravity * sense;
  const shift = direction > 0 ? 0 : direction < 0 ? -rules.length : -Math.floor(rules.length / 2);
  return anchor + shift + rules.offset;
}

function anchorPoint(anchor: number, length: number): number {
  return anchor < 0 ? 0 : anchor > 0 ? length : Math.floor(length / 2);
}

/** First towards the gravity, then away from it, each until the one edge is free or the other one is at its bound. */
function slide(from: number, length: number, low: number, high: number, gravity: -1 | 0 | 1): number {
  let start = from;
  const up = () => {
    if (start < low) start += Math.max(0, Math.min(low - start, high - (start + length)));
  };
  const down = () => {
    if (start + length > high) start -= Math.max(0, Math.min(start + length - high, start - low));
  };
  if (gravity < 0) {
    down();
    up();
  } else {
    up();
    down();
  }
  // Larger than the bounds: the side that the gravity comes from stays visible.
  if (start < low && start + length < high) start = Math.min(low, high - length);
  if (start + length > high && start > low) start = Math.max(low, high - length);
  return start;
}
