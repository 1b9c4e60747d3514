import { SystemError } from '@switchyard/sys';
import type { DrmClip } from '@switchyard/uapi/calls';
import { DRM_FORMAT } from '@switchyard/uapi/tables';
import type { Card } from './Card.js';
import type { PixelBuffer } from './PixelBuffer.js';

/** A buffer that can be shown. It keeps the buffer's memory, not the object. Disposing of it turns off what shows it. */
export class Framebuffer implements Disposable {
  readonly card: Card;
  readonly id: number;
  readonly width: number;
  readonly height: number;
  #disposed = false;

  private constructor(card: Card, id: number, width: number, height: number) {
    this.card = card;
    this.id = id;
    this.width = width;
    this.height = height;
  }

  /** `format` is one of DRM_FORMAT, four bytes a pixel. EINVAL: the driver shows none such, or the buffer is too small for it. */
  static create(buffer: PixelBuffer, format: number = DRM_FORMAT.XRGB8888): Framebuffer {
    const { card, handle, width, height, pitch, offset } = buffer;
    const id = card.calls.buffers.addFramebuffer({
      width,
      height,
      pixel_format: format,
      handles: [handle],
      pitches: [pitch],
      offsets: [offset],
    });
    return new Framebuffer(card, id, width, height);
  }

  /**
   * Says what changed, to drivers that send pictures somewhere (virtio-gpu, cirrus, udl, and nearly all of a VM's); none =
   * everything. Others need no telling, which is no error.
   */
  dirty(clips?: readonly DrmClip[]): void {
    try {
      this.card.calls.buffers.dirty(this.id, clips);
    } catch (error) {
      if (!(error instanceof SystemError && error.code === 'ENOSYS')) throw error;
    }
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    if (!this.card.fd.closed) this.card.calls.buffers.removeFramebuffer(this.id);
  }
}
