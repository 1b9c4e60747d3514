// Generated from protocols/wayland.xml by npm run gen:protocol.

import { type Fd } from '@switchyard/sys';
import { type HandlerOf } from '../client/ObjectProxy.js';
import { ObjectProxy } from '../client/ObjectProxy.js';
import { type ProxyClass } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';

/** core global object */
export const wl_display: Interface = {
  name: 'wl_display',
  version: 1,
  requests: [
    { name: 'sync', since: 1, signature: 'n', destructor: false },
    { name: 'get_registry', since: 1, signature: 'n', destructor: false },
  ],
  events: [
    { name: 'error', since: 1, signature: 'ous', destructor: false },
    { name: 'delete_id', since: 1, signature: 'u', destructor: false },
  ],
  get errors() { return WlDisplayError; },
};

/** global error values */
export const WlDisplayError = {
  /** server couldn't find object */
  invalid_object: 0,
  /** method doesn't exist on the specified interface or malformed request */
  invalid_method: 1,
  /** server is out of memory */
  no_memory: 2,
  /** implementation error in compositor */
  implementation: 3,
} as const;
export type WlDisplayError = (typeof WlDisplayError)[keyof typeof WlDisplayError];

/** What a server does with the requests of wl_display. */
export interface WlDisplayRequests {
  /**
   * asynchronous roundtrip
   * @param callback callback object for the sync request
   */
  sync(resource: WlDisplayResource, callback: WlCallbackResource): void;
  /**
   * get global registry object
   * @param registry global registry object
   */
  getRegistry(resource: WlDisplayResource, registry: WlRegistryResource): void;
}

/** A client's wl_display, as the server holds it. */
export class WlDisplayResource extends Resource<WlDisplayRequests, WlDisplayError> {
  static readonly interface: Interface = wl_display;

  override get interface(): Interface {
    return wl_display;
  }

  /**
   * fatal error event
   * @param objectId object where the error occurred
   * @param code error code
   * @param messageArgument error description
   */
  sendError(objectId: Resource, code: number, messageArgument: string): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(this.reference(objectId));
    message.uint(code);
    message.string(messageArgument);
    message.end();
  }

  /**
   * acknowledge object ID deletion
   * @param id deleted object ID
   */
  sendDeleteId(id: number): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(id);
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const callback = this.created(WlCallbackResource, message.uint());
        message.end();
        this.handler.sync(this, callback);
        return;
      }
      case 1: {
        const registry = this.created(WlRegistryResource, message.uint());
        message.end();
        this.handler.getRegistry(this, registry);
        return;
      }
    }
  }
}

/** What a client does with the events of wl_display. */
export interface WlDisplayEvents {
  /**
   * fatal error event
   * @param objectId object where the error occurred
   * @param code error code
   * @param messageArgument error description
   */
  error(proxy: WlDisplayProxy, objectId: ObjectProxy, code: number, messageArgument: string): void;
  /**
   * acknowledge object ID deletion
   * @param id deleted object ID
   */
  deleteId(proxy: WlDisplayProxy, id: number): void;
}

/** A server's wl_display, as the client holds it. */
export class WlDisplayProxy extends ObjectProxy<WlDisplayEvents> {
  static readonly interface: Interface = wl_display;

  override get interface(): Interface {
    return wl_display;
  }

  /** asynchronous roundtrip */
  sync(handler: WlCallbackEvents): WlCallbackProxy {
    const message = this.request(0, 1);
    const created = this.create(WlCallbackProxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  /** get global registry object */
  getRegistry(handler: WlRegistryEvents): WlRegistryProxy {
    const message = this.request(1, 1);
    const created = this.create(WlRegistryProxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const objectId = this.receivedAny(message.uint());
        const code = message.uint();
        const messageArgument = message.string();
        message.end();
        if (this.wanted) this.handler.error(this, objectId, code, messageArgument);
        return;
      }
      case 1: {
        const id = message.uint();
        message.end();
        if (this.wanted) this.handler.deleteId(this, id);
        return;
      }
    }
  }
}

/** global registry object */
export const wl_registry: Interface = {
  name: 'wl_registry',
  version: 1,
  requests: [
    { name: 'bind', since: 1, signature: 'usun', destructor: false },
  ],
  events: [
    { name: 'global', since: 1, signature: 'usu', destructor: false },
    { name: 'global_remove', since: 1, signature: 'u', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of wl_registry. */
export interface WlRegistryRequests {
  /**
   * bind an object to the display
   * @param name unique numeric name of the object
   * @param id bounded object
   */
  bind(resource: WlRegistryResource, name: number, id: { interface: string; version: number; id: number }): void;
}

/** A client's wl_registry, as the server holds it. */
export class WlRegistryResource extends Resource<WlRegistryRequests> {
  static readonly interface: Interface = wl_registry;

  override get interface(): Interface {
    return wl_registry;
  }

  /**
   * announce global object
   * @param name numeric name of the global object
   * @param interfaceArgument interface implemented by the object
   * @param version interface version
   */
  sendGlobal(name: number, interfaceArgument: string, version: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(name);
    message.string(interfaceArgument);
    message.uint(version);
    message.end();
  }

  /**
   * announce removal of global object
   * @param name numeric name of the global object
   */
  sendGlobalRemove(name: number): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(name);
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const name = message.uint();
        const id = { interface: message.string(), version: message.uint(), id: message.uint() };
        message.end();
        this.handler.bind(this, name, id);
        return;
      }
    }
  }
}

/** What a client does with the events of wl_registry. */
export interface WlRegistryEvents {
  /**
   * announce global object
   * @param name numeric name of the global object
   * @param interfaceArgument interface implemented by the object
   * @param version interface version
   */
  global(proxy: WlRegistryProxy, name: number, interfaceArgument: string, version: number): void;
  /**
   * announce removal of global object
   * @param name numeric name of the global object
   */
  globalRemove(proxy: WlRegistryProxy, name: number): void;
}

/** A server's wl_registry, as the client holds it. */
export class WlRegistryProxy extends ObjectProxy<WlRegistryEvents> {
  static readonly interface: Interface = wl_registry;

  override get interface(): Interface {
    return wl_registry;
  }

  /**
   * bind an object to the display
   * @param name unique numeric name of the object
   */
  bind<P extends ObjectProxy>(name: number, type: ProxyClass<P>, version: number, ...handler: HandlerOf<P>): P {
    const message = this.request(0, 1);
    const created = this.create(type, version, (handler as readonly unknown[])[0]);
    if (message !== undefined) {
      message.uint(name);
      message.string(type.interface.name);
      message.uint(version);
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const name = message.uint();
        const interfaceArgument = message.string();
        const version = message.uint();
        message.end();
        if (this.wanted) this.handler.global(this, name, interfaceArgument, version);
        return;
      }
      case 1: {
        const name = message.uint();
        message.end();
        if (this.wanted) this.handler.globalRemove(this, name);
        return;
      }
    }
  }
}

/** callback object */
export const wl_callback: Interface = {
  name: 'wl_callback',
  version: 1,
  requests: [
  ],
  events: [
    { name: 'done', since: 1, signature: 'u', destructor: true },
  ],
  errors: {},
};

/** A client's wl_callback, as the server holds it. */
export class WlCallbackResource extends Resource<undefined> {
  static readonly interface: Interface = wl_callback;

  override get interface(): Interface {
    return wl_callback;
  }

  /**
   * done event
   * Destroys the object.
   * @param callbackData request-specific data for the callback
   */
  sendDone(callbackData: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(callbackData);
    message.end();
    this.destroy();
  }

  override dispatch(): void {}
}

/** What a client does with the events of wl_callback. */
export interface WlCallbackEvents {
  /**
   * done event
   * Destroys the object.
   * @param callbackData request-specific data for the callback
   */
  done(proxy: WlCallbackProxy, callbackData: number): void;
}

/** A server's wl_callback, as the client holds it. */
export class WlCallbackProxy extends ObjectProxy<WlCallbackEvents> {
  static readonly interface: Interface = wl_callback;

  override get interface(): Interface {
    return wl_callback;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const callbackData = message.uint();
        message.end();
        if (this.wanted) this.handler.done(this, callbackData);
        return;
      }
    }
  }
}

