// Generated from protocols/cursor-shape.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { ZwpTabletToolV2Proxy, ZwpTabletToolV2Resource } from './tablet.js';
import { WlPointerProxy, WlPointerResource } from './wayland.js';

/** cursor shape manager */
export const wp_cursor_shape_manager_v1: Interface = {
  name: 'wp_cursor_shape_manager_v1',
  version: 2,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'get_pointer', since: 1, signature: 'no', destructor: false },
    { name: 'get_tablet_tool_v2', since: 1, signature: 'no', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of wp_cursor_shape_manager_v1. */
export interface WpCursorShapeManagerV1Requests {
  /**
   * destroy the manager
   * Destroys the object.
   */
  destroy(resource: WpCursorShapeManagerV1Resource): void;
  /** manage the cursor shape of a pointer device */
  getPointer(resource: WpCursorShapeManagerV1Resource, cursorShapeDevice: WpCursorShapeDeviceV1Resource, pointer: WlPointerResource): void;
  /** manage the cursor shape of a tablet tool device */
  getTabletToolV2(resource: WpCursorShapeManagerV1Resource, cursorShapeDevice: WpCursorShapeDeviceV1Resource, tabletTool: ZwpTabletToolV2Resource): void;
}

/** A client's wp_cursor_shape_manager_v1, as the server holds it. */
export class WpCursorShapeManagerV1Resource extends Resource<WpCursorShapeManagerV1Requests> {
  static readonly interface: Interface = wp_cursor_shape_manager_v1;

  override get interface(): Interface {
    return wp_cursor_shape_manager_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const cursorShapeDevice = this.created(WpCursorShapeDeviceV1Resource, message.uint());
        const pointer = this.received(WlPointerResource, message.uint());
        message.end();
        this.handler.getPointer(this, cursorShapeDevice, pointer);
        return;
      }
      case 2: {
        const cursorShapeDevice = this.created(WpCursorShapeDeviceV1Resource, message.uint());
        const tabletTool = this.received(ZwpTabletToolV2Resource, message.uint());
        message.end();
        this.handler.getTabletToolV2(this, cursorShapeDevice, tabletTool);
        return;
      }
    }
  }
}

/** A server's wp_cursor_shape_manager_v1, as the client holds it. */
export class WpCursorShapeManagerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = wp_cursor_shape_manager_v1;

  override get interface(): Interface {
    return wp_cursor_shape_manager_v1;
  }

  /**
   * destroy the manager
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** manage the cursor shape of a pointer device */
  getPointer(pointer: WlPointerProxy): WpCursorShapeDeviceV1Proxy {
    const pointerId = this.reference(pointer);
    const message = this.request(1, 1);
    const created = this.create(WpCursorShapeDeviceV1Proxy, this.version, undefined);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(pointerId);
      message.end();
    }
    return created;
  }

  /** manage the cursor shape of a tablet tool device */
  getTabletToolV2(tabletTool: ZwpTabletToolV2Proxy): WpCursorShapeDeviceV1Proxy {
    const tabletToolId = this.reference(tabletTool);
    const message = this.request(2, 1);
    const created = this.create(WpCursorShapeDeviceV1Proxy, this.version, undefined);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(tabletToolId);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** cursor shape for a device */
export const wp_cursor_shape_device_v1: Interface = {
  name: 'wp_cursor_shape_device_v1',
  version: 2,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'set_shape', since: 1, signature: 'uu', destructor: false },
  ],
  events: [
  ],
  get errors() { return WpCursorShapeDeviceV1Error; },
};

