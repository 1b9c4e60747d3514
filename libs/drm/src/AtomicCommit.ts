import { AtomicRequest } from '@switchyard/uapi/calls';
import { DRM_MODE_ATOMIC, DRM_MODE_PAGE_FLIP } from '@switchyard/uapi/tables';
import type { Blob } from './Blob.js';
import type { Card } from './Card.js';
import type { Connector } from './Connector.js';
import type { Crtc } from './Crtc.js';
import type { Framebuffer } from './Framebuffer.js';
import type { Plane, Rectangle } from './Plane.js';
import type { Properties } from './Properties.js';

const FIXED_POINT = 0x10000;

export interface CommitOptions {
  /** Modes may change, which flickers; without it EINVAL says that one would have to. */
  readonly modeset?: boolean;
  /** Returns before it has happened; EBUSY when the commit before is not over. */
  readonly nonblocking?: boolean;
  /** `flipped` comes for every CRTC that takes part, with `userData` (32 bits). */
  readonly event?: boolean;
  readonly userData?: number;
}

/** Anything with properties: a CRTC, a plane, a connector. */
export interface DrmObject {
  readonly id: number;
  readonly properties: Properties;
}

/** Changes of a card that happen together or not at all. The card must have enabled 'atomic'. */
export class AtomicCommit {
  readonly #card: Card;
  readonly #request = new AtomicRequest();

  constructor(card: Card) {
    this.#card = card;
  }

  /** The last word on a property counts. Enumerations take their values' names. */
  set(object: DrmObject, name: string, value: bigint | number | string): this {
    const { properties } = object;
    this.#request.set(object.id, properties.property(name).id, properties.encode(name, value));
    return this;
  }

  /** A CRTC on, with a mode (Mode.blob) and a connector. */
  turnOn(crtc: Crtc, mode: Blob, connector: Connector): this {
    return this.set(crtc, 'MODE_ID', mode.id).set(crtc, 'ACTIVE', 1).set(connector, 'CRTC_ID', crtc.id);
  }

  /** A CRTC off, with the connectors and planes that it has. */
  turnOff(crtc: Crtc, connectors: readonly Connector[], planes: readonly Plane[]): this {
    for (const plane of planes) this.set(plane, 'CRTC_ID', 0).set(plane, 'FB_ID', 0);
    for (const connector of connectors) this.set(connector, 'CRTC_ID', 0);
    return this.set(crtc, 'ACTIVE', 0).set(crtc, 'MODE_ID', 0);
  }

  /** A framebuffer on a plane; `at` is where on the CRTC, by default from its corner on. */
  show(plane: Plane, crtc: Crtc, framebuffer: Framebuffer, at?: Rectangle): this {
    const { width, height } = framebuffer;
    const place = at ?? { x: 0, y: 0, width, height };
    return this.set(plane, 'CRTC_ID', crtc.id)
      .set(plane, 'FB_ID', framebuffer.id)
      .set(plane, 'SRC_X', 0)
      .set(plane, 'SRC_Y', 0)
      .set(plane, 'SRC_W', width * FIXED_POINT)
      .set(plane, 'SRC_H', height * FIXED_POINT)
      .set(plane, 'CRTC_X', place.x)
      .set(plane, 'CRTC_Y', place.y)
      .set(plane, 'CRTC_W', place.width)
      .set(plane, 'CRTC_H', place.height);
  }

  /** Throws what commit() would throw, and changes nothing. */
  test({ modeset = false }: Pick<CommitOptions, 'modeset'> = {}): void {
    const flags = DRM_MODE_ATOMIC.TEST_ONLY | (modeset ? DRM_MODE_ATOMIC.ALLOW_MODESET : 0);
    this.#request.commit(this.#card.fd, flags);
  }

  /** The commit can be changed and used again. EINVAL, ERANGE, ENOSPC: the hardware cannot. EACCES: not master. */
  commit({ modeset = false, nonblocking = false, event = false, userData = 0 }: CommitOptions = {}): void {
    let flags = 0;
    if (modeset) flags |= DRM_MODE_ATOMIC.ALLOW_MODESET;
    if (nonblocking) flags |= DRM_MODE_ATOMIC.NONBLOCK;
    if (event) flags |= DRM_MODE_PAGE_FLIP.EVENT;
    this.#request.commit(this.#card.fd, flags, BigInt(userData));
  }
}
