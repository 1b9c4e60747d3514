/** A rectangle of whole pixels or surface units; empty when width or height is not positive. */
export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export function intersection(a: Rectangle, b: Rectangle): Rectangle {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y),
  };
}

/** The smallest rectangle that holds both; an empty one adds nothing. */
export function bounding(a: Rectangle, b: Rectangle): Rectangle {
  if (isEmpty(a)) return { ...b };
  if (isEmpty(b)) return { ...a };
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

export function isEmpty(r: Rectangle): boolean {
  return r.width <= 0 || r.height <= 0;
}

export function contains(r: Rectangle, x: number, y: number): boolean {
  return x >= r.x && y >= r.y && x < r.x + r.width && y < r.y + r.height;
}
