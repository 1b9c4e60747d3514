import { type Area, boxBottom, boxLeft, boxRight, boxTop, TILE } from '../DirtyTiles.js';
import { rectangle } from './Messages.js';
import type { PixelFormat } from './PixelFormat.js';
import { PixelWords } from './PixelWords.js';
import type { Encoded, RectangleEncoder } from './RectangleEncoder.js';
import type { RfbScreen } from './RfbScreen.js';
import type { RfbScreens } from './RfbScreens.js';

/** Pixels of one update: a 4K screen needs two, and memory for one is bounded. */
const UPDATE_PIXELS_MAX = 4 * 1024 * 1024;
/** Tight allows no wider rectangle. */
const WIDTH_MAX = 2048;

export interface EncodedRectangle {
  head: Buffer;
  encoded: Encoded;
}

/** The unseen parts of the framebuffer as rectangles, and marks them as sent. What is beyond an update's bound stays unseen. */
export function encodeUnseen(
  screens: RfbScreens,
  encoder: RectangleEncoder,
  format: PixelFormat,
  exact: boolean,
): EncodedRectangle[] {
  const rectangles: EncodedRectangle[] = [];
  let room = UPDATE_PIXELS_MAX;
  for (const screen of screens.list) {
    if (room > 0) room -= encodeScreen(screen, encoder, format, exact, room, rectangles);
  }
  while (room > 0 && screens.black.length > 0) {
    const area = screens.black.pop()!;
    for (let from = 0; from < area.width; from += WIDTH_MAX) {
      const width = Math.min(WIDTH_MAX, area.width - from);
      rectangles.push(blackRectangle({ ...area, x: area.x + from, width }, encoder, format));
    }
    room -= area.width * area.height;
  }
  return rectangles;
}

function blackRectangle(
  { x, y, width, height }: Area,
  encoder: RectangleEncoder,
  format: PixelFormat,
): EncodedRectangle {
  // One row, which is all of them: the next begins no words later.
  const pixels = new PixelWords(new Uint32Array(width), 0, 0, 0, width, height);
  const head = rectangle.write({ x, y, width, height, encoding: encoder.encoding });
  return { head, encoded: encoder.encode(pixels, format, true) };
}

/**
 * Runs of tiles in a row that have the same rows dirty become one rectangle. Returns how many pixels they are; when that
 * is `room` or more the rest stays unseen.
 */
function encodeScreen(
  { monitor, unseen, x: left }: RfbScreen,
  encoder: RectangleEncoder,
  format: PixelFormat,
  exact: boolean,
  room: number,
  rectangles: EncodedRectangle[],
): number {
  const { words, width: stride } = monitor.picture;
  const { boxes, columns } = unseen;
  const now = performance.now();
  let pixels = 0;
  for (let tile = 0; tile < boxes.length && pixels < room; tile++) {
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
    const head = rectangle.write({ x: left + x, y, width, height, encoding: encoder.encoding });
    rectangles.push({ head, encoded });
    for (let sent = tile; sent <= last; sent++) unseen.sent(sent, encoded.lossy ? now : 0);
    pixels += width * height;
    tile = last;
  }
  return pixels;
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
