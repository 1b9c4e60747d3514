import { boxBottom, boxLeft, boxRight, boxTop, type DirtyTiles, TILE } from '../DirtyTiles.js';
import type { Picture } from '../Picture.js';
import { rectangle } from './Messages.js';
import type { PixelFormat } from './PixelFormat.js';
import { PixelWords } from './PixelWords.js';
import type { Encoded, RectangleEncoder } from './RectangleEncoder.js';

/** Pixels of one update: a 4K screen needs two, and memory for one is bounded. */
const UPDATE_PIXELS_MAX = 4 * 1024 * 1024;
/** Tight allows no wider rectangle. */
const WIDTH_MAX = 2048;

export interface EncodedRectangle {
  head: Buffer;
  encoded: Encoded;
}

/**
 * The unseen parts of the picture as rectangles, and marks them as sent. Runs of tiles in a row that have the same rows
 * dirty become one. What is beyond an update's bound stays unseen.
 */
export function encodeUnseen(
  unseen: DirtyTiles,
  { words, width: stride }: Picture,
  encoder: RectangleEncoder,
  format: PixelFormat,
  exact: boolean,
): EncodedRectangle[] {
  const { boxes, columns } = unseen;
  const now = performance.now();
  const rectangles: EncodedRectangle[] = [];
  let pixels = 0;
  for (let tile = 0; tile < boxes.length && pixels < UPDATE_PIXELS_MAX; tile++) {
    const box = boxes[tile]!;
    if (box === 0) continue;
    let last = tile;
    while (joins(boxes, columns, last, last + 1 - tile)) last++;
    const column = tile % columns;
    const x = column * TILE + boxLeft(box);
    const y = ((tile - column) / columns) * TILE + boxTop(box);
    const width = (column + last - tile) * TILE + boxRight(boxes[last]!) - x;
    const height = boxBottom(box) - boxTop(box);
    const encoded = encoder.encode(new PixelWords(words, stride, x, y, width, height), format, exact);
    rectangles.push({ head: rectangle.write({ x, y, width, height, encoding: encoder.encoding }), encoded });
    for (let sent = tile; sent <= last; sent++) unseen.sent(sent, encoded.lossy ? now : 0);
    pixels += width * height;
    tile = last;
  }
  return rectangles;
}

/** Whether the run of `tiles` tiles that ends with `tile` goes on with the one to its right. */
function joins(boxes: Uint32Array, columns: number, tile: number, tiles: number): boolean {
  if ((tile + 1) % columns === 0 || (tiles + 1) * TILE > WIDTH_MAX) return false;
  const [box, next] = [boxes[tile]!, boxes[tile + 1]!];
  return (
    next !== 0 &&
    boxRight(box) === TILE &&
    boxLeft(next) === 0 &&
    boxTop(box) === boxTop(next) &&
    boxBottom(box) === boxBottom(next)
  );
}
