// Generated from protocols/xdg-system-bell.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlSurfaceProxy, WlSurfaceResource } from './wayland.js';

/** system bell */
export const xdg_system_bell_v1: Interface = {
  name: 'xdg_system_bell_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'ring', since: 1, signature: '?o', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of xdg_system_bell_v1. */
export interface XdgSystemBellV1Requests {
  /**
   * destroy the system bell object
   * Destroys the object.
   */
  destroy(resource: XdgSystemBellV1Resource): void;
  /**
   * ring the system bell
   * @param surface associated surface
   */
  ring(resource: XdgSystemBellV1Resource, surface: WlSurfaceResource | null): void;
}

/** A client's xdg_system_bell_v1, as the server holds it. */
export class XdgSystemBellV1Resource extends Resource<XdgSystemBellV1Requests> {
  static readonly interface: Interface = xdg_system_bell_v1;

  override get interface(): Interface {
    return xdg_system_bell_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const surface = this.receivedOrNull(WlSurfaceResource, message.uint());
        message.end();
        this.handler.ring(this, surface);
        return;
      }
    }
  }
}

/** A server's xdg_system_bell_v1, as the client holds it. */
export class XdgSystemBellV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = xdg_system_bell_v1;

  override get interface(): Interface {
    return xdg_system_bell_v1;
  }

  /**
   * destroy the system bell object
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
   * ring the system bell
   * @param surface associated surface
   */
  ring(surface: WlSurfaceProxy | null): void {
    const surfaceId = this.reference(surface);
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.uint(surfaceId);
      message.end();
    }
  }

  override dispatch(): void {}
}