/** cursor shapes */
export const WpCursorShapeDeviceV1Shape = {
  /** default cursor */
  default: 1,
  /** a context menu is available for the object under the cursor */
  context_menu: 2,
  /** help is available for the object under the cursor */
  help: 3,
  /** pointer that indicates a link or another interactive element */
  pointer: 4,
  /** progress indicator */
  progress: 5,
  /** program is busy, user should wait */
  wait: 6,
  /** a cell or set of cells may be selected */
  cell: 7,
  /** simple crosshair */
  crosshair: 8,
  /** text may be selected */
  text: 9,
  /** vertical text may be selected */
  vertical_text: 10,
  /** drag-and-drop: alias of/shortcut to something is to be created */
  alias: 11,
  /** drag-and-drop: something is to be copied */
  copy: 12,
  /** drag-and-drop: something is to be moved */
  move: 13,
  /** drag-and-drop: the dragged item cannot be dropped at the current cursor location */
  no_drop: 14,
  /** drag-and-drop: the requested action will not be carried out */
  not_allowed: 15,
  /** drag-and-drop: something can be grabbed */
  grab: 16,
  /** drag-and-drop: something is being grabbed */
  grabbing: 17,
  /** resizing: the east border is to be moved */
  e_resize: 18,
  /** resizing: the north border is to be moved */
  n_resize: 19,
  /** resizing: the north-east corner is to be moved */
  ne_resize: 20,
  /** resizing: the north-west corner is to be moved */
  nw_resize: 21,
  /** resizing: the south border is to be moved */
  s_resize: 22,
  /** resizing: the south-east corner is to be moved */
  se_resize: 23,
  /** resizing: the south-west corner is to be moved */
  sw_resize: 24,
  /** resizing: the west border is to be moved */
  w_resize: 25,
  /** resizing: the east and west borders are to be moved */
  ew_resize: 26,
  /** resizing: the north and south borders are to be moved */
  ns_resize: 27,
  /** resizing: the north-east and south-west corners are to be moved */
  nesw_resize: 28,
  /** resizing: the north-west and south-east corners are to be moved */
  nwse_resize: 29,
  /** resizing: that the item/column can be resized horizontally */
  col_resize: 30,
  /** resizing: that the item/row can be resized vertically */
  row_resize: 31,
  /** something can be scrolled in any direction */
  all_scroll: 32,
  /** something can be zoomed in */
  zoom_in: 33,
  /** something can be zoomed out */
  zoom_out: 34,
  /** drag-and-drop: the user will select which action will be carried out (non-css value) (since version 2) */
  dnd_ask: 35,
  /** resizing: something can be moved or resized in any direction (non-css value) (since version 2) */
  all_resize: 36,
} as const;
export type WpCursorShapeDeviceV1Shape = (typeof WpCursorShapeDeviceV1Shape)[keyof typeof WpCursorShapeDeviceV1Shape];
/** The version of wp_cursor_shape_device_v1 that brought an entry; those not named here came with the first. */
export const WpCursorShapeDeviceV1ShapeSince = { dnd_ask: 2, all_resize: 2 } as const;

export const WpCursorShapeDeviceV1Error = {
  /** the specified shape value is invalid */
  invalid_shape: 1,
} as const;
export type WpCursorShapeDeviceV1Error = (typeof WpCursorShapeDeviceV1Error)[keyof typeof WpCursorShapeDeviceV1Error];

/** What a server does with the requests of wp_cursor_shape_device_v1. */
export interface WpCursorShapeDeviceV1Requests {
  /**
   * destroy the cursor shape device
   * Destroys the object.
   */
  destroy(resource: WpCursorShapeDeviceV1Resource): void;
  /**
   * set device cursor to the shape
   * @param serial serial number of the enter event
   * @param shape see WpCursorShapeDeviceV1Shape
   */
  setShape(resource: WpCursorShapeDeviceV1Resource, serial: number, shape: number): void;
}

/** A client's wp_cursor_shape_device_v1, as the server holds it. */
export class WpCursorShapeDeviceV1Resource extends Resource<WpCursorShapeDeviceV1Requests, WpCursorShapeDeviceV1Error> {
  static readonly interface: Interface = wp_cursor_shape_device_v1;

  override get interface(): Interface {
    return wp_cursor_shape_device_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const serial = message.uint();
        const shape = message.uint();
        message.end();
        this.handler.setShape(this, serial, shape);
        return;
      }
    }
  }
}

/** A server's wp_cursor_shape_device_v1, as the client holds it. */
export class WpCursorShapeDeviceV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = wp_cursor_shape_device_v1;

  override get interface(): Interface {
    return wp_cursor_shape_device_v1;
  }

  /**
   * destroy the cursor shape device
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
   * set device cursor to the shape
   * @param serial serial number of the enter event
   */
  setShape(serial: number, shape: WpCursorShapeDeviceV1Shape): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.uint(serial);
      message.uint(shape);
      message.end();
    }
  }

  override dispatch(): void {}
}
