// Generated from protocols/viewporter.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlSurfaceProxy, WlSurfaceResource } from './wayland.js';

/** surface cropping and scaling */
export const wp_viewporter: Interface = {
  name: 'wp_viewporter',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'get_viewport', since: 1, signature: 'no', destructor: false },
  ],
  events: [
  ],
  get errors() { return WpViewporterError; },
};

export const WpViewporterError = {
  /** the surface already has a viewport object associated */
  viewport_exists: 0,
} as const;
export type WpViewporterError = (typeof WpViewporterError)[keyof typeof WpViewporterError];

/** What a server does with the requests of wp_viewporter. */
export interface WpViewporterRequests {
  /**
   * unbind from the cropping and scaling interface
   * Destroys the object.
   */
  destroy(resource: WpViewporterResource): void;
  /**
   * extend surface interface for crop and scale
   * @param id the new viewport interface id
   * @param surface the surface
   */
  getViewport(resource: WpViewporterResource, id: WpViewportResource, surface: WlSurfaceResource): void;
}

/** A client's wp_viewporter, as the server holds it. */
export class WpViewporterResource extends Resource<WpViewporterRequests, WpViewporterError> {
  static readonly interface: Interface = wp_viewporter;

  override get interface(): Interface {
    return wp_viewporter;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(WpViewportResource, message.uint());
        const surface = this.received(WlSurfaceResource, message.uint());
        message.end();
        this.handler.getViewport(this, id, surface);
        return;
      }
    }
  }
}

/** A server's wp_viewporter, as the client holds it. */
export class WpViewporterProxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = wp_viewporter;

  override get interface(): Interface {
    return wp_viewporter;
  }

  /**
   * unbind from the cropping and scaling interface
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
   * extend surface interface for crop and scale
   * @param surface the surface
   */
  getViewport(surface: WlSurfaceProxy): WpViewportProxy {
    const surfaceId = this.reference(surface);
    const message = this.request(1, 1);
    const created = this.create(WpViewportProxy, this.version, undefined);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(surfaceId);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** crop and scale interface to a wl_surface */
export const wp_viewport: Interface = {
  name: 'wp_viewport',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'set_source', since: 1, signature: 'ffff', destructor: false },
    { name: 'set_destination', since: 1, signature: 'ii', destructor: false },
  ],
  events: [
  ],
  get errors() { return WpViewportError; },
};

export const WpViewportError = {
  /** negative or zero values in width or height */
  bad_value: 0,
  /** destination size is not integer */
  bad_size: 1,
  /** source rectangle extends outside of the content area */
  out_of_buffer: 2,
  /** the wl_surface was destroyed */
  no_surface: 3,
} as const;
export type WpViewportError = (typeof WpViewportError)[keyof typeof WpViewportError];

/** What a server does with the requests of wp_viewport. */
export interface WpViewportRequests {
  /**
   * remove scaling and cropping from the surface
   * Destroys the object.
   */
  destroy(resource: WpViewportResource): void;
  /**
   * set the source rectangle for cropping
   * @param x source rectangle x
   * @param y source rectangle y
   * @param width source rectangle width
   * @param height source rectangle height
   */
  setSource(resource: WpViewportResource, x: number, y: number, width: number, height: number): void;
  /**
   * set the surface size for scaling
   * @param width surface width
   * @param height surface height
   */
  setDestination(resource: WpViewportResource, width: number, height: number): void;
}

/** A client's wp_viewport, as the server holds it. */
export class WpViewportResource extends Resource<WpViewportRequests, WpViewportError> {
  static readonly interface: Interface = wp_viewport;

  override get interface(): Interface {
    return wp_viewport;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const x = message.fixed();
        const y = message.fixed();
        const width = message.fixed();
        const height = message.fixed();
        message.end();
        this.handler.setSource(this, x, y, width, height);
        return;
      }
      case 2: {
        const width = message.int();
        const height = message.int();
        message.end();
        this.handler.setDestination(this, width, height);
        return;
      }
    }
  }
}

/** A server's wp_viewport, as the client holds it. */
export class WpViewportProxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = wp_viewport;

  override get interface(): Interface {
    return wp_viewport;
  }

  /**
   * remove scaling and cropping from the surface
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
   * set the source rectangle for cropping
   * @param x source rectangle x
   * @param y source rectangle y
   * @param width source rectangle width
   * @param height source rectangle height
   */
  setSource(x: number, y: number, width: number, height: number): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.fixed(x);
      message.fixed(y);
      message.fixed(width);
      message.fixed(height);
      message.end();
    }
  }

  /**
   * set the surface size for scaling
   * @param width surface width
   * @param height surface height
   */
  setDestination(width: number, height: number): void {
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.int(width);
      message.int(height);
      message.end();
    }
  }

  override dispatch(): void {}
}
