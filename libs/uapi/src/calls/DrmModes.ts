import type { Fd } from '@switchyard/sys';
import type * as mode from '../drmMode.js';
import { drmModeCrtcPageFlip } from '../drmMode.js';
import * as ioctls from '../drmModeIoctls.js';
import type { Given, Value } from '../Field.js';
import { call, exchange, put } from './Call.js';
import { callWith, fetch } from './Memory.js';

export type DrmMode = Value<typeof mode.drmModeModeinfo>;
export type DrmCrtc = Value<typeof mode.drmModeCrtc>;
export type DrmEncoder = Value<typeof mode.drmModeGetEncoder>;

export interface DrmResources {
  readonly framebuffers: number[];
  readonly crtcs: number[];
  readonly connectors: number[];
  readonly encoders: number[];
  readonly minimum: { readonly width: number; readonly height: number };
  readonly maximum: { readonly width: number; readonly height: number };
}

export interface DrmConnector {
  readonly id: number;
  /** One of DRM_MODE_CONNECTOR, and the number among those of its type: HDMI-A-1. */
  readonly type: number;
  readonly typeId: number;
  /** One of DRM_MODE_CONNECTION. */
  readonly connection: number;
  /** mm; 0 when not known. */
  readonly width: number;
  readonly height: number;
  readonly subpixel: number;
  /** The encoder in use, or 0. */
  readonly encoder: number;
  readonly encoders: number[];
  readonly modes: DrmMode[];
  readonly properties: Map<number, bigint>;
}

export interface DrmPlane {
  readonly id: number;
  readonly crtc: number;
  readonly framebuffer: number;
  /** Bit n: the n-th CRTC of the resources. */
  readonly possibleCrtcs: number;
  readonly formats: number[];
}

export interface DrmProperty {
  readonly id: number;
  readonly name: string;
  /** Bits of DRM_MODE_PROP. */
  readonly flags: number;
  /** The bounds of a range, the type of an object. */
  readonly values: bigint[];
  readonly enums: { readonly value: bigint; readonly name: string }[];
}

/** Mode setting of a card: what there is, and what is shown where. */
export class DrmModes {
  readonly fd: Fd;
  /** Flips come with every frame: their argument is used again. */
  readonly #flip = new DataView(new ArrayBuffer(drmModeCrtcPageFlip.size));
  readonly #flipBytes = new Uint8Array(this.#flip.buffer);

  constructor(fd: Fd) {
    this.fd = fd;
  }

  resources(): DrmResources {
    const { values, pointed } = fetch(this.fd, ioctls.DRM_IOCTL_MODE_GETRESOURCES, {});
    return {
      framebuffers: pointed.fb_id_ptr,
      crtcs: pointed.crtc_id_ptr,
      connectors: pointed.connector_id_ptr,
      encoders: pointed.encoder_id_ptr,
      minimum: { width: values.min_width, height: values.min_height },
      maximum: { width: values.max_width, height: values.max_height },
    };
  }

  /** `probe` asks the monitor itself, which takes long (the master only); otherwise it is what the kernel knows. */
  connector(id: number, { probe = false }: { probe?: boolean } = {}): DrmConnector {
    const { values, pointed } = fetch(
      this.fd,
      ioctls.DRM_IOCTL_MODE_GETCONNECTOR,
      { connector_id: id },
      probe ? {} : { modes_ptr: 1 },
    );
    return {
      id: values.connector_id,
      type: values.connector_type,
      typeId: values.connector_type_id,
      connection: values.connection,
      width: values.mm_width,
      height: values.mm_height,
      subpixel: values.subpixel,
      encoder: values.encoder_id,
      encoders: pointed.encoders_ptr,
      modes: pointed.modes_ptr,
      properties: zip(pointed.props_ptr, pointed.prop_values_ptr),
    };
  }

  encoder(id: number): DrmEncoder {
    return exchange(this.fd, ioctls.DRM_IOCTL_MODE_GETENCODER, { encoder_id: id });
  }

  crtc(id: number): DrmCrtc {
    return exchange(this.fd, ioctls.DRM_IOCTL_MODE_GETCRTC, { crtc_id: id });
  }

  /** Shows a framebuffer on connectors. Without a mode the CRTC is turned off. */
  setCrtc(
    id: number,
    show?: {
      framebuffer: number;
      mode: Given<typeof mode.drmModeModeinfo>;
      connectors: readonly number[];
      x?: number;
      y?: number;
    },
  ): void {
    const request = ioctls.DRM_IOCTL_MODE_SETCRTC;
    if (!show) {
      put(this.fd, request, { crtc_id: id });
      return;
    }
    callWith(
      this.fd,
      request,
      {
        crtc_id: id,
        fb_id: show.framebuffer,
        x: show.x ?? 0,
        y: show.y ?? 0,
        mode_valid: 1,
        mode: show.mode,
      },
      { set_connectors_ptr: Uint32Array.from(show.connectors) },
    );
  }

