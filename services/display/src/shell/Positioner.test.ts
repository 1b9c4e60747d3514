import { expect, test } from 'vitest';
import { Adjustment, direction, emptyRules, isComplete, type PositionerRules, place } from './Positioner.js';

const screen = { x: 0, y: 0, width: 100, height: 100 };
const Top = 1;
const Bottom = 2;
const Left = 3;
const Right = 4;
const TopLeft = 5;
const BottomLeft = 6;
const TopRight = 7;
const BottomRight = 8;

function rules(values: Partial<PositionerRules> & { anchorValue?: number; gravityValue?: number }) {
  const { anchorValue = 0, gravityValue = 0, ...rest } = values;
  return {
    ...emptyRules(),
    width: 20,
    height: 10,
    anchorRectangle: { x: 40, y: 40, width: 10, height: 6 },
    anchored: true,
    anchor: direction(anchorValue)!,
    gravity: direction(gravityValue)!,
    ...rest,
  };
}

test('the nine anchors pick the corners, edge middles and middle of the anchor rectangle', () => {
  const at = (anchorValue: number) => {
    const { x, y } = place(rules({ anchorValue, gravityValue: BottomRight }), screen);
    return [x, y];
  };
  expect([0, Top, Bottom, Left, Right, TopLeft, BottomLeft, TopRight, BottomRight].map(at)).toEqual([
    [45, 43],
    [45, 40],
    [45, 46],
    [40, 43],
    [50, 43],
    [40, 40],
    [40, 46],
    [50, 40],
    [50, 46],
  ]);
});

test('gravity is the direction in which the popup lies from its anchor', () => {
  const at = (gravityValue: number) => {
    const { x, y } = place(rules({ anchorValue: TopLeft, gravityValue }), screen);
    return [x, y];
  };
  expect([0, Top, Bottom, Left, Right, TopLeft, BottomLeft, TopRight, BottomRight].map(at)).toEqual([
    [30, 35],
    [30, 30],
    [30, 40],
    [20, 35],
    [40, 35],
    [20, 30],
    [20, 40],
    [40, 30],
    [40, 40],
  ]);
});

test('a value outside the enum is no direction', () => {
  expect(direction(9)).toBeUndefined();
  expect(direction(-1)).toBeUndefined();
});

test('an offset moves the popup, and an unconstrained popup is not adjusted', () => {
  const placed = place(
    rules({ anchorValue: BottomLeft, gravityValue: BottomRight, offsetX: 3, offsetY: -2, adjustment: 63 }),
    screen,
  );
  expect(placed).toEqual({ x: 43, y: 44, width: 20, height: 10 });
});

test('without adjustment a constrained popup stays where its rules put it', () => {
  const box = { x: 95, y: 95, width: 5, height: 5 };
  expect(
    place(rules({ anchorRectangle: box, anchorValue: BottomRight, gravityValue: BottomRight }), screen),
  ).toEqual({
    x: 100,
    y: 100,
    width: 20,
    height: 10,
  });
});

test('a menu that does not fit below flips above its anchor', () => {
  const box = { x: 10, y: 90, width: 30, height: 5 };
  const placed = place(
    rules({
      anchorRectangle: box,
      anchorValue: BottomLeft,
      gravityValue: BottomRight,
      adjustment: Adjustment.flipY,
    }),
    screen,
  );
  expect(placed).toEqual({ x: 10, y: 80, width: 20, height: 10 });
});

test('a flip that would be constrained too is not made', () => {
  const box = { x: 10, y: 4, width: 30, height: 5 };
  const placed = place(
    rules({
      anchorRectangle: box,
      height: 95,
      anchorValue: BottomLeft,
      gravityValue: BottomRight,
      adjustment: Adjustment.flipY,
    }),
    screen,
  );
  expect(placed).toEqual({ x: 10, y: 9, width: 20, height: 95 });
});

test('a flip keeps the offset as it is', () => {
  const box = { x: 10, y: 90, width: 30, height: 5 };
  const placed = place(
    rules({
      anchorRectangle: box,
      anchorValue: BottomLeft,
      gravityValue: BottomRight,
      offsetY: -3,
      adjustment: Adjustment.flipY,
    }),
    screen,
  );
  expect(placed.y).toBe(90 - 10 - 3);
});

test('sliding stops when the popup is inside', () => {
  const box = { x: 90, y: 50, width: 5, height: 5 };
  const right = place(
    rules({
      anchorRectangle: box,
      anchorValue: Right,
      gravityValue: Right,
      adjustment: Adjustment.slideX,
    }),
    screen,
  );
  expect(right.x).toBe(80);
  const left = place(
    rules({
      anchorRectangle: { x: 5, y: 50, width: 5, height: 5 },
      anchorValue: Left,
      gravityValue: Left,
      adjustment: Adjustment.slideX,
    }),
    screen,
  );
  expect(left.x).toBe(0);
});

test('a popup wider than the bounds slides until the edge that its gravity comes from is visible', () => {
  const placed = place(
    rules({ width: 150, anchorValue: Right, gravityValue: Right, adjustment: Adjustment.slideX }),
    screen,
  );
  expect(placed.x).toBe(0);
  const other = place(
    rules({ width: 150, anchorValue: Left, gravityValue: Left, adjustment: Adjustment.slideX }),
    screen,
  );
  expect(other.x).toBe(-50);
});

test('resizing cuts the popup at the bounds, each axis for itself', () => {
  const box = { x: 90, y: 95, width: 5, height: 3 };
  const placed = place(
    rules({
      anchorRectangle: box,
      anchorValue: BottomLeft,
      gravityValue: BottomRight,
      adjustment: Adjustment.resizeX,
    }),
    screen,
  );
  expect(placed).toEqual({ x: 90, y: 98, width: 10, height: 10 });
});

test('slide comes before resize, and resize before nothing', () => {
  const placed = place(
    rules({
      width: 150,
      anchorValue: Right,
      gravityValue: Right,
      adjustment: Adjustment.slideX | Adjustment.resizeX,
    }),
    screen,
  );
  expect(placed).toMatchObject({ x: 0, width: 100 });
});

test('a popup entirely outside the bounds is not resized to nothing', () => {
  const box = { x: 200, y: 40, width: 5, height: 5 };
  const placed = place(
    rules({
      anchorRectangle: box,
      anchorValue: Right,
      gravityValue: Right,
      adjustment: Adjustment.resizeX,
    }),
    screen,
  );
  expect(placed).toMatchObject({ x: 205, width: 20 });
});

test('bounds that begin left of the parent allow negative positions', () => {
  const placed = place(rules({ anchorValue: Left, gravityValue: Left, width: 60, adjustment: 63 }), {
    x: -30,
    y: -30,
    width: 100,
    height: 100,
  });
  expect(placed.x).toBe(-20);
});

test('rules are complete with a size and an anchor rectangle, which may be a point', () => {
  expect(isComplete(emptyRules())).toBe(false);
  expect(isComplete(rules({}))).toBe(true);
  expect(isComplete(rules({ width: 0 }))).toBe(false);
  expect(isComplete(rules({ anchored: false }))).toBe(false);
  expect(isComplete(rules({ anchorRectangle: { x: 5, y: 5, width: 0, height: 0 } }))).toBe(true);
});
