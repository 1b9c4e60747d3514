// Generated from protocols/xdg-shell.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlOutputProxy, WlOutputResource, WlSeatProxy, WlSeatResource, WlSurfaceProxy, WlSurfaceResource } from './wayland.js';

/** create desktop-style surfaces */
export const xdg_wm_base: Interface = {
  name: 'xdg_wm_base',
  version: 7,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'create_positioner', since: 1, signature: 'n', destructor: false },
    { name: 'get_xdg_surface', since: 1, signature: 'no', destructor: false },
    { name: 'pong', since: 1, signature: 'u', destructor: false },
  ],
  events: [
    { name: 'ping', since: 1, signature: 'u', destructor: false },
  ],
  get errors() { return XdgWmBaseError; },
};

export const XdgWmBaseError = {
  /** given wl_surface has another role */
  role: 0,
  /** xdg_wm_base was destroyed before children */
  defunct_surfaces: 1,
  /** the client tried to map or destroy a non-topmost popup */
  not_the_topmost_popup: 2,
  /** the client specified an invalid popup parent surface */
  invalid_popup_parent: 3,
  /** the client provided an invalid surface state */
  invalid_surface_state: 4,
  /** the client provided an invalid positioner */
  invalid_positioner: 5,
  /** the client didn’t respond to a ping event in time */
  unresponsive: 6,
} as const;
export type XdgWmBaseError = (typeof XdgWmBaseError)[keyof typeof XdgWmBaseError];

/** What a server does with the requests of xdg_wm_base. */
export interface XdgWmBaseRequests {
  /**
   * destroy xdg_wm_base
   * Destroys the object.
   */
  destroy(resource: XdgWmBaseResource): void;
  /** create a positioner object */
  createPositioner(resource: XdgWmBaseResource, id: XdgPositionerResource): void;
  /** create a shell surface from a surface */
  getXdgSurface(resource: XdgWmBaseResource, id: XdgSurfaceResource, surface: WlSurfaceResource): void;
  /**
   * respond to a ping event
   * @param serial serial of the ping event
   */
  pong(resource: XdgWmBaseResource, serial: number): void;
}

/** A client's xdg_wm_base, as the server holds it. */
export class XdgWmBaseResource extends Resource<XdgWmBaseRequests, XdgWmBaseError> {
  static readonly interface: Interface = xdg_wm_base;

  override get interface(): Interface {
    return xdg_wm_base;
  }

  /**
   * check if the client is alive
   * @param serial pass this to the pong request
   */
  sendPing(serial: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(serial);
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
        const id = this.created(XdgPositionerResource, message.uint());
        message.end();
        this.handler.createPositioner(this, id);
        return;
      }
      case 2: {
        const id = this.created(XdgSurfaceResource, message.uint());
        const surface = this.received(WlSurfaceResource, message.uint());
        message.end();
        this.handler.getXdgSurface(this, id, surface);
        return;
      }
      case 3: {
        const serial = message.uint();
        message.end();
        this.handler.pong(this, serial);
        return;
      }
    }
  }
}

/** What a client does with the events of xdg_wm_base. */
export interface XdgWmBaseEvents {
  /**
   * check if the client is alive
   * @param serial pass this to the pong request
   */
  ping(proxy: XdgWmBaseProxy, serial: number): void;
}

/** A server's xdg_wm_base, as the client holds it. */
export class XdgWmBaseProxy extends ObjectProxy<XdgWmBaseEvents> {
  static readonly interface: Interface = xdg_wm_base;

  override get interface(): Interface {
    return xdg_wm_base;
  }

  /**
   * destroy xdg_wm_base
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** create a positioner object */
  createPositioner(): XdgPositionerProxy {
    const message = this.request(1, 1);
    const created = this.create(XdgPositionerProxy, this.version, undefined);
    if (message !== undefined) {
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  /** create a shell surface from a surface */
  getXdgSurface(surface: WlSurfaceProxy, handler: XdgSurfaceEvents): XdgSurfaceProxy {
    const surfaceId = this.reference(surface);
    const message = this.request(2, 1);
    const created = this.create(XdgSurfaceProxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(surfaceId);
      message.end();
    }
    return created;
  }

  /**
   * respond to a ping event
   * @param serial serial of the ping event
   */
  pong(serial: number): void {
    const message = this.request(3, 1);
    if (message !== undefined) {
      message.uint(serial);
      message.end();
    }
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const serial = message.uint();
        message.end();
        if (this.wanted) this.handler.ping(this, serial);
        return;
      }
    }
  }
}

