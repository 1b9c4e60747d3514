// Generated from protocols/wlr-layer-shell.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlOutputProxy, WlOutputResource, WlSurfaceProxy, WlSurfaceResource } from './wayland.js';
import { XdgPopupProxy, XdgPopupResource } from './xdg-shell.js';

/** create surfaces that are layers of the desktop */
export const zwlr_layer_shell_v1: Interface = {
  name: 'zwlr_layer_shell_v1',
  version: 5,
  requests: [
    { name: 'get_layer_surface', since: 1, signature: 'no?ous', destructor: false },
    { name: 'destroy', since: 3, signature: '', destructor: true },
  ],
  events: [
  ],
  get errors() { return ZwlrLayerShellV1Error; },
};

export const ZwlrLayerShellV1Error = {
  /** wl_surface has another role */
  role: 0,
  /** layer value is invalid */
  invalid_layer: 1,
  /** wl_surface has a buffer attached or committed */
  already_constructed: 2,
} as const;
export type ZwlrLayerShellV1Error = (typeof ZwlrLayerShellV1Error)[keyof typeof ZwlrLayerShellV1Error];

/** available layers for surfaces */
export const ZwlrLayerShellV1Layer = {
  background: 0,
  bottom: 1,
  top: 2,
  overlay: 3,
} as const;
export type ZwlrLayerShellV1Layer = (typeof ZwlrLayerShellV1Layer)[keyof typeof ZwlrLayerShellV1Layer];

/** What a server does with the requests of zwlr_layer_shell_v1. */
export interface ZwlrLayerShellV1Requests {
  /**
   * create a layer_surface from a surface
   * @param layer layer to add this surface to; see ZwlrLayerShellV1Layer
   * @param namespace namespace for the layer surface
   */
  getLayerSurface(resource: ZwlrLayerShellV1Resource, id: ZwlrLayerSurfaceV1Resource, surface: WlSurfaceResource, output: WlOutputResource | null, layer: number, namespace: string): void;
  /**
   * destroy the layer_shell object
   * Since version 3.
   * Destroys the object.
   */
  destroy(resource: ZwlrLayerShellV1Resource): void;
}

/** A client's zwlr_layer_shell_v1, as the server holds it. */
export class ZwlrLayerShellV1Resource extends Resource<ZwlrLayerShellV1Requests, ZwlrLayerShellV1Error> {
  static readonly interface: Interface = zwlr_layer_shell_v1;

