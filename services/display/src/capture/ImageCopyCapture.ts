import {
  type ExtImageCaptureSourceV1Resource,
  type ExtImageCopyCaptureCursorSessionV1Resource,
  ExtImageCopyCaptureManagerV1Error,
  ExtImageCopyCaptureManagerV1Options,
  type ExtImageCopyCaptureManagerV1Requests,
  type ExtImageCopyCaptureManagerV1Resource,
  type ExtImageCopyCaptureSessionV1Resource,
  type WlPointerResource,
} from '@switchyard/wayland';
import type { ClientState } from '../ClientState.js';
import type { Compositor } from '../Compositor.js';
import { CaptureSession } from './CaptureSession.js';
import { CaptureSource } from './CaptureSources.js';
import { CursorSession } from './CursorSession.js';
import type { Picture } from './Picture.js';

/** One client's ext_image_copy_capture_manager_v1. */
export class ImageCopyCapture implements ExtImageCopyCaptureManagerV1Requests {
  readonly #compositor: Compositor;
  readonly #client: ClientState;

  constructor(compositor: Compositor, client: ClientState) {
    this.#compositor = compositor;
    this.#client = client;
  }

  createSession(
    manager: ExtImageCopyCaptureManagerV1Resource,
    session: ExtImageCopyCaptureSessionV1Resource,
    source: ExtImageCaptureSourceV1Resource,
    options: number,
  ): void {
    const { paint_cursors } = ExtImageCopyCaptureManagerV1Options;
    if ((options & ~paint_cursors) !== 0) {
      session.implement(new CaptureSession(session, undefined));
      manager.postError(ExtImageCopyCaptureManagerV1Error.invalid_option, `unknown options in ${options}`);
      return;
    }
    const picture = this.#picture(source, (options & paint_cursors) !== 0);
    session.implement(new CaptureSession(session, picture));
  }

  createPointerCursorSession(
    _: ExtImageCopyCaptureManagerV1Resource,
    id: ExtImageCopyCaptureCursorSessionV1Resource,
    source: ExtImageCaptureSourceV1Resource,
    __: WlPointerResource,
  ): void {
    // Of what it looks at, only the pointer's place is asked for.
    const picture = this.#picture(source, true);
    id.implement(new CursorSession(id, this.#compositor, this.#client, picture));
  }

  destroy(): void {}

  #picture(source: ExtImageCaptureSourceV1Resource, cursor: boolean): Picture | undefined {
    const { handler } = source;
    if (!(handler instanceof CaptureSource)) return undefined;
    return handler.picture(this.#compositor, this.#client, cursor);
  }
}
