import type { Card, Crtc, DumbBuffer } from '@switchyard/drm';
import type { CursorImage } from '@switchyard/seat';
import { SystemError } from '@switchyard/sys';

/** The pointer's picture, as the hardware lays it over the frame: it moves without anything being drawn. */
export class CursorPlane implements Disposable {
  readonly #crtc: Crtc;
  readonly #pixels: DumbBuffer;
  #image: CursorImage | undefined;
  /** The driver has none: there is no pointer to be seen. */
  #none = false;

  constructor(card: Card, crtc: Crtc) {
    this.#crtc = crtc;
    const { width, height } = card.capabilities.cursor;
    this.#pixels = card.createDumbBuffer(width, height);
  }

  /** Undefined: it is not to be seen. What is larger than the hardware's is cut. */
  show(image: CursorImage | undefined): void {
    this.#image = image;
    this.#try(() => {
      if (!image) {
        this.#crtc.hideCursor();
        return;
      }
      const { bytes, pitch, width, height } = this.#pixels;
      bytes.fill(0);
      const row = Math.min(image.width, width) * 4;
      for (let y = 0; y < Math.min(image.height, height); y++) {
        const from = y * image.width * 4;
        bytes.set(image.pixels.subarray(from, from + row), y * pitch);
      }
      this.#crtc.setCursor(this.#pixels, { x: image.hotX, y: image.hotY });
    });
  }

  /** Where it points, in pixels of the screen. */
  moveTo(x: number, y: number): void {
    const image = this.#image;
    if (image) this.#try(() => this.#crtc.moveCursor(Math.round(x) - image.hotX, Math.round(y) - image.hotY));
  }

  [Symbol.dispose](): void {
    this.#pixels[Symbol.dispose]();
  }

  #try(change: () => void): void {
    if (this.#none) return;
    try {
      change();
    } catch (error) {
      // ENXIO: there is no such plane. EACCES: the card is another's now; `show` comes again with it.
      if (!(error instanceof SystemError)) throw error;
      if (error.code === 'ENXIO') this.#none = true;
    }
  }
}
