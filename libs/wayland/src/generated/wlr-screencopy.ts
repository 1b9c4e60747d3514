// Generated from protocols/wlr-screencopy.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlBufferProxy, WlBufferResource, WlOutputProxy, WlOutputResource, WlShmFormat } from './wayland.js';

/** manager to inform clients and begin capturing */
export const zwlr_screencopy_manager_v1: Interface = {
  name: 'zwlr_screencopy_manager_v1',
  version: 3,
  requests: [
    { name: 'capture_output', since: 1, signature: 'nio', destructor: false },
    { name: 'capture_output_region', since: 1, signature: 'nioiiii', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of zwlr_screencopy_manager_v1. */
export interface ZwlrScreencopyManagerV1Requests {
  /**
   * capture an output
   * @param overlayCursor composite cursor onto the frame
   */
  captureOutput(resource: ZwlrScreencopyManagerV1Resource, frame: ZwlrScreencopyFrameV1Resource, overlayCursor: number, output: WlOutputResource): void;
  /**
   * capture an output's region
   * @param overlayCursor composite cursor onto the frame
   */
  captureOutputRegion(resource: ZwlrScreencopyManagerV1Resource, frame: ZwlrScreencopyFrameV1Resource, overlayCursor: number, output: WlOutputResource, x: number, y: number, width: number, height: number): void;
  /**
   * destroy the manager
   * Destroys the object.
   */
  destroy(resource: ZwlrScreencopyManagerV1Resource): void;
}

/** A client's zwlr_screencopy_manager_v1, as the server holds it. */
export class ZwlrScreencopyManagerV1Resource extends Resource<ZwlrScreencopyManagerV1Requests> {
  static readonly interface: Interface = zwlr_screencopy_manager_v1;

  override get interface(): Interface {
    return zwlr_screencopy_manager_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const frame = this.created(ZwlrScreencopyFrameV1Resource, message.uint());
        const overlayCursor = message.int();
        const output = this.received(WlOutputResource, message.uint());
        message.end();
        this.handler.captureOutput(this, frame, overlayCursor, output);
        return;
      }
      case 1: {
        const frame = this.created(ZwlrScreencopyFrameV1Resource, message.uint());
        const overlayCursor = message.int();
        const output = this.received(WlOutputResource, message.uint());
        const x = message.int();
        const y = message.int();
        const width = message.int();
        const height = message.int();
        message.end();
        this.handler.captureOutputRegion(this, frame, overlayCursor, output, x, y, width, height);
        return;
      }
      case 2: {
        message.end();
        this.handler.destroy(this);
        return;
      }
    }
  }
}

/** A server's zwlr_screencopy_manager_v1, as the client holds it. */
export class ZwlrScreencopyManagerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zwlr_screencopy_manager_v1;

  override get interface(): Interface {
    return zwlr_screencopy_manager_v1;
  }

  /**
   * capture an output
   * @param overlayCursor composite cursor onto the frame
   */
  captureOutput(overlayCursor: number, output: WlOutputProxy, handler: ZwlrScreencopyFrameV1Events): ZwlrScreencopyFrameV1Proxy {
    const outputId = this.reference(output);
    const message = this.request(0, 1);
    const created = this.create(ZwlrScreencopyFrameV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.int(overlayCursor);
      message.uint(outputId);
      message.end();
    }
    return created;
  }

  /**
   * capture an output's region
   * @param overlayCursor composite cursor onto the frame
   */
  captureOutputRegion(overlayCursor: number, output: WlOutputProxy, x: number, y: number, width: number, height: number, handler: ZwlrScreencopyFrameV1Events): ZwlrScreencopyFrameV1Proxy {
    const outputId = this.reference(output);
    const message = this.request(1, 1);
    const created = this.create(ZwlrScreencopyFrameV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.int(overlayCursor);
      message.uint(outputId);
      message.int(x);
      message.int(y);
      message.int(width);
      message.int(height);
      message.end();
    }
    return created;
  }

  /**
   * destroy the manager
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(): void {}
}

/** a frame ready for copy */
export const zwlr_screencopy_frame_v1: Interface = {
  name: 'zwlr_screencopy_frame_v1',
  version: 3,
  requests: [
    { name: 'copy', since: 1, signature: 'o', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'copy_with_damage', since: 2, signature: 'o', destructor: false },
  ],
  events: [
    { name: 'buffer', since: 1, signature: 'uuuu', destructor: false },
    { name: 'flags', since: 1, signature: 'u', destructor: false },
    { name: 'ready', since: 1, signature: 'uuu', destructor: false },
    { name: 'failed', since: 1, signature: '', destructor: false },
    { name: 'damage', since: 2, signature: 'uuuu', destructor: false },
    { name: 'linux_dmabuf', since: 3, signature: 'uuu', destructor: false },
    { name: 'buffer_done', since: 3, signature: '', destructor: false },
  ],
  get errors() { return ZwlrScreencopyFrameV1Error; },
};

export const ZwlrScreencopyFrameV1Error = {
  /** the object has already been used to copy a wl_buffer */
  already_used: 0,
  /** buffer attributes are invalid */
  invalid_buffer: 1,
} as const;
export type ZwlrScreencopyFrameV1Error = (typeof ZwlrScreencopyFrameV1Error)[keyof typeof ZwlrScreencopyFrameV1Error];

/** A bit field. */
export const ZwlrScreencopyFrameV1Flags = {
  /** contents are y-inverted */
  y_invert: 1,
} as const;
export type ZwlrScreencopyFrameV1Flags = number;

/** What a server does with the requests of zwlr_screencopy_frame_v1. */
export interface ZwlrScreencopyFrameV1Requests {
  /** copy the frame */
  copy(resource: ZwlrScreencopyFrameV1Resource, buffer: WlBufferResource): void;
  /**
   * delete this object, used or not
   * Destroys the object.
   */
  destroy(resource: ZwlrScreencopyFrameV1Resource): void;
  /**
   * copy the frame when it's damaged
   * Since version 2.
   */
  copyWithDamage(resource: ZwlrScreencopyFrameV1Resource, buffer: WlBufferResource): void;
}

/** A client's zwlr_screencopy_frame_v1, as the server holds it. */
export class ZwlrScreencopyFrameV1Resource extends Resource<ZwlrScreencopyFrameV1Requests, ZwlrScreencopyFrameV1Error> {
  static readonly interface: Interface = zwlr_screencopy_frame_v1;

  override get interface(): Interface {
    return zwlr_screencopy_frame_v1;
  }

  /**
   * wl_shm buffer information
   * @param format buffer format
   * @param width buffer width
   * @param height buffer height
   * @param stride buffer stride
   */
  sendBuffer(format: WlShmFormat, width: number, height: number, stride: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(format);
    message.uint(width);
    message.uint(height);
    message.uint(stride);
    message.end();
  }

  /**
   * frame flags
   * @param flags frame flags
   */
  sendFlags(flags: ZwlrScreencopyFrameV1Flags): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(flags);
    message.end();
  }

  /**
   * indicates frame is available for reading
   * @param tvSecHi high 32 bits of the seconds part of the timestamp
   * @param tvSecLo low 32 bits of the seconds part of the timestamp
   * @param tvNsec nanoseconds part of the timestamp
   */
  sendReady(tvSecHi: number, tvSecLo: number, tvNsec: number): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.uint(tvSecHi);
    message.uint(tvSecLo);
    message.uint(tvNsec);
    message.end();
  }

  /** frame copy failed */
  sendFailed(): void {
    const message = this.event(3, 1);
    if (message === undefined) return;
    message.end();
  }

  /**
   * carries the coordinates of the damaged region
   * Since version 2.
   * @param x damaged x coordinates
   * @param y damaged y coordinates
   * @param width current width
   * @param height current height
   */
  sendDamage(x: number, y: number, width: number, height: number): void {
    const message = this.event(4, 2);
    if (message === undefined) return;
    message.uint(x);
    message.uint(y);
    message.uint(width);
    message.uint(height);
    message.end();
  }

  /**
   * linux-dmabuf buffer information
   * Since version 3.
   * @param format fourcc pixel format
   * @param width buffer width
   * @param height buffer height
   */
  sendLinuxDmabuf(format: number, width: number, height: number): void {
    const message = this.event(5, 3);
    if (message === undefined) return;
    message.uint(format);
    message.uint(width);
    message.uint(height);
    message.end();
  }

  /**
   * all buffer types reported
   * Since version 3.
   */
  sendBufferDone(): void {
    const message = this.event(6, 3);
    if (message === undefined) return;
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const buffer = this.received(WlBufferResource, message.uint());
        message.end();
        this.handler.copy(this, buffer);
        return;
      }
      case 1: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 2: {
        const buffer = this.received(WlBufferResource, message.uint());
        message.end();
        this.handler.copyWithDamage(this, buffer);
        return;
      }
    }
  }
}