/** child surface positioner */
export const xdg_positioner: Interface = {
  name: 'xdg_positioner',
  version: 7,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'set_size', since: 1, signature: 'ii', destructor: false },
    { name: 'set_anchor_rect', since: 1, signature: 'iiii', destructor: false },
    { name: 'set_anchor', since: 1, signature: 'u', destructor: false },
    { name: 'set_gravity', since: 1, signature: 'u', destructor: false },
    { name: 'set_constraint_adjustment', since: 1, signature: 'u', destructor: false },
    { name: 'set_offset', since: 1, signature: 'ii', destructor: false },
    { name: 'set_reactive', since: 3, signature: '', destructor: false },
    { name: 'set_parent_size', since: 3, signature: 'ii', destructor: false },
    { name: 'set_parent_configure', since: 3, signature: 'u', destructor: false },
  ],
  events: [
  ],
  get errors() { return XdgPositionerError; },
};

export const XdgPositionerError = {
  /** invalid input provided */
  invalid_input: 0,
} as const;
export type XdgPositionerError = (typeof XdgPositionerError)[keyof typeof XdgPositionerError];

export const XdgPositionerAnchor = {
  none: 0,
  top: 1,
  bottom: 2,
  left: 3,
  right: 4,
  top_left: 5,
  bottom_left: 6,
  top_right: 7,
  bottom_right: 8,
} as const;
export type XdgPositionerAnchor = (typeof XdgPositionerAnchor)[keyof typeof XdgPositionerAnchor];

export const XdgPositionerGravity = {
  none: 0,
  top: 1,
  bottom: 2,
  left: 3,
  right: 4,
  top_left: 5,
  bottom_left: 6,
  top_right: 7,
  bottom_right: 8,
} as const;
export type XdgPositionerGravity = (typeof XdgPositionerGravity)[keyof typeof XdgPositionerGravity];

/**
 * constraint adjustments
 * A bit field.
 */
export const XdgPositionerConstraintAdjustment = {
  none: 0,
  slide_x: 1,
  slide_y: 2,
  flip_x: 4,
  flip_y: 8,
  resize_x: 16,
  resize_y: 32,
} as const;
export type XdgPositionerConstraintAdjustment = number;

/** What a server does with the requests of xdg_positioner. */
export interface XdgPositionerRequests {
  /**
   * destroy the xdg_positioner object
   * Destroys the object.
   */
  destroy(resource: XdgPositionerResource): void;
  /**
   * set the size of the to-be positioned rectangle
   * @param width width of positioned rectangle
   * @param height height of positioned rectangle
   */
  setSize(resource: XdgPositionerResource, width: number, height: number): void;
  /**
   * set the anchor rectangle within the parent surface
   * @param x x position of anchor rectangle
   * @param y y position of anchor rectangle
   * @param width width of anchor rectangle
   * @param height height of anchor rectangle
   */
  setAnchorRect(resource: XdgPositionerResource, x: number, y: number, width: number, height: number): void;
  /**
   * set anchor rectangle anchor
   * @param anchor anchor; see XdgPositionerAnchor
   */
  setAnchor(resource: XdgPositionerResource, anchor: number): void;
  /**
   * set child surface gravity
   * @param gravity gravity direction; see XdgPositionerGravity
   */
  setGravity(resource: XdgPositionerResource, gravity: number): void;
  /**
   * set the adjustment to be done when constrained
   * @param constraintAdjustment bit mask of constraint adjustments; see XdgPositionerConstraintAdjustment
   */
  setConstraintAdjustment(resource: XdgPositionerResource, constraintAdjustment: number): void;
  /**
   * set surface position offset
   * @param x surface position x offset
   * @param y surface position y offset
   */
  setOffset(resource: XdgPositionerResource, x: number, y: number): void;
  /**
   * continuously reconstrain the surface
   * Since version 3.
   */
  setReactive(resource: XdgPositionerResource): void;
  /**
   * Since version 3.
   * @param parentWidth future window geometry width of parent
   * @param parentHeight future window geometry height of parent
   */
  setParentSize(resource: XdgPositionerResource, parentWidth: number, parentHeight: number): void;
  /**
   * set parent configure this is a response to
   * Since version 3.
   * @param serial serial of parent configure event
   */
  setParentConfigure(resource: XdgPositionerResource, serial: number): void;
}

/** A client's xdg_positioner, as the server holds it. */
export class XdgPositionerResource extends Resource<XdgPositionerRequests, XdgPositionerError> {
  static readonly interface: Interface = xdg_positioner;