/** the compositor singleton */
export const wl_compositor: Interface = {
  name: 'wl_compositor',
  version: 6,
  requests: [
    { name: 'create_surface', since: 1, signature: 'n', destructor: false },
    { name: 'create_region', since: 1, signature: 'n', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of wl_compositor. */
export interface WlCompositorRequests {
  /**
   * create new surface
   * @param id the new surface
   */
  createSurface(resource: WlCompositorResource, id: WlSurfaceResource): void;
  /**
   * create new region
   * @param id the new region
   */
  createRegion(resource: WlCompositorResource, id: WlRegionResource): void;
}

/** A client's wl_compositor, as the server holds it. */
export class WlCompositorResource extends Resource<WlCompositorRequests> {
  static readonly interface: Interface = wl_compositor;

  override get interface(): Interface {
    return wl_compositor;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const id = this.created(WlSurfaceResource, message.uint());
        message.end();
        this.handler.createSurface(this, id);
        return;
      }
      case 1: {
        const id = this.created(WlRegionResource, message.uint());
        message.end();
        this.handler.createRegion(this, id);
        return;
      }
    }
  }
}

/** A server's wl_compositor, as the client holds it. */
export class WlCompositorProxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = wl_compositor;

  override get interface(): Interface {
    return wl_compositor;
  }

  /** create new surface */
  createSurface(handler: WlSurfaceEvents): WlSurfaceProxy {
    const message = this.request(0, 1);
    const created = this.create(WlSurfaceProxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  /** create new region */
  createRegion(): WlRegionProxy {
    const message = this.request(1, 1);
    const created = this.create(WlRegionProxy, this.version, undefined);
    if (message !== undefined) {
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** a shared memory pool */
export const wl_shm_pool: Interface = {
  name: 'wl_shm_pool',
  version: 2,
  requests: [
    { name: 'create_buffer', since: 1, signature: 'niiiiu', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'resize', since: 1, signature: 'i', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of wl_shm_pool. */
export interface WlShmPoolRequests {
  /**
   * create a buffer from the pool
   * @param id buffer to create
   * @param offset buffer byte offset within the pool
   * @param width buffer width, in pixels
   * @param height buffer height, in pixels
   * @param stride number of bytes from the beginning of one row to the beginning of the next row
   * @param format buffer pixel format; see WlShmFormat
   */
  createBuffer(resource: WlShmPoolResource, id: WlBufferResource, offset: number, width: number, height: number, stride: number, format: number): void;
  /**
   * destroy the pool
   * Destroys the object.
   */
  destroy(resource: WlShmPoolResource): void;
  /**
   * change the size of the pool mapping
   * @param size new size of the pool, in bytes
   */
  resize(resource: WlShmPoolResource, size: number): void;
}

/** A client's wl_shm_pool, as the server holds it. */
export class WlShmPoolResource extends Resource<WlShmPoolRequests> {
  static readonly interface: Interface = wl_shm_pool;

  override get interface(): Interface {
    return wl_shm_pool;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const id = this.created(WlBufferResource, message.uint());
        const offset = message.int();
        const width = message.int();
        const height = message.int();
        const stride = message.int();
        const format = message.uint();
        message.end();
        this.handler.createBuffer(this, id, offset, width, height, stride, format);
        return;
      }
      case 1: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 2: {
        const size = message.int();
        message.end();
        this.handler.resize(this, size);
        return;
      }
    }
  }
}

/** A server's wl_shm_pool, as the client holds it. */
export class WlShmPoolProxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = wl_shm_pool;

  override get interface(): Interface {
    return wl_shm_pool;
  }

  /**
   * create a buffer from the pool
   * @param offset buffer byte offset within the pool
   * @param width buffer width, in pixels
   * @param height buffer height, in pixels
   * @param stride number of bytes from the beginning of one row to the beginning of the next row
   * @param format buffer pixel format
   */
  createBuffer(offset: number, width: number, height: number, stride: number, format: WlShmFormat, handler: WlBufferEvents): WlBufferProxy {
    const message = this.request(0, 1);
    const created = this.create(WlBufferProxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.int(offset);
      message.int(width);
      message.int(height);
      message.int(stride);
      message.uint(format);
      message.end();
    }
    return created;
  }

  /**
   * destroy the pool
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
   * change the size of the pool mapping
   * @param size new size of the pool, in bytes
   */
  resize(size: number): void {
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.int(size);
      message.end();
    }
  }

  override dispatch(): void {}
}

/** shared memory support */
export const wl_shm: Interface = {
  name: 'wl_shm',
  version: 2,
  requests: [
    { name: 'create_pool', since: 1, signature: 'nhi', destructor: false },
    { name: 'release', since: 2, signature: '', destructor: true },
  ],
  events: [
    { name: 'format', since: 1, signature: 'u', destructor: false },
  ],
  get errors() { return WlShmError; },
};

/** wl_shm error values */
export const WlShmError = {
  /** buffer format is not known */
  invalid_format: 0,
  /** invalid size or stride during pool or buffer creation */
  invalid_stride: 1,
  /** mmapping the file descriptor failed */
  invalid_fd: 2,
} as const;
export type WlShmError = (typeof WlShmError)[keyof typeof WlShmError];

/** pixel formats */
export const WlShmFormat = {
  /** 32-bit ARGB format, [31:0] A:R:G:B 8:8:8:8 little endian */
  argb8888: 0,
  /** 32-bit RGB format, [31:0] x:R:G:B 8:8:8:8 little endian */
  xrgb8888: 1,
  /** 8-bit color index format, [7:0] C */
  c8: 538982467,
  /** 8-bit RGB format, [7:0] R:G:B 3:3:2 */
  rgb332: 943867730,
  /** 8-bit BGR format, [7:0] B:G:R 2:3:3 */
  bgr233: 944916290,
  /** 16-bit xRGB format, [15:0] x:R:G:B 4:4:4:4 little endian */
  xrgb4444: 842093144,
  /** 16-bit xBGR format, [15:0] x:B:G:R 4:4:4:4 little endian */
  xbgr4444: 842089048,
  /** 16-bit RGBx format, [15:0] R:G:B:x 4:4:4:4 little endian */
  rgbx4444: 842094674,
  /** 16-bit BGRx format, [15:0] B:G:R:x 4:4:4:4 little endian */
  bgrx4444: 842094658,
  /** 16-bit ARGB format, [15:0] A:R:G:B 4:4:4:4 little endian */
  argb4444: 842093121,
  /** 16-bit ABGR format, [15:0] A:B:G:R 4:4:4:4 little endian */
  abgr4444: 842089025,
  /** 16-bit RBGA format, [15:0] R:G:B:A 4:4:4:4 little endian */
  rgba4444: 842088786,
  /** 16-bit BGRA format, [15:0] B:G:R:A 4:4:4:4 little endian */
  bgra4444: 842088770,
  /** 16-bit xRGB format, [15:0] x:R:G:B 1:5:5:5 little endian */
  xrgb1555: 892424792,
  /** 16-bit xBGR 1555 format, [15:0] x:B:G:R 1:5:5:5 little endian */
  xbgr1555: 892420696,
  /** 16-bit RGBx 5551 format, [15:0] R:G:B:x 5:5:5:1 little endian */
  rgbx5551: 892426322,
  /** 16-bit BGRx 5551 format, [15:0] B:G:R:x 5:5:5:1 little endian */
  bgrx5551: 892426306,
  /** 16-bit ARGB 1555 format, [15:0] A:R:G:B 1:5:5:5 little endian */
  argb1555: 892424769,
  /** 16-bit ABGR 1555 format, [15:0] A:B:G:R 1:5:5:5 little endian */
  abgr1555: 892420673,
  /** 16-bit RGBA 5551 format, [15:0] R:G:B:A 5:5:5:1 little endian */
  rgba5551: 892420434,
  /** 16-bit BGRA 5551 format, [15:0] B:G:R:A 5:5:5:1 little endian */
  bgra5551: 892420418,
  /** 16-bit RGB 565 format, [15:0] R:G:B 5:6:5 little endian */
  rgb565: 909199186,
  /** 16-bit BGR 565 format, [15:0] B:G:R 5:6:5 little endian */
  bgr565: 909199170,
  /** 24-bit RGB format, [23:0] R:G:B little endian */
  rgb888: 875710290,
  /** 24-bit BGR format, [23:0] B:G:R little endian */
  bgr888: 875710274,
  /** 32-bit xBGR format, [31:0] x:B:G:R 8:8:8:8 little endian */
  xbgr8888: 875709016,
  /** 32-bit RGBx format, [31:0] R:G:B:x 8:8:8:8 little endian */
  rgbx8888: 875714642,
  /** 32-bit BGRx format, [31:0] B:G:R:x 8:8:8:8 little endian */
  bgrx8888: 875714626,
  /** 32-bit ABGR format, [31:0] A:B:G:R 8:8:8:8 little endian */
  abgr8888: 875708993,
  /** 32-bit RGBA format, [31:0] R:G:B:A 8:8:8:8 little endian */
  rgba8888: 875708754,
  /** 32-bit BGRA format, [31:0] B:G:R:A 8:8:8:8 little endian */
  bgra8888: 875708738,
  /** 32-bit xRGB format, [31:0] x:R:G:B 2:10:10:10 little endian */
  xrgb2101010: 808669784,
  /** 32-bit xBGR format, [31:0] x:B:G:R 2:10:10:10 little endian */
  xbgr2101010: 808665688,
  /** 32-bit RGBx format, [31:0] R:G:B:x 10:10:10:2 little endian */
  rgbx1010102: 808671314,
  /** 32-bit BGRx format, [31:0] B:G:R:x 10:10:10:2 little endian */
  bgrx1010102: 808671298,
  /** 32-bit ARGB format, [31:0] A:R:G:B 2:10:10:10 little endian */
  argb2101010: 808669761,
  /** 32-bit ABGR format, [31:0] A:B:G:R 2:10:10:10 little endian */
  abgr2101010: 808665665,
  /** 32-bit RGBA format, [31:0] R:G:B:A 10:10:10:2 little endian */
  rgba1010102: 808665426,
  /** 32-bit BGRA format, [31:0] B:G:R:A 10:10:10:2 little endian */
  bgra1010102: 808665410,
  /** packed YCbCr format, [31:0] Cr0:Y1:Cb0:Y0 8:8:8:8 little endian */
  yuyv: 1448695129,
  /** packed YCbCr format, [31:0] Cb0:Y1:Cr0:Y0 8:8:8:8 little endian */
  yvyu: 1431918169,
  /** packed YCbCr format, [31:0] Y1:Cr0:Y0:Cb0 8:8:8:8 little endian */
  uyvy: 1498831189,
  /** packed YCbCr format, [31:0] Y1:Cb0:Y0:Cr0 8:8:8:8 little endian */
  vyuy: 1498765654,
  /** packed AYCbCr format, [31:0] A:Y:Cb:Cr 8:8:8:8 little endian */
  ayuv: 1448433985,
  /** 2 plane YCbCr Cr:Cb format, 2x2 subsampled Cr:Cb plane */
  nv12: 842094158,
  /** 2 plane YCbCr Cb:Cr format, 2x2 subsampled Cb:Cr plane */
  nv21: 825382478,
  /** 2 plane YCbCr Cr:Cb format, 2x1 subsampled Cr:Cb plane */
  nv16: 909203022,
  /** 2 plane YCbCr Cb:Cr format, 2x1 subsampled Cb:Cr plane */
  nv61: 825644622,
  /** 3 plane YCbCr format, 4x4 subsampled Cb (1) and Cr (2) planes */
  yuv410: 961959257,
  /** 3 plane YCbCr format, 4x4 subsampled Cr (1) and Cb (2) planes */
  yvu410: 961893977,
  /** 3 plane YCbCr format, 4x1 subsampled Cb (1) and Cr (2) planes */
  yuv411: 825316697,
  /** 3 plane YCbCr format, 4x1 subsampled Cr (1) and Cb (2) planes */
  yvu411: 825316953,
  /** 3 plane YCbCr format, 2x2 subsampled Cb (1) and Cr (2) planes */
  yuv420: 842093913,
  /** 3 plane YCbCr format, 2x2 subsampled Cr (1) and Cb (2) planes */
  yvu420: 842094169,
  /** 3 plane YCbCr format, 2x1 subsampled Cb (1) and Cr (2) planes */
  yuv422: 909202777,
  /** 3 plane YCbCr format, 2x1 subsampled Cr (1) and Cb (2) planes */
  yvu422: 909203033,
  /** 3 plane YCbCr format, non-subsampled Cb (1) and Cr (2) planes */
  yuv444: 875713881,
  /** 3 plane YCbCr format, non-subsampled Cr (1) and Cb (2) planes */
  yvu444: 875714137,
  /** [7:0] R */
  r8: 538982482,
  /** [15:0] R little endian */
  r16: 540422482,
  /** [15:0] R:G 8:8 little endian */
  rg88: 943212370,
  /** [15:0] G:R 8:8 little endian */
  gr88: 943215175,
  /** [31:0] R:G 16:16 little endian */
  rg1616: 842221394,
  /** [31:0] G:R 16:16 little endian */
  gr1616: 842224199,
  /** [63:0] x:R:G:B 16:16:16:16 little endian */
  xrgb16161616f: 1211388504,
  /** [63:0] x:B:G:R 16:16:16:16 little endian */
  xbgr16161616f: 1211384408,
  /** [63:0] A:R:G:B 16:16:16:16 little endian */
  argb16161616f: 1211388481,
  /** [63:0] A:B:G:R 16:16:16:16 little endian */
  abgr16161616f: 1211384385,
  /** [31:0] X:Y:Cb:Cr 8:8:8:8 little endian */
  xyuv8888: 1448434008,
  /** [23:0] Cr:Cb:Y 8:8:8 little endian */
  vuy888: 875713878,
  /** Y followed by U then V, 10:10:10. Non-linear modifier only */
  vuy101010: 808670550,
  /** [63:0] Cr0:0:Y1:0:Cb0:0:Y0:0 10:6:10:6:10:6:10:6 little endian per 2 Y pixels */
  y210: 808530521,
  /** [63:0] Cr0:0:Y1:0:Cb0:0:Y0:0 12:4:12:4:12:4:12:4 little endian per 2 Y pixels */
  y212: 842084953,
  /** [63:0] Cr0:Y1:Cb0:Y0 16:16:16:16 little endian per 2 Y pixels */
  y216: 909193817,
  /** [31:0] A:Cr:Y:Cb 2:10:10:10 little endian */
  y410: 808531033,
  /** [63:0] A:0:Cr:0:Y:0:Cb:0 12:4:12:4:12:4:12:4 little endian */
  y412: 842085465,
  /** [63:0] A:Cr:Y:Cb 16:16:16:16 little endian */
  y416: 909194329,
  /** [31:0] X:Cr:Y:Cb 2:10:10:10 little endian */
  xvyu2101010: 808670808,
  /** [63:0] X:0:Cr:0:Y:0:Cb:0 12:4:12:4:12:4:12:4 little endian */
  xvyu12_16161616: 909334104,
  /** [63:0] X:Cr:Y:Cb 16:16:16:16 little endian */
  xvyu16161616: 942954072,
  /** [63:0] A3:A2:Y3:0:Cr0:0:Y2:0:A1:A0:Y1:0:Cb0:0:Y0:0 1:1:8:2:8:2:8:2:1:1:8:2:8:2:8:2 little endian */
  y0l0: 810299481,
  /** [63:0] X3:X2:Y3:0:Cr0:0:Y2:0:X1:X0:Y1:0:Cb0:0:Y0:0 1:1:8:2:8:2:8:2:1:1:8:2:8:2:8:2 little endian */
  x0l0: 810299480,
  /** [63:0] A3:A2:Y3:Cr0:Y2:A1:A0:Y1:Cb0:Y0 1:1:10:10:10:1:1:10:10:10 little endian */
  y0l2: 843853913,
  /** [63:0] X3:X2:Y3:Cr0:Y2:X1:X0:Y1:Cb0:Y0 1:1:10:10:10:1:1:10:10:10 little endian */
  x0l2: 843853912,
  yuv420_8bit: 942691673,
  yuv420_10bit: 808539481,
  xrgb8888_a8: 943805016,
  xbgr8888_a8: 943800920,
  rgbx8888_a8: 943806546,
  bgrx8888_a8: 943806530,
  rgb888_a8: 943798354,
  bgr888_a8: 943798338,
  rgb565_a8: 943797586,
  bgr565_a8: 943797570,
  /** non-subsampled Cr:Cb plane */
  nv24: 875714126,
  /** non-subsampled Cb:Cr plane */
  nv42: 842290766,
  /** 2x1 subsampled Cr:Cb plane, 10 bit per channel */
  p210: 808530512,
  /** 2x2 subsampled Cr:Cb plane 10 bits per channel */
  p010: 808530000,
  /** 2x2 subsampled Cr:Cb plane 12 bits per channel */
  p012: 842084432,
  /** 2x2 subsampled Cr:Cb plane 16 bits per channel */
  p016: 909193296,
  /** [63:0] A:x:B:x:G:x:R:x 10:6:10:6:10:6:10:6 little endian */
  axbxgxrx106106106106: 808534593,
  /** 2x2 subsampled Cr:Cb plane */
  nv15: 892425806,
  q410: 808531025,
  q401: 825242705,
  /** [63:0] x:R:G:B 16:16:16:16 little endian */
  xrgb16161616: 942953048,
  /** [63:0] x:B:G:R 16:16:16:16 little endian */
  xbgr16161616: 942948952,
  /** [63:0] A:R:G:B 16:16:16:16 little endian */
  argb16161616: 942953025,
  /** [63:0] A:B:G:R 16:16:16:16 little endian */
  abgr16161616: 942948929,
  /** [7:0] C0:C1:C2:C3:C4:C5:C6:C7 1:1:1:1:1:1:1:1 eight pixels/byte */
  c1: 538980675,
  /** [7:0] C0:C1:C2:C3 2:2:2:2 four pixels/byte */
  c2: 538980931,
  /** [7:0] C0:C1 4:4 two pixels/byte */
  c4: 538981443,
  /** [7:0] D0:D1:D2:D3:D4:D5:D6:D7 1:1:1:1:1:1:1:1 eight pixels/byte */
  d1: 538980676,
  /** [7:0] D0:D1:D2:D3 2:2:2:2 four pixels/byte */
  d2: 538980932,
  /** [7:0] D0:D1 4:4 two pixels/byte */
  d4: 538981444,
  /** [7:0] D */
  d8: 538982468,
  /** [7:0] R0:R1:R2:R3:R4:R5:R6:R7 1:1:1:1:1:1:1:1 eight pixels/byte */
  r1: 538980690,
  /** [7:0] R0:R1:R2:R3 2:2:2:2 four pixels/byte */
  r2: 538980946,
  /** [7:0] R0:R1 4:4 two pixels/byte */
  r4: 538981458,
  /** [15:0] x:R 6:10 little endian */
  r10: 540029266,
  /** [15:0] x:R 4:12 little endian */
  r12: 540160338,
  /** [31:0] A:Cr:Cb:Y 8:8:8:8 little endian */
  avuy8888: 1498764865,
  /** [31:0] X:Cr:Cb:Y 8:8:8:8 little endian */
  xvuy8888: 1498764888,
  /** 2x2 subsampled Cr:Cb plane 10 bits per channel packed */
  p030: 808661072,
} as const;
export type WlShmFormat = (typeof WlShmFormat)[keyof typeof WlShmFormat];

/** What a server does with the requests of wl_shm. */
export interface WlShmRequests {
  /**
   * create a shm pool
   * @param id pool to create
   * @param fd file descriptor for the pool
   * @param size pool size, in bytes
   */
  createPool(resource: WlShmResource, id: WlShmPoolResource, fd: Fd, size: number): void;
  /**
   * release the shm object
   * Since version 2.
   * Destroys the object.
   */
  release(resource: WlShmResource): void;
}

/** A client's wl_shm, as the server holds it. */
export class WlShmResource extends Resource<WlShmRequests, WlShmError> {
  static readonly interface: Interface = wl_shm;

  override get interface(): Interface {
    return wl_shm;
  }

  /**
   * pixel format description
   * @param format buffer pixel format
   */
  sendFormat(format: WlShmFormat): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(format);
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const id = this.created(WlShmPoolResource, message.uint());
        const fd = message.fd();
        const size = message.int();
        message.end();
        this.handler.createPool(this, id, fd, size);
        return;
      }
      case 1: {
        message.end();
        this.handler.release(this);
        return;
      }
    }
  }
}

/** What a client does with the events of wl_shm. */
export interface WlShmEvents {
  /**
   * pixel format description
   * @param format buffer pixel format; see WlShmFormat
   */
  format(proxy: WlShmProxy, format: number): void;
}

/** A server's wl_shm, as the client holds it. */
export class WlShmProxy extends ObjectProxy<WlShmEvents> {
  static readonly interface: Interface = wl_shm;

  override get interface(): Interface {
    return wl_shm;
  }

  /**
   * create a shm pool
   * @param fd file descriptor for the pool
   * @param size pool size, in bytes
   */
  createPool(fd: Fd, size: number): WlShmPoolProxy {
    const message = this.request(0, 1);
    const created = this.create(WlShmPoolProxy, this.version, undefined);
    if (message !== undefined) {
      message.uint(created.id);
      message.fd(fd);
      message.int(size);
      message.end();
    }
    else { fd.close(); }
    return created;
  }

  /**
   * release the shm object
   * Since version 2.
   * Destroys the object.
   */
  release(): void {
    const message = this.request(1, 2);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const format = message.uint();
        message.end();
        if (this.wanted) this.handler.format(this, format);
        return;
      }
    }
  }
}

/** content for a wl_surface */
export const wl_buffer: Interface = {
  name: 'wl_buffer',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'release', since: 1, signature: '', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of wl_buffer. */
export interface WlBufferRequests {
  /**
   * destroy a buffer
   * Destroys the object.
   */
  destroy(resource: WlBufferResource): void;
}

/** A client's wl_buffer, as the server holds it. */
export class WlBufferResource extends Resource<WlBufferRequests> {
  static readonly interface: Interface = wl_buffer;

  override get interface(): Interface {
    return wl_buffer;
  }

  /** compositor releases buffer */
  sendRelease(): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
    }
  }
}

/** What a client does with the events of wl_buffer. */
export interface WlBufferEvents {
  /** compositor releases buffer */
  release(proxy: WlBufferProxy): void;
}

/** A server's wl_buffer, as the client holds it. */
export class WlBufferProxy extends ObjectProxy<WlBufferEvents> {
  static readonly interface: Interface = wl_buffer;

  override get interface(): Interface {
    return wl_buffer;
  }

