import {
  ExtImageCopyCaptureFrameV1FailureReason,
  type ExtImageCopyCaptureFrameV1Resource,
  ExtImageCopyCaptureSessionV1Error,
  type ExtImageCopyCaptureSessionV1Requests,
  type ExtImageCopyCaptureSessionV1Resource,
} from '@switchyard/wayland';
import { CaptureFrame } from './CaptureFrame.js';
import type { Picture } from './Picture.js';

/**
 * An ext_image_copy_capture_session_v1.
 *
 *   running ──what it shows is gone──▶ stopped
 *
 * The first frame is copied at once, each further one when something is new.
 */
export class CaptureSession implements ExtImageCopyCaptureSessionV1Requests {
  readonly #resource: ExtImageCopyCaptureSessionV1Resource;
  readonly #picture: Picture | undefined;
  #frame: CaptureFrame | undefined;
  /** The frame that waits, which may outlive its session. */
  #waiting: CaptureFrame | undefined;
  #stopped = false;
  #told = '';
  #first = true;

  /** Takes the picture; without one it is stopped from the start. */
  constructor(resource: ExtImageCopyCaptureSessionV1Resource, picture: Picture | undefined) {
    this.#resource = resource;
    this.#picture = picture;
    if (!picture) {
      this.#stop();
      return;
    }
    resource.onDestroy(() => picture.drop());
    picture.onNews = () => this.#news();
    if (picture.update()) this.#tellConstraints(picture);
    else this.#stop();
  }

  createFrame(_: unknown, id: ExtImageCopyCaptureFrameV1Resource): void {
    const frame = new CaptureFrame(id, (captured) => this.#capture(captured));
    id.implement(frame);
    if (this.#frame) {
      this.#resource.postError(
        ExtImageCopyCaptureSessionV1Error.duplicate_frame,
        'the frame before is not destroyed',
      );
      return;
    }
    this.#frame = frame;
    this.#picture?.hold();
    id.onDestroy(() => {
      if (this.#frame === frame) this.#frame = undefined;
      if (this.#waiting === frame) this.#waiting = undefined;
      this.#picture?.drop();
    });
  }

  destroy(): void {}

  #capture(frame: CaptureFrame): void {
    this.#waiting = frame;
    this.#news();
  }

  #news(): void {
    const picture = this.#picture;
    const frame = this.#waiting;
    if (!picture || picture.stopped) {
      this.#stop();
      return;
    }
    if (!frame) {
      // Its size is to be known before the next frame.
      if (picture.update()) this.#tellConstraints(picture);
      return;
    }
    if (!picture.update()) {
      this.#waiting = undefined;
      frame.fail(ExtImageCopyCaptureFrameV1FailureReason.unknown);
      return;
    }
    this.#tellConstraints(picture);
    if (!frame.fits(picture)) {
      this.#waiting = undefined;
      frame.fail(ExtImageCopyCaptureFrameV1FailureReason.buffer_constraints);
      return;
    }
    if (picture.damage.isEmpty && !this.#first) return;
    if (this.#first) picture.damage.set(0, 0, picture.width, picture.height);
    this.#waiting = undefined;
    if (frame.copy(picture)) this.#first = false;
  }

  #stop(): void {
    const frame = this.#waiting;
    this.#waiting = undefined;
    frame?.fail(ExtImageCopyCaptureFrameV1FailureReason.stopped);
    if (this.#stopped) return;
    this.#stopped = true;
    this.#resource.sendStopped();
  }

  #tellConstraints({ width, height, format }: Picture): void {
    const constraints = `${width}×${height}`;
    if (constraints === this.#told) return;
    this.#told = constraints;
    this.#resource.sendBufferSize(width, height);
    this.#resource.sendShmFormat(format);
    this.#resource.sendDone();
  }
}
