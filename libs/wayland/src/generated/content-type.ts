// Generated from protocols/content-type.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlSurfaceProxy, WlSurfaceResource } from './wayland.js';

/** surface content type manager */
export const wp_content_type_manager_v1: Interface = {
  name: 'wp_content_type_manager_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'get_surface_content_type', since: 1, signature: 'no', destructor: false },
  ],
  events: [
  ],
  get errors() { return WpContentTypeManagerV1Error; },
};

export const WpContentTypeManagerV1Error = {
  /** wl_surface already has a content type object */
  already_constructed: 0,
} as const;
export type WpContentTypeManagerV1Error = (typeof WpContentTypeManagerV1Error)[keyof typeof WpContentTypeManagerV1Error];

/** What a server does with the requests of wp_content_type_manager_v1. */
export interface WpContentTypeManagerV1Requests {
  /**
   * destroy the content type manager object
   * Destroys the object.
   */
  destroy(resource: WpContentTypeManagerV1Resource): void;
  /** create a new content type object */
  getSurfaceContentType(resource: WpContentTypeManagerV1Resource, id: WpContentTypeV1Resource, surface: WlSurfaceResource): void;
}

/** A client's wp_content_type_manager_v1, as the server holds it. */
export class WpContentTypeManagerV1Resource extends Resource<WpContentTypeManagerV1Requests, WpContentTypeManagerV1Error> {
  static readonly interface: Interface = wp_content_type_manager_v1;

  override get interface(): Interface {
    return wp_content_type_manager_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(WpContentTypeV1Resource, message.uint());
        const surface = this.received(WlSurfaceResource, message.uint());
        message.end();
        this.handler.getSurfaceContentType(this, id, surface);
        return;
      }
    }
  }
}

/** A server's wp_content_type_manager_v1, as the client holds it. */
export class WpContentTypeManagerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = wp_content_type_manager_v1;

  override get interface(): Interface {
    return wp_content_type_manager_v1;
  }

  /**
   * destroy the content type manager object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** create a new content type object */
  getSurfaceContentType(surface: WlSurfaceProxy): WpContentTypeV1Proxy {
    const surfaceId = this.reference(surface);
    const message = this.request(1, 1);
    const created = this.create(WpContentTypeV1Proxy, this.version, undefined);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(surfaceId);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** content type object for a surface */
export const wp_content_type_v1: Interface = {
  name: 'wp_content_type_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'set_content_type', since: 1, signature: 'u', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/** possible content types */
export const WpContentTypeV1Type = {
  none: 0,
  photo: 1,
  video: 2,
  game: 3,
} as const;
export type WpContentTypeV1Type = (typeof WpContentTypeV1Type)[keyof typeof WpContentTypeV1Type];

/** What a server does with the requests of wp_content_type_v1. */
export interface WpContentTypeV1Requests {
  /**
   * destroy the content type object
   * Destroys the object.
   */
  destroy(resource: WpContentTypeV1Resource): void;
  /**
   * specify the content type
   * @param contentType the content type; see WpContentTypeV1Type
   */
  setContentType(resource: WpContentTypeV1Resource, contentType: number): void;
}

/** A client's wp_content_type_v1, as the server holds it. */
export class WpContentTypeV1Resource extends Resource<WpContentTypeV1Requests> {
  static readonly interface: Interface = wp_content_type_v1;

  override get interface(): Interface {
    return wp_content_type_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const contentType = message.uint();
        message.end();
        this.handler.setContentType(this, contentType);
        return;
      }
    }
  }
}

/** A server's wp_content_type_v1, as the client holds it. */
export class WpContentTypeV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = wp_content_type_v1;

  override get interface(): Interface {
    return wp_content_type_v1;
  }

  /**
   * destroy the content type object
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
   * specify the content type
   * @param contentType the content type
   */
  setContentType(contentType: WpContentTypeV1Type): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.uint(contentType);
      message.end();
    }
  }

  override dispatch(): void {}
}