/** What a client does with the events of zwlr_screencopy_frame_v1. */
export interface ZwlrScreencopyFrameV1Events {
  /**
   * wl_shm buffer information
   * @param format buffer format; see WlShmFormat
   * @param width buffer width
   * @param height buffer height
   * @param stride buffer stride
   */
  buffer(proxy: ZwlrScreencopyFrameV1Proxy, format: number, width: number, height: number, stride: number): void;
  /**
   * frame flags
   * @param flags frame flags; see ZwlrScreencopyFrameV1Flags
   */
  flags(proxy: ZwlrScreencopyFrameV1Proxy, flags: number): void;
  /**
   * indicates frame is available for reading
   * @param tvSecHi high 32 bits of the seconds part of the timestamp
   * @param tvSecLo low 32 bits of the seconds part of the timestamp
   * @param tvNsec nanoseconds part of the timestamp
   */
  ready(proxy: ZwlrScreencopyFrameV1Proxy, tvSecHi: number, tvSecLo: number, tvNsec: number): void;
  /** frame copy failed */
  failed(proxy: ZwlrScreencopyFrameV1Proxy): void;
  /**
   * carries the coordinates of the damaged region
   * Since version 2.
   * @param x damaged x coordinates
   * @param y damaged y coordinates
   * @param width current width
   * @param height current height
   */
  damage(proxy: ZwlrScreencopyFrameV1Proxy, x: number, y: number, width: number, height: number): void;
  /**
   * linux-dmabuf buffer information
   * Since version 3.
   * @param format fourcc pixel format
   * @param width buffer width
   * @param height buffer height
   */
  linuxDmabuf(proxy: ZwlrScreencopyFrameV1Proxy, format: number, width: number, height: number): void;
  /**
   * all buffer types reported
   * Since version 3.
   */
  bufferDone(proxy: ZwlrScreencopyFrameV1Proxy): void;
}

