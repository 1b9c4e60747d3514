// Generated from protocols/xdg-toplevel-drag.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlDataSourceProxy, WlDataSourceResource } from './wayland.js';
import { XdgToplevelProxy, XdgToplevelResource } from './xdg-shell.js';

/** Move a window during a drag */
export const xdg_toplevel_drag_manager_v1: Interface = {
  name: 'xdg_toplevel_drag_manager_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'get_xdg_toplevel_drag', since: 1, signature: 'no', destructor: false },
  ],
  events: [
  ],
  get errors() { return XdgToplevelDragManagerV1Error; },
};

export const XdgToplevelDragManagerV1Error = {
  /** data_source already used for toplevel drag */
  invalid_source: 0,
} as const;
export type XdgToplevelDragManagerV1Error = (typeof XdgToplevelDragManagerV1Error)[keyof typeof XdgToplevelDragManagerV1Error];

/** What a server does with the requests of xdg_toplevel_drag_manager_v1. */
export interface XdgToplevelDragManagerV1Requests {
  /**
   * destroy the xdg_toplevel_drag_manager_v1 object
   * Destroys the object.
   */
  destroy(resource: XdgToplevelDragManagerV1Resource): void;
  /** get an xdg_toplevel_drag for a wl_data_source */
  getXdgToplevelDrag(resource: XdgToplevelDragManagerV1Resource, id: XdgToplevelDragV1Resource, dataSource: WlDataSourceResource): void;
}

/** A client's xdg_toplevel_drag_manager_v1, as the server holds it. */
export class XdgToplevelDragManagerV1Resource extends Resource<XdgToplevelDragManagerV1Requests, XdgToplevelDragManagerV1Error> {
  static readonly interface: Interface = xdg_toplevel_drag_manager_v1;

  override get interface(): Interface {
    return xdg_toplevel_drag_manager_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(XdgToplevelDragV1Resource, message.uint());
        const dataSource = this.received(WlDataSourceResource, message.uint());
        message.end();
        this.handler.getXdgToplevelDrag(this, id, dataSource);
        return;
      }
    }
  }
}

/** A server's xdg_toplevel_drag_manager_v1, as the client holds it. */
export class XdgToplevelDragManagerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = xdg_toplevel_drag_manager_v1;

  override get interface(): Interface {
    return xdg_toplevel_drag_manager_v1;
  }

  /**
   * destroy the xdg_toplevel_drag_manager_v1 object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** get an xdg_toplevel_drag for a wl_data_source */
  getXdgToplevelDrag(dataSource: WlDataSourceProxy): XdgToplevelDragV1Proxy {
    const dataSourceId = this.reference(dataSource);
    const message = this.request(1, 1);
    const created = this.create(XdgToplevelDragV1Proxy, this.version, undefined);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(dataSourceId);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** Object representing a toplevel move during a drag */
export const xdg_toplevel_drag_v1: Interface = {
  name: 'xdg_toplevel_drag_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'attach', since: 1, signature: 'oii', destructor: false },
  ],
  events: [
  ],
  get errors() { return XdgToplevelDragV1Error; },
};

export const XdgToplevelDragV1Error = {
  /** valid toplevel already attached */
  toplevel_attached: 0,
  /** drag has not ended */
  ongoing_drag: 1,
} as const;
export type XdgToplevelDragV1Error = (typeof XdgToplevelDragV1Error)[keyof typeof XdgToplevelDragV1Error];

/** What a server does with the requests of xdg_toplevel_drag_v1. */
export interface XdgToplevelDragV1Requests {
  /**
   * destroy an xdg_toplevel_drag_v1 object
   * Destroys the object.
   */
  destroy(resource: XdgToplevelDragV1Resource): void;
  /**
   * Move a toplevel with the drag operation
   * @param xOffset dragged surface x offset
   * @param yOffset dragged surface y offset
   */
  attach(resource: XdgToplevelDragV1Resource, toplevel: XdgToplevelResource, xOffset: number, yOffset: number): void;
}

/** A client's xdg_toplevel_drag_v1, as the server holds it. */
export class XdgToplevelDragV1Resource extends Resource<XdgToplevelDragV1Requests, XdgToplevelDragV1Error> {
  static readonly interface: Interface = xdg_toplevel_drag_v1;

  override get interface(): Interface {
    return xdg_toplevel_drag_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const toplevel = this.received(XdgToplevelResource, message.uint());
        const xOffset = message.int();
        const yOffset = message.int();
        message.end();
        this.handler.attach(this, toplevel, xOffset, yOffset);
        return;
      }
    }
  }
}

/** A server's xdg_toplevel_drag_v1, as the client holds it. */
export class XdgToplevelDragV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = xdg_toplevel_drag_v1;

  override get interface(): Interface {
    return xdg_toplevel_drag_v1;
  }

  /**
   * destroy an xdg_toplevel_drag_v1 object
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
   * Move a toplevel with the drag operation
   * @param xOffset dragged surface x offset
   * @param yOffset dragged surface y offset
   */
  attach(toplevel: XdgToplevelProxy, xOffset: number, yOffset: number): void {
    const toplevelId = this.reference(toplevel);
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.uint(toplevelId);
      message.int(xOffset);
      message.int(yOffset);
      message.end();
    }
  }

  override dispatch(): void {}
}
