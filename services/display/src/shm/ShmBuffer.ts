import { MONITOR_STRIDE_MAX, type MonitorImage } from '@switchyard/seat';
import { type WlBufferResource, WlShmError, WlShmFormat } from '@switchyard/wayland';
import { ClientBuffer } from '../surface/ClientBuffer.js';
import type { SharedMemory } from './SharedMemory.js';
import { ShmImage } from './ShmImage.js';

/** A wl_buffer in a wl_shm_pool. */
export class ShmBuffer extends ClientBuffer {
  readonly width: number;
  readonly height: number;
  readonly opaque: boolean;
  readonly #memory: SharedMemory;
  readonly #offset: number;
  /** Bytes from row to row. */
  readonly stride: number;

  /** The caller has checked that the image lies inside the pool. */
  constructor(
    resource: WlBufferResource,
    memory: SharedMemory,
    offset: number,
    width: number,
    height: number,
    stride: number,
    format: number,
  ) {
    super(resource);
    this.width = width;
    this.height = height;
    this.opaque = format === WlShmFormat.xrgb8888;
    this.#memory = memory.hold();
    this.#offset = offset;
    this.stride = stride;
  }

  override copy(
    target: Uint8Array,
    stride: number,
    x: number,
    y: number,
    width: number,
    height: number,
  ): boolean {
    if (this.#memory.copy(target, stride, this.#offset, this.stride, x, y, width, height)) return true;
    // libwayland has it on the wl_buffer with wl_shm's code; an object that is gone is named by none.
    const buffer = this.resource;
    const text = 'the pool is larger than its file: a buffer lies (partly) behind the end';
    buffer.client.postError(buffer.alive ? buffer : undefined, WlShmError.invalid_fd, text);
    return false;
  }

  /** What is not at the memory's beginning has no way to say so to a monitor. */
  override image(): MonitorImage | undefined {
    const { width, height, stride } = this;
    if (this.#offset !== 0 || stride % 4 !== 0 || stride > MONITOR_STRIDE_MAX) return undefined;
    const size = stride * height;
    const fd = this.#memory.frozen(size);
    return fd && new ShmImage(width, height, stride, fd);
  }

  /** Writes a rectangle of `source` to the same place; false when that cannot be. */
  write(
    source: Uint8Array,
    sourceStride: number,
    x: number,
    y: number,
    width: number,
    height: number,
  ): boolean {
    return this.#memory.write(source, sourceStride, this.#offset, this.stride, x, y, width, height);
  }

  protected override free(): void {
    this.#memory.release();
  }
}
