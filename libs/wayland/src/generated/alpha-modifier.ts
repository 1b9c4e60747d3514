// Generated from protocols/alpha-modifier.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlSurfaceProxy, WlSurfaceResource } from './wayland.js';

/** surface alpha modifier manager */
export const wp_alpha_modifier_v1: Interface = {
  name: 'wp_alpha_modifier_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'get_surface', since: 1, signature: 'no', destructor: false },
  ],
  events: [
  ],
  get errors() { return WpAlphaModifierV1Error; },
};

export const WpAlphaModifierV1Error = {
  /** wl_surface already has a alpha modifier object */
  already_constructed: 0,
} as const;
export type WpAlphaModifierV1Error = (typeof WpAlphaModifierV1Error)[keyof typeof WpAlphaModifierV1Error];

/** What a server does with the requests of wp_alpha_modifier_v1. */
export interface WpAlphaModifierV1Requests {
  /**
   * destroy the alpha modifier manager object
   * Destroys the object.
   */
  destroy(resource: WpAlphaModifierV1Resource): void;
  /** create a new alpha modifier surface object */
  getSurface(resource: WpAlphaModifierV1Resource, id: WpAlphaModifierSurfaceV1Resource, surface: WlSurfaceResource): void;
}

/** A client's wp_alpha_modifier_v1, as the server holds it. */
export class WpAlphaModifierV1Resource extends Resource<WpAlphaModifierV1Requests, WpAlphaModifierV1Error> {
  static readonly interface: Interface = wp_alpha_modifier_v1;

  override get interface(): Interface {
    return wp_alpha_modifier_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(WpAlphaModifierSurfaceV1Resource, message.uint());
        const surface = this.received(WlSurfaceResource, message.uint());
        message.end();
        this.handler.getSurface(this, id, surface);
        return;
      }
    }
  }
}

/** A server's wp_alpha_modifier_v1, as the client holds it. */
export class WpAlphaModifierV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = wp_alpha_modifier_v1;

  override get interface(): Interface {
    return wp_alpha_modifier_v1;
  }

  /**
   * destroy the alpha modifier manager object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** create a new alpha modifier surface object */
  getSurface(surface: WlSurfaceProxy): WpAlphaModifierSurfaceV1Proxy {
    const surfaceId = this.reference(surface);
    const message = this.request(1, 1);
    const created = this.create(WpAlphaModifierSurfaceV1Proxy, this.version, undefined);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(surfaceId);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** alpha modifier object for a surface */
export const wp_alpha_modifier_surface_v1: Interface = {
  name: 'wp_alpha_modifier_surface_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'set_multiplier', since: 1, signature: 'u', destructor: false },
  ],
  events: [
  ],
  get errors() { return WpAlphaModifierSurfaceV1Error; },
};

export const WpAlphaModifierSurfaceV1Error = {
  /** wl_surface was destroyed */
  no_surface: 0,
} as const;
export type WpAlphaModifierSurfaceV1Error = (typeof WpAlphaModifierSurfaceV1Error)[keyof typeof WpAlphaModifierSurfaceV1Error];

/** What a server does with the requests of wp_alpha_modifier_surface_v1. */
export interface WpAlphaModifierSurfaceV1Requests {
  /**
   * destroy the alpha modifier object
   * Destroys the object.
   */
  destroy(resource: WpAlphaModifierSurfaceV1Resource): void;
  /** specify the alpha multiplier */
  setMultiplier(resource: WpAlphaModifierSurfaceV1Resource, factor: number): void;
}

/** A client's wp_alpha_modifier_surface_v1, as the server holds it. */
export class WpAlphaModifierSurfaceV1Resource extends Resource<WpAlphaModifierSurfaceV1Requests, WpAlphaModifierSurfaceV1Error> {
  static readonly interface: Interface = wp_alpha_modifier_surface_v1;

  override get interface(): Interface {
    return wp_alpha_modifier_surface_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const factor = message.uint();
        message.end();
        this.handler.setMultiplier(this, factor);
        return;
      }
    }
  }
}

/** A server's wp_alpha_modifier_surface_v1, as the client holds it. */
export class WpAlphaModifierSurfaceV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = wp_alpha_modifier_surface_v1;

  override get interface(): Interface {
    return wp_alpha_modifier_surface_v1;
  }

  /**
   * destroy the alpha modifier object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** specify the alpha multiplier */
  setMultiplier(factor: number): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.uint(factor);
      message.end();
    }
  }

  override dispatch(): void {}
}
