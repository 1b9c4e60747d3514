// Generated from protocols/ext-image-copy-capture.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { ExtImageCaptureSourceV1Proxy, ExtImageCaptureSourceV1Resource } from './ext-image-capture-source.js';
import { WlBufferProxy, WlBufferResource, WlOutputTransform, WlPointerProxy, WlPointerResource, WlShmFormat } from './wayland.js';

/** manager to inform clients and begin capturing */
export const ext_image_copy_capture_manager_v1: Interface = {
  name: 'ext_image_copy_capture_manager_v1',
  version: 1,
  requests: [
    { name: 'create_session', since: 1, signature: 'nou', destructor: false },
    { name: 'create_pointer_cursor_session', since: 1, signature: 'noo', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
  ],
  get errors() { return ExtImageCopyCaptureManagerV1Error; },
};

export const ExtImageCopyCaptureManagerV1Error = {
  /** invalid option flag */
  invalid_option: 1,
} as const;
export type ExtImageCopyCaptureManagerV1Error = (typeof ExtImageCopyCaptureManagerV1Error)[keyof typeof ExtImageCopyCaptureManagerV1Error];

/** A bit field. */
export const ExtImageCopyCaptureManagerV1Options = {
  /** paint cursors onto captured frames */
  paint_cursors: 1,
} as const;
export type ExtImageCopyCaptureManagerV1Options = number;

/** What a server does with the requests of ext_image_copy_capture_manager_v1. */
export interface ExtImageCopyCaptureManagerV1Requests {
  /**
   * capture an image capture source
   * @param options see ExtImageCopyCaptureManagerV1Options
   */
  createSession(resource: ExtImageCopyCaptureManagerV1Resource, session: ExtImageCopyCaptureSessionV1Resource, source: ExtImageCaptureSourceV1Resource, options: number): void;
  /** capture the pointer cursor of an image capture source */
  createPointerCursorSession(resource: ExtImageCopyCaptureManagerV1Resource, session: ExtImageCopyCaptureCursorSessionV1Resource, source: ExtImageCaptureSourceV1Resource, pointer: WlPointerResource): void;
  /**
   * destroy the manager
   * Destroys the object.
   */
  destroy(resource: ExtImageCopyCaptureManagerV1Resource): void;
}

/** A client's ext_image_copy_capture_manager_v1, as the server holds it. */
export class ExtImageCopyCaptureManagerV1Resource extends Resource<ExtImageCopyCaptureManagerV1Requests, ExtImageCopyCaptureManagerV1Error> {
  static readonly interface: Interface = ext_image_copy_capture_manager_v1;

  override get interface(): Interface {
    return ext_image_copy_capture_manager_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const session = this.created(ExtImageCopyCaptureSessionV1Resource, message.uint());
        const source = this.received(ExtImageCaptureSourceV1Resource, message.uint());
        const options = message.uint();
        message.end();
        this.handler.createSession(this, session, source, options);
        return;
      }
      case 1: {
        const session = this.created(ExtImageCopyCaptureCursorSessionV1Resource, message.uint());
        const source = this.received(ExtImageCaptureSourceV1Resource, message.uint());
        const pointer = this.received(WlPointerResource, message.uint());
        message.end();
        this.handler.createPointerCursorSession(this, session, source, pointer);
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

/** A server's ext_image_copy_capture_manager_v1, as the client holds it. */
export class ExtImageCopyCaptureManagerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = ext_image_copy_capture_manager_v1;

  override get interface(): Interface {
    return ext_image_copy_capture_manager_v1;
  }

  /** capture an image capture source */
  createSession(source: ExtImageCaptureSourceV1Proxy, options: ExtImageCopyCaptureManagerV1Options, handler: ExtImageCopyCaptureSessionV1Events): ExtImageCopyCaptureSessionV1Proxy {
    const sourceId = this.reference(source);
    const message = this.request(0, 1);
    const created = this.create(ExtImageCopyCaptureSessionV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(sourceId);
      message.uint(options);
      message.end();
    }
    return created;
  }

  /** capture the pointer cursor of an image capture source */
  createPointerCursorSession(source: ExtImageCaptureSourceV1Proxy, pointer: WlPointerProxy, handler: ExtImageCopyCaptureCursorSessionV1Events): ExtImageCopyCaptureCursorSessionV1Proxy {
    const sourceId = this.reference(source);
    const pointerId = this.reference(pointer);
    const message = this.request(1, 1);
    const created = this.create(ExtImageCopyCaptureCursorSessionV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(sourceId);
      message.uint(pointerId);
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

/** image copy capture session */
export const ext_image_copy_capture_session_v1: Interface = {
  name: 'ext_image_copy_capture_session_v1',
  version: 1,
  requests: [
    { name: 'create_frame', since: 1, signature: 'n', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'buffer_size', since: 1, signature: 'uu', destructor: false },
    { name: 'shm_format', since: 1, signature: 'u', destructor: false },
    { name: 'dmabuf_device', since: 1, signature: 'a', destructor: false },
    { name: 'dmabuf_format', since: 1, signature: 'ua', destructor: false },
    { name: 'done', since: 1, signature: '', destructor: false },
    { name: 'stopped', since: 1, signature: '', destructor: false },
  ],
  get errors() { return ExtImageCopyCaptureSessionV1Error; },
};

export const ExtImageCopyCaptureSessionV1Error = {
  /** create_frame sent before destroying previous frame */
  duplicate_frame: 1,
} as const;
export type ExtImageCopyCaptureSessionV1Error = (typeof ExtImageCopyCaptureSessionV1Error)[keyof typeof ExtImageCopyCaptureSessionV1Error];

/** What a server does with the requests of ext_image_copy_capture_session_v1. */
export interface ExtImageCopyCaptureSessionV1Requests {
  /** create a frame */
  createFrame(resource: ExtImageCopyCaptureSessionV1Resource, frame: ExtImageCopyCaptureFrameV1Resource): void;
  /**
   * delete this object
   * Destroys the object.
   */
  destroy(resource: ExtImageCopyCaptureSessionV1Resource): void;
}

/** A client's ext_image_copy_capture_session_v1, as the server holds it. */
export class ExtImageCopyCaptureSessionV1Resource extends Resource<ExtImageCopyCaptureSessionV1Requests, ExtImageCopyCaptureSessionV1Error> {
  static readonly interface: Interface = ext_image_copy_capture_session_v1;

  override get interface(): Interface {
    return ext_image_copy_capture_session_v1;
  }

  /**
   * image capture source dimensions
   * @param width buffer width
   * @param height buffer height
   */
  sendBufferSize(width: number, height: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(width);
    message.uint(height);
    message.end();
  }

  /**
   * shm buffer format
   * @param format shm format
   */
  sendShmFormat(format: WlShmFormat): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(format);
    message.end();
  }

  /**
   * dma-buf device
   * @param device device dev_t value
   */
  sendDmabufDevice(device: Uint8Array): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.array(device);
    message.end();
  }

  /**
   * dma-buf format
   * @param format drm format code
   * @param modifiers drm format modifiers
   */
  sendDmabufFormat(format: number, modifiers: Uint8Array): void {
    const message = this.event(3, 1);
    if (message === undefined) return;
    message.uint(format);
    message.array(modifiers);
    message.end();
  }

  /** all constraints have been sent */
  sendDone(): void {
    const message = this.event(4, 1);
    if (message === undefined) return;
    message.end();
  }

  /** session is no longer available */
  sendStopped(): void {
    const message = this.event(5, 1);
    if (message === undefined) return;
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const frame = this.created(ExtImageCopyCaptureFrameV1Resource, message.uint());
        message.end();
        this.handler.createFrame(this, frame);
        return;
      }
      case 1: {
        message.end();
        this.handler.destroy(this);
        return;
      }
    }
  }
}

/** What a client does with the events of ext_image_copy_capture_session_v1. */
export interface ExtImageCopyCaptureSessionV1Events {
  /**
   * image capture source dimensions
   * @param width buffer width
   * @param height buffer height
   */
  bufferSize(proxy: ExtImageCopyCaptureSessionV1Proxy, width: number, height: number): void;
  /**
   * shm buffer format
   * @param format shm format; see WlShmFormat
   */
  shmFormat(proxy: ExtImageCopyCaptureSessionV1Proxy, format: number): void;
  /**
   * dma-buf device
   * @param device device dev_t value
   */
  dmabufDevice(proxy: ExtImageCopyCaptureSessionV1Proxy, device: Uint8Array): void;
  /**
   * dma-buf format
   * @param format drm format code
   * @param modifiers drm format modifiers
   */
  dmabufFormat(proxy: ExtImageCopyCaptureSessionV1Proxy, format: number, modifiers: Uint8Array): void;
  /** all constraints have been sent */
  done(proxy: ExtImageCopyCaptureSessionV1Proxy): void;
  /** session is no longer available */
  stopped(proxy: ExtImageCopyCaptureSessionV1Proxy): void;
}

/** A server's ext_image_copy_capture_session_v1, as the client holds it. */
export class ExtImageCopyCaptureSessionV1Proxy extends ObjectProxy<ExtImageCopyCaptureSessionV1Events> {
  static readonly interface: Interface = ext_image_copy_capture_session_v1;

  override get interface(): Interface {
    return ext_image_copy_capture_session_v1;
  }

  /** create a frame */
  createFrame(handler: ExtImageCopyCaptureFrameV1Events): ExtImageCopyCaptureFrameV1Proxy {
    const message = this.request(0, 1);
    const created = this.create(ExtImageCopyCaptureFrameV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  /**
   * delete this object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const width = message.uint();
        const height = message.uint();
        message.end();
        if (this.wanted) this.handler.bufferSize(this, width, height);
        return;
      }
      case 1: {
        const format = message.uint();
        message.end();
        if (this.wanted) this.handler.shmFormat(this, format);
        return;
      }
      case 2: {
        const device = message.array();
        message.end();
        if (this.wanted) this.handler.dmabufDevice(this, device);
        return;
      }
      case 3: {
        const format = message.uint();
        const modifiers = message.array();
        message.end();
        if (this.wanted) this.handler.dmabufFormat(this, format, modifiers);
        return;
      }
      case 4: {
        message.end();
        if (this.wanted) this.handler.done(this);
        return;
      }
      case 5: {
        message.end();
        if (this.wanted) this.handler.stopped(this);
        return;
      }
    }
  }
}

/** image capture frame */
export const ext_image_copy_capture_frame_v1: Interface = {
  name: 'ext_image_copy_capture_frame_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'attach_buffer', since: 1, signature: 'o', destructor: false },
    { name: 'damage_buffer', since: 1, signature: 'iiii', destructor: false },
    { name: 'capture', since: 1, signature: '', destructor: false },
  ],
  events: [
    { name: 'transform', since: 1, signature: 'u', destructor: false },
    { name: 'damage', since: 1, signature: 'iiii', destructor: false },
    { name: 'presentation_time', since: 1, signature: 'uuu', destructor: false },
    { name: 'ready', since: 1, signature: '', destructor: false },
    { name: 'failed', since: 1, signature: 'u', destructor: false },
  ],
  get errors() { return ExtImageCopyCaptureFrameV1Error; },
};

export const ExtImageCopyCaptureFrameV1Error = {
  /** capture sent without attach_buffer */
  no_buffer: 1,
  /** invalid buffer damage */
  invalid_buffer_damage: 2,
  /** capture request has been sent */
  already_captured: 3,
} as const;
export type ExtImageCopyCaptureFrameV1Error = (typeof ExtImageCopyCaptureFrameV1Error)[keyof typeof ExtImageCopyCaptureFrameV1Error];

export const ExtImageCopyCaptureFrameV1FailureReason = {
  unknown: 0,
  buffer_constraints: 1,
  stopped: 2,
} as const;
export type ExtImageCopyCaptureFrameV1FailureReason = (typeof ExtImageCopyCaptureFrameV1FailureReason)[keyof typeof ExtImageCopyCaptureFrameV1FailureReason];

/** What a server does with the requests of ext_image_copy_capture_frame_v1. */
export interface ExtImageCopyCaptureFrameV1Requests {
  /**
   * destroy this object
   * Destroys the object.
   */
  destroy(resource: ExtImageCopyCaptureFrameV1Resource): void;
  /** attach buffer to session */
  attachBuffer(resource: ExtImageCopyCaptureFrameV1Resource, buffer: WlBufferResource): void;
  /**
   * damage buffer
   * @param x region x coordinate
   * @param y region y coordinate
   * @param width region width
   * @param height region height
   */
  damageBuffer(resource: ExtImageCopyCaptureFrameV1Resource, x: number, y: number, width: number, height: number): void;
  /** capture a frame */
  capture(resource: ExtImageCopyCaptureFrameV1Resource): void;
}

/** A client's ext_image_copy_capture_frame_v1, as the server holds it. */
export class ExtImageCopyCaptureFrameV1Resource extends Resource<ExtImageCopyCaptureFrameV1Requests, ExtImageCopyCaptureFrameV1Error> {
  static readonly interface: Interface = ext_image_copy_capture_frame_v1;

  override get interface(): Interface {
    return ext_image_copy_capture_frame_v1;
  }

  /** buffer transform */
  sendTransform(transform: WlOutputTransform): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(transform);
    message.end();
  }

  /**
   * buffer damaged region
   * @param x damage x coordinate
   * @param y damage y coordinate
   * @param width damage width
   * @param height damage height
   */
  sendDamage(x: number, y: number, width: number, height: number): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.int(x);
    message.int(y);
    message.int(width);
    message.int(height);
    message.end();
  }

  /**
   * presentation time of the frame
   * @param tvSecHi high 32 bits of the seconds part of the timestamp
   * @param tvSecLo low 32 bits of the seconds part of the timestamp
   * @param tvNsec nanoseconds part of the timestamp
   */
  sendPresentationTime(tvSecHi: number, tvSecLo: number, tvNsec: number): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.uint(tvSecHi);
    message.uint(tvSecLo);
    message.uint(tvNsec);
    message.end();
  }

  /** frame is available for reading */
  sendReady(): void {
    const message = this.event(3, 1);
    if (message === undefined) return;
    message.end();
  }

  /** capture failed */
  sendFailed(reason: ExtImageCopyCaptureFrameV1FailureReason): void {
    const message = this.event(4, 1);
    if (message === undefined) return;
    message.uint(reason);
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const buffer = this.received(WlBufferResource, message.uint());
        message.end();
        this.handler.attachBuffer(this, buffer);
        return;
      }
      case 2: {
        const x = message.int();
        const y = message.int();
        const width = message.int();
        const height = message.int();
        message.end();
        this.handler.damageBuffer(this, x, y, width, height);
        return;
      }
      case 3: {
        message.end();
        this.handler.capture(this);
        return;
      }
    }
  }
}