  /**
   * destroy a buffer
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        if (this.wanted) this.handler.release(this);
        return;
      }
    }
  }
}

/** offer to transfer data */
export const wl_data_offer: Interface = {
  name: 'wl_data_offer',
  version: 3,
  requests: [
    { name: 'accept', since: 1, signature: 'u?s', destructor: false },
    { name: 'receive', since: 1, signature: 'sh', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'finish', since: 3, signature: '', destructor: false },
    { name: 'set_actions', since: 3, signature: 'uu', destructor: false },
  ],
  events: [
    { name: 'offer', since: 1, signature: 's', destructor: false },
    { name: 'source_actions', since: 3, signature: 'u', destructor: false },
    { name: 'action', since: 3, signature: 'u', destructor: false },
  ],
  get errors() { return WlDataOfferError; },
};

export const WlDataOfferError = {
  /** finish request was called untimely */
  invalid_finish: 0,
  /** action mask contains invalid values */
  invalid_action_mask: 1,
  /** action argument has an invalid value */
  invalid_action: 2,
  /** offer doesn't accept this request */
  invalid_offer: 3,
} as const;
export type WlDataOfferError = (typeof WlDataOfferError)[keyof typeof WlDataOfferError];

/** What a server does with the requests of wl_data_offer. */
export interface WlDataOfferRequests {
  /**
   * accept one of the offered mime types
   * @param serial serial number of the accept request
   * @param mimeType mime type accepted by the client
   */
  accept(resource: WlDataOfferResource, serial: number, mimeType: string | null): void;
  /**
   * request that the data is transferred
   * @param mimeType mime type desired by receiver
   * @param fd file descriptor for data transfer
   */
  receive(resource: WlDataOfferResource, mimeType: string, fd: Fd): void;
  /**
   * destroy data offer
   * Destroys the object.
   */
  destroy(resource: WlDataOfferResource): void;
  /**
   * the offer will no longer be used
   * Since version 3.
   */
  finish(resource: WlDataOfferResource): void;
  /**
   * set the available/preferred drag-and-drop actions
   * Since version 3.
   * @param dndActions actions supported by the destination client; see WlDataDeviceManagerDndAction
   * @param preferredAction action preferred by the destination client; see WlDataDeviceManagerDndAction
   */
  setActions(resource: WlDataOfferResource, dndActions: number, preferredAction: number): void;
}

/** A client's wl_data_offer, as the server holds it. */
export class WlDataOfferResource extends Resource<WlDataOfferRequests, WlDataOfferError> {
  static readonly interface: Interface = wl_data_offer;

  override get interface(): Interface {
    return wl_data_offer;
  }

  /**
   * advertise offered mime type
   * @param mimeType offered mime type
   */
  sendOffer(mimeType: string): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.string(mimeType);
    message.end();
  }

  /**
   * notify the source-side available actions
   * Since version 3.
   * @param sourceActions actions offered by the data source
   */
  sendSourceActions(sourceActions: WlDataDeviceManagerDndAction): void {
    const message = this.event(1, 3);
    if (message === undefined) return;
    message.uint(sourceActions);
    message.end();
  }

  /**
   * notify the selected action
   * Since version 3.
   * @param dndAction action selected by the compositor
   */
  sendAction(dndAction: WlDataDeviceManagerDndAction): void {
    const message = this.event(2, 3);
    if (message === undefined) return;
    message.uint(dndAction);
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const serial = message.uint();
        const mimeType = message.stringOrNull();
        message.end();
        this.handler.accept(this, serial, mimeType);
        return;
      }
      case 1: {
        const mimeType = message.string();
        const fd = message.fd();
        message.end();
        this.handler.receive(this, mimeType, fd);
        return;
      }
      case 2: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 3: {
        message.end();
        this.handler.finish(this);
        return;
      }
      case 4: {
        const dndActions = message.uint();
        const preferredAction = message.uint();
        message.end();
        this.handler.setActions(this, dndActions, preferredAction);
        return;
      }
    }
  }
}

/** What a client does with the events of wl_data_offer. */
export interface WlDataOfferEvents {
  /**
   * advertise offered mime type
   * @param mimeType offered mime type
   */
  offer(proxy: WlDataOfferProxy, mimeType: string): void;
  /**
   * notify the source-side available actions
   * Since version 3.
   * @param sourceActions actions offered by the data source; see WlDataDeviceManagerDndAction
   */
  sourceActions(proxy: WlDataOfferProxy, sourceActions: number): void;
  /**
   * notify the selected action
   * Since version 3.
   * @param dndAction action selected by the compositor; see WlDataDeviceManagerDndAction
   */
  action(proxy: WlDataOfferProxy, dndAction: number): void;
}

/** A server's wl_data_offer, as the client holds it. */
export class WlDataOfferProxy extends ObjectProxy<WlDataOfferEvents> {
  static readonly interface: Interface = wl_data_offer;

  override get interface(): Interface {
    return wl_data_offer;
  }

  /**
   * accept one of the offered mime types
   * @param serial serial number of the accept request
   * @param mimeType mime type accepted by the client
   */
  accept(serial: number, mimeType: string | null): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.uint(serial);
      message.string(mimeType);
      message.end();
    }
  }

  /**
   * request that the data is transferred
   * @param mimeType mime type desired by receiver
   * @param fd file descriptor for data transfer
   */
  receive(mimeType: string, fd: Fd): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.string(mimeType);
      message.fd(fd);
      message.end();
    }
    else { fd.close(); }
  }

  /**
   * destroy data offer
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /**
   * the offer will no longer be used
   * Since version 3.
   */
  finish(): void {
    const message = this.request(3, 3);
    if (message !== undefined) {
      message.end();
    }
  }

  /**
   * set the available/preferred drag-and-drop actions
   * Since version 3.
   * @param dndActions actions supported by the destination client
   * @param preferredAction action preferred by the destination client
   */
  setActions(dndActions: WlDataDeviceManagerDndAction, preferredAction: WlDataDeviceManagerDndAction): void {
    const message = this.request(4, 3);
    if (message !== undefined) {
      message.uint(dndActions);
      message.uint(preferredAction);
      message.end();
    }
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const mimeType = message.string();
        message.end();
        if (this.wanted) this.handler.offer(this, mimeType);
        return;
      }
      case 1: {
        const sourceActions = message.uint();
        message.end();
        if (this.wanted) this.handler.sourceActions(this, sourceActions);
        return;
      }
      case 2: {
        const dndAction = message.uint();
        message.end();
        if (this.wanted) this.handler.action(this, dndAction);
        return;
      }
    }
  }
}

/** offer to transfer data */
export const wl_data_source: Interface = {
  name: 'wl_data_source',
  version: 3,
  requests: [
    { name: 'offer', since: 1, signature: 's', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'set_actions', since: 3, signature: 'u', destructor: false },
  ],
  events: [
    { name: 'target', since: 1, signature: '?s', destructor: false },
    { name: 'send', since: 1, signature: 'sh', destructor: false },
    { name: 'cancelled', since: 1, signature: '', destructor: false },
    { name: 'dnd_drop_performed', since: 3, signature: '', destructor: false },
    { name: 'dnd_finished', since: 3, signature: '', destructor: false },
    { name: 'action', since: 3, signature: 'u', destructor: false },
  ],
  get errors() { return WlDataSourceError; },
};

export const WlDataSourceError = {
  /** action mask contains invalid values */
  invalid_action_mask: 0,
  /** source doesn't accept this request */
  invalid_source: 1,
} as const;
export type WlDataSourceError = (typeof WlDataSourceError)[keyof typeof WlDataSourceError];

/** What a server does with the requests of wl_data_source. */
export interface WlDataSourceRequests {
  /**
   * add an offered mime type
   * @param mimeType mime type offered by the data source
   */
  offer(resource: WlDataSourceResource, mimeType: string): void;
  /**
   * destroy the data source
   * Destroys the object.
   */
  destroy(resource: WlDataSourceResource): void;
  /**
   * set the available drag-and-drop actions
   * Since version 3.
   * @param dndActions actions supported by the data source; see WlDataDeviceManagerDndAction
   */
  setActions(resource: WlDataSourceResource, dndActions: number): void;
}

/** A client's wl_data_source, as the server holds it. */
export class WlDataSourceResource extends Resource<WlDataSourceRequests, WlDataSourceError> {
  static readonly interface: Interface = wl_data_source;

  override get interface(): Interface {
    return wl_data_source;
  }

  /**
   * a target accepts an offered mime type
   * @param mimeType mime type accepted by the target
   */
  sendTarget(mimeType: string | null): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.string(mimeType);
    message.end();
  }

  /**
   * send the data
   * @param mimeType mime type for the data
   * @param fd file descriptor for the data
   */
  sendSend(mimeType: string, fd: Fd): void {
    const message = this.event(1, 1);
    if (message === undefined) {
      fd.close();
      return;
    }
    message.string(mimeType);
    message.fd(fd);
    message.end();
  }

  /** selection was cancelled */
  sendCancelled(): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.end();
  }

  /**
   * the drag-and-drop operation physically finished
   * Since version 3.
   */
  sendDndDropPerformed(): void {
    const message = this.event(3, 3);
    if (message === undefined) return;
    message.end();
  }

  /**
   * the drag-and-drop operation concluded
   * Since version 3.
   */
  sendDndFinished(): void {
    const message = this.event(4, 3);
    if (message === undefined) return;
    message.end();
  }

  /**
   * notify the selected action
   * Since version 3.
   * @param dndAction action selected by the compositor
   */
  sendAction(dndAction: WlDataDeviceManagerDndAction): void {
    const message = this.event(5, 3);
    if (message === undefined) return;
    message.uint(dndAction);
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const mimeType = message.string();
        message.end();
        this.handler.offer(this, mimeType);
        return;
      }
      case 1: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 2: {
        const dndActions = message.uint();
        message.end();
        this.handler.setActions(this, dndActions);
        return;
      }
    }
  }
}

/** What a client does with the events of wl_data_source. */
export interface WlDataSourceEvents {
  /**
   * a target accepts an offered mime type
   * @param mimeType mime type accepted by the target
   */
  target(proxy: WlDataSourceProxy, mimeType: string | null): void;
  /**
   * send the data
   * @param mimeType mime type for the data
   * @param fd file descriptor for the data
   */
  send(proxy: WlDataSourceProxy, mimeType: string, fd: Fd): void;
  /** selection was cancelled */
  cancelled(proxy: WlDataSourceProxy): void;
  /**
   * the drag-and-drop operation physically finished
   * Since version 3.
   */
  dndDropPerformed(proxy: WlDataSourceProxy): void;
  /**
   * the drag-and-drop operation concluded
   * Since version 3.
   */
  dndFinished(proxy: WlDataSourceProxy): void;
  /**
   * notify the selected action
   * Since version 3.
   * @param dndAction action selected by the compositor; see WlDataDeviceManagerDndAction
   */
  action(proxy: WlDataSourceProxy, dndAction: number): void;
}

/** A server's wl_data_source, as the client holds it. */
export class WlDataSourceProxy extends ObjectProxy<WlDataSourceEvents> {
  static readonly interface: Interface = wl_data_source;

  override get interface(): Interface {
    return wl_data_source;
  }

  /**
   * add an offered mime type
   * @param mimeType mime type offered by the data source
   */
  offer(mimeType: string): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.string(mimeType);
      message.end();
    }
  }

  /**
   * destroy the data source
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
   * set the available drag-and-drop actions
   * Since version 3.
   * @param dndActions actions supported by the data source
   */
  setActions(dndActions: WlDataDeviceManagerDndAction): void {
    const message = this.request(2, 3);
    if (message !== undefined) {
      message.uint(dndActions);
      message.end();
    }
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const mimeType = message.stringOrNull();
        message.end();
        if (this.wanted) this.handler.target(this, mimeType);
        return;
      }
      case 1: {
        const mimeType = message.string();
        const fd = message.fd();
        message.end();
        if (this.wanted) this.handler.send(this, mimeType, fd);
        return;
      }
      case 2: {
        message.end();
        if (this.wanted) this.handler.cancelled(this);
        return;
      }
      case 3: {
        message.end();
        if (this.wanted) this.handler.dndDropPerformed(this);
        return;
      }
      case 4: {
        message.end();
        if (this.wanted) this.handler.dndFinished(this);
        return;
      }
      case 5: {
        const dndAction = message.uint();
        message.end();
        if (this.wanted) this.handler.action(this, dndAction);
        return;
      }
    }
  }
}

/** data transfer device */
export const wl_data_device: Interface = {
  name: 'wl_data_device',
  version: 3,
  requests: [
    { name: 'start_drag', since: 1, signature: '?oo?ou', destructor: false },
    { name: 'set_selection', since: 1, signature: '?ou', destructor: false },
    { name: 'release', since: 2, signature: '', destructor: true },
  ],
  events: [
    { name: 'data_offer', since: 1, signature: 'n', destructor: false },
    { name: 'enter', since: 1, signature: 'uoff?o', destructor: false },
    { name: 'leave', since: 1, signature: '', destructor: false },
    { name: 'motion', since: 1, signature: 'uff', destructor: false },
    { name: 'drop', since: 1, signature: '', destructor: false },
    { name: 'selection', since: 1, signature: '?o', destructor: false },
  ],
  get errors() { return WlDataDeviceError; },
};

export const WlDataDeviceError = {
  /** given wl_surface has another role */
  role: 0,
  /** source has already been used */
  used_source: 1,
} as const;
export type WlDataDeviceError = (typeof WlDataDeviceError)[keyof typeof WlDataDeviceError];

/** What a server does with the requests of wl_data_device. */
export interface WlDataDeviceRequests {
  /**
   * start drag-and-drop operation
   * @param source data source for the eventual transfer
   * @param origin surface where the drag originates
   * @param icon drag-and-drop icon surface
   * @param serial serial number of the implicit grab on the origin
   */
  startDrag(resource: WlDataDeviceResource, source: WlDataSourceResource | null, origin: WlSurfaceResource, icon: WlSurfaceResource | null, serial: number): void;
  /**
   * copy data to the selection
   * @param source data source for the selection
   * @param serial serial number of the event that triggered this request
   */
  setSelection(resource: WlDataDeviceResource, source: WlDataSourceResource | null, serial: number): void;
  /**
   * destroy data device
   * Since version 2.
   * Destroys the object.
   */
  release(resource: WlDataDeviceResource): void;
}

/** A client's wl_data_device, as the server holds it. */
export class WlDataDeviceResource extends Resource<WlDataDeviceRequests, WlDataDeviceError> {
  static readonly interface: Interface = wl_data_device;

  override get interface(): Interface {
    return wl_data_device;
  }

  /**
   * introduce a new wl_data_offer
   * @param id the new data_offer object
   */
  sendDataOffer(id: WlDataOfferResource): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(this.reference(id));
    message.end();
  }

  /**
   * initiate drag-and-drop session
   * @param serial serial number of the enter event
   * @param surface client surface entered
   * @param x surface-local x coordinate
   * @param y surface-local y coordinate
   * @param id source data_offer object
   */
  sendEnter(serial: number, surface: WlSurfaceResource, x: number, y: number, id: WlDataOfferResource | null): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(this.reference(surface));
    message.fixed(x);
    message.fixed(y);
    message.uint(this.reference(id));
    message.end();
  }

  /** end drag-and-drop session */
  sendLeave(): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.end();
  }

  /**
   * drag-and-drop session motion
   * @param time timestamp with millisecond granularity
   * @param x surface-local x coordinate
   * @param y surface-local y coordinate
   */
  sendMotion(time: number, x: number, y: number): void {
    const message = this.event(3, 1);
    if (message === undefined) return;
    message.uint(time);
    message.fixed(x);
    message.fixed(y);
    message.end();
  }

  /** end drag-and-drop session successfully */
  sendDrop(): void {
    const message = this.event(4, 1);
    if (message === undefined) return;
    message.end();
  }

  /**
   * advertise new selection
   * @param id selection data_offer object
   */
  sendSelection(id: WlDataOfferResource | null): void {
    const message = this.event(5, 1);
    if (message === undefined) return;
    message.uint(this.reference(id));
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const source = this.receivedOrNull(WlDataSourceResource, message.uint());
        const origin = this.received(WlSurfaceResource, message.uint());
        const icon = this.receivedOrNull(WlSurfaceResource, message.uint());
        const serial = message.uint();
        message.end();
        this.handler.startDrag(this, source, origin, icon, serial);
        return;
      }
      case 1: {
        const source = this.receivedOrNull(WlDataSourceResource, message.uint());
        const serial = message.uint();
        message.end();
        this.handler.setSelection(this, source, serial);
        return;
      }
      case 2: {
        message.end();
        this.handler.release(this);
        return;
      }
    }
  }
}

