// Generated from protocols/relative-pointer.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlPointerProxy, WlPointerResource } from './wayland.js';

/** get relative pointer objects */
export const zwp_relative_pointer_manager_v1: Interface = {
  name: 'zwp_relative_pointer_manager_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'get_relative_pointer', since: 1, signature: 'no', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of zwp_relative_pointer_manager_v1. */
export interface ZwpRelativePointerManagerV1Requests {
  /**
   * destroy the relative pointer manager object
   * Destroys the object.
   */
  destroy(resource: ZwpRelativePointerManagerV1Resource): void;
  /** get a relative pointer object */
  getRelativePointer(resource: ZwpRelativePointerManagerV1Resource, id: ZwpRelativePointerV1Resource, pointer: WlPointerResource): void;
}

/** A client's zwp_relative_pointer_manager_v1, as the server holds it. */
export class ZwpRelativePointerManagerV1Resource extends Resource<ZwpRelativePointerManagerV1Requests> {
  static readonly interface: Interface = zwp_relative_pointer_manager_v1;

  override get interface(): Interface {
    return zwp_relative_pointer_manager_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(ZwpRelativePointerV1Resource, message.uint());
        const pointer = this.received(WlPointerResource, message.uint());
        message.end();
        this.handler.getRelativePointer(this, id, pointer);
        return;
      }
    }
  }
}

/** A server's zwp_relative_pointer_manager_v1, as the client holds it. */
export class ZwpRelativePointerManagerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zwp_relative_pointer_manager_v1;

  override get interface(): Interface {
    return zwp_relative_pointer_manager_v1;
  }

  /**
   * destroy the relative pointer manager object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** get a relative pointer object */
  getRelativePointer(pointer: WlPointerProxy, handler: ZwpRelativePointerV1Events): ZwpRelativePointerV1Proxy {
    const pointerId = this.reference(pointer);
    const message = this.request(1, 1);
    const created = this.create(ZwpRelativePointerV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(pointerId);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** relative pointer object */
export const zwp_relative_pointer_v1: Interface = {
  name: 'zwp_relative_pointer_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'relative_motion', since: 1, signature: 'uuffff', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of zwp_relative_pointer_v1. */
export interface ZwpRelativePointerV1Requests {
  /**
   * release the relative pointer object
   * Destroys the object.
   */
  destroy(resource: ZwpRelativePointerV1Resource): void;
}

/** A client's zwp_relative_pointer_v1, as the server holds it. */
export class ZwpRelativePointerV1Resource extends Resource<ZwpRelativePointerV1Requests> {
  static readonly interface: Interface = zwp_relative_pointer_v1;

  override get interface(): Interface {
    return zwp_relative_pointer_v1;
  }

  /**
   * relative pointer motion
   * @param utimeHi high 32 bits of a 64 bit timestamp with microsecond granularity
   * @param utimeLo low 32 bits of a 64 bit timestamp with microsecond granularity
   * @param dx the x component of the motion vector
   * @param dy the y component of the motion vector
   * @param dxUnaccel the x component of the unaccelerated motion vector
   * @param dyUnaccel the y component of the unaccelerated motion vector
   */
  sendRelativeMotion(utimeHi: number, utimeLo: number, dx: number, dy: number, dxUnaccel: number, dyUnaccel: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(utimeHi);
    message.uint(utimeLo);
    message.fixed(dx);
    message.fixed(dy);
    message.fixed(dxUnaccel);
    message.fixed(dyUnaccel);
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

/** What a client does with the events of zwp_relative_pointer_v1. */
export interface ZwpRelativePointerV1Events {
  /**
   * relative pointer motion
   * @param utimeHi high 32 bits of a 64 bit timestamp with microsecond granularity
   * @param utimeLo low 32 bits of a 64 bit timestamp with microsecond granularity
   * @param dx the x component of the motion vector
   * @param dy the y component of the motion vector
   * @param dxUnaccel the x component of the unaccelerated motion vector
   * @param dyUnaccel the y component of the unaccelerated motion vector
   */
  relativeMotion(proxy: ZwpRelativePointerV1Proxy, utimeHi: number, utimeLo: number, dx: number, dy: number, dxUnaccel: number, dyUnaccel: number): void;
}

/** A server's zwp_relative_pointer_v1, as the client holds it. */
export class ZwpRelativePointerV1Proxy extends ObjectProxy<ZwpRelativePointerV1Events> {
  static readonly interface: Interface = zwp_relative_pointer_v1;

  override get interface(): Interface {
    return zwp_relative_pointer_v1;
  }

  /**
   * release the relative pointer object
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
        const utimeHi = message.uint();
        const utimeLo = message.uint();
        const dx = message.fixed();
        const dy = message.fixed();
        const dxUnaccel = message.fixed();
        const dyUnaccel = message.fixed();
        message.end();
        if (this.wanted) this.handler.relativeMotion(this, utimeHi, utimeLo, dx, dy, dxUnaccel, dyUnaccel);
        return;
      }
    }
  }
}
