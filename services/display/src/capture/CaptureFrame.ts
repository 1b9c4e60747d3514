import { Region } from '@switchyard/pixels';
import {
  ExtImageCopyCaptureFrameV1Error,
  ExtImageCopyCaptureFrameV1FailureReason,
  type ExtImageCopyCaptureFrameV1Requests,
  type ExtImageCopyCaptureFrameV1Resource,
  type WlBufferResource,
  WlOutputTransform,
  WlShmFormat,
} from '@switchyard/wayland';
import { ShmBuffer } from '../shm/ShmBuffer.js';
import { captureTime } from './CaptureTime.js';
import type { Picture } from './Picture.js';

/** A frame's damage is told in so many rectangles. */
const maxDamage = 16;

/**
 * An ext_image_copy_capture_frame_v1.
 *
 *   described ──capture──▶ captured ──ready | failed──▶ over
 */
export class CaptureFrame implements ExtImageCopyCaptureFrameV1Requests {
  readonly #resource: ExtImageCopyCaptureFrameV1Resource;
  readonly #capture: (frame: CaptureFrame) => void;
  readonly #damage = new Region();
  #buffer: ShmBuffer | undefined;
  #attached = false;
  #captured = false;

  /** `capture`: the client wants it now. */
  constructor(resource: ExtImageCopyCaptureFrameV1Resource, capture: (frame: CaptureFrame) => void) {
    this.#resource = resource;
    this.#capture = capture;
    resource.onDestroy(() => this.#setBuffer(undefined));
  }

  /** The buffer is as the picture needs it. */
  fits(picture: Picture): boolean {
    const buffer = this.#buffer;
    const opaque = picture.format === WlShmFormat.xrgb8888;
    return buffer?.width === picture.width && buffer.height === picture.height && buffer.opaque === opaque;
  }

  /** Copies what the client's buffer lacks, and tells; false when its memory is not there. */
  copy(picture: Picture): boolean {
    const resource = this.#resource;
    const { damage } = picture;
    const area = this.#damage.addRegion(damage).intersect(0, 0, picture.width, picture.height);
    let r = area.rectangles;
    for (let i = 0; i < area.count * 4; i += 4) {
      if (this.#buffer?.write(picture.bytes, picture.stride, r[i]!, r[i + 1]!, r[i + 2]!, r[i + 3]!))
        continue;
      this.fail(ExtImageCopyCaptureFrameV1FailureReason.unknown);
      return false;
    }
    resource.sendTransform(WlOutputTransform.normal);
    if (damage.count > maxDamage) damage.simplify(maxDamage);
    r = damage.rectangles;
    for (let i = 0; i < damage.count * 4; i += 4) resource.sendDamage(r[i]!, r[i + 1]!, r[i + 2]!, r[i + 3]!);
    damage.clear();
    resource.sendPresentationTime(...captureTime());
    resource.sendReady();
    this.#setBuffer(undefined);
    return true;
  }

  fail(reason: ExtImageCopyCaptureFrameV1FailureReason): void {
    this.#resource.sendFailed(reason);
    this.#setBuffer(undefined);
  }

  // ---- requests

  attachBuffer(_: unknown, resource: WlBufferResource): void {
    if (!this.#mayChange()) return;
    this.#attached = true;
    const buffer = resource.handler;
    // Any other kind is told by `failed`, as one of a wrong size is.
    this.#setBuffer(buffer instanceof ShmBuffer ? buffer.hold() : undefined);
  }

  damageBuffer(_: unknown, x: number, y: number, width: number, height: number): void {
    if (!this.#mayChange()) return;
    if (x < 0 || y < 0 || width <= 0 || height <= 0) {
      this.#resource.postError(
        ExtImageCopyCaptureFrameV1Error.invalid_buffer_damage,
        `damage of ${width}×${height} at ${x},${y}`,
      );
      return;
    }
    this.#damage.add(x, y, width, height);
  }

  capture(): void {
    if (!this.#mayChange()) return;
    if (!this.#attached) {
      this.#resource.postError(ExtImageCopyCaptureFrameV1Error.no_buffer, 'no buffer is attached');
      return;
    }
    this.#captured = true;
    this.#capture(this);
  }

  destroy(): void {}

  #mayChange(): boolean {
    if (!this.#captured) return true;
    this.#resource.postError(ExtImageCopyCaptureFrameV1Error.already_captured, 'it has been captured');
    return false;
  }

  #setBuffer(buffer: ShmBuffer | undefined): void {
    this.#buffer?.drop();
    this.#buffer = buffer;
  }
}
