// Generated from protocols/wlr-virtual-pointer.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlOutputProxy, WlOutputResource, WlPointerAxis, WlPointerAxisSource, WlPointerButtonState, WlSeatProxy, WlSeatResource } from './wayland.js';

/** virtual pointer */
export const zwlr_virtual_pointer_v1: Interface = {
  name: 'zwlr_virtual_pointer_v1',
  version: 2,
  requests: [
    { name: 'motion', since: 1, signature: 'uff', destructor: false },
    { name: 'motion_absolute', since: 1, signature: 'uuuuu', destructor: false },
    { name: 'button', since: 1, signature: 'uuu', destructor: false },
    { name: 'axis', since: 1, signature: 'uuf', destructor: false },
    { name: 'frame', since: 1, signature: '', destructor: false },
    { name: 'axis_source', since: 1, signature: 'u', destructor: false },
    { name: 'axis_stop', since: 1, signature: 'uu', destructor: false },
    { name: 'axis_discrete', since: 1, signature: 'uufi', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
  ],
  get errors() { return ZwlrVirtualPointerV1Error; },
};

export const ZwlrVirtualPointerV1Error = {
  /** client sent invalid axis enumeration value */
  invalid_axis: 0,
  /** client sent invalid axis source enumeration value */
  invalid_axis_source: 1,
} as const;
export type ZwlrVirtualPointerV1Error = (typeof ZwlrVirtualPointerV1Error)[keyof typeof ZwlrVirtualPointerV1Error];

/** What a server does with the requests of zwlr_virtual_pointer_v1. */
export interface ZwlrVirtualPointerV1Requests {
  /**
   * pointer relative motion event
   * @param time timestamp with millisecond granularity
   * @param dx displacement on the x-axis
   * @param dy displacement on the y-axis
   */
  motion(resource: ZwlrVirtualPointerV1Resource, time: number, dx: number, dy: number): void;
  /**
   * pointer absolute motion event
   * @param time timestamp with millisecond granularity
   * @param x position on the x-axis
   * @param y position on the y-axis
   * @param xExtent extent of the x-axis
   * @param yExtent extent of the y-axis
   */
  motionAbsolute(resource: ZwlrVirtualPointerV1Resource, time: number, x: number, y: number, xExtent: number, yExtent: number): void;
  /**
   * button event
   * @param time timestamp with millisecond granularity
   * @param button button that produced the event
   * @param state physical state of the button; see WlPointerButtonState
   */
  button(resource: ZwlrVirtualPointerV1Resource, time: number, button: number, state: number): void;
  /**
   * axis event
   * @param time timestamp with millisecond granularity
   * @param axis axis type; see WlPointerAxis
   * @param value length of vector in touchpad coordinates
   */
  axis(resource: ZwlrVirtualPointerV1Resource, time: number, axis: number, value: number): void;
  /** end of a pointer event sequence */
  frame(resource: ZwlrVirtualPointerV1Resource): void;
  /**
   * axis source event
   * @param axisSource source of the axis event; see WlPointerAxisSource
   */
  axisSource(resource: ZwlrVirtualPointerV1Resource, axisSource: number): void;
  /**
   * axis stop event
   * @param time timestamp with millisecond granularity
   * @param axis the axis stopped with this event; see WlPointerAxis
   */
  axisStop(resource: ZwlrVirtualPointerV1Resource, time: number, axis: number): void;
  /**
   * axis click event
   * @param time timestamp with millisecond granularity
   * @param axis axis type; see WlPointerAxis
   * @param value length of vector in touchpad coordinates
   * @param discrete number of steps
   */
  axisDiscrete(resource: ZwlrVirtualPointerV1Resource, time: number, axis: number, value: number, discrete: number): void;
  /**
   * destroy the virtual pointer object
   * Destroys the object.
   */
  destroy(resource: ZwlrVirtualPointerV1Resource): void;
}

/** A client's zwlr_virtual_pointer_v1, as the server holds it. */
export class ZwlrVirtualPointerV1Resource extends Resource<ZwlrVirtualPointerV1Requests, ZwlrVirtualPointerV1Error> {
  static readonly interface: Interface = zwlr_virtual_pointer_v1;

  override get interface(): Interface {
    return zwlr_virtual_pointer_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const time = message.uint();
        const dx = message.fixed();
        const dy = message.fixed();
        message.end();
        this.handler.motion(this, time, dx, dy);
        return;
      }
      case 1: {
        const time = message.uint();
        const x = message.uint();
        const y = message.uint();
        const xExtent = message.uint();
        const yExtent = message.uint();
        message.end();
        this.handler.motionAbsolute(this, time, x, y, xExtent, yExtent);
        return;
      }
      case 2: {
        const time = message.uint();
        const button = message.uint();
        const state = message.uint();
        message.end();
        this.handler.button(this, time, button, state);
        return;
      }
      case 3: {
        const time = message.uint();
        const axis = message.uint();
        const value = message.fixed();
        message.end();
        this.handler.axis(this, time, axis, value);
        return;
      }
      case 4: {
        message.end();
        this.handler.frame(this);
        return;
      }
      case 5: {
        const axisSource = message.uint();
        message.end();
        this.handler.axisSource(this, axisSource);
        return;
      }
      case 6: {
        const time = message.uint();
        const axis = message.uint();
        message.end();
        this.handler.axisStop(this, time, axis);
        return;
      }
      case 7: {
        const time = message.uint();
        const axis = message.uint();
        const value = message.fixed();
        const discrete = message.int();
        message.end();
        this.handler.axisDiscrete(this, time, axis, value, discrete);
        return;
      }
      case 8: {
        message.end();
        this.handler.destroy(this);
        return;
      }
    }
  }
}