  override get interface(): Interface {
    return xdg_positioner;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const width = message.int();
        const height = message.int();
        message.end();
        this.handler.setSize(this, width, height);
        return;
      }
      case 2: {
        const x = message.int();
        const y = message.int();
        const width = message.int();
        const height = message.int();
        message.end();
        this.handler.setAnchorRect(this, x, y, width, height);
        return;
      }
      case 3: {
        const anchor = message.uint();
        message.end();
        this.handler.setAnchor(this, anchor);
        return;
      }
      case 4: {
        const gravity = message.uint();
        message.end();
        this.handler.setGravity(this, gravity);
        return;
      }
      case 5: {
        const constraintAdjustment = message.uint();
        message.end();
        this.handler.setConstraintAdjustment(this, constraintAdjustment);
        return;
      }
      case 6: {
        const x = message.int();
        const y = message.int();
        message.end();
        this.handler.setOffset(this, x, y);
        return;
      }
      case 7: {
        message.end();
        this.handler.setReactive(this);
        return;
      }
      case 8: {
        const parentWidth = message.int();
        const parentHeight = message.int();
        message.end();
        this.handler.setParentSize(this, parentWidth, parentHeight);
        return;
      }
      case 9: {
        const serial = message.uint();
        message.end();
        this.handler.setParentConfigure(this, serial);
        return;
      }
    }
  }
}

/** A server's xdg_positioner, as the client holds it. */
export class XdgPositionerProxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = xdg_positioner;

  override get interface(): Interface {
    return xdg_positioner;
  }

  /**
   * destroy the xdg_positioner object
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
   * set the size of the to-be positioned rectangle
   * @param width width of positioned rectangle
   * @param height height of positioned rectangle
   */
  setSize(width: number, height: number): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.int(width);
      message.int(height);
      message.end();
    }
  }

  /**
   * set the anchor rectangle within the parent surface
   * @param x x position of anchor rectangle
   * @param y y position of anchor rectangle
   * @param width width of anchor rectangle
   * @param height height of anchor rectangle
   */
  setAnchorRect(x: number, y: number, width: number, height: number): void {
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.int(x);
      message.int(y);
      message.int(width);
      message.int(height);
      message.end();
    }
  }

  /**
   * set anchor rectangle anchor
   * @param anchor anchor
   */
  setAnchor(anchor: XdgPositionerAnchor): void {
    const message = this.request(3, 1);
    if (message !== undefined) {
      message.uint(anchor);
      message.end();
    }
  }

  /**
   * set child surface gravity
   * @param gravity gravity direction
   */
  setGravity(gravity: XdgPositionerGravity): void {
    const message = this.request(4, 1);
    if (message !== undefined) {
      message.uint(gravity);
      message.end();
    }
  }

  /**
   * set the adjustment to be done when constrained
   * @param constraintAdjustment bit mask of constraint adjustments
   */
  setConstraintAdjustment(constraintAdjustment: XdgPositionerConstraintAdjustment): void {
    const message = this.request(5, 1);
    if (message !== undefined) {
      message.uint(constraintAdjustment);
      message.end();
    }
  }

  /**
   * set surface position offset
   * @param x surface position x offset
   * @param y surface position y offset
   */
  setOffset(x: number, y: number): void {
    const message = this.request(6, 1);
    if (message !== undefined) {
      message.int(x);
      message.int(y);
      message.end();
    }
  }

  /**
   * continuously reconstrain the surface
   * Since version 3.
   */
  setReactive(): void {
    const message = this.request(7, 3);
    if (message !== undefined) {
      message.end();
    }
  }

  /**
   * Since version 3.
   * @param parentWidth future window geometry width of parent
   * @param parentHeight future window geometry height of parent
   */
  setParentSize(parentWidth: number, parentHeight: number): void {
    const message = this.request(8, 3);
    if (message !== undefined) {
      message.int(parentWidth);
      message.int(parentHeight);
      message.end();
    }
  }

  /**
   * set parent configure this is a response to
   * Since version 3.
   * @param serial serial of parent configure event
   */
  setParentConfigure(serial: number): void {
    const message = this.request(9, 3);
    if (message !== undefined) {
      message.uint(serial);
      message.end();
    }
  }

  override dispatch(): void {}
}

/** desktop user interface surface base interface */
export const xdg_surface: Interface = {
  name: 'xdg_surface',
  version: 7,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'get_toplevel', since: 1, signature: 'n', destructor: false },
    { name: 'get_popup', since: 1, signature: 'n?oo', destructor: false },
    { name: 'set_window_geometry', since: 1, signature: 'iiii', destructor: false },
    { name: 'ack_configure', since: 1, signature: 'u', destructor: false },
  ],
  events: [
    { name: 'configure', since: 1, signature: 'u', destructor: false },
  ],
  get errors() { return XdgSurfaceError; },
};