/** What a client does with the events of ext_image_copy_capture_frame_v1. */
export interface ExtImageCopyCaptureFrameV1Events {
  /**
   * buffer transform
   * @param transform see WlOutputTransform
   */
  transform(proxy: ExtImageCopyCaptureFrameV1Proxy, transform: number): void;
  /**
   * buffer damaged region
   * @param x damage x coordinate
   * @param y damage y coordinate
   * @param width damage width
   * @param height damage height
   */
  damage(proxy: ExtImageCopyCaptureFrameV1Proxy, x: number, y: number, width: number, height: number): void;
  /**
   * presentation time of the frame
   * @param tvSecHi high 32 bits of the seconds part of the timestamp
   * @param tvSecLo low 32 bits of the seconds part of the timestamp
   * @param tvNsec nanoseconds part of the timestamp
   */
  presentationTime(proxy: ExtImageCopyCaptureFrameV1Proxy, tvSecHi: number, tvSecLo: number, tvNsec: number): void;
  /** frame is available for reading */
  ready(proxy: ExtImageCopyCaptureFrameV1Proxy): void;
  /**
   * capture failed
   * @param reason see ExtImageCopyCaptureFrameV1FailureReason
   */
  failed(proxy: ExtImageCopyCaptureFrameV1Proxy, reason: number): void;
}