/** What a client does with the events of wl_data_device. */
export interface WlDataDeviceEvents {
  /**
   * introduce a new wl_data_offer
   * @param id the new data_offer object
   */
  dataOffer(proxy: WlDataDeviceProxy, id: WlDataOfferProxy): void;
  /**
   * initiate drag-and-drop session
   * @param serial serial number of the enter event
   * @param surface client surface entered
   * @param x surface-local x coordinate
   * @param y surface-local y coordinate
   * @param id source data_offer object
   */
  enter(proxy: WlDataDeviceProxy, serial: number, surface: WlSurfaceProxy, x: number, y: number, id: WlDataOfferProxy | null): void;
  /** end drag-and-drop session */
  leave(proxy: WlDataDeviceProxy): void;
  /**
   * drag-and-drop session motion
   * @param time timestamp with millisecond granularity
   * @param x surface-local x coordinate
   * @param y surface-local y coordinate
   */
  motion(proxy: WlDataDeviceProxy, time: number, x: number, y: number): void;
  /** end drag-and-drop session successfully */
  drop(proxy: WlDataDeviceProxy): void;
  /**
   * advertise new selection
   * @param id selection data_offer object
   */
  selection(proxy: WlDataDeviceProxy, id: WlDataOfferProxy | null): void;
}

/** A server's wl_data_device, as the client holds it. */
export class WlDataDeviceProxy extends ObjectProxy<WlDataDeviceEvents> {
  static readonly interface: Interface = wl_data_device;

  override get interface(): Interface {
    return wl_data_device;
  }

  /**
   * start drag-and-drop operation
   * @param source data source for the eventual transfer
   * @param origin surface where the drag originates
   * @param icon drag-and-drop icon surface
   * @param serial serial number of the implicit grab on the origin
   */
  startDrag(source: WlDataSourceProxy | null, origin: WlSurfaceProxy, icon: WlSurfaceProxy | null, serial: number): void {
    const sourceId = this.reference(source);
    const originId = this.reference(origin);
    const iconId = this.reference(icon);
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.uint(sourceId);
      message.uint(originId);
      message.uint(iconId);
      message.uint(serial);
      message.end();
    }
  }

  /**
   * copy data to the selection
   * @param source data source for the selection
   * @param serial serial number of the event that triggered this request
   */
  setSelection(source: WlDataSourceProxy | null, serial: number): void {
    const sourceId = this.reference(source);
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.uint(sourceId);
      message.uint(serial);
      message.end();
    }
  }

  /**
   * destroy data device
   * Since version 2.
   * Destroys the object.
   */
  release(): void {
    const message = this.request(2, 2);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const id = this.created(WlDataOfferProxy, message.uint());
        message.end();
        if (this.wanted) this.handler.dataOffer(this, id);
        return;
      }
      case 1: {
        const serial = message.uint();
        const surface = this.received(WlSurfaceProxy, message.uint());
        const x = message.fixed();
        const y = message.fixed();
        const id = this.receivedOrNull(WlDataOfferProxy, message.uint());
        message.end();
        if (this.wanted) this.handler.enter(this, serial, surface, x, y, id);
        return;
      }
      case 2: {
        message.end();
        if (this.wanted) this.handler.leave(this);
        return;
      }
      case 3: {
        const time = message.uint();
        const x = message.fixed();
        const y = message.fixed();
        message.end();
        if (this.wanted) this.handler.motion(this, time, x, y);
        return;
      }
      case 4: {
        message.end();
        if (this.wanted) this.handler.drop(this);
        return;
      }
      case 5: {
        const id = this.receivedOrNull(WlDataOfferProxy, message.uint());
        message.end();
        if (this.wanted) this.handler.selection(this, id);
        return;
      }
    }
  }
}

/** data transfer interface */
export const wl_data_device_manager: Interface = {
  name: 'wl_data_device_manager',
  version: 3,
  requests: [
    { name: 'create_data_source', since: 1, signature: 'n', destructor: false },
    { name: 'get_data_device', since: 1, signature: 'no', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/**
 * drag and drop actions
 * A bit field.
 */
export const WlDataDeviceManagerDndAction = {
  /** no action */
  none: 0,
  /** copy action */
  copy: 1,
  /** move action */
  move: 2,
  /** ask action */
  ask: 4,
} as const;
export type WlDataDeviceManagerDndAction = number;

/** What a server does with the requests of wl_data_device_manager. */
export interface WlDataDeviceManagerRequests {
  /**
   * create a new data source
   * @param id data source to create
   */
  createDataSource(resource: WlDataDeviceManagerResource, id: WlDataSourceResource): void;
  /**
   * create a new data device
   * @param id data device to create
   * @param seat seat associated with the data device
   */
  getDataDevice(resource: WlDataDeviceManagerResource, id: WlDataDeviceResource, seat: WlSeatResource): void;
}

/** A client's wl_data_device_manager, as the server holds it. */
export class WlDataDeviceManagerResource extends Resource<WlDataDeviceManagerRequests> {
  static readonly interface: Interface = wl_data_device_manager;

  override get interface(): Interface {
    return wl_data_device_manager;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const id = this.created(WlDataSourceResource, message.uint());
        message.end();
        this.handler.createDataSource(this, id);
        return;
      }
      case 1: {
        const id = this.created(WlDataDeviceResource, message.uint());
        const seat = this.received(WlSeatResource, message.uint());
        message.end();
        this.handler.getDataDevice(this, id, seat);
        return;
      }
    }
  }
}

/** A server's wl_data_device_manager, as the client holds it. */
export class WlDataDeviceManagerProxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = wl_data_device_manager;

  override get interface(): Interface {
    return wl_data_device_manager;
  }

  /** create a new data source */
  createDataSource(handler: WlDataSourceEvents): WlDataSourceProxy {
    const message = this.request(0, 1);
    const created = this.create(WlDataSourceProxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  /**
   * create a new data device
   * @param seat seat associated with the data device
   */
  getDataDevice(seat: WlSeatProxy, handler: WlDataDeviceEvents): WlDataDeviceProxy {
    const seatId = this.reference(seat);
    const message = this.request(1, 1);
    const created = this.create(WlDataDeviceProxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(seatId);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** create desktop-style surfaces */
export const wl_shell: Interface = {
  name: 'wl_shell',
  version: 1,
  requests: [
    { name: 'get_shell_surface', since: 1, signature: 'no', destructor: false },
  ],
  events: [
  ],
  get errors() { return WlShellError; },
};

export const WlShellError = {
  /** given wl_surface has another role */
  role: 0,
} as const;
export type WlShellError = (typeof WlShellError)[keyof typeof WlShellError];

/** What a server does with the requests of wl_shell. */
export interface WlShellRequests {
  /**
   * create a shell surface from a surface
   * @param id shell surface to create
   * @param surface surface to be given the shell surface role
   */
  getShellSurface(resource: WlShellResource, id: WlShellSurfaceResource, surface: WlSurfaceResource): void;
}

/** A client's wl_shell, as the server holds it. */
export class WlShellResource extends Resource<WlShellRequests, WlShellError> {
  static readonly interface: Interface = wl_shell;

  override get interface(): Interface {
    return wl_shell;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const id = this.created(WlShellSurfaceResource, message.uint());
        const surface = this.received(WlSurfaceResource, message.uint());
        message.end();
        this.handler.getShellSurface(this, id, surface);
        return;
      }
    }
  }
}

/** A server's wl_shell, as the client holds it. */
export class WlShellProxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = wl_shell;

  override get interface(): Interface {
    return wl_shell;
  }

  /**
   * create a shell surface from a surface
   * @param surface surface to be given the shell surface role
   */
  getShellSurface(surface: WlSurfaceProxy, handler: WlShellSurfaceEvents): WlShellSurfaceProxy {
    const surfaceId = this.reference(surface);
    const message = this.request(0, 1);
    const created = this.create(WlShellSurfaceProxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(surfaceId);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** desktop-style metadata interface */
export const wl_shell_surface: Interface = {
  name: 'wl_shell_surface',
  version: 1,
  requests: [
    { name: 'pong', since: 1, signature: 'u', destructor: false },
    { name: 'move', since: 1, signature: 'ou', destructor: false },
    { name: 'resize', since: 1, signature: 'ouu', destructor: false },
    { name: 'set_toplevel', since: 1, signature: '', destructor: false },
    { name: 'set_transient', since: 1, signature: 'oiiu', destructor: false },
    { name: 'set_fullscreen', since: 1, signature: 'uu?o', destructor: false },
    { name: 'set_popup', since: 1, signature: 'ouoiiu', destructor: false },
    { name: 'set_maximized', since: 1, signature: '?o', destructor: false },
    { name: 'set_title', since: 1, signature: 's', destructor: false },
    { name: 'set_class', since: 1, signature: 's', destructor: false },
  ],
  events: [
    { name: 'ping', since: 1, signature: 'u', destructor: false },
    { name: 'configure', since: 1, signature: 'uii', destructor: false },
    { name: 'popup_done', since: 1, signature: '', destructor: false },
  ],
  errors: {},
};

/**
 * edge values for resizing
 * A bit field.
 */
export const WlShellSurfaceResize = {
  /** no edge */
  none: 0,
  /** top edge */
  top: 1,
  /** bottom edge */
  bottom: 2,
  /** left edge */
  left: 4,
  /** top and left edges */
  top_left: 5,
  /** bottom and left edges */
  bottom_left: 6,
  /** right edge */
  right: 8,
  /** top and right edges */
  top_right: 9,
  /** bottom and right edges */
  bottom_right: 10,
} as const;
export type WlShellSurfaceResize = number;

/**
 * details of transient behaviour
 * A bit field.
 */
export const WlShellSurfaceTransient = {
  /** do not set keyboard focus */
  inactive: 1,
} as const;
export type WlShellSurfaceTransient = number;

/** different method to set the surface fullscreen */
export const WlShellSurfaceFullscreenMethod = {
  /** no preference, apply default policy */
  default: 0,
  /** scale, preserve the surface's aspect ratio and center on output */
  scale: 1,
  /** switch output mode to the smallest mode that can fit the surface, add black borders to compensate size mismatch */
  driver: 2,
  /** no upscaling, center on output and add black borders to compensate size mismatch */
  fill: 3,
} as const;
export type WlShellSurfaceFullscreenMethod = (typeof WlShellSurfaceFullscreenMethod)[keyof typeof WlShellSurfaceFullscreenMethod];

/** What a server does with the requests of wl_shell_surface. */
export interface WlShellSurfaceRequests {
  /**
   * respond to a ping event
   * @param serial serial number of the ping event
   */
  pong(resource: WlShellSurfaceResource, serial: number): void;
  /**
   * start an interactive move
   * @param seat seat whose pointer is used
   * @param serial serial number of the implicit grab on the pointer
   */
  move(resource: WlShellSurfaceResource, seat: WlSeatResource, serial: number): void;
  /**
   * start an interactive resize
   * @param seat seat whose pointer is used
   * @param serial serial number of the implicit grab on the pointer
   * @param edges which edge or corner is being dragged; see WlShellSurfaceResize
   */
  resize(resource: WlShellSurfaceResource, seat: WlSeatResource, serial: number, edges: number): void;
  /** make the surface a toplevel surface */
  setToplevel(resource: WlShellSurfaceResource): void;
  /**
   * make the surface a transient surface
   * @param parent parent surface
   * @param x surface-local x coordinate
   * @param y surface-local y coordinate
   * @param flags transient surface behavior; see WlShellSurfaceTransient
   */
  setTransient(resource: WlShellSurfaceResource, parent: WlSurfaceResource, x: number, y: number, flags: number): void;
  /**
   * make the surface a fullscreen surface
   * @param method method for resolving size conflict; see WlShellSurfaceFullscreenMethod
   * @param framerate framerate in mHz
   * @param output output on which the surface is to be fullscreen
   */
  setFullscreen(resource: WlShellSurfaceResource, method: number, framerate: number, output: WlOutputResource | null): void;
  /**
   * make the surface a popup surface
   * @param seat seat whose pointer is used
   * @param serial serial number of the implicit grab on the pointer
   * @param parent parent surface
   * @param x surface-local x coordinate
   * @param y surface-local y coordinate
   * @param flags transient surface behavior; see WlShellSurfaceTransient
   */
  setPopup(resource: WlShellSurfaceResource, seat: WlSeatResource, serial: number, parent: WlSurfaceResource, x: number, y: number, flags: number): void;
  /**
   * make the surface a maximized surface
   * @param output output on which the surface is to be maximized
   */
  setMaximized(resource: WlShellSurfaceResource, output: WlOutputResource | null): void;
  /**
   * set surface title
   * @param title surface title
   */
  setTitle(resource: WlShellSurfaceResource, title: string): void;
  /**
   * set surface class
   * @param classArgument surface class
   */
  setClass(resource: WlShellSurfaceResource, classArgument: string): void;
}

/** A client's wl_shell_surface, as the server holds it. */
export class WlShellSurfaceResource extends Resource<WlShellSurfaceRequests> {
  static readonly interface: Interface = wl_shell_surface;

  override get interface(): Interface {
    return wl_shell_surface;
  }

  /**
   * ping client
   * @param serial serial number of the ping
   */
  sendPing(serial: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.end();
  }

  /**
   * suggest resize
   * @param edges how the surface was resized
   * @param width new width of the surface
   * @param height new height of the surface
   */
  sendConfigure(edges: WlShellSurfaceResize, width: number, height: number): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(edges);
    message.int(width);
    message.int(height);
    message.end();
  }

  /** popup interaction is done */
  sendPopupDone(): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const serial = message.uint();
        message.end();
        this.handler.pong(this, serial);
        return;
      }
      case 1: {
        const seat = this.received(WlSeatResource, message.uint());
        const serial = message.uint();
        message.end();
        this.handler.move(this, seat, serial);
        return;
      }
      case 2: {
        const seat = this.received(WlSeatResource, message.uint());
        const serial = message.uint();
        const edges = message.uint();
        message.end();
        this.handler.resize(this, seat, serial, edges);
        return;
      }
      case 3: {
        message.end();
        this.handler.setToplevel(this);
        return;
      }
      case 4: {
        const parent = this.received(WlSurfaceResource, message.uint());
        const x = message.int();
        const y = message.int();
        const flags = message.uint();
        message.end();
        this.handler.setTransient(this, parent, x, y, flags);
        return;
      }
      case 5: {
        const method = message.uint();
        const framerate = message.uint();
        const output = this.receivedOrNull(WlOutputResource, message.uint());
        message.end();
        this.handler.setFullscreen(this, method, framerate, output);
        return;
      }
      case 6: {
        const seat = this.received(WlSeatResource, message.uint());
        const serial = message.uint();
        const parent = this.received(WlSurfaceResource, message.uint());
        const x = message.int();
        const y = message.int();
        const flags = message.uint();
        message.end();
        this.handler.setPopup(this, seat, serial, parent, x, y, flags);
        return;
      }
      case 7: {
        const output = this.receivedOrNull(WlOutputResource, message.uint());
        message.end();
        this.handler.setMaximized(this, output);
        return;
      }
      case 8: {
        const title = message.string();
        message.end();
        this.handler.setTitle(this, title);
        return;
      }
      case 9: {
        const classArgument = message.string();
        message.end();
        this.handler.setClass(this, classArgument);
        return;
      }
    }
  }
}

/** What a client does with the events of wl_shell_surface. */
export interface WlShellSurfaceEvents {
  /**
   * ping client
   * @param serial serial number of the ping
   */
  ping(proxy: WlShellSurfaceProxy, serial: number): void;
  /**
   * suggest resize
   * @param edges how the surface was resized; see WlShellSurfaceResize
   * @param width new width of the surface
   * @param height new height of the surface
   */
  configure(proxy: WlShellSurfaceProxy, edges: number, width: number, height: number): void;
  /** popup interaction is done */
  popupDone(proxy: WlShellSurfaceProxy): void;
}

/** A server's wl_shell_surface, as the client holds it. */
export class WlShellSurfaceProxy extends ObjectProxy<WlShellSurfaceEvents> {
  static readonly interface: Interface = wl_shell_surface;

  override get interface(): Interface {
    return wl_shell_surface;
  }

  /**
   * respond to a ping event
   * @param serial serial number of the ping event
   */
  pong(serial: number): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.uint(serial);
      message.end();
    }
  }

  /**
   * start an interactive move
   * @param seat seat whose pointer is used
   * @param serial serial number of the implicit grab on the pointer
   */
  move(seat: WlSeatProxy, serial: number): void {
    const seatId = this.reference(seat);
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.uint(seatId);
      message.uint(serial);
      message.end();
    }
  }

  /**
   * start an interactive resize
   * @param seat seat whose pointer is used
   * @param serial serial number of the implicit grab on the pointer
   * @param edges which edge or corner is being dragged
   */
  resize(seat: WlSeatProxy, serial: number, edges: WlShellSurfaceResize): void {
    const seatId = this.reference(seat);
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.uint(seatId);
      message.uint(serial);
      message.uint(edges);
      message.end();
    }
  }

  /** make the surface a toplevel surface */
  setToplevel(): void {
    const message = this.request(3, 1);
    if (message !== undefined) {
      message.end();
    }
  }

  /**
   * make the surface a transient surface
   * @param parent parent surface
   * @param x surface-local x coordinate
   * @param y surface-local y coordinate
   * @param flags transient surface behavior
   */
  setTransient(parent: WlSurfaceProxy, x: number, y: number, flags: WlShellSurfaceTransient): void {
    const parentId = this.reference(parent);
    const message = this.request(4, 1);
    if (message !== undefined) {
      message.uint(parentId);
      message.int(x);
      message.int(y);
      message.uint(flags);
      message.end();
    }
  }

  /**
   * make the surface a fullscreen surface
   * @param method method for resolving size conflict
   * @param framerate framerate in mHz
   * @param output output on which the surface is to be fullscreen
   */
  setFullscreen(method: WlShellSurfaceFullscreenMethod, framerate: number, output: WlOutputProxy | null): void {
    const outputId = this.reference(output);
    const message = this.request(5, 1);
    if (message !== undefined) {
      message.uint(method);
      message.uint(framerate);
      message.uint(outputId);
      message.end();
    }
  }

  /**
   * make the surface a popup surface
   * @param seat seat whose pointer is used
   * @param serial serial number of the implicit grab on the pointer
   * @param parent parent surface
   * @param x surface-local x coordinate
   * @param y surface-local y coordinate
   * @param flags transient surface behavior
   */
  setPopup(seat: WlSeatProxy, serial: number, parent: WlSurfaceProxy, x: number, y: number, flags: WlShellSurfaceTransient): void {
    const seatId = this.reference(seat);
    const parentId = this.reference(parent);
    const message = this.request(6, 1);
    if (message !== undefined) {
      message.uint(seatId);
      message.uint(serial);
      message.uint(parentId);
      message.int(x);
      message.int(y);
      message.uint(flags);
      message.end();
    }
  }

  /**
   * make the surface a maximized surface
   * @param output output on which the surface is to be maximized
   */
  setMaximized(output: WlOutputProxy | null): void {
    const outputId = this.reference(output);
    const message = this.request(7, 1);
    if (message !== undefined) {
      message.uint(outputId);
      message.end();
    }
  }

  /**
   * set surface title
   * @param title surface title
   */
  setTitle(title: string): void {
    const message = this.request(8, 1);
    if (message !== undefined) {
      message.string(title);
      message.end();
    }
  }

  /**
   * set surface class
   * @param classArgument surface class
   */
  setClass(classArgument: string): void {
    const message = this.request(9, 1);
    if (message !== undefined) {
      message.string(classArgument);
      message.end();
    }
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const serial = message.uint();
        message.end();
        if (this.wanted) this.handler.ping(this, serial);
        return;
      }
      case 1: {
        const edges = message.uint();
        const width = message.int();
        const height = message.int();
        message.end();
        if (this.wanted) this.handler.configure(this, edges, width, height);
        return;
      }
      case 2: {
        message.end();
        if (this.wanted) this.handler.popupDone(this);
        return;
      }
    }
  }
}

