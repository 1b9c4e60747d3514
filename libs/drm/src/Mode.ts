import { encode, type Value } from '@switchyard/uapi';
import { DRM_MODE_FLAG, DRM_MODE_TYPE, drmModeModeinfo } from '@switchyard/uapi/tables';
import type { Blob } from './Blob.js';
import type { Card } from './Card.js';

/** A size and a rate that a monitor can show, with the timings that make it. */
export class Mode {
  /** As the kernel has it. */
  readonly timings: Value<typeof drmModeModeinfo>;

  constructor(timings: Value<typeof drmModeModeinfo>) {
    this.timings = timings;
  }

  get name(): string {
    return this.timings.name;
  }
  get width(): number {
    return this.timings.hdisplay;
  }
  get height(): number {
    return this.timings.vdisplay;
  }
  /** The monitor's, or the driver's, favourite. */
  get preferred(): boolean {
    return (this.timings.type & DRM_MODE_TYPE.PREFERRED) !== 0;
  }
  get interlaced(): boolean {
    return (this.timings.flags & DRM_MODE_FLAG.INTERLACE) !== 0;
  }

  /** mHz, of whole pictures; fields of an interlaced one come twice as often as its lines would let them. 0: not known. */
  get refresh(): number {
    const { clock, htotal, vtotal, vscan, flags } = this.timings;
    if (htotal === 0 || vtotal === 0) return 0;
    let rate = (clock * 1_000_000) / (htotal * vtotal);
    if (this.interlaced) rate *= 2;
    if ((flags & DRM_MODE_FLAG.DBLSCAN) !== 0) rate /= 2;
    if (vscan > 1) rate /= vscan;
    return Math.round(rate);
  }

  equals(other: Mode): boolean {
    const mine = encode(drmModeModeinfo, this.timings);
    const others = encode(drmModeModeinfo, other.timings);
    return mine.every((byte, at) => byte === others[at]);
  }

  /** The value of a CRTC's MODE_ID. */
  blob(card: Card): Blob {
    return card.createBlob(encode(drmModeModeinfo, this.timings));
  }

  /** "1024x768@60.004" */
  toString(): string {
    return `${this.width}x${this.height}@${(this.refresh / 1000).toFixed(3)}`;
  }
}
