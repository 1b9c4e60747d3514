import type {
  WlBufferResource,
  WpSinglePixelBufferManagerV1Requests,
  WpSinglePixelBufferManagerV1Resource,
} from '@switchyard/wayland';
import { ClientBuffer } from './ClientBuffer.js';

/** The wp_single_pixel_buffer_manager_v1 global: a colour as a buffer, to be stretched by a viewport. */
export class SinglePixelBuffers implements WpSinglePixelBufferManagerV1Requests {
  createU32RgbaBuffer(
    _: WpSinglePixelBufferManagerV1Resource,
    id: WlBufferResource,
    red: number,
    green: number,
    blue: number,
    alpha: number,
  ): void {
    id.implement(new SinglePixelBuffer(id, red, green, blue, alpha));
  }

  destroy(): void {}
}

/** One pixel, with channels of 32 bits and premultiplied alpha. */
class SinglePixelBuffer extends ClientBuffer {
  readonly width = 1;
  readonly height = 1;
  readonly opaque: boolean;
  /** As in memory: blue, green, red, alpha. */
  readonly #pixel: Uint8Array;

  constructor(resource: WlBufferResource, red: number, green: number, blue: number, alpha: number) {
    super(resource);
    this.#pixel = Uint8Array.of(blue >>> 24, green >>> 24, red >>> 24, alpha >>> 24);
    this.opaque = this.#pixel[3] === 0xff;
  }

  override copy(target: Uint8Array): boolean {
    target.set(this.#pixel);
    return true;
  }

  protected override free(): void {}
}
