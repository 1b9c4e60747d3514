import {
  type Card,
  type Connector,
  type Crtc,
  type DumbBuffer,
  Framebuffer,
  type Mode,
} from '@switchyard/drm';
import { copyRectangle, fillRectangle, Region } from '@switchyard/pixels';
import type { AttachedBuffer } from '@switchyard/seat';

const black = 0xff000000;

interface Buffer {
  readonly pixels: DumbBuffer;
  readonly framebuffer: Framebuffer;
  /** Where it is older than the newest frame. */
  readonly stale: Region;
}

/**
 * A CRTC that shows frames on a connector, out of two dumb buffers in turn.
 *
 *   off ──start──▶ still ──flip──▶ flipping ──flipped──▶ still        any ──start──▶ still (after its card was another's)
 */
export class Scanout implements Disposable {
  readonly crtc: Crtc;
  readonly connector: Connector;
  readonly mode: Mode;
  readonly #buffers: readonly [Buffer, Buffer];
  #front = 0;
  #flipping = false;

  constructor(card: Card, crtc: Crtc, connector: Connector, mode: Mode) {
    this.crtc = crtc;
    this.connector = connector;
    this.mode = mode;
    const make = (): Buffer => {
      const pixels = card.createDumbBuffer(mode.width, mode.height);
      return { pixels, framebuffer: Framebuffer.create(pixels), stale: new Region() };
    };
    this.#buffers = [make(), make()];
  }

  get flipping(): boolean {
    return this.#flipping;
  }

  /** Something is new there in the next frame. */
  damage(x: number, y: number, width: number, height: number): void {
    for (const { stale } of this.#buffers) stale.add(x, y, width, height);
  }

  /** Sets the mode with this frame, or without one with black. EACCES: the card is another's now. */
  start(frame: AttachedBuffer | undefined): void {
    this.damage(0, 0, this.mode.width, this.mode.height);
    const buffer = this.#draw(frame);
    this.crtc.show(buffer.framebuffer, this.mode, [this.connector]);
    this.#flipping = false;
    this.#front = this.#buffers.indexOf(buffer);
  }

  /** Shows the frame from the next vertical blank on; `flipped` is to be called then. EACCES: as above. */
  flip(frame: AttachedBuffer | undefined): void {
    this.crtc.flip(this.#draw(frame).framebuffer);
    this.#flipping = true;
  }

  flipped(): void {
    if (!this.#flipping) return;
    this.#flipping = false;
    this.#front = 1 - this.#front;
  }

  [Symbol.dispose](): void {
    for (const { framebuffer, pixels } of this.#buffers) {
      framebuffer[Symbol.dispose]();
      pixels[Symbol.dispose]();
    }
  }

  /** Brings the buffer that is not shown up to date. */
  #draw(frame: AttachedBuffer | undefined): Buffer {
    const buffer = this.#buffers[1 - this.#front]!;
    const { pixels, stale } = buffer;
    const { width, height } = this.mode;
    stale.intersect(0, 0, width, height);
    const { rectangles, count } = stale;
    for (let i = 0; i < count * 4; i += 4) {
      const x = rectangles[i]!;
      const y = rectangles[i + 1]!;
      const right = x + rectangles[i + 2]!;
      const bottom = y + rectangles[i + 3]!;
      // A frame may still have the size of the mode before.
      const w = Math.min(right, frame?.width ?? 0) - x;
      const h = Math.min(bottom, frame?.height ?? 0) - y;
      if (right - x > w || bottom - y > h)
        fillRectangle(pixels.bytes, pixels.pitch, x, y, right - x, bottom - y, black);
      if (frame && w > 0 && h > 0)
        copyRectangle(pixels.bytes, pixels.pitch, x, y, frame.bytes, frame.stride, x, y, w, h);
    }
    stale.clear();
    return buffer;
  }
}