/** A server's ext_image_copy_capture_frame_v1, as the client holds it. */
export class ExtImageCopyCaptureFrameV1Proxy extends ObjectProxy<ExtImageCopyCaptureFrameV1Events> {
  static readonly interface: Interface = ext_image_copy_capture_frame_v1;

  override get interface(): Interface {
    return ext_image_copy_capture_frame_v1;
  }

  /**
   * destroy this object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** attach buffer to session */
  attachBuffer(buffer: WlBufferProxy): void {
    const bufferId = this.reference(buffer);
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.uint(bufferId);
      message.end();
    }
  }

  /**
   * damage buffer
   * @param x region x coordinate
   * @param y region y coordinate
   * @param width region width
   * @param height region height
   */
  damageBuffer(x: number, y: number, width: number, height: number): void {
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.int(x);
      message.int(y);
      message.int(width);
      message.int(height);
      message.end();
    }
  }

  /** capture a frame */
  capture(): void {
    const message = this.request(3, 1);
    if (message !== undefined) {
      message.end();
    }
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const transform = message.uint();
        message.end();
        if (this.wanted) this.handler.transform(this, transform);
        return;
      }
      case 1: {
        const x = message.int();
        const y = message.int();
        const width = message.int();
        const height = message.int();
        message.end();
        if (this.wanted) this.handler.damage(this, x, y, width, height);
        return;
      }
      case 2: {
        const tvSecHi = message.uint();
        const tvSecLo = message.uint();
        const tvNsec = message.uint();
        message.end();
        if (this.wanted) this.handler.presentationTime(this, tvSecHi, tvSecLo, tvNsec);
        return;
      }
      case 3: {
        message.end();
        if (this.wanted) this.handler.ready(this);
        return;
      }
      case 4: {
        const reason = message.uint();
        message.end();
        if (this.wanted) this.handler.failed(this, reason);
        return;
      }
    }
  }
}