export const XdgSurfaceError = {
  /** Surface was not fully constructed */
  not_constructed: 1,
  /** Surface was already constructed */
  already_constructed: 2,
  /** Attaching a buffer to an unconfigured surface */
  unconfigured_buffer: 3,
  /** Invalid serial number when acking a configure event */
  invalid_serial: 4,
  /** Width or height was zero or negative */
  invalid_size: 5,
  /** Surface was destroyed before its role object */
  defunct_role_object: 6,
} as const;
export type XdgSurfaceError = (typeof XdgSurfaceError)[keyof typeof XdgSurfaceError];

/** What a server does with the requests of xdg_surface. */
export interface XdgSurfaceRequests {
  /**
   * destroy the xdg_surface
   * Destroys the object.
   */
  destroy(resource: XdgSurfaceResource): void;
  /** assign the xdg_toplevel surface role */
  getToplevel(resource: XdgSurfaceResource, id: XdgToplevelResource): void;
  /** assign the xdg_popup surface role */
  getPopup(resource: XdgSurfaceResource, id: XdgPopupResource, parent: XdgSurfaceResource | null, positioner: XdgPositionerResource): void;
  /** set the new window geometry */
  setWindowGeometry(resource: XdgSurfaceResource, x: number, y: number, width: number, height: number): void;
  /**
   * ack a configure event
   * @param serial the serial from the configure event
   */
  ackConfigure(resource: XdgSurfaceResource, serial: number): void;
}

/** A client's xdg_surface, as the server holds it. */
export class XdgSurfaceResource extends Resource<XdgSurfaceRequests, XdgSurfaceError> {
  static readonly interface: Interface = xdg_surface;

  override get interface(): Interface {
    return xdg_surface;
  }

  /**
   * suggest a surface change
   * @param serial serial of the configure event
   */
  sendConfigure(serial: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(serial);
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
        const id = this.created(XdgToplevelResource, message.uint());
        message.end();
        this.handler.getToplevel(this, id);
        return;
      }
      case 2: {
        const id = this.created(XdgPopupResource, message.uint());
        const parent = this.receivedOrNull(XdgSurfaceResource, message.uint());
        const positioner = this.received(XdgPositionerResource, message.uint());
        message.end();
        this.handler.getPopup(this, id, parent, positioner);
        return;
      }
      case 3: {
        const x = message.int();
        const y = message.int();
        const width = message.int();
        const height = message.int();
        message.end();
        this.handler.setWindowGeometry(this, x, y, width, height);
        return;
      }
      case 4: {
        const serial = message.uint();
        message.end();
        this.handler.ackConfigure(this, serial);
        return;
      }
    }
  }
}

/** What a client does with the events of xdg_surface. */
export interface XdgSurfaceEvents {
  /**
   * suggest a surface change
   * @param serial serial of the configure event
   */
  configure(proxy: XdgSurfaceProxy, serial: number): void;
}

/** A server's xdg_surface, as the client holds it. */
export class XdgSurfaceProxy extends ObjectProxy<XdgSurfaceEvents> {
  static readonly interface: Interface = xdg_surface;

  override get interface(): Interface {
    return xdg_surface;
  }

  /**
   * destroy the xdg_surface
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** assign the xdg_toplevel surface role */
  getToplevel(handler: XdgToplevelEvents): XdgToplevelProxy {
    const message = this.request(1, 1);
    const created = this.create(XdgToplevelProxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  /** assign the xdg_popup surface role */
  getPopup(parent: XdgSurfaceProxy | null, positioner: XdgPositionerProxy, handler: XdgPopupEvents): XdgPopupProxy {
    const parentId = this.reference(parent);
    const positionerId = this.reference(positioner);
    const message = this.request(2, 1);
    const created = this.create(XdgPopupProxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(parentId);
      message.uint(positionerId);
      message.end();
    }
    return created;
  }

  /** set the new window geometry */
  setWindowGeometry(x: number, y: number, width: number, height: number): void {
    const message = this.request(3, 1);
    if (message !== undefined) {
      message.int(x);
      message.int(y);
      message.int(width);
      message.int(height);
      message.end();
    }
  }

  /**
   * ack a configure event
   * @param serial the serial from the configure event
   */
  ackConfigure(serial: number): void {
    const message = this.request(4, 1);
    if (message !== undefined) {
      message.uint(serial);
      message.end();
    }
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const serial = message.uint();
        message.end();
        if (this.wanted) this.handler.configure(this, serial);
        return;
      }
    }
  }
}

