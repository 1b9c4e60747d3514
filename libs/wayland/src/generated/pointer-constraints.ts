// Generated from protocols/pointer-constraints.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlPointerProxy, WlPointerResource, WlRegionProxy, WlRegionResource, WlSurfaceProxy, WlSurfaceResource } from './wayland.js';

/** constrain the movement of a pointer */
export const zwp_pointer_constraints_v1: Interface = {
  name: 'zwp_pointer_constraints_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'lock_pointer', since: 1, signature: 'noo?ou', destructor: false },
    { name: 'confine_pointer', since: 1, signature: 'noo?ou', destructor: false },
  ],
  events: [
  ],
  get errors() { return ZwpPointerConstraintsV1Error; },
};

/** wp_pointer_constraints error values */
export const ZwpPointerConstraintsV1Error = {
  /** pointer constraint already requested on that surface */
  already_constrained: 1,
} as const;
export type ZwpPointerConstraintsV1Error = (typeof ZwpPointerConstraintsV1Error)[keyof typeof ZwpPointerConstraintsV1Error];

/** constraint lifetime */
export const ZwpPointerConstraintsV1Lifetime = {
  oneshot: 1,
  persistent: 2,
} as const;
export type ZwpPointerConstraintsV1Lifetime = (typeof ZwpPointerConstraintsV1Lifetime)[keyof typeof ZwpPointerConstraintsV1Lifetime];

/** What a server does with the requests of zwp_pointer_constraints_v1. */
export interface ZwpPointerConstraintsV1Requests {
  /**
   * destroy the pointer constraints manager object
   * Destroys the object.
   */
  destroy(resource: ZwpPointerConstraintsV1Resource): void;
  /**
   * lock pointer to a position
   * @param surface surface to lock pointer to
   * @param pointer the pointer that should be locked
   * @param region region of surface
   * @param lifetime lock lifetime; see ZwpPointerConstraintsV1Lifetime
   */
  lockPointer(resource: ZwpPointerConstraintsV1Resource, id: ZwpLockedPointerV1Resource, surface: WlSurfaceResource, pointer: WlPointerResource, region: WlRegionResource | null, lifetime: number): void;
  /**
   * confine pointer to a region
   * @param surface surface to lock pointer to
   * @param pointer the pointer that should be confined
   * @param region region of surface
   * @param lifetime confinement lifetime; see ZwpPointerConstraintsV1Lifetime
   */
  confinePointer(resource: ZwpPointerConstraintsV1Resource, id: ZwpConfinedPointerV1Resource, surface: WlSurfaceResource, pointer: WlPointerResource, region: WlRegionResource | null, lifetime: number): void;
}

/** A client's zwp_pointer_constraints_v1, as the server holds it. */
export class ZwpPointerConstraintsV1Resource extends Resource<ZwpPointerConstraintsV1Requests, ZwpPointerConstraintsV1Error> {
  static readonly interface: Interface = zwp_pointer_constraints_v1;

  override get interface(): Interface {
    return zwp_pointer_constraints_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(ZwpLockedPointerV1Resource, message.uint());
        const surface = this.received(WlSurfaceResource, message.uint());
        const pointer = this.received(WlPointerResource, message.uint());
        const region = this.receivedOrNull(WlRegionResource, message.uint());
        const lifetime = message.uint();
        message.end();
        this.handler.lockPointer(this, id, surface, pointer, region, lifetime);
        return;
      }
      case 2: {
        const id = this.created(ZwpConfinedPointerV1Resource, message.uint());
        const surface = this.received(WlSurfaceResource, message.uint());
        const pointer = this.received(WlPointerResource, message.uint());
        const region = this.receivedOrNull(WlRegionResource, message.uint());
        const lifetime = message.uint();
        message.end();
        this.handler.confinePointer(this, id, surface, pointer, region, lifetime);
        return;
      }
    }
  }
}

