import { lz4Decompress } from '@switchyard/pixels/lz4Decompress';
import { CursorKind, cursorHeader } from '../wire/Wire.js';

/** Browsers ignore larger cursors. */
const LARGEST = 128;

/**
 * A cursor message as a value of the CSS property, so that the pointer moves without a round trip to the seat. `density`:
 * how many of the seat's pixels are one of CSS.
 */
export function pointerImage(message: Uint8Array, density: number): string {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const { kind, width, height, hotX, hotY } = cursorHeader.read(view, 0);
  if (kind === CursorKind.hidden) return 'none';
  if (kind === CursorKind.named) return new TextDecoder().decode(message.subarray(cursorHeader.size));
  if (kind !== CursorKind.image || width === 0 || height === 0) return 'default';

  const image = new ImageData(width, height);
  const pixels = new Uint8Array(image.data.length);
  lz4Decompress(message.subarray(cursorHeader.size), pixels);
  for (let at = 0; at < pixels.length; at += 4) {
    const alpha = pixels[at + 3]!;
    if (alpha === 0) continue;
    // The seat's pixels are premultiplied B G R A, the canvas's are plain R G B A.
    image.data[at] = Math.round((pixels[at + 2]! * 255) / alpha);
    image.data[at + 1] = Math.round((pixels[at + 1]! * 255) / alpha);
    image.data[at + 2] = Math.round((pixels[at]! * 255) / alpha);
    image.data[at + 3] = alpha;
  }
  const fine = density > 1 && CSS.supports('cursor', 'image-set(url("a") 2x), auto');
  const shown = Math.min(1 / density, LARGEST / Math.max(width, height));
  const scale = fine ? Math.min(1, shown * density) : shown;
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext('2d')!;
  context.putImageData(image, 0, 0);
  if (scale !== 1) {
    const whole = document.createElement('canvas');
    whole.width = width;
    whole.height = height;
    whole.getContext('2d')!.putImageData(image, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(whole, 0, 0, canvas.width, canvas.height);
  }
  const spot = (hot: number, size: number) =>
    Math.max(0, Math.min(Math.floor(size * shown) - 1, Math.round(hot * shown)));
  const url = `url("${canvas.toDataURL()}")`;
  const picture = fine ? `image-set(${url} ${scale / shown}x)` : url;
  return `${picture} ${spot(hotX, width)} ${spot(hotY, height)}, default`;
}