/** toplevel surface */
export const xdg_toplevel: Interface = {
  name: 'xdg_toplevel',
  version: 7,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'set_parent', since: 1, signature: '?o', destructor: false },
    { name: 'set_title', since: 1, signature: 's', destructor: false },
    { name: 'set_app_id', since: 1, signature: 's', destructor: false },
    { name: 'show_window_menu', since: 1, signature: 'ouii', destructor: false },
    { name: 'move', since: 1, signature: 'ou', destructor: false },
    { name: 'resize', since: 1, signature: 'ouu', destructor: false },
    { name: 'set_max_size', since: 1, signature: 'ii', destructor: false },
    { name: 'set_min_size', since: 1, signature: 'ii', destructor: false },
    { name: 'set_maximized', since: 1, signature: '', destructor: false },
    { name: 'unset_maximized', since: 1, signature: '', destructor: false },
    { name: 'set_fullscreen', since: 1, signature: '?o', destructor: false },
    { name: 'unset_fullscreen', since: 1, signature: '', destructor: false },
    { name: 'set_minimized', since: 1, signature: '', destructor: false },
  ],
  events: [
    { name: 'configure', since: 1, signature: 'iia', destructor: false },
    { name: 'close', since: 1, signature: '', destructor: false },
    { name: 'configure_bounds', since: 4, signature: 'ii', destructor: false },
    { name: 'wm_capabilities', since: 5, signature: 'a', destructor: false },
  ],
  get errors() { return XdgToplevelError; },
};

export const XdgToplevelError = {
  /** provided value is not a valid variant of the resize_edge enum */
  invalid_resize_edge: 0,
  /** invalid parent toplevel */
  invalid_parent: 1,
  /** client provided an invalid min or max size */
  invalid_size: 2,
} as const;
export type XdgToplevelError = (typeof XdgToplevelError)[keyof typeof XdgToplevelError];

/** edge values for resizing */
export const XdgToplevelResizeEdge = {
  none: 0,
  top: 1,
  bottom: 2,
  left: 4,
  top_left: 5,
  bottom_left: 6,
  right: 8,
  top_right: 9,
  bottom_right: 10,
} as const;
export type XdgToplevelResizeEdge = (typeof XdgToplevelResizeEdge)[keyof typeof XdgToplevelResizeEdge];

/** types of state on the surface */
export const XdgToplevelState = {
  /** the surface is maximized */
  maximized: 1,
  /** the surface is fullscreen */
  fullscreen: 2,
  /** the surface is being resized */
  resizing: 3,
  /** the surface is now activated */
  activated: 4,
  /** (since version 2) */
  tiled_left: 5,
  /** (since version 2) */
  tiled_right: 6,
  /** (since version 2) */
  tiled_top: 7,
  /** (since version 2) */
  tiled_bottom: 8,
  /** (since version 6) */
  suspended: 9,
  /** (since version 7) */
  constrained_left: 10,
  /** (since version 7) */
  constrained_right: 11,
  /** (since version 7) */
  constrained_top: 12,
  /** (since version 7) */
  constrained_bottom: 13,
} as const;
export type XdgToplevelState = (typeof XdgToplevelState)[keyof typeof XdgToplevelState];
/** The version of xdg_toplevel that brought an entry; those not named here came with the first. */
export const XdgToplevelStateSince = { tiled_left: 2, tiled_right: 2, tiled_top: 2, tiled_bottom: 2, suspended: 6, constrained_left: 7, constrained_right: 7, constrained_top: 7, constrained_bottom: 7 } as const;

export const XdgToplevelWmCapabilities = {
  /** show_window_menu is available */
  window_menu: 1,
  /** set_maximized and unset_maximized are available */
  maximize: 2,
  /** set_fullscreen and unset_fullscreen are available */
  fullscreen: 3,
  /** set_minimized is available */
  minimize: 4,
} as const;
export type XdgToplevelWmCapabilities = (typeof XdgToplevelWmCapabilities)[keyof typeof XdgToplevelWmCapabilities];

