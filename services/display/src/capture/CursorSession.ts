import {
  ExtImageCopyCaptureCursorSessionV1Error,
  type ExtImageCopyCaptureCursorSessionV1Requests,
  type ExtImageCopyCaptureCursorSessionV1Resource,
  type ExtImageCopyCaptureSessionV1Resource,
} from '@switchyard/wayland';
import type { ClientState } from '../ClientState.js';
import type { Compositor } from '../Compositor.js';
import { CaptureSession } from './CaptureSession.js';
import { CursorPicture } from './CursorPicture.js';
import { imageOf, type Picture } from './Picture.js';

/** An ext_image_copy_capture_cursor_session_v1: where the pointer is in what is captured, and how it looks. */
export class CursorSession implements ExtImageCopyCaptureCursorSessionV1Requests {
  readonly #resource: ExtImageCopyCaptureCursorSessionV1Resource;
  readonly #compositor: Compositor;
  readonly #client: ClientState;
  /** What is captured; undefined when it has gone. */
  readonly #picture: Picture | undefined;
  #asked = false;
  #inside = false;
  #place = '';
  #hotspot = '';

  /** Takes the picture. */
  constructor(
    resource: ExtImageCopyCaptureCursorSessionV1Resource,
    compositor: Compositor,
    client: ClientState,
    picture: Picture | undefined,
  ) {
    this.#resource = resource;
    this.#compositor = compositor;
    this.#client = client;
    this.#picture = picture;
    if (!picture) return;
    resource.onDestroy(() => picture.drop());
    picture.onNews = () => this.#tell();
    this.#tell();
  }

  getCaptureSession(_: unknown, session: ExtImageCopyCaptureSessionV1Resource): void {
    const first = !this.#asked;
    this.#asked = true;
    const picture =
      this.#picture && first
        ? new CursorPicture(this.#compositor, this.#client, () => this.#picture?.cursorPlace() !== undefined)
        : undefined;
    session.implement(new CaptureSession(session, picture));
    if (first) return;
    this.#resource.postError(
      ExtImageCopyCaptureCursorSessionV1Error.duplicate_session,
      'the cursor has a capture session already',
    );
  }

  destroy(): void {}

  #tell(): void {
    const place = this.#picture?.cursorPlace();
    const image = place && imageOf(this.#compositor);
    if (!place || !image) {
      if (this.#inside) this.#resource.sendLeave();
      this.#inside = false;
      this.#place = '';
      this.#hotspot = '';
      return;
    }
    if (!this.#inside) this.#resource.sendEnter();
    this.#inside = true;
    const [x, y] = [Math.round(place.x), Math.round(place.y)];
    if (`${x},${y}` !== this.#place) this.#resource.sendPosition(x, y);
    this.#place = `${x},${y}`;
    const { hotX, hotY } = image;
    if (`${hotX},${hotY}` !== this.#hotspot) this.#resource.sendHotspot(hotX, hotY);
    this.#hotspot = `${hotX},${hotY}`;
  }
}