/** A server's zwp_pointer_constraints_v1, as the client holds it. */
export class ZwpPointerConstraintsV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zwp_pointer_constraints_v1;

  override get interface(): Interface {
    return zwp_pointer_constraints_v1;
  }

  /**
   * destroy the pointer constraints manager object
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
   * lock pointer to a position
   * @param surface surface to lock pointer to
   * @param pointer the pointer that should be locked
   * @param region region of surface
   * @param lifetime lock lifetime
   */
  lockPointer(surface: WlSurfaceProxy, pointer: WlPointerProxy, region: WlRegionProxy | null, lifetime: ZwpPointerConstraintsV1Lifetime, handler: ZwpLockedPointerV1Events): ZwpLockedPointerV1Proxy {
    const surfaceId = this.reference(surface);
    const pointerId = this.reference(pointer);
    const regionId = this.reference(region);
    const message = this.request(1, 1);
    const created = this.create(ZwpLockedPointerV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(surfaceId);
      message.uint(pointerId);
      message.uint(regionId);
      message.uint(lifetime);
      message.end();
    }
    return created;
  }

  /**
   * confine pointer to a region
   * @param surface surface to lock pointer to
   * @param pointer the pointer that should be confined
   * @param region region of surface
   * @param lifetime confinement lifetime
   */
  confinePointer(surface: WlSurfaceProxy, pointer: WlPointerProxy, region: WlRegionProxy | null, lifetime: ZwpPointerConstraintsV1Lifetime, handler: ZwpConfinedPointerV1Events): ZwpConfinedPointerV1Proxy {
    const surfaceId = this.reference(surface);
    const pointerId = this.reference(pointer);
    const regionId = this.reference(region);
    const message = this.request(2, 1);
    const created = this.create(ZwpConfinedPointerV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(surfaceId);
      message.uint(pointerId);
      message.uint(regionId);
      message.uint(lifetime);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** receive relative pointer motion events */
export const zwp_locked_pointer_v1: Interface = {
  name: 'zwp_locked_pointer_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'set_cursor_position_hint', since: 1, signature: 'ff', destructor: false },
    { name: 'set_region', since: 1, signature: '?o', destructor: false },
  ],
  events: [
    { name: 'locked', since: 1, signature: '', destructor: false },
    { name: 'unlocked', since: 1, signature: '', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of zwp_locked_pointer_v1. */
export interface ZwpLockedPointerV1Requests {
  /**
   * destroy the locked pointer object
   * Destroys the object.
   */
  destroy(resource: ZwpLockedPointerV1Resource): void;
  /**
   * set the pointer cursor position hint
   * @param surfaceX surface-local x coordinate
   * @param surfaceY surface-local y coordinate
   */
  setCursorPositionHint(resource: ZwpLockedPointerV1Resource, surfaceX: number, surfaceY: number): void;
  /**
   * set a new lock region
   * @param region region of surface
   */
  setRegion(resource: ZwpLockedPointerV1Resource, region: WlRegionResource | null): void;
}

/** A client's zwp_locked_pointer_v1, as the server holds it. */
export class ZwpLockedPointerV1Resource extends Resource<ZwpLockedPointerV1Requests> {
  static readonly interface: Interface = zwp_locked_pointer_v1;

  override get interface(): Interface {
    return zwp_locked_pointer_v1;
  }

  /** lock activation event */
  sendLocked(): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.end();
  }

  /** lock deactivation event */
  sendUnlocked(): void {
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
        const surfaceX = message.fixed();
        const surfaceY = message.fixed();
        message.end();
        this.handler.setCursorPositionHint(this, surfaceX, surfaceY);
        return;
      }
      case 2: {
        const region = this.receivedOrNull(WlRegionResource, message.uint());
        message.end();
        this.handler.setRegion(this, region);
        return;
      }
    }
  }
}

/** What a client does with the events of zwp_locked_pointer_v1. */
export interface ZwpLockedPointerV1Events {
  /** lock activation event */
  locked(proxy: ZwpLockedPointerV1Proxy): void;
  /** lock deactivation event */
  unlocked(proxy: ZwpLockedPointerV1Proxy): void;
}

/** A server's zwp_locked_pointer_v1, as the client holds it. */
export class ZwpLockedPointerV1Proxy extends ObjectProxy<ZwpLockedPointerV1Events> {
  static readonly interface: Interface = zwp_locked_pointer_v1;

  override get interface(): Interface {
    return zwp_locked_pointer_v1;
  }

  /**
   * destroy the locked pointer object
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
   * set the pointer cursor position hint
   * @param surfaceX surface-local x coordinate
   * @param surfaceY surface-local y coordinate
   */
  setCursorPositionHint(surfaceX: number, surfaceY: number): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.fixed(surfaceX);
      message.fixed(surfaceY);
      message.end();
    }
  }

  /**
   * set a new lock region
   * @param region region of surface
   */
  setRegion(region: WlRegionProxy | null): void {
    const regionId = this.reference(region);
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.uint(regionId);
      message.end();
    }
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        if (this.wanted) this.handler.locked(this);
        return;
      }
      case 1: {
        message.end();
        if (this.wanted) this.handler.unlocked(this);
        return;
      }
    }
  }
}

/** confined pointer object */
export const zwp_confined_pointer_v1: Interface = {
  name: 'zwp_confined_pointer_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'set_region', since: 1, signature: '?o', destructor: false },
  ],
  events: [
    { name: 'confined', since: 1, signature: '', destructor: false },
    { name: 'unconfined', since: 1, signature: '', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of zwp_confined_pointer_v1. */
export interface ZwpConfinedPointerV1Requests {
  /**
   * destroy the confined pointer object
   * Destroys the object.
   */
  destroy(resource: ZwpConfinedPointerV1Resource): void;
  /**
   * set a new confine region
   * @param region region of surface
   */
  setRegion(resource: ZwpConfinedPointerV1Resource, region: WlRegionResource | null): void;
}

/** A client's zwp_confined_pointer_v1, as the server holds it. */
export class ZwpConfinedPointerV1Resource extends Resource<ZwpConfinedPointerV1Requests> {
  static readonly interface: Interface = zwp_confined_pointer_v1;

  override get interface(): Interface {
    return zwp_confined_pointer_v1;
  }

  /** pointer confined */
  sendConfined(): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.end();
  }

  /** pointer unconfined */
  sendUnconfined(): void {
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
        const region = this.receivedOrNull(WlRegionResource, message.uint());
        message.end();
        this.handler.setRegion(this, region);
        return;
      }
    }
  }
}

/** What a client does with the events of zwp_confined_pointer_v1. */
export interface ZwpConfinedPointerV1Events {
  /** pointer confined */
  confined(proxy: ZwpConfinedPointerV1Proxy): void;
  /** pointer unconfined */
  unconfined(proxy: ZwpConfinedPointerV1Proxy): void;
}

/** A server's zwp_confined_pointer_v1, as the client holds it. */
export class ZwpConfinedPointerV1Proxy extends ObjectProxy<ZwpConfinedPointerV1Events> {
  static readonly interface: Interface = zwp_confined_pointer_v1;

  override get interface(): Interface {
    return zwp_confined_pointer_v1;
  }

  /**
   * destroy the confined pointer object
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
   * set a new confine region
   * @param region region of surface
   */
  setRegion(region: WlRegionProxy | null): void {
    const regionId = this.reference(region);
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.uint(regionId);
      message.end();
    }
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        if (this.wanted) this.handler.confined(this);
        return;
      }
      case 1: {
        message.end();
        if (this.wanted) this.handler.unconfined(this);
        return;
      }
    }
  }
}
