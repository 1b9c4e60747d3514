// Generated from protocols/xdg-toplevel-icon.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlBufferProxy, WlBufferResource } from './wayland.js';
import { XdgToplevelProxy, XdgToplevelResource } from './xdg-shell.js';

/** interface to manage toplevel icons */
export const xdg_toplevel_icon_manager_v1: Interface = {
  name: 'xdg_toplevel_icon_manager_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'create_icon', since: 1, signature: 'n', destructor: false },
    { name: 'set_icon', since: 1, signature: 'o?o', destructor: false },
  ],
  events: [
    { name: 'icon_size', since: 1, signature: 'i', destructor: false },
    { name: 'done', since: 1, signature: '', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of xdg_toplevel_icon_manager_v1. */
export interface XdgToplevelIconManagerV1Requests {
  /**
   * destroy the toplevel icon manager
   * Destroys the object.
   */
  destroy(resource: XdgToplevelIconManagerV1Resource): void;
  /** create a new icon instance */
  createIcon(resource: XdgToplevelIconManagerV1Resource, id: XdgToplevelIconV1Resource): void;
  /**
   * set an icon on a toplevel window
   * @param toplevel the toplevel to act on
   */
  setIcon(resource: XdgToplevelIconManagerV1Resource, toplevel: XdgToplevelResource, icon: XdgToplevelIconV1Resource | null): void;
}

/** A client's xdg_toplevel_icon_manager_v1, as the server holds it. */
export class XdgToplevelIconManagerV1Resource extends Resource<XdgToplevelIconManagerV1Requests> {
  static readonly interface: Interface = xdg_toplevel_icon_manager_v1;

  override get interface(): Interface {
    return xdg_toplevel_icon_manager_v1;
  }

  /**
   * describes a supported & preferred icon size
   * @param size the edge size of the square icon in surface-local coordinates, e.g. 64
   */
  sendIconSize(size: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.int(size);
    message.end();
  }

  /** all information has been sent */
  sendDone(): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
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
        const id = this.created(XdgToplevelIconV1Resource, message.uint());
        message.end();
        this.handler.createIcon(this, id);
        return;
      }
      case 2: {
        const toplevel = this.received(XdgToplevelResource, message.uint());
        const icon = this.receivedOrNull(XdgToplevelIconV1Resource, message.uint());
        message.end();
        this.handler.setIcon(this, toplevel, icon);
        return;
      }
    }
  }
}

/** What a client does with the events of xdg_toplevel_icon_manager_v1. */
export interface XdgToplevelIconManagerV1Events {
  /**
   * describes a supported & preferred icon size
   * @param size the edge size of the square icon in surface-local coordinates, e.g. 64
   */
  iconSize(proxy: XdgToplevelIconManagerV1Proxy, size: number): void;
  /** all information has been sent */
  done(proxy: XdgToplevelIconManagerV1Proxy): void;
}

/** A server's xdg_toplevel_icon_manager_v1, as the client holds it. */
export class XdgToplevelIconManagerV1Proxy extends ObjectProxy<XdgToplevelIconManagerV1Events> {
  static readonly interface: Interface = xdg_toplevel_icon_manager_v1;

  override get interface(): Interface {
    return xdg_toplevel_icon_manager_v1;
  }

  /**
   * destroy the toplevel icon manager
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** create a new icon instance */
  createIcon(): XdgToplevelIconV1Proxy {
    const message = this.request(1, 1);
    const created = this.create(XdgToplevelIconV1Proxy, this.version, undefined);
    if (message !== undefined) {
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  /**
   * set an icon on a toplevel window
   * @param toplevel the toplevel to act on
   */
  setIcon(toplevel: XdgToplevelProxy, icon: XdgToplevelIconV1Proxy | null): void {
    const toplevelId = this.reference(toplevel);
    const iconId = this.reference(icon);
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.uint(toplevelId);
      message.uint(iconId);
      message.end();
    }
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const size = message.int();
        message.end();
        if (this.wanted) this.handler.iconSize(this, size);
        return;
      }
      case 1: {
        message.end();
        if (this.wanted) this.handler.done(this);
        return;
      }
    }
  }
}

/** a toplevel window icon */
export const xdg_toplevel_icon_v1: Interface = {
  name: 'xdg_toplevel_icon_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'set_name', since: 1, signature: 's', destructor: false },
    { name: 'add_buffer', since: 1, signature: 'oi', destructor: false },
  ],
  events: [
  ],
  get errors() { return XdgToplevelIconV1Error; },
};

export const XdgToplevelIconV1Error = {
  /** the provided buffer does not satisfy requirements */
  invalid_buffer: 1,
  /** the icon has already been assigned to a toplevel and must not be changed */
  immutable: 2,
  /** the provided buffer has been destroyed before the toplevel icon */
  no_buffer: 3,
} as const;
export type XdgToplevelIconV1Error = (typeof XdgToplevelIconV1Error)[keyof typeof XdgToplevelIconV1Error];

/** What a server does with the requests of xdg_toplevel_icon_v1. */
export interface XdgToplevelIconV1Requests {
  /**
   * destroy the icon object
   * Destroys the object.
   */
  destroy(resource: XdgToplevelIconV1Resource): void;
  /** set an icon name */
  setName(resource: XdgToplevelIconV1Resource, iconName: string): void;
  /**
   * add icon data from a pixel buffer
   * @param scale the scaling factor of the icon, e.g. 1
   */
  addBuffer(resource: XdgToplevelIconV1Resource, buffer: WlBufferResource, scale: number): void;
}

/** A client's xdg_toplevel_icon_v1, as the server holds it. */
export class XdgToplevelIconV1Resource extends Resource<XdgToplevelIconV1Requests, XdgToplevelIconV1Error> {
  static readonly interface: Interface = xdg_toplevel_icon_v1;

  override get interface(): Interface {
    return xdg_toplevel_icon_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const iconName = message.string();
        message.end();
        this.handler.setName(this, iconName);
        return;
      }
      case 2: {
        const buffer = this.received(WlBufferResource, message.uint());
        const scale = message.int();
        message.end();
        this.handler.addBuffer(this, buffer, scale);
        return;
      }
    }
  }
}

/** A server's xdg_toplevel_icon_v1, as the client holds it. */
export class XdgToplevelIconV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = xdg_toplevel_icon_v1;

  override get interface(): Interface {
    return xdg_toplevel_icon_v1;
  }

  /**
   * destroy the icon object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** set an icon name */
  setName(iconName: string): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.string(iconName);
      message.end();
    }
  }

  /**
   * add icon data from a pixel buffer
   * @param scale the scaling factor of the icon, e.g. 1
   */
  addBuffer(buffer: WlBufferProxy, scale: number): void {
    const bufferId = this.reference(buffer);
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.uint(bufferId);
      message.int(scale);
      message.end();
    }
  }

  override dispatch(): void {}
}