/** What a server does with the requests of xdg_toplevel. */
export interface XdgToplevelRequests {
  /**
   * destroy the xdg_toplevel
   * Destroys the object.
   */
  destroy(resource: XdgToplevelResource): void;
  /** set the parent of this surface */
  setParent(resource: XdgToplevelResource, parent: XdgToplevelResource | null): void;
  /** set surface title */
  setTitle(resource: XdgToplevelResource, title: string): void;
  /** set application ID */
  setAppId(resource: XdgToplevelResource, appId: string): void;
  /**
   * show the window menu
   * @param seat the wl_seat of the user event
   * @param serial the serial of the user event
   * @param x the x position to pop up the window menu at
   * @param y the y position to pop up the window menu at
   */
  showWindowMenu(resource: XdgToplevelResource, seat: WlSeatResource, serial: number, x: number, y: number): void;
  /**
   * start an interactive move
   * @param seat the wl_seat of the user event
   * @param serial the serial of the user event
   */
  move(resource: XdgToplevelResource, seat: WlSeatResource, serial: number): void;
  /**
   * start an interactive resize
   * @param seat the wl_seat of the user event
   * @param serial the serial of the user event
   * @param edges which edge or corner is being dragged; see XdgToplevelResizeEdge
   */
  resize(resource: XdgToplevelResource, seat: WlSeatResource, serial: number, edges: number): void;
  /** set the maximum size */
  setMaxSize(resource: XdgToplevelResource, width: number, height: number): void;
  /** set the minimum size */
  setMinSize(resource: XdgToplevelResource, width: number, height: number): void;
  /** maximize the window */
  setMaximized(resource: XdgToplevelResource): void;
  /** unmaximize the window */
  unsetMaximized(resource: XdgToplevelResource): void;
  /** set the window as fullscreen on an output */
  setFullscreen(resource: XdgToplevelResource, output: WlOutputResource | null): void;
  /** unset the window as fullscreen */
  unsetFullscreen(resource: XdgToplevelResource): void;
  /** set the window as minimized */
  setMinimized(resource: XdgToplevelResource): void;
}

/** A client's xdg_toplevel, as the server holds it. */
export class XdgToplevelResource extends Resource<XdgToplevelRequests, XdgToplevelError> {
  static readonly interface: Interface = xdg_toplevel;

  override get interface(): Interface {
    return xdg_toplevel;
  }

  /** suggest a surface change */
  sendConfigure(width: number, height: number, states: Uint8Array): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.int(width);
    message.int(height);
    message.array(states);
    message.end();
  }

  /** surface wants to be closed */
  sendClose(): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.end();
  }

  /**
   * recommended window geometry bounds
   * Since version 4.
   */
  sendConfigureBounds(width: number, height: number): void {
    const message = this.event(2, 4);
    if (message === undefined) return;
    message.int(width);
    message.int(height);
    message.end();
  }

  /**
   * compositor capabilities
   * Since version 5.
   * @param capabilities array of 32-bit capabilities
   */
  sendWmCapabilities(capabilities: Uint8Array): void {
    const message = this.event(3, 5);
    if (message === undefined) return;
    message.array(capabilities);
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
        const parent = this.receivedOrNull(XdgToplevelResource, message.uint());
        message.end();
        this.handler.setParent(this, parent);
        return;
      }
      case 2: {
        const title = message.string();
        message.end();
        this.handler.setTitle(this, title);
        return;
      }
      case 3: {
        const appId = message.string();
        message.end();
        this.handler.setAppId(this, appId);
        return;
      }
      case 4: {
        const seat = this.received(WlSeatResource, message.uint());
        const serial = message.uint();
        const x = message.int();
        const y = message.int();
        message.end();
        this.handler.showWindowMenu(this, seat, serial, x, y);
        return;
      }
      case 5: {
        const seat = this.received(WlSeatResource, message.uint());
        const serial = message.uint();
        message.end();
        this.handler.move(this, seat, serial);
        return;
      }
      case 6: {
        const seat = this.received(WlSeatResource, message.uint());
        const serial = message.uint();
        const edges = message.uint();
        message.end();
        this.handler.resize(this, seat, serial, edges);
        return;
      }
      case 7: {
        const width = message.int();
        const height = message.int();
        message.end();
        this.handler.setMaxSize(this, width, height);
        return;
      }
      case 8: {
        const width = message.int();
        const height = message.int();
        message.end();
        this.handler.setMinSize(this, width, height);
        return;
      }
      case 9: {
        message.end();
        this.handler.setMaximized(this);
        return;
      }
      case 10: {
        message.end();
        this.handler.unsetMaximized(this);
        return;
      }
      case 11: {
        const output = this.receivedOrNull(WlOutputResource, message.uint());
        message.end();
        this.handler.setFullscreen(this, output);
        return;
      }
      case 12: {
        message.end();
        this.handler.unsetFullscreen(this);
        return;
      }
      case 13: {
        message.end();
        this.handler.setMinimized(this);
        return;
      }
    }
  }
}