/** an onscreen surface */
export const wl_surface: Interface = {
  name: 'wl_surface',
  version: 6,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'attach', since: 1, signature: '?oii', destructor: false },
    { name: 'damage', since: 1, signature: 'iiii', destructor: false },
    { name: 'frame', since: 1, signature: 'n', destructor: false },
    { name: 'set_opaque_region', since: 1, signature: '?o', destructor: false },
    { name: 'set_input_region', since: 1, signature: '?o', destructor: false },
    { name: 'commit', since: 1, signature: '', destructor: false },
    { name: 'set_buffer_transform', since: 2, signature: 'i', destructor: false },
    { name: 'set_buffer_scale', since: 3, signature: 'i', destructor: false },
    { name: 'damage_buffer', since: 4, signature: 'iiii', destructor: false },
    { name: 'offset', since: 5, signature: 'ii', destructor: false },
  ],
  events: [
    { name: 'enter', since: 1, signature: 'o', destructor: false },
    { name: 'leave', since: 1, signature: 'o', destructor: false },
    { name: 'preferred_buffer_scale', since: 6, signature: 'i', destructor: false },
    { name: 'preferred_buffer_transform', since: 6, signature: 'u', destructor: false },
  ],
  get errors() { return WlSurfaceError; },
};

/** wl_surface error values */
export const WlSurfaceError = {
  /** buffer scale value is invalid */
  invalid_scale: 0,
  /** buffer transform value is invalid */
  invalid_transform: 1,
  /** buffer size is invalid */
  invalid_size: 2,
  /** buffer offset is invalid */
  invalid_offset: 3,
  /** surface was destroyed before its role object */
  defunct_role_object: 4,
} as const;
export type WlSurfaceError = (typeof WlSurfaceError)[keyof typeof WlSurfaceError];

/** What a server does with the requests of wl_surface. */
export interface WlSurfaceRequests {
  /**
   * delete surface
   * Destroys the object.
   */
  destroy(resource: WlSurfaceResource): void;
  /**
   * set the surface contents
   * @param buffer buffer of surface contents
   * @param x surface-local x coordinate
   * @param y surface-local y coordinate
   */
  attach(resource: WlSurfaceResource, buffer: WlBufferResource | null, x: number, y: number): void;
  /**
   * mark part of the surface damaged
   * @param x surface-local x coordinate
   * @param y surface-local y coordinate
   * @param width width of damage rectangle
   * @param height height of damage rectangle
   */
  damage(resource: WlSurfaceResource, x: number, y: number, width: number, height: number): void;
  /**
   * request a frame throttling hint
   * @param callback callback object for the frame request
   */
  frame(resource: WlSurfaceResource, callback: WlCallbackResource): void;
  /**
   * set opaque region
   * @param region opaque region of the surface
   */
  setOpaqueRegion(resource: WlSurfaceResource, region: WlRegionResource | null): void;
  /**
   * set input region
   * @param region input region of the surface
   */
  setInputRegion(resource: WlSurfaceResource, region: WlRegionResource | null): void;
  /** commit pending surface state */
  commit(resource: WlSurfaceResource): void;
  /**
   * sets the buffer transformation
   * Since version 2.
   * @param transform transform for interpreting buffer contents; see WlOutputTransform
   */
  setBufferTransform(resource: WlSurfaceResource, transform: number): void;
  /**
   * sets the buffer scaling factor
   * Since version 3.
   * @param scale scale for interpreting buffer contents
   */
  setBufferScale(resource: WlSurfaceResource, scale: number): void;
  /**
   * mark part of the surface damaged using buffer coordinates
   * Since version 4.
   * @param x buffer-local x coordinate
   * @param y buffer-local y coordinate
   * @param width width of damage rectangle
   * @param height height of damage rectangle
   */
  damageBuffer(resource: WlSurfaceResource, x: number, y: number, width: number, height: number): void;
  /**
   * set the surface contents offset
   * Since version 5.
   * @param x surface-local x coordinate
   * @param y surface-local y coordinate
   */
  offset(resource: WlSurfaceResource, x: number, y: number): void;
}

/** A client's wl_surface, as the server holds it. */
export class WlSurfaceResource extends Resource<WlSurfaceRequests, WlSurfaceError> {
  static readonly interface: Interface = wl_surface;

  override get interface(): Interface {
    return wl_surface;
  }

  /**
   * surface enters an output
   * @param output output entered by the surface
   */
  sendEnter(output: WlOutputResource): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(this.reference(output));
    message.end();
  }

  /**
   * surface leaves an output
   * @param output output left by the surface
   */
  sendLeave(output: WlOutputResource): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(this.reference(output));
    message.end();
  }

  /**
   * preferred buffer scale for the surface
   * Since version 6.
   * @param factor preferred scaling factor
   */
  sendPreferredBufferScale(factor: number): void {
    const message = this.event(2, 6);
    if (message === undefined) return;
    message.int(factor);
    message.end();
  }

  /**
   * preferred buffer transform for the surface
   * Since version 6.
   * @param transform preferred transform
   */
  sendPreferredBufferTransform(transform: WlOutputTransform): void {
    const message = this.event(3, 6);
    if (message === undefined) return;
    message.uint(transform);
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
        const buffer = this.receivedOrNull(WlBufferResource, message.uint());
        const x = message.int();
        const y = message.int();
        message.end();
        this.handler.attach(this, buffer, x, y);
        return;
      }
      case 2: {
        const x = message.int();
        const y = message.int();
        const width = message.int();
        const height = message.int();
        message.end();
        this.handler.damage(this, x, y, width, height);
        return;
      }
      case 3: {
        const callback = this.created(WlCallbackResource, message.uint());
        message.end();
        this.handler.frame(this, callback);
        return;
      }
      case 4: {
        const region = this.receivedOrNull(WlRegionResource, message.uint());
        message.end();
        this.handler.setOpaqueRegion(this, region);
        return;
      }
      case 5: {
        const region = this.receivedOrNull(WlRegionResource, message.uint());
        message.end();
        this.handler.setInputRegion(this, region);
        return;
      }
      case 6: {
        message.end();
        this.handler.commit(this);
        return;
      }
      case 7: {
        const transform = message.int();
        message.end();
        this.handler.setBufferTransform(this, transform);
        return;
      }
      case 8: {
        const scale = message.int();
        message.end();
        this.handler.setBufferScale(this, scale);
        return;
      }
      case 9: {
        const x = message.int();
        const y = message.int();
        const width = message.int();
        const height = message.int();
        message.end();
        this.handler.damageBuffer(this, x, y, width, height);
        return;
      }
      case 10: {
        const x = message.int();
        const y = message.int();
        message.end();
        this.handler.offset(this, x, y);
        return;
      }
    }
  }
}

/** What a client does with the events of wl_surface. */
export interface WlSurfaceEvents {
  /**
   * surface enters an output
   * @param output output entered by the surface
   */
  enter(proxy: WlSurfaceProxy, output: WlOutputProxy): void;
  /**
   * surface leaves an output
   * @param output output left by the surface
   */
  leave(proxy: WlSurfaceProxy, output: WlOutputProxy): void;
  /**
   * preferred buffer scale for the surface
   * Since version 6.
   * @param factor preferred scaling factor
   */
  preferredBufferScale(proxy: WlSurfaceProxy, factor: number): void;
  /**
   * preferred buffer transform for the surface
   * Since version 6.
   * @param transform preferred transform; see WlOutputTransform
   */
  preferredBufferTransform(proxy: WlSurfaceProxy, transform: number): void;
}

/** A server's wl_surface, as the client holds it. */
export class WlSurfaceProxy extends ObjectProxy<WlSurfaceEvents> {
  static readonly interface: Interface = wl_surface;

  override get interface(): Interface {
    return wl_surface;
  }

  /**
   * delete surface
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /**
   * set the surface contents
   * @param buffer buffer of surface contents
   * @param x surface-local x coordinate
   * @param y surface-local y coordinate
   */
  attach(buffer: WlBufferProxy | null, x: number, y: number): void {
    const bufferId = this.reference(buffer);
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.uint(bufferId);
      message.int(x);
      message.int(y);
      message.end();
    }
  }

  /**
   * mark part of the surface damaged
   * @param x surface-local x coordinate
   * @param y surface-local y coordinate
   * @param width width of damage rectangle
   * @param height height of damage rectangle
   */
  damage(x: number, y: number, width: number, height: number): void {
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.int(x);
      message.int(y);
      message.int(width);
      message.int(height);
      message.end();
    }
  }

  /** request a frame throttling hint */
  frame(handler: WlCallbackEvents): WlCallbackProxy {
    const message = this.request(3, 1);
    const created = this.create(WlCallbackProxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  /**
   * set opaque region
   * @param region opaque region of the surface
   */
  setOpaqueRegion(region: WlRegionProxy | null): void {
    const regionId = this.reference(region);
    const message = this.request(4, 1);
    if (message !== undefined) {
      message.uint(regionId);
      message.end();
    }
  }

  /**
   * set input region
   * @param region input region of the surface
   */
  setInputRegion(region: WlRegionProxy | null): void {
    const regionId = this.reference(region);
    const message = this.request(5, 1);
    if (message !== undefined) {
      message.uint(regionId);
      message.end();
    }
  }

  /** commit pending surface state */
  commit(): void {
    const message = this.request(6, 1);
    if (message !== undefined) {
      message.end();
    }
  }

  /**
   * sets the buffer transformation
   * Since version 2.
   * @param transform transform for interpreting buffer contents
   */
  setBufferTransform(transform: WlOutputTransform): void {
    const message = this.request(7, 2);
    if (message !== undefined) {
      message.int(transform);
      message.end();
    }
  }

  /**
   * sets the buffer scaling factor
   * Since version 3.
   * @param scale scale for interpreting buffer contents
   */
  setBufferScale(scale: number): void {
    const message = this.request(8, 3);
    if (message !== undefined) {
      message.int(scale);
      message.end();
    }
  }

  /**
   * mark part of the surface damaged using buffer coordinates
   * Since version 4.
   * @param x buffer-local x coordinate
   * @param y buffer-local y coordinate
   * @param width width of damage rectangle
   * @param height height of damage rectangle
   */
  damageBuffer(x: number, y: number, width: number, height: number): void {
    const message = this.request(9, 4);
    if (message !== undefined) {
      message.int(x);
      message.int(y);
      message.int(width);
      message.int(height);
      message.end();
    }
  }

  /**
   * set the surface contents offset
   * Since version 5.
   * @param x surface-local x coordinate
   * @param y surface-local y coordinate
   */
  offset(x: number, y: number): void {
    const message = this.request(10, 5);
    if (message !== undefined) {
      message.int(x);
      message.int(y);
      message.end();
    }
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const output = this.received(WlOutputProxy, message.uint());
        message.end();
        if (this.wanted) this.handler.enter(this, output);
        return;
      }
      case 1: {
        const output = this.received(WlOutputProxy, message.uint());
        message.end();
        if (this.wanted) this.handler.leave(this, output);
        return;
      }
      case 2: {
        const factor = message.int();
        message.end();
        if (this.wanted) this.handler.preferredBufferScale(this, factor);
        return;
      }
      case 3: {
        const transform = message.uint();
        message.end();
        if (this.wanted) this.handler.preferredBufferTransform(this, transform);
        return;
      }
    }
  }
}

/** group of input devices */
export const wl_seat: Interface = {
  name: 'wl_seat',
  version: 9,
  requests: [
    { name: 'get_pointer', since: 1, signature: 'n', destructor: false },
    { name: 'get_keyboard', since: 1, signature: 'n', destructor: false },
    { name: 'get_touch', since: 1, signature: 'n', destructor: false },
    { name: 'release', since: 5, signature: '', destructor: true },
  ],
  events: [
    { name: 'capabilities', since: 1, signature: 'u', destructor: false },
    { name: 'name', since: 2, signature: 's', destructor: false },
  ],
  get errors() { return WlSeatError; },
};

/**
 * seat capability bitmask
 * A bit field.
 */
