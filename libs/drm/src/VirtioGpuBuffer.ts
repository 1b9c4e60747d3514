import { type Fd, Mapping } from '@switchyard/sys';
import { exchange } from '@switchyard/uapi/calls';
import {
  DRM_IOCTL_VIRTGPU_MAP,
  DRM_IOCTL_VIRTGPU_RESOURCE_CREATE,
  DRM_IOCTL_VIRTGPU_TRANSFER_TO_HOST,
} from '@switchyard/uapi/tables';
import type { Card } from './Card.js';
import type { PixelBuffer } from './PixelBuffer.js';

/** virtio's numbers (virtio_gpu.h, and Gallium's from which they come): a two-dimensional B8G8R8X8 picture to be drawn to. */
const TARGET_2D = 2;
const FORMAT_B8G8R8X8 = 2;
const BIND_RENDER_TARGET = 2;
const BYTES_PER_PIXEL = 4;

/**
 * A buffer of a virtio-gpu made on its render node, where dumb buffers are EACCES: a program without any right to show something
 * draws here and passes the dma-buf on.
 */
export class VirtioGpuBuffer implements PixelBuffer {
  readonly card: Card;
  readonly handle: number;
  readonly width: number;
  readonly height: number;
  readonly pitch: number;
  readonly size: number;
  readonly offset = 0;
  #mapping: Mapping | undefined;
  #disposed = false;

  private constructor(card: Card, handle: number, width: number, height: number) {
    this.card = card;
    this.handle = handle;
    this.width = width;
    this.height = height;
    this.pitch = width * BYTES_PER_PIXEL;
    this.size = this.pitch * height;
    card.handles.use(handle);
  }

  /** `card` is a render node or a card of the driver virtio_gpu; ENOTTY, EINVAL or worse from others: throws first. */
  static create(card: Card, width: number, height: number): VirtioGpuBuffer {
    if (card.driver.name !== 'virtio_gpu')
      throw new Error(`${card.fd.what} is a ${card.driver.name}, not a virtio_gpu`);
    const stride = width * BYTES_PER_PIXEL;
    const { bo_handle } = exchange(card.fd, DRM_IOCTL_VIRTGPU_RESOURCE_CREATE, {
      target: TARGET_2D,
      format: FORMAT_B8G8R8X8,
      bind: BIND_RENDER_TARGET,
      width,
      height,
      depth: 1,
      array_size: 1,
      size: stride * height,
      stride,
    });
    return new VirtioGpuBuffer(card, bo_handle, width, height);
  }

  /** The pixels, mapped at the first use. */
  get bytes(): Uint8Array {
    if (this.#disposed) throw new Error(`use of a disposed buffer of ${this.card.fd.what}`);
    if (!this.#mapping) {
      const { offset } = exchange(this.card.fd, DRM_IOCTL_VIRTGPU_MAP, { handle: this.handle });
      this.#mapping = Mapping.map(this.card.fd, this.size, { write: true, offset: Number(offset) });
    }
    return this.#mapping.bytes;
  }

  /** Hands what was drawn to the virtual machine's host, whose copy it is that virtio-gpu's own screens show. */
  flush(): void {
    exchange(this.card.fd, DRM_IOCTL_VIRTGPU_TRANSFER_TO_HOST, {
      bo_handle: this.handle,
      box: { w: this.width, h: this.height, d: 1 },
    });
  }

  export(): Fd {
    return this.card.calls.exportBuffer(this.handle);
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#mapping?.unmap();
    if (!this.card.fd.closed) this.card.handles.release(this.handle);
  }
}
