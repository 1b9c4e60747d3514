import type { Rectangle } from './Rectangle.js';

/**
 * wl_output.transform: bits 0-1 turn counter-clockwise in steps of 90°, bit 2 flips around the vertical axis first.
 * A buffer's transform says how its content was turned, so that the compositor turns it back.
 */
export type Transform = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

export function isTransform(value: number): value is Transform {
  return Number.isInteger(value) && value >= 0 && value <= 7;
}

/** Whether width and height change places. */
export function swapsAxes(transform: Transform): boolean {
  return (transform & 1) === 1;
}

/** The transform that undoes it: a flipped one undoes itself. */
export function invert(transform: Transform): Transform {
  return transform & 4 ? transform : (((4 - transform) & 3) as Transform);
}

/**
 * Maps a rectangle of an area of `width` × `height` through `transform`, as wl_surface.set_buffer_transform's surface
 * coordinates come from buffer coordinates: the result is in an area whose axes are swapped for 90° and 270°.
 */
export function transformRectangle(
  r: Rectangle,
  transform: Transform,
  width: number,
  height: number,
): Rectangle {
  const { x, y, width: w, height: h } = r;
  switch (transform) {
    case 0:
      return { x, y, width: w, height: h };
    case 1:
      return { x: height - y - h, y: x, width: h, height: w };
    case 2:
      return { x: width - x - w, y: height - y - h, width: w, height: h };
    case 3:
      return { x: y, y: width - x - w, width: h, height: w };
    case 4:
      return { x: width - x - w, y, width: w, height: h };
    case 5:
      return { x: y, y: x, width: h, height: w };
    case 6:
      return { x, y: height - y - h, width: w, height: h };
    case 7:
      return { x: height - y - h, y: width - x - w, width: h, height: w };
  }
}