  override get interface(): Interface {
    return zwlr_layer_shell_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const id = this.created(ZwlrLayerSurfaceV1Resource, message.uint());
        const surface = this.received(WlSurfaceResource, message.uint());
        const output = this.receivedOrNull(WlOutputResource, message.uint());
        const layer = message.uint();
        const namespace = message.string();
        message.end();
        this.handler.getLayerSurface(this, id, surface, output, layer, namespace);
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

/** A server's zwlr_layer_shell_v1, as the client holds it. */
export class ZwlrLayerShellV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zwlr_layer_shell_v1;

  override get interface(): Interface {
    return zwlr_layer_shell_v1;
  }

  /**
   * create a layer_surface from a surface
   * @param layer layer to add this surface to
   * @param namespace namespace for the layer surface
   */
  getLayerSurface(surface: WlSurfaceProxy, output: WlOutputProxy | null, layer: ZwlrLayerShellV1Layer, namespace: string, handler: ZwlrLayerSurfaceV1Events): ZwlrLayerSurfaceV1Proxy {
    const surfaceId = this.reference(surface);
    const outputId = this.reference(output);
    const message = this.request(0, 1);
    const created = this.create(ZwlrLayerSurfaceV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(surfaceId);
      message.uint(outputId);
      message.uint(layer);
      message.string(namespace);
      message.end();
    }
    return created;
  }

  /**
   * destroy the layer_shell object
   * Since version 3.
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(1, 3);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(): void {}
}

/** layer metadata interface */
export const zwlr_layer_surface_v1: Interface = {
  name: 'zwlr_layer_surface_v1',
  version: 5,
  requests: [
    { name: 'set_size', since: 1, signature: 'uu', destructor: false },
    { name: 'set_anchor', since: 1, signature: 'u', destructor: false },
    { name: 'set_exclusive_zone', since: 1, signature: 'i', destructor: false },
    { name: 'set_margin', since: 1, signature: 'iiii', destructor: false },
    { name: 'set_keyboard_interactivity', since: 1, signature: 'u', destructor: false },
    { name: 'get_popup', since: 1, signature: 'o', destructor: false },
    { name: 'ack_configure', since: 1, signature: 'u', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'set_layer', since: 2, signature: 'u', destructor: false },
    { name: 'set_exclusive_edge', since: 5, signature: 'u', destructor: false },
  ],
  events: [
    { name: 'configure', since: 1, signature: 'uuu', destructor: false },
    { name: 'closed', since: 1, signature: '', destructor: false },
  ],
  get errors() { return ZwlrLayerSurfaceV1Error; },
};

/** types of keyboard interaction possible for a layer shell surface */
export const ZwlrLayerSurfaceV1KeyboardInteractivity = {
  none: 0,
  exclusive: 1,
  /** (since version 4) */
  on_demand: 2,
} as const;
export type ZwlrLayerSurfaceV1KeyboardInteractivity = (typeof ZwlrLayerSurfaceV1KeyboardInteractivity)[keyof typeof ZwlrLayerSurfaceV1KeyboardInteractivity];
/** The version of zwlr_layer_surface_v1 that brought an entry; those not named here came with the first. */
export const ZwlrLayerSurfaceV1KeyboardInteractivitySince = { on_demand: 4 } as const;

export const ZwlrLayerSurfaceV1Error = {
  /** provided surface state is invalid */
  invalid_surface_state: 0,
  /** size is invalid */
  invalid_size: 1,
  /** anchor bitfield is invalid */
  invalid_anchor: 2,
  /** keyboard interactivity is invalid */
  invalid_keyboard_interactivity: 3,
  /** exclusive edge is invalid given the surface anchors */
  invalid_exclusive_edge: 4,
} as const;
export type ZwlrLayerSurfaceV1Error = (typeof ZwlrLayerSurfaceV1Error)[keyof typeof ZwlrLayerSurfaceV1Error];

/** A bit field. */
export const ZwlrLayerSurfaceV1Anchor = {
  /** the top edge of the anchor rectangle */
  top: 1,
  /** the bottom edge of the anchor rectangle */
  bottom: 2,
  /** the left edge of the anchor rectangle */
  left: 4,
  /** the right edge of the anchor rectangle */
  right: 8,
} as const;
export type ZwlrLayerSurfaceV1Anchor = number;

/** What a server does with the requests of zwlr_layer_surface_v1. */
export interface ZwlrLayerSurfaceV1Requests {
  /** sets the size of the surface */
  setSize(resource: ZwlrLayerSurfaceV1Resource, width: number, height: number): void;
  /**
   * configures the anchor point of the surface
   * @param anchor see ZwlrLayerSurfaceV1Anchor
   */
  setAnchor(resource: ZwlrLayerSurfaceV1Resource, anchor: number): void;
  /** configures the exclusive geometry of this surface */
  setExclusiveZone(resource: ZwlrLayerSurfaceV1Resource, zone: number): void;
  /** sets a margin from the anchor point */
  setMargin(resource: ZwlrLayerSurfaceV1Resource, top: number, right: number, bottom: number, left: number): void;
  /**
   * requests keyboard events
   * @param keyboardInteractivity see ZwlrLayerSurfaceV1KeyboardInteractivity
   */
  setKeyboardInteractivity(resource: ZwlrLayerSurfaceV1Resource, keyboardInteractivity: number): void;
  /** assign this layer_surface as an xdg_popup parent */
  getPopup(resource: ZwlrLayerSurfaceV1Resource, popup: XdgPopupResource): void;
  /**
   * ack a configure event
   * @param serial the serial from the configure event
   */
  ackConfigure(resource: ZwlrLayerSurfaceV1Resource, serial: number): void;
  /**
   * destroy the layer_surface
   * Destroys the object.
   */
  destroy(resource: ZwlrLayerSurfaceV1Resource): void;
  /**
   * change the layer of the surface
   * Since version 2.
   * @param layer layer to move this surface to; see ZwlrLayerShellV1Layer
   */
  setLayer(resource: ZwlrLayerSurfaceV1Resource, layer: number): void;
  /**
   * set the edge the exclusive zone will be applied to
   * Since version 5.
   * @param edge see ZwlrLayerSurfaceV1Anchor
   */
  setExclusiveEdge(resource: ZwlrLayerSurfaceV1Resource, edge: number): void;
}

/** A client's zwlr_layer_surface_v1, as the server holds it. */
export class ZwlrLayerSurfaceV1Resource extends Resource<ZwlrLayerSurfaceV1Requests, ZwlrLayerSurfaceV1Error> {
  static readonly interface: Interface = zwlr_layer_surface_v1;

  override get interface(): Interface {
    return zwlr_layer_surface_v1;
  }

  /** suggest a surface change */
  sendConfigure(serial: number, width: number, height: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(width);
    message.uint(height);
    message.end();
  }

  /** surface should be closed */
  sendClosed(): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const width = message.uint();
        const height = message.uint();
        message.end();
        this.handler.setSize(this, width, height);
        return;
      }
      case 1: {
        const anchor = message.uint();
        message.end();
        this.handler.setAnchor(this, anchor);
        return;
      }
      case 2: {
        const zone = message.int();
        message.end();
        this.handler.setExclusiveZone(this, zone);
        return;
      }
      case 3: {
        const top = message.int();
        const right = message.int();
        const bottom = message.int();
        const left = message.int();
        message.end();
        this.handler.setMargin(this, top, right, bottom, left);
        return;
      }
      case 4: {
        const keyboardInteractivity = message.uint();
        message.end();
        this.handler.setKeyboardInteractivity(this, keyboardInteractivity);
        return;
      }
      case 5: {
        const popup = this.received(XdgPopupResource, message.uint());
        message.end();
        this.handler.getPopup(this, popup);
        return;
      }
      case 6: {
        const serial = message.uint();
        message.end();
        this.handler.ackConfigure(this, serial);
        return;
      }
      case 7: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 8: {
        const layer = message.uint();
        message.end();
        this.handler.setLayer(this, layer);
        return;
      }
      case 9: {
        const edge = message.uint();
        message.end();
        this.handler.setExclusiveEdge(this, edge);
        return;
      }
    }
  }
}

