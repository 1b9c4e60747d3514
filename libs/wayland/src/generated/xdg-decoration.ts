// Generated from protocols/xdg-decoration.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { XdgToplevelProxy, XdgToplevelResource } from './xdg-shell.js';

/** window decoration manager */
export const zxdg_decoration_manager_v1: Interface = {
  name: 'zxdg_decoration_manager_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'get_toplevel_decoration', since: 1, signature: 'no', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of zxdg_decoration_manager_v1. */
export interface ZxdgDecorationManagerV1Requests {
  /**
   * destroy the decoration manager object
   * Destroys the object.
   */
  destroy(resource: ZxdgDecorationManagerV1Resource): void;
  /** create a new toplevel decoration object */
  getToplevelDecoration(resource: ZxdgDecorationManagerV1Resource, id: ZxdgToplevelDecorationV1Resource, toplevel: XdgToplevelResource): void;
}

/** A client's zxdg_decoration_manager_v1, as the server holds it. */
export class ZxdgDecorationManagerV1Resource extends Resource<ZxdgDecorationManagerV1Requests> {
  static readonly interface: Interface = zxdg_decoration_manager_v1;

  override get interface(): Interface {
    return zxdg_decoration_manager_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(ZxdgToplevelDecorationV1Resource, message.uint());
        const toplevel = this.received(XdgToplevelResource, message.uint());
        message.end();
        this.handler.getToplevelDecoration(this, id, toplevel);
        return;
      }
    }
  }
}

/** A server's zxdg_decoration_manager_v1, as the client holds it. */
export class ZxdgDecorationManagerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zxdg_decoration_manager_v1;

  override get interface(): Interface {
    return zxdg_decoration_manager_v1;
  }

  /**
   * destroy the decoration manager object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** create a new toplevel decoration object */
  getToplevelDecoration(toplevel: XdgToplevelProxy, handler: ZxdgToplevelDecorationV1Events): ZxdgToplevelDecorationV1Proxy {
    const toplevelId = this.reference(toplevel);
    const message = this.request(1, 1);
    const created = this.create(ZxdgToplevelDecorationV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(toplevelId);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** decoration object for a toplevel surface */
export const zxdg_toplevel_decoration_v1: Interface = {
  name: 'zxdg_toplevel_decoration_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'set_mode', since: 1, signature: 'u', destructor: false },
    { name: 'unset_mode', since: 1, signature: '', destructor: false },
  ],
  events: [
    { name: 'configure', since: 1, signature: 'u', destructor: false },
  ],
  get errors() { return ZxdgToplevelDecorationV1Error; },
};

export const ZxdgToplevelDecorationV1Error = {
  /** xdg_toplevel has a buffer attached before configure */
  unconfigured_buffer: 0,
  /** xdg_toplevel already has a decoration object */
  already_constructed: 1,
  /** xdg_toplevel destroyed before the decoration object */
  orphaned: 2,
  /** invalid mode */
  invalid_mode: 3,
} as const;
export type ZxdgToplevelDecorationV1Error = (typeof ZxdgToplevelDecorationV1Error)[keyof typeof ZxdgToplevelDecorationV1Error];

/** window decoration modes */
export const ZxdgToplevelDecorationV1Mode = {
  /** no server-side window decoration */
  client_side: 1,
  /** server-side window decoration */
  server_side: 2,
} as const;
export type ZxdgToplevelDecorationV1Mode = (typeof ZxdgToplevelDecorationV1Mode)[keyof typeof ZxdgToplevelDecorationV1Mode];

/** What a server does with the requests of zxdg_toplevel_decoration_v1. */
export interface ZxdgToplevelDecorationV1Requests {
  /**
   * destroy the decoration object
   * Destroys the object.
   */
  destroy(resource: ZxdgToplevelDecorationV1Resource): void;
  /**
   * set the decoration mode
   * @param mode the decoration mode; see ZxdgToplevelDecorationV1Mode
   */
  setMode(resource: ZxdgToplevelDecorationV1Resource, mode: number): void;
  /** unset the decoration mode */
  unsetMode(resource: ZxdgToplevelDecorationV1Resource): void;
}

/** A client's zxdg_toplevel_decoration_v1, as the server holds it. */
export class ZxdgToplevelDecorationV1Resource extends Resource<ZxdgToplevelDecorationV1Requests, ZxdgToplevelDecorationV1Error> {
  static readonly interface: Interface = zxdg_toplevel_decoration_v1;

  override get interface(): Interface {
    return zxdg_toplevel_decoration_v1;
  }

  /**
   * notify a decoration mode change
   * @param mode the decoration mode
   */
  sendConfigure(mode: ZxdgToplevelDecorationV1Mode): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(mode);
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
        const mode = message.uint();
        message.end();
        this.handler.setMode(this, mode);
        return;
      }
      case 2: {
        message.end();
        this.handler.unsetMode(this);
        return;
      }
    }
  }
}

/** What a client does with the events of zxdg_toplevel_decoration_v1. */
export interface ZxdgToplevelDecorationV1Events {
  /**
   * notify a decoration mode change
   * @param mode the decoration mode; see ZxdgToplevelDecorationV1Mode
   */
  configure(proxy: ZxdgToplevelDecorationV1Proxy, mode: number): void;
}

/** A server's zxdg_toplevel_decoration_v1, as the client holds it. */
export class ZxdgToplevelDecorationV1Proxy extends ObjectProxy<ZxdgToplevelDecorationV1Events> {
  static readonly interface: Interface = zxdg_toplevel_decoration_v1;

  override get interface(): Interface {
    return zxdg_toplevel_decoration_v1;
  }

  /**
   * destroy the decoration object
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
   * set the decoration mode
   * @param mode the decoration mode
   */
  setMode(mode: ZxdgToplevelDecorationV1Mode): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.uint(mode);
      message.end();
    }
  }

  /** unset the decoration mode */
  unsetMode(): void {
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.end();
    }
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const mode = message.uint();
        message.end();
        if (this.wanted) this.handler.configure(this, mode);
        return;
      }
    }
  }
}