  /**
   * Shows another framebuffer of the same size from the next vertical blank on; an event comes then if flags (DRM_MODE_PAGE_FLIP)
   * say so, with `userData`. EBUSY: the last flip is not over. Allocates nothing.
   */
  pageFlip(crtc: number, framebuffer: number, flags: number, userData: bigint): void {
    const { set } = drmModeCrtcPageFlip;
    set.crtc_id(this.#flip, 0, crtc);
    set.fb_id(this.#flip, 0, framebuffer);
    set.flags(this.#flip, 0, flags);
    set.user_data(this.#flip, 0, userData);
    call(this.fd, ioctls.DRM_IOCTL_MODE_PAGE_FLIP, this.#flipBytes);
  }

  /** The legacy cursor of a CRTC: see DRM_MODE_CURSOR. */
  cursor(values: Given<typeof mode.drmModeCursor2>): void {
    put(this.fd, ioctls.DRM_IOCTL_MODE_CURSOR2, values);
  }

  /** Overlays only, unless the client has DRM_CLIENT_CAP.UNIVERSAL_PLANES. */
  planes(): number[] {
    return fetch(this.fd, ioctls.DRM_IOCTL_MODE_GETPLANERESOURCES, {}).pointed.plane_id_ptr;
  }

  plane(id: number): DrmPlane {
    const { values, pointed } = fetch(this.fd, ioctls.DRM_IOCTL_MODE_GETPLANE, { plane_id: id });
    return {
      id: values.plane_id,
      crtc: values.crtc_id,
      framebuffer: values.fb_id,
      possibleCrtcs: values.possible_crtcs,
      formats: pointed.format_type_ptr,
    };
  }

  setPlane(values: Given<typeof mode.drmModeSetPlane>): void {
    put(this.fd, ioctls.DRM_IOCTL_MODE_SETPLANE, values);
  }

  /** The properties of an object, by id. `type` is one of DRM_MODE_OBJECT; ANY finds any. */
  properties(object: number, type: number = ioctls.DRM_MODE_OBJECT.ANY): Map<number, bigint> {
    const { pointed } = fetch(this.fd, ioctls.DRM_IOCTL_MODE_OBJ_GETPROPERTIES, {
      obj_id: object,
      obj_type: type,
    });
    return zip(pointed.props_ptr, pointed.prop_values_ptr);
  }

  setProperty(object: number, type: number, property: number, value: bigint): void {
    const given = { obj_id: object, obj_type: type, prop_id: property, value };
    put(this.fd, ioctls.DRM_IOCTL_MODE_OBJ_SETPROPERTY, given);
  }

  property(id: number): DrmProperty {
    const { values, pointed } = fetch(this.fd, ioctls.DRM_IOCTL_MODE_GETPROPERTY, { prop_id: id });
    return {
      id: values.prop_id,
      name: values.name,
      flags: values.flags,
      values: pointed.values_ptr,
      enums: pointed.enum_blob_ptr,
    };
  }

  blob(id: number): Uint8Array {
    return fetch(this.fd, ioctls.DRM_IOCTL_MODE_GETPROPBLOB, { blob_id: id }).pointed.data;
  }

  /** Its id. It lives until destroyed or until this open file ends. */
  createBlob(bytes: Uint8Array): number {
    return callWith(this.fd, ioctls.DRM_IOCTL_MODE_CREATEPROPBLOB, {}, { data: bytes }).blob_id;
  }

  destroyBlob(id: number): void {
    put(this.fd, ioctls.DRM_IOCTL_MODE_DESTROYPROPBLOB, { blob_id: id });
  }

  /** Red, green and blue, each of as many entries as crtc().gamma_size says. */
  gamma(crtc: number, size: number): [Uint16Array, Uint16Array, Uint16Array] {
    const ramps: [Uint16Array, Uint16Array, Uint16Array] = [
      new Uint16Array(size),
      new Uint16Array(size),
      new Uint16Array(size),
    ];
    const [red, green, blue] = ramps;
    callWith(this.fd, ioctls.DRM_IOCTL_MODE_GETGAMMA, { crtc_id: crtc }, { red, green, blue });
    return ramps;
  }

  setGamma(crtc: number, [red, green, blue]: readonly [Uint16Array, Uint16Array, Uint16Array]): void {
    callWith(this.fd, ioctls.DRM_IOCTL_MODE_SETGAMMA, { crtc_id: crtc }, { red, green, blue });
  }
}

const zip = (ids: readonly number[], values: readonly bigint[]): Map<number, bigint> =>
  new Map(ids.map((id, i) => [id, values[i]!]));
