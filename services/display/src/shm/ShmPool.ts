import {
  type WlBufferResource,
  WlShmError,
  WlShmFormat,
  type WlShmPoolRequests,
  type WlShmPoolResource,
} from '@switchyard/wayland';
import type { Quota } from '../Quota.js';
import type { SharedMemory } from './SharedMemory.js';
import { ShmBuffer } from './ShmBuffer.js';

/** Formats that every client here can draw; 10-bit ones would be picked by Mesa first, to nobody's gain. */
export const formats: readonly WlShmFormat[] = [WlShmFormat.argb8888, WlShmFormat.xrgb8888];

/** Twice the largest output, for windows that have shadows or are being scaled; and 16384² × 4 still is 1 GiB. */
const maxBufferSide = 16_384;

/** A wl_shm_pool: hands out buffers in a client's shared memory. */
export class ShmPool implements WlShmPoolRequests {
  readonly #memory: SharedMemory;
  readonly #quota: Quota;

  constructor(resource: WlShmPoolResource, memory: SharedMemory, quota: Quota) {
    this.#memory = memory;
    this.#quota = quota;
    resource.onDestroy(() => memory.release());
  }

  createBuffer(
    pool: WlShmPoolResource,
    buffer: WlBufferResource,
    offset: number,
    width: number,
    height: number,
    stride: number,
    format: number,
  ): void {
    if (!formats.some((known) => known === format)) {
      pool.client.postError(pool, WlShmError.invalid_format, `unknown format 0x${format.toString(16)}`);
      refuse(buffer);
      return;
    }
    const fits =
      offset >= 0 &&
      width > 0 &&
      height > 0 &&
      width <= maxBufferSide &&
      height <= maxBufferSide &&
      stride >= width * 4 &&
      offset + stride * height <= this.#memory.size;
    if (!fits) {
      const shape = `${width}×${height}, stride ${stride}, offset ${offset} in a pool of ${this.#memory.size} bytes`;
      pool.client.postError(pool, WlShmError.invalid_stride, `invalid buffer: ${shape}`);
      refuse(buffer);
      return;
    }
    buffer.implement(new ShmBuffer(buffer, this.#memory, offset, width, height, stride, format));
  }

  resize(pool: WlShmPoolResource, size: number): void {
    if (size < this.#memory.size) {
      pool.client.postError(
        pool,
        WlShmError.invalid_fd,
        `a pool of ${this.#memory.size} cannot shrink to ${size} bytes`,
      );
      return;
    }
    if (!this.#quota.growShared(size - this.#memory.size)) {
      pool.client.postNoMemory();
      return;
    }
    this.#memory.grow(size);
  }

  destroy(): void {}
}

/** The client has been ended; the new object needs a handler all the same, for the rest of this request. */
function refuse(buffer: WlBufferResource): void {
  buffer.implement({ destroy() {} });
}
