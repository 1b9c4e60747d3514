import { type Fd, Mapping } from '@switchyard/sys';
import { drmClipRect } from '../drm.js';
import type { drmModeFbCmd2 } from '../drmMode.js';
import * as ioctls from '../drmModeIoctls.js';
import type { Given, Value } from '../Field.js';
import { exchange, put } from './Call.js';
import { callWith } from './Memory.js';

export interface DumbBuffer {
  readonly handle: number;
  readonly width: number;
  readonly height: number;
  /** Bytes of a row, and of all. */
  readonly pitch: number;
  readonly size: number;
}

/** A part of a picture: x1 and y1 are in it, x2 and y2 are not. */
export type DrmClip = Value<typeof drmClipRect>;

/** A card's dumb buffers, which the processor draws into, and framebuffers, which are buffers that can be shown. */
export class DrmBuffers {
  readonly fd: Fd;

  constructor(fd: Fd) {
    this.fd = fd;
  }

  /** Zeroed memory. It lives until destroyed or until this open file ends, and as long as it is mapped or shown. */
  createDumb(width: number, height: number, bitsPerPixel = 32): DumbBuffer {
    const created = exchange(this.fd, ioctls.DRM_IOCTL_MODE_CREATE_DUMB, {
      width,
      height,
      bpp: bitsPerPixel,
    });
    return { handle: created.handle, width, height, pitch: created.pitch, size: Number(created.size) };
  }

  /** The caller unmaps it. A mapping keeps the open file alive: leases of it end late. */
  mapDumb({ handle, size }: Pick<DumbBuffer, 'handle' | 'size'>): Mapping {
    const { offset } = exchange(this.fd, ioctls.DRM_IOCTL_MODE_MAP_DUMB, { handle });
    return Mapping.map(this.fd, size, { write: true, offset: Number(offset) });
  }

  destroyDumb(handle: number): void {
    put(this.fd, ioctls.DRM_IOCTL_MODE_DESTROY_DUMB, { handle });
  }

  /** The new framebuffer's id. Arrays have an element per plane of the format; `modifier` needs the flag DRM_MODE_FB.MODIFIERS. */
  addFramebuffer(
    framebuffer: Given<typeof drmModeFbCmd2> & { width: number; height: number; pixel_format: number },
  ): number {
    return exchange(this.fd, ioctls.DRM_IOCTL_MODE_ADDFB2, framebuffer).fb_id;
  }

  /** Turns off what shows it, too. */
  removeFramebuffer(id: number): void {
    put(this.fd, ioctls.DRM_IOCTL_MODE_RMFB, id);
  }

  /** The caller closes the handles, which are 0 for who is neither master nor CAP_SYS_ADMIN. */
  framebuffer(id: number): Value<typeof drmModeFbCmd2> {
    return exchange(this.fd, ioctls.DRM_IOCTL_MODE_GETFB2, { fb_id: id });
  }

  /** Tells a driver that keeps a copy of the picture what changed; none = everything. ENOSYS: it keeps none. */
  dirty(framebuffer: number, clips: readonly DrmClip[] = []): void {
    const memory = new DataView(new ArrayBuffer(clips.length * drmClipRect.size));
    for (const [i, clip] of clips.entries()) drmClipRect.write(memory, i * drmClipRect.size, clip);
    const given = { fb_id: framebuffer };
    if (clips.length === 0) put(this.fd, ioctls.DRM_IOCTL_MODE_DIRTYFB, given);
    else callWith(this.fd, ioctls.DRM_IOCTL_MODE_DIRTYFB, given, { clips_ptr: memory });
  }
}
