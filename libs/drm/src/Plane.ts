import type { DrmPlane } from '@switchyard/uapi/calls';
import { DRM_MODE_OBJECT } from '@switchyard/uapi/tables';
import type { Card } from './Card.js';
import type { Crtc } from './Crtc.js';
import type { Framebuffer } from './Framebuffer.js';
import { Properties } from './Properties.js';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Parts of pixels, of which the kernel has 65536 to one. */
const FIXED_POINT = 0x10000;

/** A layer that a CRTC blends into its picture, as it was when it was read. */
export class Plane {
  readonly card: Card;
  readonly id: number;
  /** Bit n: the n-th CRTC of the card's resources can have it. */
  readonly possibleCrtcs: number;
  /** Of DRM_FORMAT. */
  readonly formats: readonly number[];
  /** Where it is now, by id; 0 = nowhere. */
  readonly crtc: number;
  readonly framebuffer: number;
  readonly properties: Properties;

  private constructor(card: Card, values: DrmPlane) {
    this.card = card;
    this.id = values.id;
    this.possibleCrtcs = values.possibleCrtcs;
    this.formats = values.formats;
    this.crtc = values.crtc;
    this.framebuffer = values.framebuffer;
    this.properties = Properties.read(card, values.id, DRM_MODE_OBJECT.PLANE);
  }

  static read(card: Card, id: number): Plane {
    return new Plane(card, card.calls.modes.plane(id));
  }

  /** Files that have not enabled 'universal-planes' see overlays only. */
  get type(): 'primary' | 'overlay' | 'cursor' {
    const type = this.properties.enumValue('type');
    return type === 'Primary' ? 'primary' : type === 'Cursor' ? 'cursor' : 'overlay';
  }

  canServe(crtc: Crtc): boolean {
    return (this.possibleCrtcs & (1 << crtc.index)) !== 0;
  }

  /** Shows a part of the framebuffer, by default all, at a place of the CRTC. EINVAL, ERANGE: the hardware cannot scale or clip so. */
  show(crtc: Crtc, framebuffer: Framebuffer, at: Rectangle, part?: Rectangle): void {
    const from = part ?? { x: 0, y: 0, width: framebuffer.width, height: framebuffer.height };
    this.card.calls.modes.setPlane({
      plane_id: this.id,
      crtc_id: crtc.id,
      fb_id: framebuffer.id,
      crtc_x: at.x,
      crtc_y: at.y,
      crtc_w: at.width,
      crtc_h: at.height,
      src_x: from.x * FIXED_POINT,
      src_y: from.y * FIXED_POINT,
      src_w: from.width * FIXED_POINT,
      src_h: from.height * FIXED_POINT,
    });
  }

  off(): void {
    this.card.calls.modes.setPlane({ plane_id: this.id });
  }
}