export const WlSeatCapability = {
  /** the seat has pointer devices */
  pointer: 1,
  /** the seat has one or more keyboards */
  keyboard: 2,
  /** the seat has touch devices */
  touch: 4,
} as const;
export type WlSeatCapability = number;

/** wl_seat error values */
export const WlSeatError = {
  /** get_pointer, get_keyboard or get_touch called on seat without the matching capability */
  missing_capability: 0,
} as const;
export type WlSeatError = (typeof WlSeatError)[keyof typeof WlSeatError];

/** What a server does with the requests of wl_seat. */
export interface WlSeatRequests {
  /**
   * return pointer object
   * @param id seat pointer
   */
  getPointer(resource: WlSeatResource, id: WlPointerResource): void;
  /**
   * return keyboard object
   * @param id seat keyboard
   */
  getKeyboard(resource: WlSeatResource, id: WlKeyboardResource): void;
  /**
   * return touch object
   * @param id seat touch interface
   */
  getTouch(resource: WlSeatResource, id: WlTouchResource): void;
  /**
   * release the seat object
   * Since version 5.
   * Destroys the object.
   */
  release(resource: WlSeatResource): void;
}

/** A client's wl_seat, as the server holds it. */
export class WlSeatResource extends Resource<WlSeatRequests, WlSeatError> {
  static readonly interface: Interface = wl_seat;

  override get interface(): Interface {
    return wl_seat;
  }

  /**
   * seat capabilities changed
   * @param capabilities capabilities of the seat
   */
  sendCapabilities(capabilities: WlSeatCapability): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(capabilities);
    message.end();
  }

  /**
   * unique identifier for this seat
   * Since version 2.
   * @param name seat identifier
   */
  sendName(name: string): void {
    const message = this.event(1, 2);
    if (message === undefined) return;
    message.string(name);
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const id = this.created(WlPointerResource, message.uint());
        message.end();
        this.handler.getPointer(this, id);
        return;
      }
      case 1: {
        const id = this.created(WlKeyboardResource, message.uint());
        message.end();
        this.handler.getKeyboard(this, id);
        return;
      }
      case 2: {
        const id = this.created(WlTouchResource, message.uint());
        message.end();
        this.handler.getTouch(this, id);
        return;
      }
      case 3: {
        message.end();
        this.handler.release(this);
        return;
      }
    }
  }
}

/** What a client does with the events of wl_seat. */
export interface WlSeatEvents {
  /**
   * seat capabilities changed
   * @param capabilities capabilities of the seat; see WlSeatCapability
   */
  capabilities(proxy: WlSeatProxy, capabilities: number): void;
  /**
   * unique identifier for this seat
   * Since version 2.
   * @param name seat identifier
   */
  name(proxy: WlSeatProxy, name: string): void;
}

/** A server's wl_seat, as the client holds it. */
export class WlSeatProxy extends ObjectProxy<WlSeatEvents> {
  static readonly interface: Interface = wl_seat;

  override get interface(): Interface {
    return wl_seat;
  }

  /** return pointer object */
  getPointer(handler: WlPointerEvents): WlPointerProxy {
    const message = this.request(0, 1);
    const created = this.create(WlPointerProxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  /** return keyboard object */
  getKeyboard(handler: WlKeyboardEvents): WlKeyboardProxy {
    const message = this.request(1, 1);
    const created = this.create(WlKeyboardProxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  /** return touch object */
  getTouch(handler: WlTouchEvents): WlTouchProxy {
    const message = this.request(2, 1);
    const created = this.create(WlTouchProxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  /**
   * release the seat object
   * Since version 5.
   * Destroys the object.
   */
  release(): void {
    const message = this.request(3, 5);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const capabilities = message.uint();
        message.end();
        if (this.wanted) this.handler.capabilities(this, capabilities);
        return;
      }
      case 1: {
        const name = message.string();
        message.end();
        if (this.wanted) this.handler.name(this, name);
        return;
      }
    }
  }
}

/** pointer input device */
export const wl_pointer: Interface = {
  name: 'wl_pointer',
  version: 9,
  requests: [
    { name: 'set_cursor', since: 1, signature: 'u?oii', destructor: false },
    { name: 'release', since: 3, signature: '', destructor: true },
  ],
  events: [
    { name: 'enter', since: 1, signature: 'uoff', destructor: false },
    { name: 'leave', since: 1, signature: 'uo', destructor: false },
    { name: 'motion', since: 1, signature: 'uff', destructor: false },
    { name: 'button', since: 1, signature: 'uuuu', destructor: false },
    { name: 'axis', since: 1, signature: 'uuf', destructor: false },
    { name: 'frame', since: 5, signature: '', destructor: false },
    { name: 'axis_source', since: 5, signature: 'u', destructor: false },
    { name: 'axis_stop', since: 5, signature: 'uu', destructor: false },
    { name: 'axis_discrete', since: 5, signature: 'ui', destructor: false },
    { name: 'axis_value120', since: 8, signature: 'ui', destructor: false },
    { name: 'axis_relative_direction', since: 9, signature: 'uu', destructor: false },
  ],
  get errors() { return WlPointerError; },
};

export const WlPointerError = {
  /** given wl_surface has another role */
  role: 0,
} as const;
export type WlPointerError = (typeof WlPointerError)[keyof typeof WlPointerError];

/** physical button state */
export const WlPointerButtonState = {
  /** the button is not pressed */
  released: 0,
  /** the button is pressed */
  pressed: 1,
} as const;
export type WlPointerButtonState = (typeof WlPointerButtonState)[keyof typeof WlPointerButtonState];

/** axis types */
export const WlPointerAxis = {
  /** vertical axis */
  vertical_scroll: 0,
  /** horizontal axis */
  horizontal_scroll: 1,
} as const;
export type WlPointerAxis = (typeof WlPointerAxis)[keyof typeof WlPointerAxis];

/** axis source types */
export const WlPointerAxisSource = {
  /** a physical wheel rotation */
  wheel: 0,
  /** finger on a touch surface */
  finger: 1,
  /** continuous coordinate space */
  continuous: 2,
  /** a physical wheel tilt (since version 6) */
  wheel_tilt: 3,
} as const;
export type WlPointerAxisSource = (typeof WlPointerAxisSource)[keyof typeof WlPointerAxisSource];
/** The version of wl_pointer that brought an entry; those not named here came with the first. */
export const WlPointerAxisSourceSince = { wheel_tilt: 6 } as const;

/** axis relative direction */
export const WlPointerAxisRelativeDirection = {
  /** physical motion matches axis direction */
  identical: 0,
  /** physical motion is the inverse of the axis direction */
  inverted: 1,
} as const;
export type WlPointerAxisRelativeDirection = (typeof WlPointerAxisRelativeDirection)[keyof typeof WlPointerAxisRelativeDirection];

/** What a server does with the requests of wl_pointer. */
export interface WlPointerRequests {
  /**
   * set the pointer surface
   * @param serial serial number of the enter event
   * @param surface pointer surface
   * @param hotspotX surface-local x coordinate
   * @param hotspotY surface-local y coordinate
   */
  setCursor(resource: WlPointerResource, serial: number, surface: WlSurfaceResource | null, hotspotX: number, hotspotY: number): void;
  /**
   * release the pointer object
   * Since version 3.
   * Destroys the object.
   */
  release(resource: WlPointerResource): void;
}

/** A client's wl_pointer, as the server holds it. */
export class WlPointerResource extends Resource<WlPointerRequests, WlPointerError> {
  static readonly interface: Interface = wl_pointer;

  override get interface(): Interface {
    return wl_pointer;
  }

  /**
   * enter event
   * @param serial serial number of the enter event
   * @param surface surface entered by the pointer
   * @param surfaceX surface-local x coordinate
   * @param surfaceY surface-local y coordinate
   */
  sendEnter(serial: number, surface: WlSurfaceResource, surfaceX: number, surfaceY: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(this.reference(surface));
    message.fixed(surfaceX);
    message.fixed(surfaceY);
    message.end();
  }

  /**
   * leave event
   * @param serial serial number of the leave event
   * @param surface surface left by the pointer
   */
  sendLeave(serial: number, surface: WlSurfaceResource): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(this.reference(surface));
    message.end();
  }

  /**
   * pointer motion event
   * @param time timestamp with millisecond granularity
   * @param surfaceX surface-local x coordinate
   * @param surfaceY surface-local y coordinate
   */
  sendMotion(time: number, surfaceX: number, surfaceY: number): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.uint(time);
    message.fixed(surfaceX);
    message.fixed(surfaceY);
    message.end();
  }

  /**
   * pointer button event
   * @param serial serial number of the button event
   * @param time timestamp with millisecond granularity
   * @param button button that produced the event
   * @param state physical state of the button
   */
  sendButton(serial: number, time: number, button: number, state: WlPointerButtonState): void {
    const message = this.event(3, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(time);
    message.uint(button);
    message.uint(state);
    message.end();
  }

  /**
   * axis event
   * @param time timestamp with millisecond granularity
   * @param axis axis type
   * @param value length of vector in surface-local coordinate space
   */
  sendAxis(time: number, axis: WlPointerAxis, value: number): void {
    const message = this.event(4, 1);
    if (message === undefined) return;
    message.uint(time);
    message.uint(axis);
    message.fixed(value);
    message.end();
  }

  /**
   * end of a pointer event sequence
   * Since version 5.
   */
  sendFrame(): void {
    const message = this.event(5, 5);
    if (message === undefined) return;
    message.end();
  }

  /**
   * axis source event
   * Since version 5.
   * @param axisSource source of the axis event
   */
  sendAxisSource(axisSource: WlPointerAxisSource): void {
    const message = this.event(6, 5);
    if (message === undefined) return;
    message.uint(axisSource);
    message.end();
  }

  /**
   * axis stop event
   * Since version 5.
   * @param time timestamp with millisecond granularity
   * @param axis the axis stopped with this event
   */
  sendAxisStop(time: number, axis: WlPointerAxis): void {
    const message = this.event(7, 5);
    if (message === undefined) return;
    message.uint(time);
    message.uint(axis);
    message.end();
  }

  /**
   * axis click event
   * Since version 5.
   * @param axis axis type
   * @param discrete number of steps
   */
  sendAxisDiscrete(axis: WlPointerAxis, discrete: number): void {
    const message = this.event(8, 5);
    if (message === undefined) return;
    message.uint(axis);
    message.int(discrete);
    message.end();
  }

  /**
   * axis high-resolution scroll event
   * Since version 8.
   * @param axis axis type
   * @param value120 scroll distance as fraction of 120
   */
  sendAxisValue120(axis: WlPointerAxis, value120: number): void {
    const message = this.event(9, 8);
    if (message === undefined) return;
    message.uint(axis);
    message.int(value120);
    message.end();
  }

  /**
   * axis relative physical direction event
   * Since version 9.
   * @param axis axis type
   * @param direction physical direction relative to axis motion
   */
  sendAxisRelativeDirection(axis: WlPointerAxis, direction: WlPointerAxisRelativeDirection): void {
    const message = this.event(10, 9);
    if (message === undefined) return;
    message.uint(axis);
    message.uint(direction);
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const serial = message.uint();
        const surface = this.receivedOrNull(WlSurfaceResource, message.uint());
        const hotspotX = message.int();
        const hotspotY = message.int();
        message.end();
        this.handler.setCursor(this, serial, surface, hotspotX, hotspotY);
        return;
      }
      case 1: {
        message.end();
        this.handler.release(this);
        return;
      }
    }
  }
}

/** What a client does with the events of wl_pointer. */
export interface WlPointerEvents {
  /**
   * enter event
   * @param serial serial number of the enter event
   * @param surface surface entered by the pointer
   * @param surfaceX surface-local x coordinate
   * @param surfaceY surface-local y coordinate
   */
  enter(proxy: WlPointerProxy, serial: number, surface: WlSurfaceProxy, surfaceX: number, surfaceY: number): void;
  /**
   * leave event
   * @param serial serial number of the leave event
   * @param surface surface left by the pointer
   */
  leave(proxy: WlPointerProxy, serial: number, surface: WlSurfaceProxy): void;
  /**
   * pointer motion event
   * @param time timestamp with millisecond granularity
   * @param surfaceX surface-local x coordinate
   * @param surfaceY surface-local y coordinate
   */
  motion(proxy: WlPointerProxy, time: number, surfaceX: number, surfaceY: number): void;
  /**
   * pointer button event
   * @param serial serial number of the button event
   * @param time timestamp with millisecond granularity
   * @param button button that produced the event
   * @param state physical state of the button; see WlPointerButtonState
   */
  button(proxy: WlPointerProxy, serial: number, time: number, button: number, state: number): void;
  /**
   * axis event
   * @param time timestamp with millisecond granularity
   * @param axis axis type; see WlPointerAxis
   * @param value length of vector in surface-local coordinate space
   */
  axis(proxy: WlPointerProxy, time: number, axis: number, value: number): void;
  /**
   * end of a pointer event sequence
   * Since version 5.
   */
  frame(proxy: WlPointerProxy): void;
  /**
   * axis source event
   * Since version 5.
   * @param axisSource source of the axis event; see WlPointerAxisSource
   */
  axisSource(proxy: WlPointerProxy, axisSource: number): void;
  /**
   * axis stop event
   * Since version 5.
   * @param time timestamp with millisecond granularity
   * @param axis the axis stopped with this event; see WlPointerAxis
   */
  axisStop(proxy: WlPointerProxy, time: number, axis: number): void;
  /**
   * axis click event
   * Since version 5.
   * @param axis axis type; see WlPointerAxis
   * @param discrete number of steps
   */
  axisDiscrete(proxy: WlPointerProxy, axis: number, discrete: number): void;
  /**
   * axis high-resolution scroll event
   * Since version 8.
   * @param axis axis type; see WlPointerAxis
   * @param value120 scroll distance as fraction of 120
   */
  axisValue120(proxy: WlPointerProxy, axis: number, value120: number): void;
  /**
   * axis relative physical direction event
   * Since version 9.
   * @param axis axis type; see WlPointerAxis
   * @param direction physical direction relative to axis motion; see WlPointerAxisRelativeDirection
   */
  axisRelativeDirection(proxy: WlPointerProxy, axis: number, direction: number): void;
}

/** A server's wl_pointer, as the client holds it. */
export class WlPointerProxy extends ObjectProxy<WlPointerEvents> {
  static readonly interface: Interface = wl_pointer;

  override get interface(): Interface {
    return wl_pointer;
  }

  /**
   * set the pointer surface
   * @param serial serial number of the enter event
   * @param surface pointer surface
   * @param hotspotX surface-local x coordinate
   * @param hotspotY surface-local y coordinate
   */
  setCursor(serial: number, surface: WlSurfaceProxy | null, hotspotX: number, hotspotY: number): void {
    const surfaceId = this.reference(surface);
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.uint(serial);
      message.uint(surfaceId);
      message.int(hotspotX);
      message.int(hotspotY);
      message.end();
    }
  }

