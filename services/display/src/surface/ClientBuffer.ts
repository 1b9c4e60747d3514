import type { MonitorImage } from '@switchyard/seat';
import type { WlBufferRequests, WlBufferResource } from '@switchyard/wayland';

/**
 * A wl_buffer: pixels that a client lends us until `release`. Kinds of buffers extend it; a surface only copies.
 *
 * Its memory is held by the wl_buffer and by every surface state that the buffer waits in, so that a client may
 * destroy the object as soon as it has committed it.
 */
export abstract class ClientBuffer implements WlBufferRequests {
  abstract readonly width: number;
  abstract readonly height: number;
  /** The alpha channel, if there is one, means nothing. */
  abstract readonly opaque: boolean;
  readonly resource: WlBufferResource;
  #holders = 1;

  constructor(resource: WlBufferResource) {
    this.resource = resource;
    resource.onDestroy(() => this.drop());
  }

  /**
   * Copies a rectangle, which lies inside the buffer, to the same place of `target` (8888 pixels, rows of `stride`
   * bytes). False when the memory is not there any more; then the client has been ended with an error on the wl_buffer.
   */
  abstract copy(
    target: Uint8Array,
    stride: number,
    x: number,
    y: number,
    width: number,
    height: number,
  ): boolean;

  /**
   * The same memory as an image for monitors, if neither the client nor anybody else can change it or take it away any
   * more. The caller disposes of it.
   */
  image(): MonitorImage | undefined {
    return undefined;
  }

  /** The memory is not needed any more. */
  protected abstract free(): void;

  hold(): this {
    this.#holders++;
    return this;
  }

  drop(): void {
    if (--this.#holders === 0) this.free();
  }

  /** Lets the client draw into it again. */
  release(): void {
    this.resource.sendRelease();
  }

  destroy(): void {}
}
