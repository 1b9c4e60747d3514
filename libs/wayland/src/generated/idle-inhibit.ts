// Generated from protocols/idle-inhibit.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlSurfaceProxy, WlSurfaceResource } from './wayland.js';

/** control behavior when display idles */
export const zwp_idle_inhibit_manager_v1: Interface = {
  name: 'zwp_idle_inhibit_manager_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'create_inhibitor', since: 1, signature: 'no', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of zwp_idle_inhibit_manager_v1. */
export interface ZwpIdleInhibitManagerV1Requests {
  /**
   * destroy the idle inhibitor object
   * Destroys the object.
   */
  destroy(resource: ZwpIdleInhibitManagerV1Resource): void;
  /**
   * create a new inhibitor object
   * @param surface the surface that inhibits the idle behavior
   */
  createInhibitor(resource: ZwpIdleInhibitManagerV1Resource, id: ZwpIdleInhibitorV1Resource, surface: WlSurfaceResource): void;
}

/** A client's zwp_idle_inhibit_manager_v1, as the server holds it. */
export class ZwpIdleInhibitManagerV1Resource extends Resource<ZwpIdleInhibitManagerV1Requests> {
  static readonly interface: Interface = zwp_idle_inhibit_manager_v1;

  override get interface(): Interface {
    return zwp_idle_inhibit_manager_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(ZwpIdleInhibitorV1Resource, message.uint());
        const surface = this.received(WlSurfaceResource, message.uint());
        message.end();
        this.handler.createInhibitor(this, id, surface);
        return;
      }
    }
  }
}

/** A server's zwp_idle_inhibit_manager_v1, as the client holds it. */
export class ZwpIdleInhibitManagerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zwp_idle_inhibit_manager_v1;

  override get interface(): Interface {
    return zwp_idle_inhibit_manager_v1;
  }

  /**
   * destroy the idle inhibitor object
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
   * create a new inhibitor object
   * @param surface the surface that inhibits the idle behavior
   */
  createInhibitor(surface: WlSurfaceProxy): ZwpIdleInhibitorV1Proxy {
    const surfaceId = this.reference(surface);
    const message = this.request(1, 1);
    const created = this.create(ZwpIdleInhibitorV1Proxy, this.version, undefined);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(surfaceId);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** context object for inhibiting idle behavior */
export const zwp_idle_inhibitor_v1: Interface = {
  name: 'zwp_idle_inhibitor_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of zwp_idle_inhibitor_v1. */
export interface ZwpIdleInhibitorV1Requests {
  /**
   * destroy the idle inhibitor object
   * Destroys the object.
   */
  destroy(resource: ZwpIdleInhibitorV1Resource): void;
}

/** A client's zwp_idle_inhibitor_v1, as the server holds it. */
export class ZwpIdleInhibitorV1Resource extends Resource<ZwpIdleInhibitorV1Requests> {
  static readonly interface: Interface = zwp_idle_inhibitor_v1;

  override get interface(): Interface {
    return zwp_idle_inhibitor_v1;
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

/** A server's zwp_idle_inhibitor_v1, as the client holds it. */
export class ZwpIdleInhibitorV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zwp_idle_inhibitor_v1;

  override get interface(): Interface {
    return zwp_idle_inhibitor_v1;
  }

  /**
   * destroy the idle inhibitor object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(): void {}
}