/** cursor capture session */
export const ext_image_copy_capture_cursor_session_v1: Interface = {
  name: 'ext_image_copy_capture_cursor_session_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'get_capture_session', since: 1, signature: 'n', destructor: false },
  ],
  events: [
    { name: 'enter', since: 1, signature: '', destructor: false },
    { name: 'leave', since: 1, signature: '', destructor: false },
    { name: 'position', since: 1, signature: 'ii', destructor: false },
    { name: 'hotspot', since: 1, signature: 'ii', destructor: false },
  ],
  get errors() { return ExtImageCopyCaptureCursorSessionV1Error; },
};

export const ExtImageCopyCaptureCursorSessionV1Error = {
  /** get_capture_session sent twice */
  duplicate_session: 1,
} as const;
export type ExtImageCopyCaptureCursorSessionV1Error = (typeof ExtImageCopyCaptureCursorSessionV1Error)[keyof typeof ExtImageCopyCaptureCursorSessionV1Error];

/** What a server does with the requests of ext_image_copy_capture_cursor_session_v1. */
export interface ExtImageCopyCaptureCursorSessionV1Requests {
  /**
   * delete this object
   * Destroys the object.
   */
  destroy(resource: ExtImageCopyCaptureCursorSessionV1Resource): void;
  /** get image copy capturer session */
  getCaptureSession(resource: ExtImageCopyCaptureCursorSessionV1Resource, session: ExtImageCopyCaptureSessionV1Resource): void;
}