/** What a client does with the events of xdg_toplevel. */
export interface XdgToplevelEvents {
  /** suggest a surface change */
  configure(proxy: XdgToplevelProxy, width: number, height: number, states: Uint8Array): void;
  /** surface wants to be closed */
  close(proxy: XdgToplevelProxy): void;
  /**
   * recommended window geometry bounds
   * Since version 4.
   */
  configureBounds(proxy: XdgToplevelProxy, width: number, height: number): void;
  /**
   * compositor capabilities
   * Since version 5.
   * @param capabilities array of 32-bit capabilities
   */
  wmCapabilities(proxy: XdgToplevelProxy, capabilities: Uint8Array): void;
}

/** A server's xdg_toplevel, as the client holds it. */
export class XdgToplevelProxy extends ObjectProxy<XdgToplevelEvents> {
  static readonly interface: Interface = xdg_toplevel;

  override get interface(): Interface {
    return xdg_toplevel;
  }

  /**
   * destroy the xdg_toplevel
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** set the parent of this surface */
  setParent(parent: XdgToplevelProxy | null): void {
    const parentId = this.reference(parent);
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.uint(parentId);
      message.end();
    }
  }

  /** set surface title */
  setTitle(title: string): void {
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.string(title);
      message.end();
    }
  }

  /** set application ID */
  setAppId(appId: string): void {
    const message = this.request(3, 1);
    if (message !== undefined) {
      message.string(appId);
      message.end();
    }
  }

  /**
   * show the window menu
   * @param seat the wl_seat of the user event
   * @param serial the serial of the user event
   * @param x the x position to pop up the window menu at
   * @param y the y position to pop up the window menu at
   */
  showWindowMenu(seat: WlSeatProxy, serial: number, x: number, y: number): void {
    const seatId = this.reference(seat);
    const message = this.request(4, 1);
    if (message !== undefined) {
      message.uint(seatId);
      message.uint(serial);
      message.int(x);
      message.int(y);
      message.end();
    }
  }

  /**
   * start an interactive move
   * @param seat the wl_seat of the user event
   * @param serial the serial of the user event
   */
  move(seat: WlSeatProxy, serial: number): void {
    const seatId = this.reference(seat);
    const message = this.request(5, 1);
    if (message !== undefined) {
      message.uint(seatId);
      message.uint(serial);
      message.end();
    }
  }

  /**
   * start an interactive resize
   * @param seat the wl_seat of the user event
   * @param serial the serial of the user event
   * @param edges which edge or corner is being dragged
   */
  resize(seat: WlSeatProxy, serial: number, edges: XdgToplevelResizeEdge): void {
    const seatId = this.reference(seat);
    const message = this.request(6, 1);
    if (message !== undefined) {
      message.uint(seatId);
      message.uint(serial);
      message.uint(edges);
      message.end();
    }
  }

  /** set the maximum size */
  setMaxSize(width: number, height: number): void {
    const message = this.request(7, 1);
    if (message !== undefined) {
      message.int(width);
      message.int(height);
      message.end();
    }
  }

  /** set the minimum size */
  setMinSize(width: number, height: number): void {
    const message = this.request(8, 1);
    if (message !== undefined) {
      message.int(width);
      message.int(height);
      message.end();
    }
  }

  /** maximize the window */
  setMaximized(): void {
    const message = this.request(9, 1);
    if (message !== undefined) {
      message.end();
    }
  }

  /** unmaximize the window */
  unsetMaximized(): void {
    const message = this.request(10, 1);
    if (message !== undefined) {
      message.end();
    }
  }

  /** set the window as fullscreen on an output */
  setFullscreen(output: WlOutputProxy | null): void {
    const outputId = this.reference(output);
    const message = this.request(11, 1);
    if (message !== undefined) {
      message.uint(outputId);
      message.end();
    }
  }

  /** unset the window as fullscreen */
  unsetFullscreen(): void {
    const message = this.request(12, 1);
    if (message !== undefined) {
      message.end();
    }
  }

  /** set the window as minimized */
  setMinimized(): void {
    const message = this.request(13, 1);
    if (message !== undefined) {
      message.end();
    }
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const width = message.int();
        const height = message.int();
        const states = message.array();
        message.end();
        if (this.wanted) this.handler.configure(this, width, height, states);
        return;
      }
      case 1: {
        message.end();
        if (this.wanted) this.handler.close(this);
        return;
      }
      case 2: {
        const width = message.int();
        const height = message.int();
        message.end();
        if (this.wanted) this.handler.configureBounds(this, width, height);
        return;
      }
      case 3: {
        const capabilities = message.array();
        message.end();
        if (this.wanted) this.handler.wmCapabilities(this, capabilities);
        return;
      }
    }
  }
}

