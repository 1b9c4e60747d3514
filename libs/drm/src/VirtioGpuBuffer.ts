import { Mapping } from '@switchyard/sys';
import { exchange } from '@switchyard/uapi/calls';
import {
  DRM_IOCTL_VIRTGPU_MAP,
  DRM_IOCTL_VIRTGPU_RESOURCE_CREATE,
  DRM_IOCTL_VIRTGPU_TRANSFER_TO_HOST,
} from '@switchyard/uapi/tables';
import type { Card } from './Card.js';
import { MappedBuffer } from './MappedBuffer.js';

/** virtio's numbers (virtio_gpu.h, and Gallium's from which they come): a two-dimensional B8G8R8X8 picture to be drawn to. */
const TARGET_2D = 2;
const FORMAT_B8G8R8X8 = 2;
const BIND_RENDER_TARGET = 2;
const BYTES_PER_PIXEL = 4;

/**
 * A buffer of a virtio-gpu made on its render node, where dumb buffers are EACCES: a program without any right to show something
 * draws here and passes the dma-buf on.
 */
export class VirtioGpuBuffer extends MappedBuffer {
  /** `card` is a render node or a card of the driver virtio_gpu; ENOTTY, EINVAL or worse from others: throws first. */
  static create(card: Card, width: number, height: number): VirtioGpuBuffer {
    if (card.driver.name !== 'virtio_gpu')
      throw new Error(`${card.fd.what} is a ${card.driver.name}, not a virtio_gpu`);
    const pitch = width * BYTES_PER_PIXEL;
    const size = pitch * height;
    const { bo_handle } = exchange(card.fd, DRM_IOCTL_VIRTGPU_RESOURCE_CREATE, {
      target: TARGET_2D,
      format: FORMAT_B8G8R8X8,
      bind: BIND_RENDER_TARGET,
      width,
      height,
      depth: 1,
      array_size: 1,
      size,
      stride: pitch,
    });
    return new VirtioGpuBuffer(card, { handle: bo_handle, width, height, pitch, size });
  }

  protected map(): Mapping {
    const { offset } = exchange(this.card.fd, DRM_IOCTL_VIRTGPU_MAP, { handle: this.handle });
    return Mapping.map(this.card.fd, this.size, { write: true, offset: Number(offset) });
  }

  /** Hands what was drawn to the virtual machine's host, whose copy it is that virtio-gpu's own screens show. */
  flush(): void {
    exchange(this.card.fd, DRM_IOCTL_VIRTGPU_TRANSFER_TO_HOST, {
      bo_handle: this.handle,
      box: { w: this.width, h: this.height, d: 1 },
    });
  }
}