/** A server's zwlr_virtual_pointer_v1, as the client holds it. */
export class ZwlrVirtualPointerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zwlr_virtual_pointer_v1;

  override get interface(): Interface {
    return zwlr_virtual_pointer_v1;
  }

  /**
   * pointer relative motion event
   * @param time timestamp with millisecond granularity
   * @param dx displacement on the x-axis
   * @param dy displacement on the y-axis
   */
  motion(time: number, dx: number, dy: number): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.uint(time);
      message.fixed(dx);
      message.fixed(dy);
      message.end();
    }
  }

  /**
   * pointer absolute motion event
   * @param time timestamp with millisecond granularity
   * @param x position on the x-axis
   * @param y position on the y-axis
   * @param xExtent extent of the x-axis
   * @param yExtent extent of the y-axis
   */
  motionAbsolute(time: number, x: number, y: number, xExtent: number, yExtent: number): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.uint(time);
      message.uint(x);
      message.uint(y);
      message.uint(xExtent);
      message.uint(yExtent);
      message.end();
    }
  }

  /**
   * button event
   * @param time timestamp with millisecond granularity
   * @param button button that produced the event
   * @param state physical state of the button
   */
  button(time: number, button: number, state: WlPointerButtonState): void {
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.uint(time);
      message.uint(button);
      message.uint(state);
      message.end();
    }
  }

  /**
   * axis event
   * @param time timestamp with millisecond granularity
   * @param axis axis type
   * @param value length of vector in touchpad coordinates
   */
  axis(time: number, axis: WlPointerAxis, value: number): void {
    const message = this.request(3, 1);
    if (message !== undefined) {
      message.uint(time);
      message.uint(axis);
      message.fixed(value);
      message.end();
    }
  }

  /** end of a pointer event sequence */
  frame(): void {
    const message = this.request(4, 1);
    if (message !== undefined) {
      message.end();
    }
  }

  /**
   * axis source event
   * @param axisSource source of the axis event
   */
  axisSource(axisSource: WlPointerAxisSource): void {
    const message = this.request(5, 1);
    if (message !== undefined) {
      message.uint(axisSource);
      message.end();
    }
  }

  /**
   * axis stop event
   * @param time timestamp with millisecond granularity
   * @param axis the axis stopped with this event
   */
  axisStop(time: number, axis: WlPointerAxis): void {
    const message = this.request(6, 1);
    if (message !== undefined) {
      message.uint(time);
      message.uint(axis);
      message.end();
    }
  }

  /**
   * axis click event
   * @param time timestamp with millisecond granularity
   * @param axis axis type
   * @param value length of vector in touchpad coordinates
   * @param discrete number of steps
   */
  axisDiscrete(time: number, axis: WlPointerAxis, value: number, discrete: number): void {
    const message = this.request(7, 1);
    if (message !== undefined) {
      message.uint(time);
      message.uint(axis);
      message.fixed(value);
      message.int(discrete);
      message.end();
    }
  }

  /**
   * destroy the virtual pointer object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(8, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(): void {}
}

/** virtual pointer manager */
export const zwlr_virtual_pointer_manager_v1: Interface = {
  name: 'zwlr_virtual_pointer_manager_v1',
  version: 2,
  requests: [
    { name: 'create_virtual_pointer', since: 1, signature: '?on', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'create_virtual_pointer_with_output', since: 2, signature: '?o?on', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of zwlr_virtual_pointer_manager_v1. */
export interface ZwlrVirtualPointerManagerV1Requests {
  /** Create a new virtual pointer */
  createVirtualPointer(resource: ZwlrVirtualPointerManagerV1Resource, seat: WlSeatResource | null, id: ZwlrVirtualPointerV1Resource): void;
  /**
   * destroy the virtual pointer manager
   * Destroys the object.
   */
  destroy(resource: ZwlrVirtualPointerManagerV1Resource): void;
  /**
   * Create a new virtual pointer
   * Since version 2.
   */
  createVirtualPointerWithOutput(resource: ZwlrVirtualPointerManagerV1Resource, seat: WlSeatResource | null, output: WlOutputResource | null, id: ZwlrVirtualPointerV1Resource): void;
}

/** A client's zwlr_virtual_pointer_manager_v1, as the server holds it. */
export class ZwlrVirtualPointerManagerV1Resource extends Resource<ZwlrVirtualPointerManagerV1Requests> {
  static readonly interface: Interface = zwlr_virtual_pointer_manager_v1;

  override get interface(): Interface {
    return zwlr_virtual_pointer_manager_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const seat = this.receivedOrNull(WlSeatResource, message.uint());
        const id = this.created(ZwlrVirtualPointerV1Resource, message.uint());
        message.end();
        this.handler.createVirtualPointer(this, seat, id);
        return;
      }
      case 1: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 2: {
        const seat = this.receivedOrNull(WlSeatResource, message.uint());
        const output = this.receivedOrNull(WlOutputResource, message.uint());
        const id = this.created(ZwlrVirtualPointerV1Resource, message.uint());
        message.end();
        this.handler.createVirtualPointerWithOutput(this, seat, output, id);
        return;
      }
    }
  }
}

/** A server's zwlr_virtual_pointer_manager_v1, as the client holds it. */
export class ZwlrVirtualPointerManagerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zwlr_virtual_pointer_manager_v1;

  override get interface(): Interface {
    return zwlr_virtual_pointer_manager_v1;
  }

  /** Create a new virtual pointer */
  createVirtualPointer(seat: WlSeatProxy | null): ZwlrVirtualPointerV1Proxy {
    const seatId = this.reference(seat);
    const message = this.request(0, 1);
    const created = this.create(ZwlrVirtualPointerV1Proxy, this.version, undefined);
    if (message !== undefined) {
      message.uint(seatId);
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  /**
   * destroy the virtual pointer manager
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /**
   * Create a new virtual pointer
   * Since version 2.
   */
  createVirtualPointerWithOutput(seat: WlSeatProxy | null, output: WlOutputProxy | null): ZwlrVirtualPointerV1Proxy {
    const seatId = this.reference(seat);
    const outputId = this.reference(output);
    const message = this.request(2, 2);
    const created = this.create(ZwlrVirtualPointerV1Proxy, this.version, undefined);
    if (message !== undefined) {
      message.uint(seatId);
      message.uint(outputId);
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}
