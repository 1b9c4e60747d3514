// Generated from protocols/pointer-gestures.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlPointerProxy, WlPointerResource, WlSurfaceProxy, WlSurfaceResource } from './wayland.js';

/** touchpad gestures */
export const zwp_pointer_gestures_v1: Interface = {
  name: 'zwp_pointer_gestures_v1',
  version: 3,
  requests: [
    { name: 'get_swipe_gesture', since: 1, signature: 'no', destructor: false },
    { name: 'get_pinch_gesture', since: 1, signature: 'no', destructor: false },
    { name: 'release', since: 2, signature: '', destructor: true },
    { name: 'get_hold_gesture', since: 3, signature: 'no', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of zwp_pointer_gestures_v1. */
export interface ZwpPointerGesturesV1Requests {
  /** get swipe gesture */
  getSwipeGesture(resource: ZwpPointerGesturesV1Resource, id: ZwpPointerGestureSwipeV1Resource, pointer: WlPointerResource): void;
  /** get pinch gesture */
  getPinchGesture(resource: ZwpPointerGesturesV1Resource, id: ZwpPointerGesturePinchV1Resource, pointer: WlPointerResource): void;
  /**
   * destroy the pointer gesture object
   * Since version 2.
   * Destroys the object.
   */
  release(resource: ZwpPointerGesturesV1Resource): void;
  /**
   * get hold gesture
   * Since version 3.
   */
  getHoldGesture(resource: ZwpPointerGesturesV1Resource, id: ZwpPointerGestureHoldV1Resource, pointer: WlPointerResource): void;
}

/** A client's zwp_pointer_gestures_v1, as the server holds it. */
export class ZwpPointerGesturesV1Resource extends Resource<ZwpPointerGesturesV1Requests> {
  static readonly interface: Interface = zwp_pointer_gestures_v1;

  override get interface(): Interface {
    return zwp_pointer_gestures_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const id = this.created(ZwpPointerGestureSwipeV1Resource, message.uint());
        const pointer = this.received(WlPointerResource, message.uint());
        message.end();
        this.handler.getSwipeGesture(this, id, pointer);
        return;
      }
      case 1: {
        const id = this.created(ZwpPointerGesturePinchV1Resource, message.uint());
        const pointer = this.received(WlPointerResource, message.uint());
        message.end();
        this.handler.getPinchGesture(this, id, pointer);
        return;
      }
      case 2: {
        message.end();
        this.handler.release(this);
        return;
      }
      case 3: {
        const id = this.created(ZwpPointerGestureHoldV1Resource, message.uint());
        const pointer = this.received(WlPointerResource, message.uint());
        message.end();
        this.handler.getHoldGesture(this, id, pointer);
        return;
      }
    }
  }
}

/** A server's zwp_pointer_gestures_v1, as the client holds it. */
export class ZwpPointerGesturesV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zwp_pointer_gestures_v1;

  override get interface(): Interface {
    return zwp_pointer_gestures_v1;
  }

  /** get swipe gesture */
  getSwipeGesture(pointer: WlPointerProxy, handler: ZwpPointerGestureSwipeV1Events): ZwpPointerGestureSwipeV1Proxy {
    const pointerId = this.reference(pointer);
    const message = this.request(0, 1);
    const created = this.create(ZwpPointerGestureSwipeV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(pointerId);
      message.end();
    }
    return created;
  }

  /** get pinch gesture */
  getPinchGesture(pointer: WlPointerProxy, handler: ZwpPointerGesturePinchV1Events): ZwpPointerGesturePinchV1Proxy {
    const pointerId = this.reference(pointer);
    const message = this.request(1, 1);
    const created = this.create(ZwpPointerGesturePinchV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(pointerId);
      message.end();
    }
    return created;
  }

  /**
   * destroy the pointer gesture object
   * Since version 2.
   * Destroys the object.
   */
  release(): void {
    const message = this.request(2, 2);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /**
   * get hold gesture
   * Since version 3.
   */
  getHoldGesture(pointer: WlPointerProxy, handler: ZwpPointerGestureHoldV1Events): ZwpPointerGestureHoldV1Proxy {
    const pointerId = this.reference(pointer);
    const message = this.request(3, 3);
    const created = this.create(ZwpPointerGestureHoldV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(pointerId);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** a swipe gesture object */
export const zwp_pointer_gesture_swipe_v1: Interface = {
  name: 'zwp_pointer_gesture_swipe_v1',
  version: 2,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'begin', since: 1, signature: 'uuou', destructor: false },
    { name: 'update', since: 1, signature: 'uff', destructor: false },
    { name: 'end', since: 1, signature: 'uui', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of zwp_pointer_gesture_swipe_v1. */
export interface ZwpPointerGestureSwipeV1Requests {
  /**
   * destroy the pointer swipe gesture object
   * Destroys the object.
   */
  destroy(resource: ZwpPointerGestureSwipeV1Resource): void;
}

/** A client's zwp_pointer_gesture_swipe_v1, as the server holds it. */
export class ZwpPointerGestureSwipeV1Resource extends Resource<ZwpPointerGestureSwipeV1Requests> {
  static readonly interface: Interface = zwp_pointer_gesture_swipe_v1;

  override get interface(): Interface {
    return zwp_pointer_gesture_swipe_v1;
  }

  /**
   * multi-finger swipe begin
   * @param time timestamp with millisecond granularity
   * @param fingers number of fingers
   */
  sendBegin(serial: number, time: number, surface: WlSurfaceResource, fingers: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(time);
    message.uint(this.reference(surface));
    message.uint(fingers);
    message.end();
  }

  /**
   * multi-finger swipe motion
   * @param time timestamp with millisecond granularity
   * @param dx delta x coordinate in surface coordinate space
   * @param dy delta y coordinate in surface coordinate space
   */
  sendUpdate(time: number, dx: number, dy: number): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(time);
    message.fixed(dx);
    message.fixed(dy);
    message.end();
  }

  /**
   * multi-finger swipe end
   * @param time timestamp with millisecond granularity
   * @param cancelled 1 if the gesture was cancelled, 0 otherwise
   */
  sendEnd(serial: number, time: number, cancelled: number): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(time);
    message.int(cancelled);
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

/** What a client does with the events of zwp_pointer_gesture_swipe_v1. */
export interface ZwpPointerGestureSwipeV1Events {
  /**
   * multi-finger swipe begin
   * @param time timestamp with millisecond granularity
   * @param fingers number of fingers
   */
  begin(proxy: ZwpPointerGestureSwipeV1Proxy, serial: number, time: number, surface: WlSurfaceProxy, fingers: number): void;
  /**
   * multi-finger swipe motion
   * @param time timestamp with millisecond granularity
   * @param dx delta x coordinate in surface coordinate space
   * @param dy delta y coordinate in surface coordinate space
   */
  update(proxy: ZwpPointerGestureSwipeV1Proxy, time: number, dx: number, dy: number): void;
  /**
   * multi-finger swipe end
   * @param time timestamp with millisecond granularity
   * @param cancelled 1 if the gesture was cancelled, 0 otherwise
   */
  end(proxy: ZwpPointerGestureSwipeV1Proxy, serial: number, time: number, cancelled: number): void;
}

/** A server's zwp_pointer_gesture_swipe_v1, as the client holds it. */
export class ZwpPointerGestureSwipeV1Proxy extends ObjectProxy<ZwpPointerGestureSwipeV1Events> {
  static readonly interface: Interface = zwp_pointer_gesture_swipe_v1;

  override get interface(): Interface {
    return zwp_pointer_gesture_swipe_v1;
  }

  /**
   * destroy the pointer swipe gesture object
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
        const serial = message.uint();
        const time = message.uint();
        const surface = this.received(WlSurfaceProxy, message.uint());
        const fingers = message.uint();
        message.end();
        if (this.wanted) this.handler.begin(this, serial, time, surface, fingers);
        return;
      }
      case 1: {
        const time = message.uint();
        const dx = message.fixed();
        const dy = message.fixed();
        message.end();
        if (this.wanted) this.handler.update(this, time, dx, dy);
        return;
      }
      case 2: {
        const serial = message.uint();
        const time = message.uint();
        const cancelled = message.int();
        message.end();
        if (this.wanted) this.handler.end(this, serial, time, cancelled);
        return;
      }
    }
  }
}

/** a pinch gesture object */
export const zwp_pointer_gesture_pinch_v1: Interface = {
  name: 'zwp_pointer_gesture_pinch_v1',
  version: 2,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'begin', since: 1, signature: 'uuou', destructor: false },
    { name: 'update', since: 1, signature: 'uffff', destructor: false },
    { name: 'end', since: 1, signature: 'uui', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of zwp_pointer_gesture_pinch_v1. */
export interface ZwpPointerGesturePinchV1Requests {
  /**
   * destroy the pinch gesture object
   * Destroys the object.
   */
  destroy(resource: ZwpPointerGesturePinchV1Resource): void;
}

/** A client's zwp_pointer_gesture_pinch_v1, as the server holds it. */
export class ZwpPointerGesturePinchV1Resource extends Resource<ZwpPointerGesturePinchV1Requests> {
  static readonly interface: Interface = zwp_pointer_gesture_pinch_v1;

  override get interface(): Interface {
    return zwp_pointer_gesture_pinch_v1;
  }

  /**
   * multi-finger pinch begin
   * @param time timestamp with millisecond granularity
   * @param fingers number of fingers
   */
  sendBegin(serial: number, time: number, surface: WlSurfaceResource, fingers: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(time);
    message.uint(this.reference(surface));
    message.uint(fingers);
    message.end();
  }

  /**
   * multi-finger pinch motion
   * @param time timestamp with millisecond granularity
   * @param dx delta x coordinate in surface coordinate space
   * @param dy delta y coordinate in surface coordinate space
   * @param scale scale relative to the initial finger position
   * @param rotation angle in degrees cw relative to the previous event
   */
  sendUpdate(time: number, dx: number, dy: number, scale: number, rotation: number): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(time);
    message.fixed(dx);
    message.fixed(dy);
    message.fixed(scale);
    message.fixed(rotation);
    message.end();
  }

  /**
   * multi-finger pinch end
   * @param time timestamp with millisecond granularity
   * @param cancelled 1 if the gesture was cancelled, 0 otherwise
   */
  sendEnd(serial: number, time: number, cancelled: number): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(time);
    message.int(cancelled);
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

/** What a client does with the events of zwp_pointer_gesture_pinch_v1. */
export interface ZwpPointerGesturePinchV1Events {
  /**
   * multi-finger pinch begin
   * @param time timestamp with millisecond granularity
   * @param fingers number of fingers
   */
  begin(proxy: ZwpPointerGesturePinchV1Proxy, serial: number, time: number, surface: WlSurfaceProxy, fingers: number): void;
  /**
   * multi-finger pinch motion
   * @param time timestamp with millisecond granularity
   * @param dx delta x coordinate in surface coordinate space
   * @param dy delta y coordinate in surface coordinate space
   * @param scale scale relative to the initial finger position
   * @param rotation angle in degrees cw relative to the previous event
   */
  update(proxy: ZwpPointerGesturePinchV1Proxy, time: number, dx: number, dy: number, scale: number, rotation: number): void;
  /**
   * multi-finger pinch end
   * @param time timestamp with millisecond granularity
   * @param cancelled 1 if the gesture was cancelled, 0 otherwise
   */
  end(proxy: ZwpPointerGesturePinchV1Proxy, serial: number, time: number, cancelled: number): void;
}

/** A server's zwp_pointer_gesture_pinch_v1, as the client holds it. */
export class ZwpPointerGesturePinchV1Proxy extends ObjectProxy<ZwpPointerGesturePinchV1Events> {
  static readonly interface: Interface = zwp_pointer_gesture_pinch_v1;

  override get interface(): Interface {
    return zwp_pointer_gesture_pinch_v1;
  }

  /**
   * destroy the pinch gesture object
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
        const serial = message.uint();
        const time = message.uint();
        const surface = this.received(WlSurfaceProxy, message.uint());
        const fingers = message.uint();
        message.end();
        if (this.wanted) this.handler.begin(this, serial, time, surface, fingers);
        return;
      }
      case 1: {
        const time = message.uint();
        const dx = message.fixed();
        const dy = message.fixed();
        const scale = message.fixed();
        const rotation = message.fixed();
        message.end();
        if (this.wanted) this.handler.update(this, time, dx, dy, scale, rotation);
        return;
      }
      case 2: {
        const serial = message.uint();
        const time = message.uint();
        const cancelled = message.int();
        message.end();
        if (this.wanted) this.handler.end(this, serial, time, cancelled);
        return;
      }
    }
  }
}

/** a hold gesture object */
export const zwp_pointer_gesture_hold_v1: Interface = {
  name: 'zwp_pointer_gesture_hold_v1',
  version: 3,
  requests: [
    { name: 'destroy', since: 3, signature: '', destructor: true },
  ],
  events: [
    { name: 'begin', since: 3, signature: 'uuou', destructor: false },
    { name: 'end', since: 3, signature: 'uui', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of zwp_pointer_gesture_hold_v1. */
export interface ZwpPointerGestureHoldV1Requests {
  /**
   * destroy the hold gesture object
   * Since version 3.
   * Destroys the object.
   */
  destroy(resource: ZwpPointerGestureHoldV1Resource): void;
}

/** A client's zwp_pointer_gesture_hold_v1, as the server holds it. */
export class ZwpPointerGestureHoldV1Resource extends Resource<ZwpPointerGestureHoldV1Requests> {
  static readonly interface: Interface = zwp_pointer_gesture_hold_v1;

  override get interface(): Interface {
    return zwp_pointer_gesture_hold_v1;
  }

  /**
   * multi-finger hold begin
   * Since version 3.
   * @param time timestamp with millisecond granularity
   * @param fingers number of fingers
   */
  sendBegin(serial: number, time: number, surface: WlSurfaceResource, fingers: number): void {
    const message = this.event(0, 3);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(time);
    message.uint(this.reference(surface));
    message.uint(fingers);
    message.end();
  }

  /**
   * multi-finger hold end
   * Since version 3.
   * @param time timestamp with millisecond granularity
   * @param cancelled 1 if the gesture was cancelled, 0 otherwise
   */
  sendEnd(serial: number, time: number, cancelled: number): void {
    const message = this.event(1, 3);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(time);
    message.int(cancelled);
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

/** What a client does with the events of zwp_pointer_gesture_hold_v1. */
export interface ZwpPointerGestureHoldV1Events {
  /**
   * multi-finger hold begin
   * Since version 3.
   * @param time timestamp with millisecond granularity
   * @param fingers number of fingers
   */
  begin(proxy: ZwpPointerGestureHoldV1Proxy, serial: number, time: number, surface: WlSurfaceProxy, fingers: number): void;
  /**
   * multi-finger hold end
   * Since version 3.
   * @param time timestamp with millisecond granularity
   * @param cancelled 1 if the gesture was cancelled, 0 otherwise
   */
  end(proxy: ZwpPointerGestureHoldV1Proxy, serial: number, time: number, cancelled: number): void;
}

/** A server's zwp_pointer_gesture_hold_v1, as the client holds it. */
export class ZwpPointerGestureHoldV1Proxy extends ObjectProxy<ZwpPointerGestureHoldV1Events> {
  static readonly interface: Interface = zwp_pointer_gesture_hold_v1;

  override get interface(): Interface {
    return zwp_pointer_gesture_hold_v1;
  }

  /**
   * destroy the hold gesture object
   * Since version 3.
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 3);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const serial = message.uint();
        const time = message.uint();
        const surface = this.received(WlSurfaceProxy, message.uint());
        const fingers = message.uint();
        message.end();
        if (this.wanted) this.handler.begin(this, serial, time, surface, fingers);
        return;
      }
      case 1: {
        const serial = message.uint();
        const time = message.uint();
        const cancelled = message.int();
        message.end();
        if (this.wanted) this.handler.end(this, serial, time, cancelled);
        return;
      }
    }
  }
}
