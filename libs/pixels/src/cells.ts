import native from '@switchyard/native';

/** Numbers of one cell in `drawCells`: x and y in pixels, where its shape begins (negative: it is blank), ink and paper as 0xRRGGBB. */
export const CELL_NUMBERS = 5;

/**
 * Draws a terminal's cells, all of one size: each pixel is paper, and as much of it ink as the shape's byte says (255: all). Hot: a
 * screen of 160×45 cells in 0.5 ms. Cells that are not wholly inside the image, or whose shape is not, are left out.
 */
export function drawCells(
  to: Uint8Array,
  toStride: number,
  shapes: Uint8Array,
  width: number,
  height: number,
  cells: Int32Array,
  count: number,
): void {
  native.drawCells(to, toStride, shapes, width, height, cells, count);
}