/** short-lived, popup surfaces for menus */
export const xdg_popup: Interface = {
  name: 'xdg_popup',
  version: 7,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'grab', since: 1, signature: 'ou', destructor: false },
    { name: 'reposition', since: 3, signature: 'ou', destructor: false },
  ],
  events: [
    { name: 'configure', since: 1, signature: 'iiii', destructor: false },
    { name: 'popup_done', since: 1, signature: '', destructor: false },
    { name: 'repositioned', since: 3, signature: 'u', destructor: false },
  ],
  get errors() { return XdgPopupError; },
};

export const XdgPopupError = {
  /** tried to grab after being mapped */
  invalid_grab: 0,
} as const;
export type XdgPopupError = (typeof XdgPopupError)[keyof typeof XdgPopupError];

/** What a server does with the requests of xdg_popup. */
export interface XdgPopupRequests {
  /**
   * remove xdg_popup interface
   * Destroys the object.
   */
  destroy(resource: XdgPopupResource): void;
  /**
   * make the popup take an explicit grab
   * @param seat the wl_seat of the user event
   * @param serial the serial of the user event
   */
  grab(resource: XdgPopupResource, seat: WlSeatResource, serial: number): void;
  /**
   * recalculate the popup's location
   * Since version 3.
   * @param token reposition request token
   */
  reposition(resource: XdgPopupResource, positioner: XdgPositionerResource, token: number): void;
}

/** A client's xdg_popup, as the server holds it. */
export class XdgPopupResource extends Resource<XdgPopupRequests, XdgPopupError> {
  static readonly interface: Interface = xdg_popup;

  override get interface(): Interface {
    return xdg_popup;
  }

  /**
   * configure the popup surface
   * @param x x position relative to parent surface window geometry
   * @param y y position relative to parent surface window geometry
   * @param width window geometry width
   * @param height window geometry height
   */
  sendConfigure(x: number, y: number, width: number, height: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.int(x);
    message.int(y);
    message.int(width);
    message.int(height);
    message.end();
  }

  /** popup interaction is done */
  sendPopupDone(): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.end();
  }

  /**
   * signal the completion of a repositioned request
   * Since version 3.
   * @param token reposition request token
   */
  sendRepositioned(token: number): void {
    const message = this.event(2, 3);
    if (message === undefined) return;
    message.uint(token);
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
        const seat = this.received(WlSeatResource, message.uint());
        const serial = message.uint();
        message.end();
        this.handler.grab(this, seat, serial);
        return;
      }
      case 2: {
        const positioner = this.received(XdgPositionerResource, message.uint());
        const token = message.uint();
        message.end();
        this.handler.reposition(this, positioner, token);
        return;
      }
    }
  }
}

/** What a client does with the events of xdg_popup. */
export interface XdgPopupEvents {
  /**
   * configure the popup surface
   * @param x x position relative to parent surface window geometry
   * @param y y position relative to parent surface window geometry
   * @param width window geometry width
   * @param height window geometry height
   */
  configure(proxy: XdgPopupProxy, x: number, y: number, width: number, height: number): void;
  /** popup interaction is done */
  popupDone(proxy: XdgPopupProxy): void;
  /**
   * signal the completion of a repositioned request
   * Since version 3.
   * @param token reposition request token
   */
  repositioned(proxy: XdgPopupProxy, token: number): void;
}

/** A server's xdg_popup, as the client holds it. */
export class XdgPopupProxy extends ObjectProxy<XdgPopupEvents> {
  static readonly interface: Interface = xdg_popup;

  override get interface(): Interface {
    return xdg_popup;
  }

  /**
   * remove xdg_popup interface
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
   * make the popup take an explicit grab
   * @param seat the wl_seat of the user event
   * @param serial the serial of the user event
   */
  grab(seat: WlSeatProxy, serial: number): void {
    const seatId = this.reference(seat);
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.uint(seatId);
      message.uint(serial);
      message.end();
    }
  }

  /**
   * recalculate the popup's location
   * Since version 3.
   * @param token reposition request token
   */
  reposition(positioner: XdgPositionerProxy, token: number): void {
    const positionerId = this.reference(positioner);
    const message = this.request(2, 3);
    if (message !== undefined) {
      message.uint(positionerId);
      message.uint(token);
      message.end();
    }
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const x = message.int();
        const y = message.int();
        const width = message.int();
        const height = message.int();
        message.end();
        if (this.wanted) this.handler.configure(this, x, y, width, height);
        return;
      }
      case 1: {
        message.end();
        if (this.wanted) this.handler.popupDone(this);
        return;
      }
      case 2: {
        const token = message.uint();
        message.end();
        if (this.wanted) this.handler.repositioned(this, token);
        return;
      }
    }
  }
}