  /**
   * release the pointer object
   * Since version 3.
   * Destroys the object.
   */
  release(): void {
    const message = this.request(1, 3);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const serial = message.uint();
        const surface = this.received(WlSurfaceProxy, message.uint());
        const surfaceX = message.fixed();
        const surfaceY = message.fixed();
        message.end();
        if (this.wanted) this.handler.enter(this, serial, surface, surfaceX, surfaceY);
        return;
      }
      case 1: {
        const serial = message.uint();
        const surface = this.received(WlSurfaceProxy, message.uint());
        message.end();
        if (this.wanted) this.handler.leave(this, serial, surface);
        return;
      }
      case 2: {
        const time = message.uint();
        const surfaceX = message.fixed();
        const surfaceY = message.fixed();
        message.end();
        if (this.wanted) this.handler.motion(this, time, surfaceX, surfaceY);
        return;
      }
      case 3: {
        const serial = message.uint();
        const time = message.uint();
        const button = message.uint();
        const state = message.uint();
        message.end();
        if (this.wanted) this.handler.button(this, serial, time, button, state);
        return;
      }
      case 4: {
        const time = message.uint();
        const axis = message.uint();
        const value = message.fixed();
        message.end();
        if (this.wanted) this.handler.axis(this, time, axis, value);
        return;
      }
      case 5: {
        message.end();
        if (this.wanted) this.handler.frame(this);
        return;
      }
      case 6: {
        const axisSource = message.uint();
        message.end();
        if (this.wanted) this.handler.axisSource(this, axisSource);
        return;
      }
      case 7: {
        const time = message.uint();
        const axis = message.uint();
        message.end();
        if (this.wanted) this.handler.axisStop(this, time, axis);
        return;
      }
      case 8: {
        const axis = message.uint();
        const discrete = message.int();
        message.end();
        if (this.wanted) this.handler.axisDiscrete(this, axis, discrete);
        return;
      }
      case 9: {
        const axis = message.uint();
        const value120 = message.int();
        message.end();
        if (this.wanted) this.handler.axisValue120(this, axis, value120);
        return;
      }
      case 10: {
        const axis = message.uint();
        const direction = message.uint();
        message.end();
        if (this.wanted) this.handler.axisRelativeDirection(this, axis, direction);
        return;
      }
    }
  }
}

/** keyboard input device */
export const wl_keyboard: Interface = {
  name: 'wl_keyboard',
  version: 9,
  requests: [
    { name: 'release', since: 3, signature: '', destructor: true },
  ],
  events: [
    { name: 'keymap', since: 1, signature: 'uhu', destructor: false },
    { name: 'enter', since: 1, signature: 'uoa', destructor: false },
    { name: 'leave', since: 1, signature: 'uo', destructor: false },
    { name: 'key', since: 1, signature: 'uuuu', destructor: false },
    { name: 'modifiers', since: 1, signature: 'uuuuu', destructor: false },
    { name: 'repeat_info', since: 4, signature: 'ii', destructor: false },
  ],
  errors: {},
};

/** keyboard mapping format */
export const WlKeyboardKeymapFormat = {
  /** no keymap; client must understand how to interpret the raw keycode */
  no_keymap: 0,
  /** libxkbcommon compatible, null-terminated string; to determine the xkb keycode, clients must add 8 to the key event keycode */
  xkb_v1: 1,
} as const;
export type WlKeyboardKeymapFormat = (typeof WlKeyboardKeymapFormat)[keyof typeof WlKeyboardKeymapFormat];

/** physical key state */
export const WlKeyboardKeyState = {
  /** key is not pressed */
  released: 0,
  /** key is pressed */
  pressed: 1,
} as const;
export type WlKeyboardKeyState = (typeof WlKeyboardKeyState)[keyof typeof WlKeyboardKeyState];

/** What a server does with the requests of wl_keyboard. */
export interface WlKeyboardRequests {
  /**
   * release the keyboard object
   * Since version 3.
   * Destroys the object.
   */
  release(resource: WlKeyboardResource): void;
}

/** A client's wl_keyboard, as the server holds it. */
export class WlKeyboardResource extends Resource<WlKeyboardRequests> {
  static readonly interface: Interface = wl_keyboard;

  override get interface(): Interface {
    return wl_keyboard;
  }

  /**
   * keyboard mapping
   * @param format keymap format
   * @param fd keymap file descriptor
   * @param size keymap size, in bytes
   */
  sendKeymap(format: WlKeyboardKeymapFormat, fd: Fd, size: number): void {
    const message = this.event(0, 1);
    if (message === undefined) {
      fd.close();
      return;
    }
    message.uint(format);
    message.fd(fd);
    message.uint(size);
    message.end();
  }

  /**
   * enter event
   * @param serial serial number of the enter event
   * @param surface surface gaining keyboard focus
   * @param keys the keys currently logically down
   */
  sendEnter(serial: number, surface: WlSurfaceResource, keys: Uint8Array): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(this.reference(surface));
    message.array(keys);
    message.end();
  }

  /**
   * leave event
   * @param serial serial number of the leave event
   * @param surface surface that lost keyboard focus
   */
  sendLeave(serial: number, surface: WlSurfaceResource): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(this.reference(surface));
    message.end();
  }

  /**
   * key event
   * @param serial serial number of the key event
   * @param time timestamp with millisecond granularity
   * @param key key that produced the event
   * @param state physical state of the key
   */
  sendKey(serial: number, time: number, key: number, state: WlKeyboardKeyState): void {
    const message = this.event(3, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(time);
    message.uint(key);
    message.uint(state);
    message.end();
  }

  /**
   * modifier and group state
   * @param serial serial number of the modifiers event
   * @param modsDepressed depressed modifiers
   * @param modsLatched latched modifiers
   * @param modsLocked locked modifiers
   * @param group keyboard layout
   */
  sendModifiers(serial: number, modsDepressed: number, modsLatched: number, modsLocked: number, group: number): void {
    const message = this.event(4, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(modsDepressed);
    message.uint(modsLatched);
    message.uint(modsLocked);
    message.uint(group);
    message.end();
  }

  /**
   * repeat rate and delay
   * Since version 4.
   * @param rate the rate of repeating keys in characters per second
   * @param delay delay in milliseconds since key down until repeating starts
   */
  sendRepeatInfo(rate: number, delay: number): void {
    const message = this.event(5, 4);
    if (message === undefined) return;
    message.int(rate);
    message.int(delay);
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.release(this);
        return;
      }
    }
  }
}

/** What a client does with the events of wl_keyboard. */
export interface WlKeyboardEvents {
  /**
   * keyboard mapping
   * @param format keymap format; see WlKeyboardKeymapFormat
   * @param fd keymap file descriptor
   * @param size keymap size, in bytes
   */
  keymap(proxy: WlKeyboardProxy, format: number, fd: Fd, size: number): void;
  /**
   * enter event
   * @param serial serial number of the enter event
   * @param surface surface gaining keyboard focus
   * @param keys the keys currently logically down
   */
  enter(proxy: WlKeyboardProxy, serial: number, surface: WlSurfaceProxy, keys: Uint8Array): void;
  /**
   * leave event
   * @param serial serial number of the leave event
   * @param surface surface that lost keyboard focus
   */
  leave(proxy: WlKeyboardProxy, serial: number, surface: WlSurfaceProxy): void;
  /**
   * key event
   * @param serial serial number of the key event
   * @param time timestamp with millisecond granularity
   * @param key key that produced the event
   * @param state physical state of the key; see WlKeyboardKeyState
   */
  key(proxy: WlKeyboardProxy, serial: number, time: number, key: number, state: number): void;
  /**
   * modifier and group state
   * @param serial serial number of the modifiers event
   * @param modsDepressed depressed modifiers
   * @param modsLatched latched modifiers
   * @param modsLocked locked modifiers
   * @param group keyboard layout
   */
  modifiers(proxy: WlKeyboardProxy, serial: number, modsDepressed: number, modsLatched: number, modsLocked: number, group: number): void;
  /**
   * repeat rate and delay
   * Since version 4.
   * @param rate the rate of repeating keys in characters per second
   * @param delay delay in milliseconds since key down until repeating starts
   */
  repeatInfo(proxy: WlKeyboardProxy, rate: number, delay: number): void;
}

/** A server's wl_keyboard, as the client holds it. */
export class WlKeyboardProxy extends ObjectProxy<WlKeyboardEvents> {
  static readonly interface: Interface = wl_keyboard;

  override get interface(): Interface {
    return wl_keyboard;
  }

  /**
   * release the keyboard object
   * Since version 3.
   * Destroys the object.
   */
  release(): void {
    const message = this.request(0, 3);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const format = message.uint();
        const fd = message.fd();
        const size = message.uint();
        message.end();
        if (this.wanted) this.handler.keymap(this, format, fd, size);
        return;
      }
      case 1: {
        const serial = message.uint();
        const surface = this.received(WlSurfaceProxy, message.uint());
        const keys = message.array();
        message.end();
        if (this.wanted) this.handler.enter(this, serial, surface, keys);
        return;
      }
      case 2: {
        const serial = message.uint();
        const surface = this.received(WlSurfaceProxy, message.uint());
        message.end();
        if (this.wanted) this.handler.leave(this, serial, surface);
        return;
      }
      case 3: {
        const serial = message.uint();
        const time = message.uint();
        const key = message.uint();
        const state = message.uint();
        message.end();
        if (this.wanted) this.handler.key(this, serial, time, key, state);
        return;
      }
      case 4: {
        const serial = message.uint();
        const modsDepressed = message.uint();
        const modsLatched = message.uint();
        const modsLocked = message.uint();
        const group = message.uint();
        message.end();
        if (this.wanted) this.handler.modifiers(this, serial, modsDepressed, modsLatched, modsLocked, group);
        return;
      }
      case 5: {
        const rate = message.int();
        const delay = message.int();
        message.end();
        if (this.wanted) this.handler.repeatInfo(this, rate, delay);
        return;
      }
    }
  }
}

/** touchscreen input device */
export const wl_touch: Interface = {
  name: 'wl_touch',
  version: 9,
  requests: [
    { name: 'release', since: 3, signature: '', destructor: true },
  ],
  events: [
    { name: 'down', since: 1, signature: 'uuoiff', destructor: false },
    { name: 'up', since: 1, signature: 'uui', destructor: false },
    { name: 'motion', since: 1, signature: 'uiff', destructor: false },
    { name: 'frame', since: 1, signature: '', destructor: false },
    { name: 'cancel', since: 1, signature: '', destructor: false },
    { name: 'shape', since: 6, signature: 'iff', destructor: false },
    { name: 'orientation', since: 6, signature: 'if', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of wl_touch. */
export interface WlTouchRequests {
  /**
   * release the touch object
   * Since version 3.
   * Destroys the object.
   */
  release(resource: WlTouchResource): void;
}

/** A client's wl_touch, as the server holds it. */
export class WlTouchResource extends Resource<WlTouchRequests> {
  static readonly interface: Interface = wl_touch;

  override get interface(): Interface {
    return wl_touch;
  }

  /**
   * touch down event and beginning of a touch sequence
   * @param serial serial number of the touch down event
   * @param time timestamp with millisecond granularity
   * @param surface surface touched
   * @param id the unique ID of this touch point
   * @param x surface-local x coordinate
   * @param y surface-local y coordinate
   */
  sendDown(serial: number, time: number, surface: WlSurfaceResource, id: number, x: number, y: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(time);
    message.uint(this.reference(surface));
    message.int(id);
    message.fixed(x);
    message.fixed(y);
    message.end();
  }

  /**
   * end of a touch event sequence
   * @param serial serial number of the touch up event
   * @param time timestamp with millisecond granularity
   * @param id the unique ID of this touch point
   */
  sendUp(serial: number, time: number, id: number): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(time);
    message.int(id);
    message.end();
  }

  /**
   * update of touch point coordinates
   * @param time timestamp with millisecond granularity
   * @param id the unique ID of this touch point
   * @param x surface-local x coordinate
   * @param y surface-local y coordinate
   */
  sendMotion(time: number, id: number, x: number, y: number): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.uint(time);
    message.int(id);
    message.fixed(x);
    message.fixed(y);
    message.end();
  }

  /** end of touch frame event */
  sendFrame(): void {
    const message = this.event(3, 1);
    if (message === undefined) return;
    message.end();
  }

  /** touch session cancelled */
  sendCancel(): void {
    const message = this.event(4, 1);
    if (message === undefined) return;
    message.end();
  }

  /**
   * update shape of touch point
   * Since version 6.
   * @param id the unique ID of this touch point
   * @param major length of the major axis in surface-local coordinates
   * @param minor length of the minor axis in surface-local coordinates
   */
  sendShape(id: number, major: number, minor: number): void {
    const message = this.event(5, 6);
    if (message === undefined) return;
    message.int(id);
    message.fixed(major);
    message.fixed(minor);
    message.end();
  }

  /**
   * update orientation of touch point
   * Since version 6.
   * @param id the unique ID of this touch point
   * @param orientation angle between major axis and positive surface y-axis in degrees
   */
  sendOrientation(id: number, orientation: number): void {
    const message = this.event(6, 6);
    if (message === undefined) return;
    message.int(id);
    message.fixed(orientation);
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.release(this);
        return;
      }
    }
  }
}

/** What a client does with the events of wl_touch. */
export interface WlTouchEvents {
  /**
   * touch down event and beginning of a touch sequence
   * @param serial serial number of the touch down event
   * @param time timestamp with millisecond granularity
   * @param surface surface touched
   * @param id the unique ID of this touch point
   * @param x surface-local x coordinate
   * @param y surface-local y coordinate
   */
  down(proxy: WlTouchProxy, serial: number, time: number, surface: WlSurfaceProxy, id: number, x: number, y: number): void;
  /**
   * end of a touch event sequence
   * @param serial serial number of the touch up event
   * @param time timestamp with millisecond granularity
   * @param id the unique ID of this touch point
   */
  up(proxy: WlTouchProxy, serial: number, time: number, id: number): void;
  /**
   * update of touch point coordinates
   * @param time timestamp with millisecond granularity
   * @param id the unique ID of this touch point
   * @param x surface-local x coordinate
   * @param y surface-local y coordinate
   */
  motion(proxy: WlTouchProxy, time: number, id: number, x: number, y: number): void;
  /** end of touch frame event */
  frame(proxy: WlTouchProxy): void;
  /** touch session cancelled */
  cancel(proxy: WlTouchProxy): void;
  /**
   * update shape of touch point
   * Since version 6.
   * @param id the unique ID of this touch point
   * @param major length of the major axis in surface-local coordinates
   * @param minor length of the minor axis in surface-local coordinates
   */
  shape(proxy: WlTouchProxy, id: number, major: number, minor: number): void;
  /**
   * update orientation of touch point
   * Since version 6.
   * @param id the unique ID of this touch point
   * @param orientation angle between major axis and positive surface y-axis in degrees
   */
  orientation(proxy: WlTouchProxy, id: number, orientation: number): void;
}

/** A server's wl_touch, as the client holds it. */
export class WlTouchProxy extends ObjectProxy<WlTouchEvents> {
  static readonly interface: Interface = wl_touch;

  override get interface(): Interface {
    return wl_touch;
  }

  /**
   * release the touch object
   * Since version 3.
   * Destroys the object.
   */
  release(): void {
    const message = this.request(0, 3);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const serial = message.uint();
        const time = message.uint();
        const surface = this.received(WlSurfaceProxy, message.uint());
        const id = message.int();
        const x = message.fixed();
        const y = message.fixed();
        message.end();
        if (this.wanted) this.handler.down(this, serial, time, surface, id, x, y);
        return;
      }
      case 1: {
        const serial = message.uint();
        const time = message.uint();
        const id = message.int();
        message.end();
        if (this.wanted) this.handler.up(this, serial, time, id);
        return;
      }
      case 2: {
        const time = message.uint();
        const id = message.int();
        const x = message.fixed();
        const y = message.fixed();
        message.end();
        if (this.wanted) this.handler.motion(this, time, id, x, y);
        return;
      }
      case 3: {
        message.end();
        if (this.wanted) this.handler.frame(this);
        return;
      }
      case 4: {
        message.end();
        if (this.wanted) this.handler.cancel(this);
        return;
      }
      case 5: {
        const id = message.int();
        const major = message.fixed();
        const minor = message.fixed();
        message.end();
        if (this.wanted) this.handler.shape(this, id, major, minor);
        return;
      }
      case 6: {
        const id = message.int();
        const orientation = message.fixed();
        message.end();
        if (this.wanted) this.handler.orientation(this, id, orientation);
        return;
      }
    }
  }
}

/** compositor output region */
export const wl_output: Interface = {
  name: 'wl_output',
  version: 4,
  requests: [
    { name: 'release', since: 3, signature: '', destructor: true },
  ],
  events: [
    { name: 'geometry', since: 1, signature: 'iiiiissi', destructor: false },
    { name: 'mode', since: 1, signature: 'uiii', destructor: false },
    { name: 'done', since: 2, signature: '', destructor: false },
    { name: 'scale', since: 2, signature: 'i', destructor: false },
    { name: 'name', since: 4, signature: 's', destructor: false },
    { name: 'description', since: 4, signature: 's', destructor: false },
  ],
  errors: {},
};