/** A client's ext_image_copy_capture_cursor_session_v1, as the server holds it. */
export class ExtImageCopyCaptureCursorSessionV1Resource extends Resource<ExtImageCopyCaptureCursorSessionV1Requests, ExtImageCopyCaptureCursorSessionV1Error> {
  static readonly interface: Interface = ext_image_copy_capture_cursor_session_v1;

  override get interface(): Interface {
    return ext_image_copy_capture_cursor_session_v1;
  }

  /** cursor entered captured area */
  sendEnter(): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.end();
  }

  /** cursor left captured area */
  sendLeave(): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.end();
  }

  /**
   * position changed
   * @param x position x coordinates
   * @param y position y coordinates
   */
  sendPosition(x: number, y: number): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.int(x);
    message.int(y);
    message.end();
  }

  /**
   * hotspot changed
   * @param x hotspot x coordinates
   * @param y hotspot y coordinates
   */
  sendHotspot(x: number, y: number): void {
    const message = this.event(3, 1);
    if (message === undefined) return;
    message.int(x);
    message.int(y);
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const session = this.created(ExtImageCopyCaptureSessionV1Resource, message.uint());
        message.end();
        this.handler.getCaptureSession(this, session);
        return;
      }
    }
  }
}

/** What a client does with the events of ext_image_copy_capture_cursor_session_v1. */
export interface ExtImageCopyCaptureCursorSessionV1Events {
  /** cursor entered captured area */
  enter(proxy: ExtImageCopyCaptureCursorSessionV1Proxy): void;
  /** cursor left captured area */
  leave(proxy: ExtImageCopyCaptureCursorSessionV1Proxy): void;
  /**
   * position changed
   * @param x position x coordinates
   * @param y position y coordinates
   */
  position(proxy: ExtImageCopyCaptureCursorSessionV1Proxy, x: number, y: number): void;
  /**
   * hotspot changed
   * @param x hotspot x coordinates
   * @param y hotspot y coordinates
   */
  hotspot(proxy: ExtImageCopyCaptureCursorSessionV1Proxy, x: number, y: number): void;
}

/** A server's ext_image_copy_capture_cursor_session_v1, as the client holds it. */
export class ExtImageCopyCaptureCursorSessionV1Proxy extends ObjectProxy<ExtImageCopyCaptureCursorSessionV1Events> {
  static readonly interface: Interface = ext_image_copy_capture_cursor_session_v1;

  override get interface(): Interface {
    return ext_image_copy_capture_cursor_session_v1;
  }

  /**
   * delete this object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** get image copy capturer session */
  getCaptureSession(handler: ExtImageCopyCaptureSessionV1Events): ExtImageCopyCaptureSessionV1Proxy {
    const message = this.request(1, 1);
    const created = this.create(ExtImageCopyCaptureSessionV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        if (this.wanted) this.handler.enter(this);
        return;
      }
      case 1: {
        message.end();
        if (this.wanted) this.handler.leave(this);
        return;
      }
      case 2: {
        const x = message.int();
        const y = message.int();
        message.end();
        if (this.wanted) this.handler.position(this, x, y);
        return;
      }
      case 3: {
        const x = message.int();
        const y = message.int();
        message.end();
        if (this.wanted) this.handler.hotspot(this, x, y);
        return;
      }
    }
  }
}
