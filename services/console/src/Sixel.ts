import type { IParser } from '@xterm/headless';
import { Decoder } from 'sixel/lib/Decoder.js';
import { type Bitmap, bitmapOf, PICTURE_BYTES } from './Pictures.js';

/** The decoder's own memory for one picture. Above, the picture is left out. */
const DECODER_BYTES = PICTURE_BYTES;
/** What it may keep when it is done. */
const KEPT_BYTES = 4 << 20;

/** DCS … q: pictures of a DEC terminal. `show` gets each that could be read. */
export function registerSixel(parser: IParser, show: (bitmap: Bitmap) => void): void {
  let decoder: Decoder | undefined;
  parser.registerDcsHandler({ final: 'q' }, (data, parameters) => {
    decoder ??= new Decoder({ memoryLimit: DECODER_BYTES });
    try {
      // The second parameter 1: pixels that are not drawn stay as they were; else they are black.
      decoder.init(parameters[1] === 1 ? 0 : 0xff000000, null, 256);
      decoder.decodeString(data);
      const { width, height, data8 } = decoder;
      if (width > 0 && height > 0)
        show(bitmapOf(new Uint8Array(data8.buffer, data8.byteOffset), width, height, 4));
    } catch {
      // Not a picture, or too large a one.
    }
    if (decoder.memoryUsage > KEPT_BYTES) decoder.release();
    return true;
  });
}
