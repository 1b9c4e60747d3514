// Generated from protocols/tearing-control.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlSurfaceProxy, WlSurfaceResource } from './wayland.js';

/** protocol for tearing control */
export const wp_tearing_control_manager_v1: Interface = {
  name: 'wp_tearing_control_manager_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'get_tearing_control', since: 1, signature: 'no', destructor: false },
  ],
  events: [
  ],
  get errors() { return WpTearingControlManagerV1Error; },
};

export const WpTearingControlManagerV1Error = {
  /** the surface already has a tearing object associated */
  tearing_control_exists: 0,
} as const;
export type WpTearingControlManagerV1Error = (typeof WpTearingControlManagerV1Error)[keyof typeof WpTearingControlManagerV1Error];

/** What a server does with the requests of wp_tearing_control_manager_v1. */
export interface WpTearingControlManagerV1Requests {
  /**
   * destroy tearing control factory object
   * Destroys the object.
   */
  destroy(resource: WpTearingControlManagerV1Resource): void;
  /** extend surface interface for tearing control */
  getTearingControl(resource: WpTearingControlManagerV1Resource, id: WpTearingControlV1Resource, surface: WlSurfaceResource): void;
}

/** A client's wp_tearing_control_manager_v1, as the server holds it. */
export class WpTearingControlManagerV1Resource extends Resource<WpTearingControlManagerV1Requests, WpTearingControlManagerV1Error> {
  static readonly interface: Interface = wp_tearing_control_manager_v1;

  override get interface(): Interface {
    return wp_tearing_control_manager_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(WpTearingControlV1Resource, message.uint());
        const surface = this.received(WlSurfaceResource, message.uint());
        message.end();
        this.handler.getTearingControl(this, id, surface);
        return;
      }
    }
  }
}

/** A server's wp_tearing_control_manager_v1, as the client holds it. */
export class WpTearingControlManagerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = wp_tearing_control_manager_v1;

  override get interface(): Interface {
    return wp_tearing_control_manager_v1;
  }

  /**
   * destroy tearing control factory object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** extend surface interface for tearing control */
  getTearingControl(surface: WlSurfaceProxy): WpTearingControlV1Proxy {
    const surfaceId = this.reference(surface);
    const message = this.request(1, 1);
    const created = this.create(WpTearingControlV1Proxy, this.version, undefined);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(surfaceId);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** per-surface tearing control interface */
export const wp_tearing_control_v1: Interface = {
  name: 'wp_tearing_control_v1',
  version: 1,
  requests: [
    { name: 'set_presentation_hint', since: 1, signature: 'u', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
  ],
  errors: {},
};

/** presentation hint values */
export const WpTearingControlV1PresentationHint = {
  vsync: 0,
  async: 1,
} as const;
export type WpTearingControlV1PresentationHint = (typeof WpTearingControlV1PresentationHint)[keyof typeof WpTearingControlV1PresentationHint];

/** What a server does with the requests of wp_tearing_control_v1. */
export interface WpTearingControlV1Requests {
  /**
   * set presentation hint
   * @param hint see WpTearingControlV1PresentationHint
   */
  setPresentationHint(resource: WpTearingControlV1Resource, hint: number): void;
  /**
   * destroy tearing control object
   * Destroys the object.
   */
  destroy(resource: WpTearingControlV1Resource): void;
}

/** A client's wp_tearing_control_v1, as the server holds it. */
export class WpTearingControlV1Resource extends Resource<WpTearingControlV1Requests> {
  static readonly interface: Interface = wp_tearing_control_v1;

  override get interface(): Interface {
    return wp_tearing_control_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const hint = message.uint();
        message.end();
        this.handler.setPresentationHint(this, hint);
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

/** A server's wp_tearing_control_v1, as the client holds it. */
export class WpTearingControlV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = wp_tearing_control_v1;

  override get interface(): Interface {
    return wp_tearing_control_v1;
  }

  /** set presentation hint */
  setPresentationHint(hint: WpTearingControlV1PresentationHint): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.uint(hint);
      message.end();
    }
  }

  /**
   * destroy tearing control object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(): void {}
}