/** What a client does with the events of zwlr_layer_surface_v1. */
export interface ZwlrLayerSurfaceV1Events {
  /** suggest a surface change */
  configure(proxy: ZwlrLayerSurfaceV1Proxy, serial: number, width: number, height: number): void;
  /** surface should be closed */
  closed(proxy: ZwlrLayerSurfaceV1Proxy): void;
}

/** A server's zwlr_layer_surface_v1, as the client holds it. */
export class ZwlrLayerSurfaceV1Proxy extends ObjectProxy<ZwlrLayerSurfaceV1Events> {
  static readonly interface: Interface = zwlr_layer_surface_v1;

  override get interface(): Interface {
    return zwlr_layer_surface_v1;
  }

  /** sets the size of the surface */
  setSize(width: number, height: number): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.uint(width);
      message.uint(height);
      message.end();
    }
  }

  /** configures the anchor point of the surface */
  setAnchor(anchor: ZwlrLayerSurfaceV1Anchor): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.uint(anchor);
      message.end();
    }
  }

  /** configures the exclusive geometry of this surface */
  setExclusiveZone(zone: number): void {
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.int(zone);
      message.end();
    }
  }

  /** sets a margin from the anchor point */
  setMargin(top: number, right: number, bottom: number, left: number): void {
    const message = this.request(3, 1);
    if (message !== undefined) {
      message.int(top);
      message.int(right);
      message.int(bottom);
      message.int(left);
      message.end();
    }
  }

  /** requests keyboard events */
  setKeyboardInteractivity(keyboardInteractivity: ZwlrLayerSurfaceV1KeyboardInteractivity): void {
    const message = this.request(4, 1);
    if (message !== undefined) {
      message.uint(keyboardInteractivity);
      message.end();
    }
  }

  /** assign this layer_surface as an xdg_popup parent */
  getPopup(popup: XdgPopupProxy): void {
    const popupId = this.reference(popup);
    const message = this.request(5, 1);
    if (message !== undefined) {
      message.uint(popupId);
      message.end();
    }
  }

  /**
   * ack a configure event
   * @param serial the serial from the configure event
   */
  ackConfigure(serial: number): void {
    const message = this.request(6, 1);
    if (message !== undefined) {
      message.uint(serial);
      message.end();
    }
  }

  /**
   * destroy the layer_surface
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(7, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /**
   * change the layer of the surface
   * Since version 2.
   * @param layer layer to move this surface to
   */
  setLayer(layer: ZwlrLayerShellV1Layer): void {
    const message = this.request(8, 2);
    if (message !== undefined) {
      message.uint(layer);
      message.end();
    }
  }

  /**
   * set the edge the exclusive zone will be applied to
   * Since version 5.
   */
  setExclusiveEdge(edge: ZwlrLayerSurfaceV1Anchor): void {
    const message = this.request(9, 5);
    if (message !== undefined) {
      message.uint(edge);
      message.end();
    }
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const serial = message.uint();
        const width = message.uint();
        const height = message.uint();
        message.end();
        if (this.wanted) this.handler.configure(this, serial, width, height);
        return;
      }
      case 1: {
        message.end();
        if (this.wanted) this.handler.closed(this);
        return;
      }
    }
  }
}
