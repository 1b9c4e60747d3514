// Generated from protocols/single-pixel-buffer.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlBufferProxy, WlBufferResource, type WlBufferEvents } from './wayland.js';

/** global factory for single-pixel buffers */
export const wp_single_pixel_buffer_manager_v1: Interface = {
  name: 'wp_single_pixel_buffer_manager_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'create_u32_rgba_buffer', since: 1, signature: 'nuuuu', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of wp_single_pixel_buffer_manager_v1. */
export interface WpSinglePixelBufferManagerV1Requests {
  /**
   * destroy the manager
   * Destroys the object.
   */
  destroy(resource: WpSinglePixelBufferManagerV1Resource): void;
  /**
   * create a 1×1 buffer from 32-bit RGBA values
   * @param r value of the buffer's red channel
   * @param g value of the buffer's green channel
   * @param b value of the buffer's blue channel
   * @param a value of the buffer's alpha channel
   */
  createU32RgbaBuffer(resource: WpSinglePixelBufferManagerV1Resource, id: WlBufferResource, r: number, g: number, b: number, a: number): void;
}

/** A client's wp_single_pixel_buffer_manager_v1, as the server holds it. */
export class WpSinglePixelBufferManagerV1Resource extends Resource<WpSinglePixelBufferManagerV1Requests> {
  static readonly interface: Interface = wp_single_pixel_buffer_manager_v1;

  override get interface(): Interface {
    return wp_single_pixel_buffer_manager_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(WlBufferResource, message.uint());
        const r = message.uint();
        const g = message.uint();
        const b = message.uint();
        const a = message.uint();
        message.end();
        this.handler.createU32RgbaBuffer(this, id, r, g, b, a);
        return;
      }
    }
  }
}

/** A server's wp_single_pixel_buffer_manager_v1, as the client holds it. */
export class WpSinglePixelBufferManagerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = wp_single_pixel_buffer_manager_v1;

  override get interface(): Interface {
    return wp_single_pixel_buffer_manager_v1;
  }

  /**
   * destroy the manager
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
   * create a 1×1 buffer from 32-bit RGBA values
   * @param r value of the buffer's red channel
   * @param g value of the buffer's green channel
   * @param b value of the buffer's blue channel
   * @param a value of the buffer's alpha channel
   */
  createU32RgbaBuffer(r: number, g: number, b: number, a: number, handler: WlBufferEvents): WlBufferProxy {
    const message = this.request(1, 1);
    const created = this.create(WlBufferProxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(r);
      message.uint(g);
      message.uint(b);
      message.uint(a);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}
