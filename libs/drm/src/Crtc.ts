import { call } from '@switchyard/uapi/calls';
import {
  DRM_IOCTL_MODE_PAGE_FLIP,
  DRM_MODE_CURSOR,
  DRM_MODE_OBJECT,
  DRM_MODE_PAGE_FLIP,
  drmModeCrtcPageFlip,
} from '@switchyard/uapi/tables';
import type { Card } from './Card.js';
import type { Connector } from './Connector.js';
import type { Framebuffer } from './Framebuffer.js';
import { Mode } from './Mode.js';
import type { PixelBuffer } from './PixelBuffer.js';
import type { Properties } from './Properties.js';

/** What a CRTC shows. */
export interface CrtcState {
  /** Its id, 0 = none; it may be another file's. */
  readonly framebuffer: number;
  /** Undefined when the CRTC is off. */
  readonly mode: Mode | undefined;
  readonly x: number;
  readonly y: number;
  readonly gammaSize: number;
}

/** A scan-out engine: it shows a framebuffer on connectors. What changes something is EACCES for who is not master. */
export class Crtc {
  readonly card: Card;
  readonly id: number;
  /** Its place among those of the whole card, which encoders and planes count by. */
  readonly index: number;
  /** Flips come with every frame: their argument is used again. */
  readonly #flip = new DataView(new ArrayBuffer(drmModeCrtcPageFlip.size));
  readonly #flipBytes = new Uint8Array(this.#flip.buffer);

  constructor(card: Card, id: number, index: number) {
    this.card = card;
    this.id = id;
    this.index = index;
  }

  get state(): CrtcState {
    const { fb_id, mode_valid, mode, x, y, gamma_size } = this.card.calls.modes.crtc(this.id);
    return {
      framebuffer: fb_id,
      mode: mode_valid ? new Mode(mode) : undefined,
      x,
      y,
      gammaSize: gamma_size,
    };
  }

  get properties(): Properties {
    return this.card.properties(this.id, DRM_MODE_OBJECT.CRTC);
  }

  /** Sets the mode and the first picture. It waits for the hardware. EINVAL: the connectors cannot, or the picture is too small. */
  show(framebuffer: Framebuffer, mode: Mode, connectors: readonly Connector[], x = 0, y = 0): void {
    this.card.calls.modes.setCrtc(this.id, {
      framebuffer: framebuffer.id,
      mode: mode.timings,
      connectors: connectors.map(({ id }) => id),
      x,
      y,
    });
  }

  /** Its monitors are dark and without a signal. */
  off(): void {
    this.card.calls.modes.setCrtc(this.id);
  }

  /**
   * Shows another framebuffer of the same size from the next vertical blank on; then `flipped` comes, with `userData` (32 bits).
   * EBUSY: the flip before is not over. Allocates nothing.
   */
  flip(framebuffer: Framebuffer, userData = 0): void {
    const { set, offset } = drmModeCrtcPageFlip;
    set.crtc_id(this.#flip, 0, this.id);
    set.fb_id(this.#flip, 0, framebuffer.id);
    set.flags(this.#flip, 0, DRM_MODE_PAGE_FLIP.EVENT);
    this.#flip.setUint32(offset.user_data, userData, true);
    call(this.card.fd, DRM_IOCTL_MODE_PAGE_FLIP, this.#flipBytes);
  }

  // The cursor, of the size that the card's capabilities say, as ARGB8888 with premultiplied alpha.

  /** `hot`: the pixel of it that points, which virtual machines need to know. ENXIO: the driver has no cursor. */
  setCursor(buffer: PixelBuffer, hot: { x: number; y: number } = { x: 0, y: 0 }): void {
    this.card.calls.modes.cursor({
      flags: DRM_MODE_CURSOR.BO,
      crtc_id: this.id,
      width: buffer.width,
      height: buffer.height,
      handle: buffer.handle,
      hot_x: hot.x,
      hot_y: hot.y,
    });
  }

  /** Where its top left corner is; it may be outside. */
  moveCursor(x: number, y: number): void {
    this.card.calls.modes.cursor({ flags: DRM_MODE_CURSOR.MOVE, crtc_id: this.id, x, y });
  }

  hideCursor(): void {
    this.card.calls.modes.cursor({ flags: DRM_MODE_CURSOR.BO, crtc_id: this.id });
  }
}