/** subpixel geometry information */
export const WlOutputSubpixel = {
  /** unknown geometry */
  unknown: 0,
  /** no geometry */
  none: 1,
  /** horizontal RGB */
  horizontal_rgb: 2,
  /** horizontal BGR */
  horizontal_bgr: 3,
  /** vertical RGB */
  vertical_rgb: 4,
  /** vertical BGR */
  vertical_bgr: 5,
} as const;
export type WlOutputSubpixel = (typeof WlOutputSubpixel)[keyof typeof WlOutputSubpixel];

/** transformation applied to buffer contents */
export const WlOutputTransform = {
  /** no transform */
  normal: 0,
  /** 90 degrees counter-clockwise */
  '90': 1,
  /** 180 degrees counter-clockwise */
  '180': 2,
  /** 270 degrees counter-clockwise */
  '270': 3,
  /** 180 degree flip around a vertical axis */
  flipped: 4,
  /** flip and rotate 90 degrees counter-clockwise */
  flipped_90: 5,
  /** flip and rotate 180 degrees counter-clockwise */
  flipped_180: 6,
  /** flip and rotate 270 degrees counter-clockwise */
  flipped_270: 7,
} as const;
export type WlOutputTransform = (typeof WlOutputTransform)[keyof typeof WlOutputTransform];

/**
 * mode information
 * A bit field.
 */
export const WlOutputMode = {
  /** indicates this is the current mode */
  current: 1,
  /** indicates this is the preferred mode */
  preferred: 2,
} as const;
export type WlOutputMode = number;

/** What a server does with the requests of wl_output. */
export interface WlOutputRequests {
  /**
   * release the output object
   * Since version 3.
   * Destroys the object.
   */
  release(resource: WlOutputResource): void;
}

/** A client's wl_output, as the server holds it. */
export class WlOutputResource extends Resource<WlOutputRequests> {
  static readonly interface: Interface = wl_output;

  override get interface(): Interface {
    return wl_output;
  }

  /**
   * properties of the output
   * @param x x position within the global compositor space
   * @param y y position within the global compositor space
   * @param physicalWidth width in millimeters of the output
   * @param physicalHeight height in millimeters of the output
   * @param subpixel subpixel orientation of the output
   * @param make textual description of the manufacturer
   * @param model textual description of the model
   * @param transform additional transformation applied to buffer contents during presentation
   */
  sendGeometry(x: number, y: number, physicalWidth: number, physicalHeight: number, subpixel: WlOutputSubpixel, make: string, model: string, transform: WlOutputTransform): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.int(x);
    message.int(y);
    message.int(physicalWidth);
    message.int(physicalHeight);
    message.int(subpixel);
    message.string(make);
    message.string(model);
    message.int(transform);
    message.end();
  }

  /**
   * advertise available modes for the output
   * @param flags bitfield of mode flags
   * @param width width of the mode in hardware units
   * @param height height of the mode in hardware units
   * @param refresh vertical refresh rate in mHz
   */
  sendMode(flags: WlOutputMode, width: number, height: number, refresh: number): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(flags);
    message.int(width);
    message.int(height);
    message.int(refresh);
    message.end();
  }

  /**
   * sent all information about output
   * Since version 2.
   */
  sendDone(): void {
    const message = this.event(2, 2);
    if (message === undefined) return;
    message.end();
  }

  /**
   * output scaling properties
   * Since version 2.
   * @param factor scaling factor of output
   */
  sendScale(factor: number): void {
    const message = this.event(3, 2);
    if (message === undefined) return;
    message.int(factor);
    message.end();
  }

  /**
   * name of this output
   * Since version 4.
   * @param name output name
   */
  sendName(name: string): void {
    const message = this.event(4, 4);
    if (message === undefined) return;
    message.string(name);
    message.end();
  }

  /**
   * human-readable description of this output
   * Since version 4.
   * @param description output description
   */
  sendDescription(description: string): void {
    const message = this.event(5, 4);
    if (message === undefined) return;
    message.string(description);
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.release(this);
        return;
      }
    }
  }
}

/** What a client does with the events of wl_output. */
export interface WlOutputEvents {
  /**
   * properties of the output
   * @param x x position within the global compositor space
   * @param y y position within the global compositor space
   * @param physicalWidth width in millimeters of the output
   * @param physicalHeight height in millimeters of the output
   * @param subpixel subpixel orientation of the output; see WlOutputSubpixel
   * @param make textual description of the manufacturer
   * @param model textual description of the model
   * @param transform additional transformation applied to buffer contents during presentation; see WlOutputTransform
   */
  geometry(proxy: WlOutputProxy, x: number, y: number, physicalWidth: number, physicalHeight: number, subpixel: number, make: string, model: string, transform: number): void;
  /**
   * advertise available modes for the output
   * @param flags bitfield of mode flags; see WlOutputMode
   * @param width width of the mode in hardware units
   * @param height height of the mode in hardware units
   * @param refresh vertical refresh rate in mHz
   */
  mode(proxy: WlOutputProxy, flags: number, width: number, height: number, refresh: number): void;
  /**
   * sent all information about output
   * Since version 2.
   */
  done(proxy: WlOutputProxy): void;
  /**
   * output scaling properties
   * Since version 2.
   * @param factor scaling factor of output
   */
  scale(proxy: WlOutputProxy, factor: number): void;
  /**
   * name of this output
   * Since version 4.
   * @param name output name
   */
  name(proxy: WlOutputProxy, name: string): void;
  /**
   * human-readable description of this output
   * Since version 4.
   * @param description output description
   */
  description(proxy: WlOutputProxy, description: string): void;
}

/** A server's wl_output, as the client holds it. */
export class WlOutputProxy extends ObjectProxy<WlOutputEvents> {
  static readonly interface: Interface = wl_output;

  override get interface(): Interface {
    return wl_output;
  }

  /**
   * release the output object
   * Since version 3.
   * Destroys the object.
   */
  release(): void {
    const message = this.request(0, 3);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const x = message.int();
        const y = message.int();
        const physicalWidth = message.int();
        const physicalHeight = message.int();
        const subpixel = message.int();
        const make = message.string();
        const model = message.string();
        const transform = message.int();
        message.end();
        if (this.wanted) this.handler.geometry(this, x, y, physicalWidth, physicalHeight, subpixel, make, model, transform);
        return;
      }
      case 1: {
        const flags = message.uint();
        const width = message.int();
        const height = message.int();
        const refresh = message.int();
        message.end();
        if (this.wanted) this.handler.mode(this, flags, width, height, refresh);
        return;
      }
      case 2: {
        message.end();
        if (this.wanted) this.handler.done(this);
        return;
      }
      case 3: {
        const factor = message.int();
        message.end();
        if (this.wanted) this.handler.scale(this, factor);
        return;
      }
      case 4: {
        const name = message.string();
        message.end();
        if (this.wanted) this.handler.name(this, name);
        return;
      }
      case 5: {
        const description = message.string();
        message.end();
        if (this.wanted) this.handler.description(this, description);
        return;
      }
    }
  }
}

/** region interface */
export const wl_region: Interface = {
  name: 'wl_region',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'add', since: 1, signature: 'iiii', destructor: false },
    { name: 'subtract', since: 1, signature: 'iiii', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of wl_region. */
export interface WlRegionRequests {
  /**
   * destroy region
   * Destroys the object.
   */
  destroy(resource: WlRegionResource): void;
  /**
   * add rectangle to region
   * @param x region-local x coordinate
   * @param y region-local y coordinate
   * @param width rectangle width
   * @param height rectangle height
   */
  add(resource: WlRegionResource, x: number, y: number, width: number, height: number): void;
  /**
   * subtract rectangle from region
   * @param x region-local x coordinate
   * @param y region-local y coordinate
   * @param width rectangle width
   * @param height rectangle height
   */
  subtract(resource: WlRegionResource, x: number, y: number, width: number, height: number): void;
}

/** A client's wl_region, as the server holds it. */
export class WlRegionResource extends Resource<WlRegionRequests> {
  static readonly interface: Interface = wl_region;

  override get interface(): Interface {
    return wl_region;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const x = message.int();
        const y = message.int();
        const width = message.int();
        const height = message.int();
        message.end();
        this.handler.add(this, x, y, width, height);
        return;
      }
      case 2: {
        const x = message.int();
        const y = message.int();
        const width = message.int();
        const height = message.int();
        message.end();
        this.handler.subtract(this, x, y, width, height);
        return;
      }
    }
  }
}

/** A server's wl_region, as the client holds it. */
export class WlRegionProxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = wl_region;

  override get interface(): Interface {
    return wl_region;
  }

  /**
   * destroy region
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /**
   * add rectangle to region
   * @param x region-local x coordinate
   * @param y region-local y coordinate
   * @param width rectangle width
   * @param height rectangle height
   */
  add(x: number, y: number, width: number, height: number): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.int(x);
      message.int(y);
      message.int(width);
      message.int(height);
      message.end();
    }
  }

  /**
   * subtract rectangle from region
   * @param x region-local x coordinate
   * @param y region-local y coordinate
   * @param width rectangle width
   * @param height rectangle height
   */
  subtract(x: number, y: number, width: number, height: number): void {
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.int(x);
      message.int(y);
      message.int(width);
      message.int(height);
      message.end();
    }
  }

  override dispatch(): void {}
}

/** sub-surface compositing */
export const wl_subcompositor: Interface = {
  name: 'wl_subcompositor',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'get_subsurface', since: 1, signature: 'noo', destructor: false },
  ],
  events: [
  ],
  get errors() { return WlSubcompositorError; },
};

export const WlSubcompositorError = {
  /** the to-be sub-surface is invalid */
  bad_surface: 0,
  /** the to-be sub-surface parent is invalid */
  bad_parent: 1,
} as const;
export type WlSubcompositorError = (typeof WlSubcompositorError)[keyof typeof WlSubcompositorError];

/** What a server does with the requests of wl_subcompositor. */
export interface WlSubcompositorRequests {
  /**
   * unbind from the subcompositor interface
   * Destroys the object.
   */
  destroy(resource: WlSubcompositorResource): void;
  /**
   * give a surface the role sub-surface
   * @param id the new sub-surface object ID
   * @param surface the surface to be turned into a sub-surface
   * @param parent the parent surface
   */
  getSubsurface(resource: WlSubcompositorResource, id: WlSubsurfaceResource, surface: WlSurfaceResource, parent: WlSurfaceResource): void;
}

/** A client's wl_subcompositor, as the server holds it. */
export class WlSubcompositorResource extends Resource<WlSubcompositorRequests, WlSubcompositorError> {
  static readonly interface: Interface = wl_subcompositor;

  override get interface(): Interface {
    return wl_subcompositor;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(WlSubsurfaceResource, message.uint());
        const surface = this.received(WlSurfaceResource, message.uint());
        const parent = this.received(WlSurfaceResource, message.uint());
        message.end();
        this.handler.getSubsurface(this, id, surface, parent);
        return;
      }
    }
  }
}

/** A server's wl_subcompositor, as the client holds it. */
export class WlSubcompositorProxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = wl_subcompositor;

  override get interface(): Interface {
    return wl_subcompositor;
  }

  /**
   * unbind from the subcompositor interface
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /**
   * give a surface the role sub-surface
   * @param surface the surface to be turned into a sub-surface
   * @param parent the parent surface
   */
  getSubsurface(surface: WlSurfaceProxy, parent: WlSurfaceProxy): WlSubsurfaceProxy {
    const surfaceId = this.reference(surface);
    const parentId = this.reference(parent);
    const message = this.request(1, 1);
    const created = this.create(WlSubsurfaceProxy, this.version, undefined);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(surfaceId);
      message.uint(parentId);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** sub-surface interface to a wl_surface */
export const wl_subsurface: Interface = {
  name: 'wl_subsurface',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'set_position', since: 1, signature: 'ii', destructor: false },
    { name: 'place_above', since: 1, signature: 'o', destructor: false },
    { name: 'place_below', since: 1, signature: 'o', destructor: false },
    { name: 'set_sync', since: 1, signature: '', destructor: false },
    { name: 'set_desync', since: 1, signature: '', destructor: false },
  ],
  events: [
  ],
  get errors() { return WlSubsurfaceError; },
};

export const WlSubsurfaceError = {
  /** wl_surface is not a sibling or the parent */
  bad_surface: 0,
} as const;
export type WlSubsurfaceError = (typeof WlSubsurfaceError)[keyof typeof WlSubsurfaceError];

/** What a server does with the requests of wl_subsurface. */
export interface WlSubsurfaceRequests {
  /**
   * remove sub-surface interface
   * Destroys the object.
   */
  destroy(resource: WlSubsurfaceResource): void;
  /**
   * reposition the sub-surface
   * @param x x coordinate in the parent surface
   * @param y y coordinate in the parent surface
   */
  setPosition(resource: WlSubsurfaceResource, x: number, y: number): void;
  /**
   * restack the sub-surface
   * @param sibling the reference surface
   */
  placeAbove(resource: WlSubsurfaceResource, sibling: WlSurfaceResource): void;
  /**
   * restack the sub-surface
   * @param sibling the reference surface
   */
  placeBelow(resource: WlSubsurfaceResource, sibling: WlSurfaceResource): void;
  /** set sub-surface to synchronized mode */
  setSync(resource: WlSubsurfaceResource): void;
  /** set sub-surface to desynchronized mode */
  setDesync(resource: WlSubsurfaceResource): void;
}

/** A client's wl_subsurface, as the server holds it. */
export class WlSubsurfaceResource extends Resource<WlSubsurfaceRequests, WlSubsurfaceError> {
  static readonly interface: Interface = wl_subsurface;

  override get interface(): Interface {
    return wl_subsurface;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const x = message.int();
        const y = message.int();
        message.end();
        this.handler.setPosition(this, x, y);
        return;
      }
      case 2: {
        const sibling = this.received(WlSurfaceResource, message.uint());
        message.end();
        this.handler.placeAbove(this, sibling);
        return;
      }
      case 3: {
        const sibling = this.received(WlSurfaceResource, message.uint());
        message.end();
        this.handler.placeBelow(this, sibling);
        return;
      }
      case 4: {
        message.end();
        this.handler.setSync(this);
        return;
      }
      case 5: {
        message.end();
        this.handler.setDesync(this);
        return;
      }
    }
  }
}

/** A server's wl_subsurface, as the client holds it. */
export class WlSubsurfaceProxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = wl_subsurface;

  override get interface(): Interface {
    return wl_subsurface;
  }

  /**
   * remove sub-surface interface
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /**
   * reposition the sub-surface
   * @param x x coordinate in the parent surface
   * @param y y coordinate in the parent surface
   */
  setPosition(x: number, y: number): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.int(x);
      message.int(y);
      message.end();
    }
  }

  /**
   * restack the sub-surface
   * @param sibling the reference surface
   */
  placeAbove(sibling: WlSurfaceProxy): void {
    const siblingId = this.reference(sibling);
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.uint(siblingId);
      message.end();
    }
  }

  /**
   * restack the sub-surface
   * @param sibling the reference surface
   */
  placeBelow(sibling: WlSurfaceProxy): void {
    const siblingId = this.reference(sibling);
    const message = this.request(3, 1);
    if (message !== undefined) {
      message.uint(siblingId);
      message.end();
    }
  }

  /** set sub-surface to synchronized mode */
  setSync(): void {
    const message = this.request(4, 1);
    if (message !== undefined) {
      message.end();
    }
  }

  /** set sub-surface to desynchronized mode */
  setDesync(): void {
    const message = this.request(5, 1);
    if (message !== undefined) {
      message.end();
    }
  }

  override dispatch(): void {}
}
