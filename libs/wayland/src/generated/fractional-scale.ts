// Generated from protocols/fractional-scale.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlSurfaceProxy, WlSurfaceResource } from './wayland.js';

/** fractional surface scale information */
export const wp_fractional_scale_manager_v1: Interface = {
  name: 'wp_fractional_scale_manager_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'get_fractional_scale', since: 1, signature: 'no', destructor: false },
  ],
  events: [
  ],
  get errors() { return WpFractionalScaleManagerV1Error; },
};

export const WpFractionalScaleManagerV1Error = {
  /** the surface already has a fractional_scale object associated */
  fractional_scale_exists: 0,
} as const;
export type WpFractionalScaleManagerV1Error = (typeof WpFractionalScaleManagerV1Error)[keyof typeof WpFractionalScaleManagerV1Error];

/** What a server does with the requests of wp_fractional_scale_manager_v1. */
export interface WpFractionalScaleManagerV1Requests {
  /**
   * unbind the fractional surface scale interface
   * Destroys the object.
   */
  destroy(resource: WpFractionalScaleManagerV1Resource): void;
  /**
   * extend surface interface for scale information
   * @param id the new surface scale info interface id
   * @param surface the surface
   */
  getFractionalScale(resource: WpFractionalScaleManagerV1Resource, id: WpFractionalScaleV1Resource, surface: WlSurfaceResource): void;
}

/** A client's wp_fractional_scale_manager_v1, as the server holds it. */
export class WpFractionalScaleManagerV1Resource extends Resource<WpFractionalScaleManagerV1Requests, WpFractionalScaleManagerV1Error> {
  static readonly interface: Interface = wp_fractional_scale_manager_v1;

  override get interface(): Interface {
    return wp_fractional_scale_manager_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(WpFractionalScaleV1Resource, message.uint());
        const surface = this.received(WlSurfaceResource, message.uint());
        message.end();
        this.handler.getFractionalScale(this, id, surface);
        return;
      }
    }
  }
}

/** A server's wp_fractional_scale_manager_v1, as the client holds it. */
export class WpFractionalScaleManagerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = wp_fractional_scale_manager_v1;

  override get interface(): Interface {
    return wp_fractional_scale_manager_v1;
  }

  /**
   * unbind the fractional surface scale interface
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
   * extend surface interface for scale information
   * @param surface the surface
   */
  getFractionalScale(surface: WlSurfaceProxy, handler: WpFractionalScaleV1Events): WpFractionalScaleV1Proxy {
    const surfaceId = this.reference(surface);
    const message = this.request(1, 1);
    const created = this.create(WpFractionalScaleV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(surfaceId);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** fractional scale interface to a wl_surface */
export const wp_fractional_scale_v1: Interface = {
  name: 'wp_fractional_scale_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'preferred_scale', since: 1, signature: 'u', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of wp_fractional_scale_v1. */
export interface WpFractionalScaleV1Requests {
  /**
   * remove surface scale information for surface
   * Destroys the object.
   */
  destroy(resource: WpFractionalScaleV1Resource): void;
}

/** A client's wp_fractional_scale_v1, as the server holds it. */
export class WpFractionalScaleV1Resource extends Resource<WpFractionalScaleV1Requests> {
  static readonly interface: Interface = wp_fractional_scale_v1;

  override get interface(): Interface {
    return wp_fractional_scale_v1;
  }

  /**
   * notify of new preferred scale
   * @param scale the new preferred scale
   */
  sendPreferredScale(scale: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(scale);
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

/** What a client does with the events of wp_fractional_scale_v1. */
export interface WpFractionalScaleV1Events {
  /**
   * notify of new preferred scale
   * @param scale the new preferred scale
   */
  preferredScale(proxy: WpFractionalScaleV1Proxy, scale: number): void;
}

/** A server's wp_fractional_scale_v1, as the client holds it. */
export class WpFractionalScaleV1Proxy extends ObjectProxy<WpFractionalScaleV1Events> {
  static readonly interface: Interface = wp_fractional_scale_v1;

  override get interface(): Interface {
    return wp_fractional_scale_v1;
  }

  /**
   * remove surface scale information for surface
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
        const scale = message.uint();
        message.end();
        if (this.wanted) this.handler.preferredScale(this, scale);
        return;
      }
    }
  }
}
