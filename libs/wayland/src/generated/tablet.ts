// Generated from protocols/tablet.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlSeatProxy, WlSeatResource, WlSurfaceProxy, WlSurfaceResource } from './wayland.js';

/** controller object for graphic tablet devices */
export const zwp_tablet_manager_v2: Interface = {
  name: 'zwp_tablet_manager_v2',
  version: 2,
  requests: [
    { name: 'get_tablet_seat', since: 1, signature: 'no', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of zwp_tablet_manager_v2. */
export interface ZwpTabletManagerV2Requests {
  /**
   * get the tablet seat
   * @param seat The wl_seat object to retrieve the tablets for
   */
  getTabletSeat(resource: ZwpTabletManagerV2Resource, tabletSeat: ZwpTabletSeatV2Resource, seat: WlSeatResource): void;
  /**
   * release the memory for the tablet manager object
   * Destroys the object.
   */
  destroy(resource: ZwpTabletManagerV2Resource): void;
}

/** A client's zwp_tablet_manager_v2, as the server holds it. */
export class ZwpTabletManagerV2Resource extends Resource<ZwpTabletManagerV2Requests> {
  static readonly interface: Interface = zwp_tablet_manager_v2;

  override get interface(): Interface {
    return zwp_tablet_manager_v2;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const tabletSeat = this.created(ZwpTabletSeatV2Resource, message.uint());
        const seat = this.received(WlSeatResource, message.uint());
        message.end();
        this.handler.getTabletSeat(this, tabletSeat, seat);
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

/** A server's zwp_tablet_manager_v2, as the client holds it. */
export class ZwpTabletManagerV2Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zwp_tablet_manager_v2;

  override get interface(): Interface {
    return zwp_tablet_manager_v2;
  }

  /**
   * get the tablet seat
   * @param seat The wl_seat object to retrieve the tablets for
   */
  getTabletSeat(seat: WlSeatProxy, handler: ZwpTabletSeatV2Events): ZwpTabletSeatV2Proxy {
    const seatId = this.reference(seat);
    const message = this.request(0, 1);
    const created = this.create(ZwpTabletSeatV2Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(seatId);
      message.end();
    }
    return created;
  }

  /**
   * release the memory for the tablet manager object
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

/** controller object for graphic tablet devices of a seat */
export const zwp_tablet_seat_v2: Interface = {
  name: 'zwp_tablet_seat_v2',
  version: 2,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'tablet_added', since: 1, signature: 'n', destructor: false },
    { name: 'tool_added', since: 1, signature: 'n', destructor: false },
    { name: 'pad_added', since: 1, signature: 'n', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of zwp_tablet_seat_v2. */
export interface ZwpTabletSeatV2Requests {
  /**
   * release the memory for the tablet seat object
   * Destroys the object.
   */
  destroy(resource: ZwpTabletSeatV2Resource): void;
}

/** A client's zwp_tablet_seat_v2, as the server holds it. */
export class ZwpTabletSeatV2Resource extends Resource<ZwpTabletSeatV2Requests> {
  static readonly interface: Interface = zwp_tablet_seat_v2;

  override get interface(): Interface {
    return zwp_tablet_seat_v2;
  }

  /**
   * new device notification
   * @param id the newly added graphics tablet
   */
  sendTabletAdded(id: ZwpTabletV2Resource): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(this.reference(id));
    message.end();
  }

  /**
   * a new tool has been used with a tablet
   * @param id the newly added tablet tool
   */
  sendToolAdded(id: ZwpTabletToolV2Resource): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(this.reference(id));
    message.end();
  }

  /**
   * new pad notification
   * @param id the newly added pad
   */
  sendPadAdded(id: ZwpTabletPadV2Resource): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.uint(this.reference(id));
    message.end();
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

/** What a client does with the events of zwp_tablet_seat_v2. */
export interface ZwpTabletSeatV2Events {
  /**
   * new device notification
   * @param id the newly added graphics tablet
   */
  tabletAdded(proxy: ZwpTabletSeatV2Proxy, id: ZwpTabletV2Proxy): void;
  /**
   * a new tool has been used with a tablet
   * @param id the newly added tablet tool
   */
  toolAdded(proxy: ZwpTabletSeatV2Proxy, id: ZwpTabletToolV2Proxy): void;
  /**
   * new pad notification
   * @param id the newly added pad
   */
  padAdded(proxy: ZwpTabletSeatV2Proxy, id: ZwpTabletPadV2Proxy): void;
}

/** A server's zwp_tablet_seat_v2, as the client holds it. */
export class ZwpTabletSeatV2Proxy extends ObjectProxy<ZwpTabletSeatV2Events> {
  static readonly interface: Interface = zwp_tablet_seat_v2;

  override get interface(): Interface {
    return zwp_tablet_seat_v2;
  }

  /**
   * release the memory for the tablet seat object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const id = this.created(ZwpTabletV2Proxy, message.uint());
        message.end();
        if (this.wanted) this.handler.tabletAdded(this, id);
        return;
      }
      case 1: {
        const id = this.created(ZwpTabletToolV2Proxy, message.uint());
        message.end();
        if (this.wanted) this.handler.toolAdded(this, id);
        return;
      }
      case 2: {
        const id = this.created(ZwpTabletPadV2Proxy, message.uint());
        message.end();
        if (this.wanted) this.handler.padAdded(this, id);
        return;
      }
    }
  }
}

/** a physical tablet tool */
export const zwp_tablet_tool_v2: Interface = {
  name: 'zwp_tablet_tool_v2',
  version: 2,
  requests: [
    { name: 'set_cursor', since: 1, signature: 'u?oii', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'type', since: 1, signature: 'u', destructor: false },
    { name: 'hardware_serial', since: 1, signature: 'uu', destructor: false },
    { name: 'hardware_id_wacom', since: 1, signature: 'uu', destructor: false },
    { name: 'capability', since: 1, signature: 'u', destructor: false },
    { name: 'done', since: 1, signature: '', destructor: false },
    { name: 'removed', since: 1, signature: '', destructor: false },
    { name: 'proximity_in', since: 1, signature: 'uoo', destructor: false },
    { name: 'proximity_out', since: 1, signature: '', destructor: false },
    { name: 'down', since: 1, signature: 'u', destructor: false },
    { name: 'up', since: 1, signature: '', destructor: false },
    { name: 'motion', since: 1, signature: 'ff', destructor: false },
    { name: 'pressure', since: 1, signature: 'u', destructor: false },
    { name: 'distance', since: 1, signature: 'u', destructor: false },
    { name: 'tilt', since: 1, signature: 'ff', destructor: false },
    { name: 'rotation', since: 1, signature: 'f', destructor: false },
    { name: 'slider', since: 1, signature: 'i', destructor: false },
    { name: 'wheel', since: 1, signature: 'fi', destructor: false },
    { name: 'button', since: 1, signature: 'uuu', destructor: false },
    { name: 'frame', since: 1, signature: 'u', destructor: false },
  ],
  get errors() { return ZwpTabletToolV2Error; },
};

/** a physical tool type */
export const ZwpTabletToolV2Type = {
  /** Pen */
  pen: 320,
  /** Eraser */
  eraser: 321,
  /** Brush */
  brush: 322,
  /** Pencil */
  pencil: 323,
  /** Airbrush */
  airbrush: 324,
  /** Finger */
  finger: 325,
  /** Mouse */
  mouse: 326,
  /** Lens */
  lens: 327,
} as const;
export type ZwpTabletToolV2Type = (typeof ZwpTabletToolV2Type)[keyof typeof ZwpTabletToolV2Type];

/** capability flags for a tool */
export const ZwpTabletToolV2Capability = {
  /** Tilt axes */
  tilt: 1,
  /** Pressure axis */
  pressure: 2,
  /** Distance axis */
  distance: 3,
  /** Z-rotation axis */
  rotation: 4,
  /** Slider axis */
  slider: 5,
  /** Wheel axis */
  wheel: 6,
} as const;
export type ZwpTabletToolV2Capability = (typeof ZwpTabletToolV2Capability)[keyof typeof ZwpTabletToolV2Capability];

/** physical button state */
export const ZwpTabletToolV2ButtonState = {
  /** button is not pressed */
  released: 0,
  /** button is pressed */
  pressed: 1,
} as const;
export type ZwpTabletToolV2ButtonState = (typeof ZwpTabletToolV2ButtonState)[keyof typeof ZwpTabletToolV2ButtonState];

export const ZwpTabletToolV2Error = {
  /** given wl_surface has another role */
  role: 0,
} as const;
export type ZwpTabletToolV2Error = (typeof ZwpTabletToolV2Error)[keyof typeof ZwpTabletToolV2Error];

/** What a server does with the requests of zwp_tablet_tool_v2. */
export interface ZwpTabletToolV2Requests {
  /**
   * set the tablet tool's surface
   * @param serial serial of the proximity_in event
   * @param hotspotX surface-local x coordinate
   * @param hotspotY surface-local y coordinate
   */
  setCursor(resource: ZwpTabletToolV2Resource, serial: number, surface: WlSurfaceResource | null, hotspotX: number, hotspotY: number): void;
  /**
   * destroy the tool object
   * Destroys the object.
   */
  destroy(resource: ZwpTabletToolV2Resource): void;
}

/** A client's zwp_tablet_tool_v2, as the server holds it. */
export class ZwpTabletToolV2Resource extends Resource<ZwpTabletToolV2Requests, ZwpTabletToolV2Error> {
  static readonly interface: Interface = zwp_tablet_tool_v2;

  override get interface(): Interface {
    return zwp_tablet_tool_v2;
  }

  /**
   * tool type
   * @param toolType the physical tool type
   */
  sendType(toolType: ZwpTabletToolV2Type): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(toolType);
    message.end();
  }

  /**
   * unique hardware serial number of the tool
   * @param hardwareSerialHi the unique serial number of the tool, most significant bits
   * @param hardwareSerialLo the unique serial number of the tool, least significant bits
   */
  sendHardwareSerial(hardwareSerialHi: number, hardwareSerialLo: number): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(hardwareSerialHi);
    message.uint(hardwareSerialLo);
    message.end();
  }

  /**
   * hardware id notification in Wacom's format
   * @param hardwareIdHi the hardware id, most significant bits
   * @param hardwareIdLo the hardware id, least significant bits
   */
  sendHardwareIdWacom(hardwareIdHi: number, hardwareIdLo: number): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.uint(hardwareIdHi);
    message.uint(hardwareIdLo);
    message.end();
  }

  /**
   * tool capability notification
   * @param capability the capability
   */
  sendCapability(capability: ZwpTabletToolV2Capability): void {
    const message = this.event(3, 1);
    if (message === undefined) return;
    message.uint(capability);
    message.end();
  }

  /** tool description events sequence complete */
  sendDone(): void {
    const message = this.event(4, 1);
    if (message === undefined) return;
    message.end();
  }

  /** tool removed */
  sendRemoved(): void {
    const message = this.event(5, 1);
    if (message === undefined) return;
    message.end();
  }

  /**
   * proximity in event
   * @param tablet The tablet the tool is in proximity of
   * @param surface The current surface the tablet tool is over
   */
  sendProximityIn(serial: number, tablet: ZwpTabletV2Resource, surface: WlSurfaceResource): void {
    const message = this.event(6, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(this.reference(tablet));
    message.uint(this.reference(surface));
    message.end();
  }

  /** proximity out event */
  sendProximityOut(): void {
    const message = this.event(7, 1);
    if (message === undefined) return;
    message.end();
  }

  /** tablet tool is making contact */
  sendDown(serial: number): void {
    const message = this.event(8, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.end();
  }

  /** tablet tool is no longer making contact */
  sendUp(): void {
    const message = this.event(9, 1);
    if (message === undefined) return;
    message.end();
  }

  /**
   * motion event
   * @param x surface-local x coordinate
   * @param y surface-local y coordinate
   */
  sendMotion(x: number, y: number): void {
    const message = this.event(10, 1);
    if (message === undefined) return;
    message.fixed(x);
    message.fixed(y);
    message.end();
  }

  /**
   * pressure change event
   * @param pressure The current pressure value
   */
  sendPressure(pressure: number): void {
    const message = this.event(11, 1);
    if (message === undefined) return;
    message.uint(pressure);
    message.end();
  }

  /**
   * distance change event
   * @param distance The current distance value
   */
  sendDistance(distance: number): void {
    const message = this.event(12, 1);
    if (message === undefined) return;
    message.uint(distance);
    message.end();
  }

  /**
   * tilt change event
   * @param tiltX The current value of the X tilt axis
   * @param tiltY The current value of the Y tilt axis
   */
  sendTilt(tiltX: number, tiltY: number): void {
    const message = this.event(13, 1);
    if (message === undefined) return;
    message.fixed(tiltX);
    message.fixed(tiltY);
    message.end();
  }

  /**
   * z-rotation change event
   * @param degrees The current rotation of the Z axis
   */
  sendRotation(degrees: number): void {
    const message = this.event(14, 1);
    if (message === undefined) return;
    message.fixed(degrees);
    message.end();
  }

  /**
   * Slider position change event
   * @param position The current position of slider
   */
  sendSlider(position: number): void {
    const message = this.event(15, 1);
    if (message === undefined) return;
    message.int(position);
    message.end();
  }

  /**
   * Wheel delta event
   * @param degrees The wheel delta in degrees
   * @param clicks The wheel delta in discrete clicks
   */
  sendWheel(degrees: number, clicks: number): void {
    const message = this.event(16, 1);
    if (message === undefined) return;
    message.fixed(degrees);
    message.int(clicks);
    message.end();
  }

  /**
   * button event
   * @param button The button whose state has changed
   * @param state Whether the button was pressed or released
   */
  sendButton(serial: number, button: number, state: ZwpTabletToolV2ButtonState): void {
    const message = this.event(17, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(button);
    message.uint(state);
    message.end();
  }

  /**
   * frame event
   * @param time The time of the event with millisecond granularity
   */
  sendFrame(time: number): void {
    const message = this.event(18, 1);
    if (message === undefined) return;
    message.uint(time);
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const serial = message.uint();
        const surface = this.receivedOrNull(WlSurfaceResource, message.uint());
        const hotspotX = message.int();
        const hotspotY = message.int();
        message.end();
        this.handler.setCursor(this, serial, surface, hotspotX, hotspotY);
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

/** What a client does with the events of zwp_tablet_tool_v2. */
export interface ZwpTabletToolV2Events {
  /**
   * tool type
   * @param toolType the physical tool type; see ZwpTabletToolV2Type
   */
  type(proxy: ZwpTabletToolV2Proxy, toolType: number): void;
  /**
   * unique hardware serial number of the tool
   * @param hardwareSerialHi the unique serial number of the tool, most significant bits
   * @param hardwareSerialLo the unique serial number of the tool, least significant bits
   */
  hardwareSerial(proxy: ZwpTabletToolV2Proxy, hardwareSerialHi: number, hardwareSerialLo: number): void;
  /**
   * hardware id notification in Wacom's format
   * @param hardwareIdHi the hardware id, most significant bits
   * @param hardwareIdLo the hardware id, least significant bits
   */
  hardwareIdWacom(proxy: ZwpTabletToolV2Proxy, hardwareIdHi: number, hardwareIdLo: number): void;
  /**
   * tool capability notification
   * @param capability the capability; see ZwpTabletToolV2Capability
   */
  capability(proxy: ZwpTabletToolV2Proxy, capability: number): void;
  /** tool description events sequence complete */
  done(proxy: ZwpTabletToolV2Proxy): void;
  /** tool removed */
  removed(proxy: ZwpTabletToolV2Proxy): void;
  /**
   * proximity in event
   * @param tablet The tablet the tool is in proximity of
   * @param surface The current surface the tablet tool is over
   */
  proximityIn(proxy: ZwpTabletToolV2Proxy, serial: number, tablet: ZwpTabletV2Proxy, surface: WlSurfaceProxy): void;
  /** proximity out event */
  proximityOut(proxy: ZwpTabletToolV2Proxy): void;
  /** tablet tool is making contact */
  down(proxy: ZwpTabletToolV2Proxy, serial: number): void;
  /** tablet tool is no longer making contact */
  up(proxy: ZwpTabletToolV2Proxy): void;
  /**
   * motion event
   * @param x surface-local x coordinate
   * @param y surface-local y coordinate
   */
  motion(proxy: ZwpTabletToolV2Proxy, x: number, y: number): void;
  /**
   * pressure change event
   * @param pressure The current pressure value
   */
  pressure(proxy: ZwpTabletToolV2Proxy, pressure: number): void;
  /**
   * distance change event
   * @param distance The current distance value
   */
  distance(proxy: ZwpTabletToolV2Proxy, distance: number): void;
  /**
   * tilt change event
   * @param tiltX The current value of the X tilt axis
   * @param tiltY The current value of the Y tilt axis
   */
  tilt(proxy: ZwpTabletToolV2Proxy, tiltX: number, tiltY: number): void;
  /**
   * z-rotation change event
   * @param degrees The current rotation of the Z axis
   */
  rotation(proxy: ZwpTabletToolV2Proxy, degrees: number): void;
  /**
   * Slider position change event
   * @param position The current position of slider
   */
  slider(proxy: ZwpTabletToolV2Proxy, position: number): void;
  /**
   * Wheel delta event
   * @param degrees The wheel delta in degrees
   * @param clicks The wheel delta in discrete clicks
   */
  wheel(proxy: ZwpTabletToolV2Proxy, degrees: number, clicks: number): void;
  /**
   * button event
   * @param button The button whose state has changed
   * @param state Whether the button was pressed or released; see ZwpTabletToolV2ButtonState
   */
  button(proxy: ZwpTabletToolV2Proxy, serial: number, button: number, state: number): void;
  /**
   * frame event
   * @param time The time of the event with millisecond granularity
   */
  frame(proxy: ZwpTabletToolV2Proxy, time: number): void;
}

/** A server's zwp_tablet_tool_v2, as the client holds it. */
export class ZwpTabletToolV2Proxy extends ObjectProxy<ZwpTabletToolV2Events> {
  static readonly interface: Interface = zwp_tablet_tool_v2;

  override get interface(): Interface {
    return zwp_tablet_tool_v2;
  }

  /**
   * set the tablet tool's surface
   * @param serial serial of the proximity_in event
   * @param hotspotX surface-local x coordinate
   * @param hotspotY surface-local y coordinate
   */
  setCursor(serial: number, surface: WlSurfaceProxy | null, hotspotX: number, hotspotY: number): void {
    const surfaceId = this.reference(surface);
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.uint(serial);
      message.uint(surfaceId);
      message.int(hotspotX);
      message.int(hotspotY);
      message.end();
    }
  }

  /**
   * destroy the tool object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const toolType = message.uint();
        message.end();
        if (this.wanted) this.handler.type(this, toolType);
        return;
      }
      case 1: {
        const hardwareSerialHi = message.uint();
        const hardwareSerialLo = message.uint();
        message.end();
        if (this.wanted) this.handler.hardwareSerial(this, hardwareSerialHi, hardwareSerialLo);
        return;
      }
      case 2: {
        const hardwareIdHi = message.uint();
        const hardwareIdLo = message.uint();
        message.end();
        if (this.wanted) this.handler.hardwareIdWacom(this, hardwareIdHi, hardwareIdLo);
        return;
      }
      case 3: {
        const capability = message.uint();
        message.end();
        if (this.wanted) this.handler.capability(this, capability);
        return;
      }
      case 4: {
        message.end();
        if (this.wanted) this.handler.done(this);
        return;
      }
      case 5: {
        message.end();
        if (this.wanted) this.handler.removed(this);
        return;
      }
      case 6: {
        const serial = message.uint();
        const tablet = this.received(ZwpTabletV2Proxy, message.uint());
        const surface = this.received(WlSurfaceProxy, message.uint());
        message.end();
        if (this.wanted) this.handler.proximityIn(this, serial, tablet, surface);
        return;
      }
      case 7: {
        message.end();
        if (this.wanted) this.handler.proximityOut(this);
        return;
      }
      case 8: {
        const serial = message.uint();
        message.end();
        if (this.wanted) this.handler.down(this, serial);
        return;
      }
      case 9: {
        message.end();
        if (this.wanted) this.handler.up(this);
        return;
      }
      case 10: {
        const x = message.fixed();
        const y = message.fixed();
        message.end();
        if (this.wanted) this.handler.motion(this, x, y);
        return;
      }
      case 11: {
        const pressure = message.uint();
        message.end();
        if (this.wanted) this.handler.pressure(this, pressure);
        return;
      }
      case 12: {
        const distance = message.uint();
        message.end();
        if (this.wanted) this.handler.distance(this, distance);
        return;
      }
      case 13: {
        const tiltX = message.fixed();
        const tiltY = message.fixed();
        message.end();
        if (this.wanted) this.handler.tilt(this, tiltX, tiltY);
        return;
      }
      case 14: {
        const degrees = message.fixed();
        message.end();
        if (this.wanted) this.handler.rotation(this, degrees);
        return;
      }
      case 15: {
        const position = message.int();
        message.end();
        if (this.wanted) this.handler.slider(this, position);
        return;
      }
      case 16: {
        const degrees = message.fixed();
        const clicks = message.int();
        message.end();
        if (this.wanted) this.handler.wheel(this, degrees, clicks);
        return;
      }
      case 17: {
        const serial = message.uint();
        const button = message.uint();
        const state = message.uint();
        message.end();
        if (this.wanted) this.handler.button(this, serial, button, state);
        return;
      }
      case 18: {
        const time = message.uint();
        message.end();
        if (this.wanted) this.handler.frame(this, time);
        return;
      }
    }
  }
}

/** graphics tablet device */
export const zwp_tablet_v2: Interface = {
  name: 'zwp_tablet_v2',
  version: 2,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'name', since: 1, signature: 's', destructor: false },
    { name: 'id', since: 1, signature: 'uu', destructor: false },
    { name: 'path', since: 1, signature: 's', destructor: false },
    { name: 'done', since: 1, signature: '', destructor: false },
    { name: 'removed', since: 1, signature: '', destructor: false },
    { name: 'bustype', since: 2, signature: 'u', destructor: false },
  ],
  errors: {},
};

/** bus type */
export const ZwpTabletV2Bustype = {
  /** USB */
  usb: 3,
  /** Bluetooth */
  bluetooth: 5,
  /** Virtual */
  virtual: 6,
  /** Serial */
  serial: 17,
  /** I2C */
  i2c: 24,
} as const;
export type ZwpTabletV2Bustype = (typeof ZwpTabletV2Bustype)[keyof typeof ZwpTabletV2Bustype];

/** What a server does with the requests of zwp_tablet_v2. */
export interface ZwpTabletV2Requests {
  /**
   * destroy the tablet object
   * Destroys the object.
   */
  destroy(resource: ZwpTabletV2Resource): void;
}

/** A client's zwp_tablet_v2, as the server holds it. */
export class ZwpTabletV2Resource extends Resource<ZwpTabletV2Requests> {
  static readonly interface: Interface = zwp_tablet_v2;

  override get interface(): Interface {
    return zwp_tablet_v2;
  }

  /**
   * tablet device name
   * @param name the device name
   */
  sendName(name: string): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.string(name);
    message.end();
  }

  /**
   * tablet device vendor/product id
   * @param vid vendor id
   * @param pid product id
   */
  sendId(vid: number, pid: number): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(vid);
    message.uint(pid);
    message.end();
  }

  /**
   * path to the device
   * @param path path to local device
   */
  sendPath(path: string): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.string(path);
    message.end();
  }

  /** tablet description events sequence complete */
  sendDone(): void {
    const message = this.event(3, 1);
    if (message === undefined) return;
    message.end();
  }

  /** tablet removed event */
  sendRemoved(): void {
    const message = this.event(4, 1);
    if (message === undefined) return;
    message.end();
  }

  /**
   * tablet device bus type
   * Since version 2.
   * @param bustype bus type
   */
  sendBustype(bustype: ZwpTabletV2Bustype): void {
    const message = this.event(5, 2);
    if (message === undefined) return;
    message.uint(bustype);
    message.end();
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

/** What a client does with the events of zwp_tablet_v2. */
export interface ZwpTabletV2Events {
  /**
   * tablet device name
   * @param name the device name
   */
  name(proxy: ZwpTabletV2Proxy, name: string): void;
  /**
   * tablet device vendor/product id
   * @param vid vendor id
   * @param pid product id
   */
  id(proxy: ZwpTabletV2Proxy, vid: number, pid: number): void;
  /**
   * path to the device
   * @param path path to local device
   */
  path(proxy: ZwpTabletV2Proxy, path: string): void;
  /** tablet description events sequence complete */
  done(proxy: ZwpTabletV2Proxy): void;
  /** tablet removed event */
  removed(proxy: ZwpTabletV2Proxy): void;
  /**
   * tablet device bus type
   * Since version 2.
   * @param bustype bus type; see ZwpTabletV2Bustype
   */
  bustype(proxy: ZwpTabletV2Proxy, bustype: number): void;
}

/** A server's zwp_tablet_v2, as the client holds it. */
export class ZwpTabletV2Proxy extends ObjectProxy<ZwpTabletV2Events> {
  static readonly interface: Interface = zwp_tablet_v2;

  override get interface(): Interface {
    return zwp_tablet_v2;
  }

  /**
   * destroy the tablet object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const name = message.string();
        message.end();
        if (this.wanted) this.handler.name(this, name);
        return;
      }
      case 1: {
        const vid = message.uint();
        const pid = message.uint();
        message.end();
        if (this.wanted) this.handler.id(this, vid, pid);
        return;
      }
      case 2: {
        const path = message.string();
        message.end();
        if (this.wanted) this.handler.path(this, path);
        return;
      }
      case 3: {
        message.end();
        if (this.wanted) this.handler.done(this);
        return;
      }
      case 4: {
        message.end();
        if (this.wanted) this.handler.removed(this);
        return;
      }
      case 5: {
        const bustype = message.uint();
        message.end();
        if (this.wanted) this.handler.bustype(this, bustype);
        return;
      }
    }
  }
}

/** pad ring */
export const zwp_tablet_pad_ring_v2: Interface = {
  name: 'zwp_tablet_pad_ring_v2',
  version: 2,
  requests: [
    { name: 'set_feedback', since: 1, signature: 'su', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'source', since: 1, signature: 'u', destructor: false },
    { name: 'angle', since: 1, signature: 'f', destructor: false },
    { name: 'stop', since: 1, signature: '', destructor: false },
    { name: 'frame', since: 1, signature: 'u', destructor: false },
  ],
  errors: {},
};

/** ring axis source */
export const ZwpTabletPadRingV2Source = {
  /** finger */
  finger: 1,
} as const;
export type ZwpTabletPadRingV2Source = (typeof ZwpTabletPadRingV2Source)[keyof typeof ZwpTabletPadRingV2Source];

/** What a server does with the requests of zwp_tablet_pad_ring_v2. */
export interface ZwpTabletPadRingV2Requests {
  /**
   * set compositor feedback
   * @param description ring description
   * @param serial serial of the mode switch event
   */
  setFeedback(resource: ZwpTabletPadRingV2Resource, description: string, serial: number): void;
  /**
   * destroy the ring object
   * Destroys the object.
   */
  destroy(resource: ZwpTabletPadRingV2Resource): void;
}

/** A client's zwp_tablet_pad_ring_v2, as the server holds it. */
export class ZwpTabletPadRingV2Resource extends Resource<ZwpTabletPadRingV2Requests> {
  static readonly interface: Interface = zwp_tablet_pad_ring_v2;

  override get interface(): Interface {
    return zwp_tablet_pad_ring_v2;
  }

  /**
   * ring event source
   * @param source the event source
   */
  sendSource(source: ZwpTabletPadRingV2Source): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(source);
    message.end();
  }

  /**
   * angle changed
   * @param degrees the current angle in degrees
   */
  sendAngle(degrees: number): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.fixed(degrees);
    message.end();
  }

  /** interaction stopped */
  sendStop(): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.end();
  }

  /**
   * end of a ring event sequence
   * @param time timestamp with millisecond granularity
   */
  sendFrame(time: number): void {
    const message = this.event(3, 1);
    if (message === undefined) return;
    message.uint(time);
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const description = message.string();
        const serial = message.uint();
        message.end();
        this.handler.setFeedback(this, description, serial);
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

/** What a client does with the events of zwp_tablet_pad_ring_v2. */
export interface ZwpTabletPadRingV2Events {
  /**
   * ring event source
   * @param source the event source; see ZwpTabletPadRingV2Source
   */
  source(proxy: ZwpTabletPadRingV2Proxy, source: number): void;
  /**
   * angle changed
   * @param degrees the current angle in degrees
   */
  angle(proxy: ZwpTabletPadRingV2Proxy, degrees: number): void;
  /** interaction stopped */
  stop(proxy: ZwpTabletPadRingV2Proxy): void;
  /**
   * end of a ring event sequence
   * @param time timestamp with millisecond granularity
   */
  frame(proxy: ZwpTabletPadRingV2Proxy, time: number): void;
}

/** A server's zwp_tablet_pad_ring_v2, as the client holds it. */
export class ZwpTabletPadRingV2Proxy extends ObjectProxy<ZwpTabletPadRingV2Events> {
  static readonly interface: Interface = zwp_tablet_pad_ring_v2;

  override get interface(): Interface {
    return zwp_tablet_pad_ring_v2;
  }

  /**
   * set compositor feedback
   * @param description ring description
   * @param serial serial of the mode switch event
   */
  setFeedback(description: string, serial: number): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.string(description);
      message.uint(serial);
      message.end();
    }
  }

  /**
   * destroy the ring object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const source = message.uint();
        message.end();
        if (this.wanted) this.handler.source(this, source);
        return;
      }
      case 1: {
        const degrees = message.fixed();
        message.end();
        if (this.wanted) this.handler.angle(this, degrees);
        return;
      }
      case 2: {
        message.end();
        if (this.wanted) this.handler.stop(this);
        return;
      }
      case 3: {
        const time = message.uint();
        message.end();
        if (this.wanted) this.handler.frame(this, time);
        return;
      }
    }
  }
}

/** pad strip */
export const zwp_tablet_pad_strip_v2: Interface = {
  name: 'zwp_tablet_pad_strip_v2',
  version: 2,
  requests: [
    { name: 'set_feedback', since: 1, signature: 'su', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'source', since: 1, signature: 'u', destructor: false },
    { name: 'position', since: 1, signature: 'u', destructor: false },
    { name: 'stop', since: 1, signature: '', destructor: false },
    { name: 'frame', since: 1, signature: 'u', destructor: false },
  ],
  errors: {},
};

/** strip axis source */
export const ZwpTabletPadStripV2Source = {
  /** finger */
  finger: 1,
} as const;
export type ZwpTabletPadStripV2Source = (typeof ZwpTabletPadStripV2Source)[keyof typeof ZwpTabletPadStripV2Source];

/** What a server does with the requests of zwp_tablet_pad_strip_v2. */
export interface ZwpTabletPadStripV2Requests {
  /**
   * set compositor feedback
   * @param description strip description
   * @param serial serial of the mode switch event
   */
  setFeedback(resource: ZwpTabletPadStripV2Resource, description: string, serial: number): void;
  /**
   * destroy the strip object
   * Destroys the object.
   */
  destroy(resource: ZwpTabletPadStripV2Resource): void;
}

/** A client's zwp_tablet_pad_strip_v2, as the server holds it. */
export class ZwpTabletPadStripV2Resource extends Resource<ZwpTabletPadStripV2Requests> {
  static readonly interface: Interface = zwp_tablet_pad_strip_v2;

  override get interface(): Interface {
    return zwp_tablet_pad_strip_v2;
  }

  /**
   * strip event source
   * @param source the event source
   */
  sendSource(source: ZwpTabletPadStripV2Source): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(source);
    message.end();
  }

  /**
   * position changed
   * @param position the current position
   */
  sendPosition(position: number): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(position);
    message.end();
  }

  /** interaction stopped */
  sendStop(): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.end();
  }

  /**
   * end of a strip event sequence
   * @param time timestamp with millisecond granularity
   */
  sendFrame(time: number): void {
    const message = this.event(3, 1);
    if (message === undefined) return;
    message.uint(time);
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const description = message.string();
        const serial = message.uint();
        message.end();
        this.handler.setFeedback(this, description, serial);
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

/** What a client does with the events of zwp_tablet_pad_strip_v2. */
export interface ZwpTabletPadStripV2Events {
  /**
   * strip event source
   * @param source the event source; see ZwpTabletPadStripV2Source
   */
  source(proxy: ZwpTabletPadStripV2Proxy, source: number): void;
  /**
   * position changed
   * @param position the current position
   */
  position(proxy: ZwpTabletPadStripV2Proxy, position: number): void;
  /** interaction stopped */
  stop(proxy: ZwpTabletPadStripV2Proxy): void;
  /**
   * end of a strip event sequence
   * @param time timestamp with millisecond granularity
   */
  frame(proxy: ZwpTabletPadStripV2Proxy, time: number): void;
}

/** A server's zwp_tablet_pad_strip_v2, as the client holds it. */
export class ZwpTabletPadStripV2Proxy extends ObjectProxy<ZwpTabletPadStripV2Events> {
  static readonly interface: Interface = zwp_tablet_pad_strip_v2;

  override get interface(): Interface {
    return zwp_tablet_pad_strip_v2;
  }

  /**
   * set compositor feedback
   * @param description strip description
   * @param serial serial of the mode switch event
   */
  setFeedback(description: string, serial: number): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.string(description);
      message.uint(serial);
      message.end();
    }
  }

  /**
   * destroy the strip object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const source = message.uint();
        message.end();
        if (this.wanted) this.handler.source(this, source);
        return;
      }
      case 1: {
        const position = message.uint();
        message.end();
        if (this.wanted) this.handler.position(this, position);
        return;
      }
      case 2: {
        message.end();
        if (this.wanted) this.handler.stop(this);
        return;
      }
      case 3: {
        const time = message.uint();
        message.end();
        if (this.wanted) this.handler.frame(this, time);
        return;
      }
    }
  }
}

/** a set of buttons, rings and strips */
export const zwp_tablet_pad_group_v2: Interface = {
  name: 'zwp_tablet_pad_group_v2',
  version: 2,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'buttons', since: 1, signature: 'a', destructor: false },
    { name: 'ring', since: 1, signature: 'n', destructor: false },
    { name: 'strip', since: 1, signature: 'n', destructor: false },
    { name: 'modes', since: 1, signature: 'u', destructor: false },
    { name: 'done', since: 1, signature: '', destructor: false },
    { name: 'mode_switch', since: 1, signature: 'uuu', destructor: false },
    { name: 'dial', since: 2, signature: 'n', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of zwp_tablet_pad_group_v2. */
export interface ZwpTabletPadGroupV2Requests {
  /**
   * destroy the pad object
   * Destroys the object.
   */
  destroy(resource: ZwpTabletPadGroupV2Resource): void;
}

/** A client's zwp_tablet_pad_group_v2, as the server holds it. */
export class ZwpTabletPadGroupV2Resource extends Resource<ZwpTabletPadGroupV2Requests> {
  static readonly interface: Interface = zwp_tablet_pad_group_v2;

  override get interface(): Interface {
    return zwp_tablet_pad_group_v2;
  }

  /**
   * buttons announced
   * @param buttons buttons in this group
   */
  sendButtons(buttons: Uint8Array): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.array(buttons);
    message.end();
  }

  /** ring announced */
  sendRing(ring: ZwpTabletPadRingV2Resource): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(this.reference(ring));
    message.end();
  }

  /** strip announced */
  sendStrip(strip: ZwpTabletPadStripV2Resource): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.uint(this.reference(strip));
    message.end();
  }

  /**
   * mode-switch ability announced
   * @param modes the number of modes
   */
  sendModes(modes: number): void {
    const message = this.event(3, 1);
    if (message === undefined) return;
    message.uint(modes);
    message.end();
  }

  /** tablet group description events sequence complete */
  sendDone(): void {
    const message = this.event(4, 1);
    if (message === undefined) return;
    message.end();
  }

  /**
   * mode switch event
   * @param time the time of the event with millisecond granularity
   * @param mode the new mode of the pad
   */
  sendModeSwitch(time: number, serial: number, mode: number): void {
    const message = this.event(5, 1);
    if (message === undefined) return;
    message.uint(time);
    message.uint(serial);
    message.uint(mode);
    message.end();
  }

  /**
   * dial announced
   * Since version 2.
   */
  sendDial(dial: ZwpTabletPadDialV2Resource): void {
    const message = this.event(6, 2);
    if (message === undefined) return;
    message.uint(this.reference(dial));
    message.end();
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

/** What a client does with the events of zwp_tablet_pad_group_v2. */
export interface ZwpTabletPadGroupV2Events {
  /**
   * buttons announced
   * @param buttons buttons in this group
   */
  buttons(proxy: ZwpTabletPadGroupV2Proxy, buttons: Uint8Array): void;
  /** ring announced */
  ring(proxy: ZwpTabletPadGroupV2Proxy, ring: ZwpTabletPadRingV2Proxy): void;
  /** strip announced */
  strip(proxy: ZwpTabletPadGroupV2Proxy, strip: ZwpTabletPadStripV2Proxy): void;
  /**
   * mode-switch ability announced
   * @param modes the number of modes
   */
  modes(proxy: ZwpTabletPadGroupV2Proxy, modes: number): void;
  /** tablet group description events sequence complete */
  done(proxy: ZwpTabletPadGroupV2Proxy): void;
  /**
   * mode switch event
   * @param time the time of the event with millisecond granularity
   * @param mode the new mode of the pad
   */
  modeSwitch(proxy: ZwpTabletPadGroupV2Proxy, time: number, serial: number, mode: number): void;
  /**
   * dial announced
   * Since version 2.
   */
  dial(proxy: ZwpTabletPadGroupV2Proxy, dial: ZwpTabletPadDialV2Proxy): void;
}

/** A server's zwp_tablet_pad_group_v2, as the client holds it. */
export class ZwpTabletPadGroupV2Proxy extends ObjectProxy<ZwpTabletPadGroupV2Events> {
  static readonly interface: Interface = zwp_tablet_pad_group_v2;

  override get interface(): Interface {
    return zwp_tablet_pad_group_v2;
  }

  /**
   * destroy the pad object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const buttons = message.array();
        message.end();
        if (this.wanted) this.handler.buttons(this, buttons);
        return;
      }
      case 1: {
        const ring = this.created(ZwpTabletPadRingV2Proxy, message.uint());
        message.end();
        if (this.wanted) this.handler.ring(this, ring);
        return;
      }
      case 2: {
        const strip = this.created(ZwpTabletPadStripV2Proxy, message.uint());
        message.end();
        if (this.wanted) this.handler.strip(this, strip);
        return;
      }
      case 3: {
        const modes = message.uint();
        message.end();
        if (this.wanted) this.handler.modes(this, modes);
        return;
      }
      case 4: {
        message.end();
        if (this.wanted) this.handler.done(this);
        return;
      }
      case 5: {
        const time = message.uint();
        const serial = message.uint();
        const mode = message.uint();
        message.end();
        if (this.wanted) this.handler.modeSwitch(this, time, serial, mode);
        return;
      }
      case 6: {
        const dial = this.created(ZwpTabletPadDialV2Proxy, message.uint());
        message.end();
        if (this.wanted) this.handler.dial(this, dial);
        return;
      }
    }
  }
}

/** a set of buttons, rings, strips and dials */
export const zwp_tablet_pad_v2: Interface = {
  name: 'zwp_tablet_pad_v2',
  version: 2,
  requests: [
    { name: 'set_feedback', since: 1, signature: 'usu', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'group', since: 1, signature: 'n', destructor: false },
    { name: 'path', since: 1, signature: 's', destructor: false },
    { name: 'buttons', since: 1, signature: 'u', destructor: false },
    { name: 'done', since: 1, signature: '', destructor: false },
    { name: 'button', since: 1, signature: 'uuu', destructor: false },
    { name: 'enter', since: 1, signature: 'uoo', destructor: false },
    { name: 'leave', since: 1, signature: 'uo', destructor: false },
    { name: 'removed', since: 1, signature: '', destructor: false },
  ],
  errors: {},
};

/** physical button state */
export const ZwpTabletPadV2ButtonState = {
  /** the button is not pressed */
  released: 0,
  /** the button is pressed */
  pressed: 1,
} as const;
export type ZwpTabletPadV2ButtonState = (typeof ZwpTabletPadV2ButtonState)[keyof typeof ZwpTabletPadV2ButtonState];

/** What a server does with the requests of zwp_tablet_pad_v2. */
export interface ZwpTabletPadV2Requests {
  /**
   * set compositor feedback
   * @param button button index
   * @param description button description
   * @param serial serial of the mode switch event
   */
  setFeedback(resource: ZwpTabletPadV2Resource, button: number, description: string, serial: number): void;
  /**
   * destroy the pad object
   * Destroys the object.
   */
  destroy(resource: ZwpTabletPadV2Resource): void;
}

/** A client's zwp_tablet_pad_v2, as the server holds it. */
export class ZwpTabletPadV2Resource extends Resource<ZwpTabletPadV2Requests> {
  static readonly interface: Interface = zwp_tablet_pad_v2;

  override get interface(): Interface {
    return zwp_tablet_pad_v2;
  }

  /** group announced */
  sendGroup(padGroup: ZwpTabletPadGroupV2Resource): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(this.reference(padGroup));
    message.end();
  }

  /**
   * path to the device
   * @param path path to local device
   */
  sendPath(path: string): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.string(path);
    message.end();
  }

  /**
   * buttons announced
   * @param buttons the number of buttons
   */
  sendButtons(buttons: number): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.uint(buttons);
    message.end();
  }

  /** pad description event sequence complete */
  sendDone(): void {
    const message = this.event(3, 1);
    if (message === undefined) return;
    message.end();
  }

  /**
   * physical button state
   * @param time the time of the event with millisecond granularity
   * @param button the index of the button that changed state
   */
  sendButton(time: number, button: number, state: ZwpTabletPadV2ButtonState): void {
    const message = this.event(4, 1);
    if (message === undefined) return;
    message.uint(time);
    message.uint(button);
    message.uint(state);
    message.end();
  }

  /**
   * enter event
   * @param serial serial number of the enter event
   * @param tablet the tablet the pad is attached to
   * @param surface surface the pad is focused on
   */
  sendEnter(serial: number, tablet: ZwpTabletV2Resource, surface: WlSurfaceResource): void {
    const message = this.event(5, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(this.reference(tablet));
    message.uint(this.reference(surface));
    message.end();
  }

  /**
   * leave event
   * @param serial serial number of the leave event
   * @param surface surface the pad is no longer focused on
   */
  sendLeave(serial: number, surface: WlSurfaceResource): void {
    const message = this.event(6, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(this.reference(surface));
    message.end();
  }

  /** pad removed event */
  sendRemoved(): void {
    const message = this.event(7, 1);
    if (message === undefined) return;
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const button = message.uint();
        const description = message.string();
        const serial = message.uint();
        message.end();
        this.handler.setFeedback(this, button, description, serial);
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

/** What a client does with the events of zwp_tablet_pad_v2. */
export interface ZwpTabletPadV2Events {
  /** group announced */
  group(proxy: ZwpTabletPadV2Proxy, padGroup: ZwpTabletPadGroupV2Proxy): void;
  /**
   * path to the device
   * @param path path to local device
   */
  path(proxy: ZwpTabletPadV2Proxy, path: string): void;
  /**
   * buttons announced
   * @param buttons the number of buttons
   */
  buttons(proxy: ZwpTabletPadV2Proxy, buttons: number): void;
  /** pad description event sequence complete */
  done(proxy: ZwpTabletPadV2Proxy): void;
  /**
   * physical button state
   * @param time the time of the event with millisecond granularity
   * @param button the index of the button that changed state
   * @param state see ZwpTabletPadV2ButtonState
   */
  button(proxy: ZwpTabletPadV2Proxy, time: number, button: number, state: number): void;
  /**
   * enter event
   * @param serial serial number of the enter event
   * @param tablet the tablet the pad is attached to
   * @param surface surface the pad is focused on
   */
  enter(proxy: ZwpTabletPadV2Proxy, serial: number, tablet: ZwpTabletV2Proxy, surface: WlSurfaceProxy): void;
  /**
   * leave event
   * @param serial serial number of the leave event
   * @param surface surface the pad is no longer focused on
   */
  leave(proxy: ZwpTabletPadV2Proxy, serial: number, surface: WlSurfaceProxy): void;
  /** pad removed event */
  removed(proxy: ZwpTabletPadV2Proxy): void;
}

/** A server's zwp_tablet_pad_v2, as the client holds it. */
export class ZwpTabletPadV2Proxy extends ObjectProxy<ZwpTabletPadV2Events> {
  static readonly interface: Interface = zwp_tablet_pad_v2;

  override get interface(): Interface {
    return zwp_tablet_pad_v2;
  }

  /**
   * set compositor feedback
   * @param button button index
   * @param description button description
   * @param serial serial of the mode switch event
   */
  setFeedback(button: number, description: string, serial: number): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.uint(button);
      message.string(description);
      message.uint(serial);
      message.end();
    }
  }

  /**
   * destroy the pad object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const padGroup = this.created(ZwpTabletPadGroupV2Proxy, message.uint());
        message.end();
        if (this.wanted) this.handler.group(this, padGroup);
        return;
      }
      case 1: {
        const path = message.string();
        message.end();
        if (this.wanted) this.handler.path(this, path);
        return;
      }
      case 2: {
        const buttons = message.uint();
        message.end();
        if (this.wanted) this.handler.buttons(this, buttons);
        return;
      }
      case 3: {
        message.end();
        if (this.wanted) this.handler.done(this);
        return;
      }
      case 4: {
        const time = message.uint();
        const button = message.uint();
        const state = message.uint();
        message.end();
        if (this.wanted) this.handler.button(this, time, button, state);
        return;
      }
      case 5: {
        const serial = message.uint();
        const tablet = this.received(ZwpTabletV2Proxy, message.uint());
        const surface = this.received(WlSurfaceProxy, message.uint());
        message.end();
        if (this.wanted) this.handler.enter(this, serial, tablet, surface);
        return;
      }
      case 6: {
        const serial = message.uint();
        const surface = this.received(WlSurfaceProxy, message.uint());
        message.end();
        if (this.wanted) this.handler.leave(this, serial, surface);
        return;
      }
      case 7: {
        message.end();
        if (this.wanted) this.handler.removed(this);
        return;
      }
    }
  }
}

/** pad dial */
export const zwp_tablet_pad_dial_v2: Interface = {
  name: 'zwp_tablet_pad_dial_v2',
  version: 2,
  requests: [
    { name: 'set_feedback', since: 1, signature: 'su', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'delta', since: 1, signature: 'i', destructor: false },
    { name: 'frame', since: 1, signature: 'u', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of zwp_tablet_pad_dial_v2. */
export interface ZwpTabletPadDialV2Requests {
  /**
   * set compositor feedback
   * @param description dial description
   * @param serial serial of the mode switch event
   */
  setFeedback(resource: ZwpTabletPadDialV2Resource, description: string, serial: number): void;
  /**
   * destroy the dial object
   * Destroys the object.
   */
  destroy(resource: ZwpTabletPadDialV2Resource): void;
}

/** A client's zwp_tablet_pad_dial_v2, as the server holds it. */
export class ZwpTabletPadDialV2Resource extends Resource<ZwpTabletPadDialV2Requests> {
  static readonly interface: Interface = zwp_tablet_pad_dial_v2;

  override get interface(): Interface {
    return zwp_tablet_pad_dial_v2;
  }

  /**
   * delta movement
   * @param value120 rotation distance as fraction of 120
   */
  sendDelta(value120: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.int(value120);
    message.end();
  }

  /**
   * end of a dial event sequence
   * @param time timestamp with millisecond granularity
   */
  sendFrame(time: number): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(time);
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const description = message.string();
        const serial = message.uint();
        message.end();
        this.handler.setFeedback(this, description, serial);
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

/** What a client does with the events of zwp_tablet_pad_dial_v2. */
export interface ZwpTabletPadDialV2Events {
  /**
   * delta movement
   * @param value120 rotation distance as fraction of 120
   */
  delta(proxy: ZwpTabletPadDialV2Proxy, value120: number): void;
  /**
   * end of a dial event sequence
   * @param time timestamp with millisecond granularity
   */
  frame(proxy: ZwpTabletPadDialV2Proxy, time: number): void;
}

/** A server's zwp_tablet_pad_dial_v2, as the client holds it. */
export class ZwpTabletPadDialV2Proxy extends ObjectProxy<ZwpTabletPadDialV2Events> {
  static readonly interface: Interface = zwp_tablet_pad_dial_v2;

  override get interface(): Interface {
    return zwp_tablet_pad_dial_v2;
  }

  /**
   * set compositor feedback
   * @param description dial description
   * @param serial serial of the mode switch event
   */
  setFeedback(description: string, serial: number): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.string(description);
      message.uint(serial);
      message.end();
    }
  }

  /**
   * destroy the dial object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const value120 = message.int();
        message.end();
        if (this.wanted) this.handler.delta(this, value120);
        return;
      }
      case 1: {
        const time = message.uint();
        message.end();
        if (this.wanted) this.handler.frame(this, time);
        return;
      }
    }
  }
}
