// Generated from protocols/xdg-activation.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlSeatProxy, WlSeatResource, WlSurfaceProxy, WlSurfaceResource } from './wayland.js';

/** interface for activating surfaces */
export const xdg_activation_v1: Interface = {
  name: 'xdg_activation_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'get_activation_token', since: 1, signature: 'n', destructor: false },
    { name: 'activate', since: 1, signature: 'so', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of xdg_activation_v1. */
export interface XdgActivationV1Requests {
  /**
   * destroy the xdg_activation object
   * Destroys the object.
   */
  destroy(resource: XdgActivationV1Resource): void;
  /** requests a token */
  getActivationToken(resource: XdgActivationV1Resource, id: XdgActivationTokenV1Resource): void;
  /**
   * notify new interaction being available
   * @param token the activation token of the initiating client
   * @param surface the wl_surface to activate
   */
  activate(resource: XdgActivationV1Resource, token: string, surface: WlSurfaceResource): void;
}

/** A client's xdg_activation_v1, as the server holds it. */
export class XdgActivationV1Resource extends Resource<XdgActivationV1Requests> {
  static readonly interface: Interface = xdg_activation_v1;

  override get interface(): Interface {
    return xdg_activation_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(XdgActivationTokenV1Resource, message.uint());
        message.end();
        this.handler.getActivationToken(this, id);
        return;
      }
      case 2: {
        const token = message.string();
        const surface = this.received(WlSurfaceResource, message.uint());
        message.end();
        this.handler.activate(this, token, surface);
        return;
      }
    }
  }
}

/** A server's xdg_activation_v1, as the client holds it. */
export class XdgActivationV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = xdg_activation_v1;

  override get interface(): Interface {
    return xdg_activation_v1;
  }

  /**
   * destroy the xdg_activation object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** requests a token */
  getActivationToken(handler: XdgActivationTokenV1Events): XdgActivationTokenV1Proxy {
    const message = this.request(1, 1);
    const created = this.create(XdgActivationTokenV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  /**
   * notify new interaction being available
   * @param token the activation token of the initiating client
   * @param surface the wl_surface to activate
   */
  activate(token: string, surface: WlSurfaceProxy): void {
    const surfaceId = this.reference(surface);
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.string(token);
      message.uint(surfaceId);
      message.end();
    }
  }

  override dispatch(): void {}
}

/** an exported activation handle */
export const xdg_activation_token_v1: Interface = {
  name: 'xdg_activation_token_v1',
  version: 1,
  requests: [
    { name: 'set_serial', since: 1, signature: 'uo', destructor: false },
    { name: 'set_app_id', since: 1, signature: 's', destructor: false },
    { name: 'set_surface', since: 1, signature: 'o', destructor: false },
    { name: 'commit', since: 1, signature: '', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'done', since: 1, signature: 's', destructor: false },
  ],
  get errors() { return XdgActivationTokenV1Error; },
};

export const XdgActivationTokenV1Error = {
  /** The token has already been used previously */
  already_used: 0,
} as const;
export type XdgActivationTokenV1Error = (typeof XdgActivationTokenV1Error)[keyof typeof XdgActivationTokenV1Error];

/** What a server does with the requests of xdg_activation_token_v1. */
export interface XdgActivationTokenV1Requests {
  /**
   * specifies the seat and serial of the activating event
   * @param serial the serial of the event that triggered the activation
   * @param seat the wl_seat of the event
   */
  setSerial(resource: XdgActivationTokenV1Resource, serial: number, seat: WlSeatResource): void;
  /**
   * specifies the application being activated
   * @param appId the application id of the client being activated.
   */
  setAppId(resource: XdgActivationTokenV1Resource, appId: string): void;
  /**
   * specifies the surface requesting activation
   * @param surface the requesting surface
   */
  setSurface(resource: XdgActivationTokenV1Resource, surface: WlSurfaceResource): void;
  /** issues the token request */
  commit(resource: XdgActivationTokenV1Resource): void;
  /**
   * destroy the xdg_activation_token_v1 object
   * Destroys the object.
   */
  destroy(resource: XdgActivationTokenV1Resource): void;
}

/** A client's xdg_activation_token_v1, as the server holds it. */
export class XdgActivationTokenV1Resource extends Resource<XdgActivationTokenV1Requests, XdgActivationTokenV1Error> {
  static readonly interface: Interface = xdg_activation_token_v1;

  override get interface(): Interface {
    return xdg_activation_token_v1;
  }

  /**
   * the exported activation token
   * @param token the exported activation token
   */
  sendDone(token: string): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.string(token);
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const serial = message.uint();
        const seat = this.received(WlSeatResource, message.uint());
        message.end();
        this.handler.setSerial(this, serial, seat);
        return;
      }
      case 1: {
        const appId = message.string();
        message.end();
        this.handler.setAppId(this, appId);
        return;
      }
      case 2: {
        const surface = this.received(WlSurfaceResource, message.uint());
        message.end();
        this.handler.setSurface(this, surface);
        return;
      }
      case 3: {
        message.end();
        this.handler.commit(this);
        return;
      }
      case 4: {
        message.end();
        this.handler.destroy(this);
        return;
      }
    }
  }
}

/** What a client does with the events of xdg_activation_token_v1. */
export interface XdgActivationTokenV1Events {
  /**
   * the exported activation token
   * @param token the exported activation token
   */
  done(proxy: XdgActivationTokenV1Proxy, token: string): void;
}

/** A server's xdg_activation_token_v1, as the client holds it. */
export class XdgActivationTokenV1Proxy extends ObjectProxy<XdgActivationTokenV1Events> {
  static readonly interface: Interface = xdg_activation_token_v1;

  override get interface(): Interface {
    return xdg_activation_token_v1;
  }

  /**
   * specifies the seat and serial of the activating event
   * @param serial the serial of the event that triggered the activation
   * @param seat the wl_seat of the event
   */
  setSerial(serial: number, seat: WlSeatProxy): void {
    const seatId = this.reference(seat);
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.uint(serial);
      message.uint(seatId);
      message.end();
    }
  }

  /**
   * specifies the application being activated
   * @param appId the application id of the client being activated.
   */
  setAppId(appId: string): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.string(appId);
      message.end();
    }
  }

  /**
   * specifies the surface requesting activation
   * @param surface the requesting surface
   */
  setSurface(surface: WlSurfaceProxy): void {
    const surfaceId = this.reference(surface);
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.uint(surfaceId);
      message.end();
    }
  }

  /** issues the token request */
  commit(): void {
    const message = this.request(3, 1);
    if (message !== undefined) {
      message.end();
    }
  }

  /**
   * destroy the xdg_activation_token_v1 object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(4, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const token = message.string();
        message.end();
        if (this.wanted) this.handler.done(this, token);
        return;
      }
    }
  }
}