/** A server's zwlr_screencopy_frame_v1, as the client holds it. */
export class ZwlrScreencopyFrameV1Proxy extends ObjectProxy<ZwlrScreencopyFrameV1Events> {
  static readonly interface: Interface = zwlr_screencopy_frame_v1;

  override get interface(): Interface {
    return zwlr_screencopy_frame_v1;
  }

  /** copy the frame */
  copy(buffer: WlBufferProxy): void {
    const bufferId = this.reference(buffer);
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.uint(bufferId);
      message.end();
    }
  }

  /**
   * delete this object, used or not
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /**
   * copy the frame when it's damaged
   * Since version 2.
   */
  copyWithDamage(buffer: WlBufferProxy): void {
    const bufferId = this.reference(buffer);
    const message = this.request(2, 2);
    if (message !== undefined) {
      message.uint(bufferId);
      message.end();
    }
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const format = message.uint();
        const width = message.uint();
        const height = message.uint();
        const stride = message.uint();
        message.end();
        if (this.wanted) this.handler.buffer(this, format, width, height, stride);
        return;
      }
      case 1: {
        const flags = message.uint();
        message.end();
        if (this.wanted) this.handler.flags(this, flags);
        return;
      }
      case 2: {
        const tvSecHi = message.uint();
        const tvSecLo = message.uint();
        const tvNsec = message.uint();
        message.end();
        if (this.wanted) this.handler.ready(this, tvSecHi, tvSecLo, tvNsec);
        return;
      }
      case 3: {
        message.end();
        if (this.wanted) this.handler.failed(this);
        return;
      }
      case 4: {
        const x = message.uint();
        const y = message.uint();
        const width = message.uint();
        const height = message.uint();
        message.end();
        if (this.wanted) this.handler.damage(this, x, y, width, height);
        return;
      }
      case 5: {
        const format = message.uint();
        const width = message.uint();
        const height = message.uint();
        message.end();
        if (this.wanted) this.handler.linuxDmabuf(this, format, width, height);
        return;
      }
      case 6: {
        message.end();
        if (this.wanted) this.handler.bufferDone(this);
        return;
      }
    }
  }
}
