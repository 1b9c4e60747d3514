// Generated from protocols/ext-session-lock.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlOutputProxy, WlOutputResource, WlSurfaceProxy, WlSurfaceResource } from './wayland.js';

/** used to lock the session */
export const ext_session_lock_manager_v1: Interface = {
  name: 'ext_session_lock_manager_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'lock', since: 1, signature: 'n', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of ext_session_lock_manager_v1. */
export interface ExtSessionLockManagerV1Requests {
  /**
   * destroy the session lock manager object
   * Destroys the object.
   */
  destroy(resource: ExtSessionLockManagerV1Resource): void;
  /** attempt to lock the session */
  lock(resource: ExtSessionLockManagerV1Resource, id: ExtSessionLockV1Resource): void;
}

/** A client's ext_session_lock_manager_v1, as the server holds it. */
export class ExtSessionLockManagerV1Resource extends Resource<ExtSessionLockManagerV1Requests> {
  static readonly interface: Interface = ext_session_lock_manager_v1;

  override get interface(): Interface {
    return ext_session_lock_manager_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(ExtSessionLockV1Resource, message.uint());
        message.end();
        this.handler.lock(this, id);
        return;
      }
    }
  }
}

/** A server's ext_session_lock_manager_v1, as the client holds it. */
export class ExtSessionLockManagerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = ext_session_lock_manager_v1;

  override get interface(): Interface {
    return ext_session_lock_manager_v1;
  }

  /**
   * destroy the session lock manager object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** attempt to lock the session */
  lock(handler: ExtSessionLockV1Events): ExtSessionLockV1Proxy {
    const message = this.request(1, 1);
    const created = this.create(ExtSessionLockV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** manage lock state and create lock surfaces */
export const ext_session_lock_v1: Interface = {
  name: 'ext_session_lock_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'get_lock_surface', since: 1, signature: 'noo', destructor: false },
    { name: 'unlock_and_destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'locked', since: 1, signature: '', destructor: false },
    { name: 'finished', since: 1, signature: '', destructor: false },
  ],
  get errors() { return ExtSessionLockV1Error; },
};

export const ExtSessionLockV1Error = {
  /** attempted to destroy session lock while locked */
  invalid_destroy: 0,
  /** unlock requested but locked event was never sent */
  invalid_unlock: 1,
  /** given wl_surface already has a role */
  role: 2,
  /** given output already has a lock surface */
  duplicate_output: 3,
  /** given wl_surface has a buffer attached or committed */
  already_constructed: 4,
} as const;
export type ExtSessionLockV1Error = (typeof ExtSessionLockV1Error)[keyof typeof ExtSessionLockV1Error];

/** What a server does with the requests of ext_session_lock_v1. */
export interface ExtSessionLockV1Requests {
  /**
   * destroy the session lock
   * Destroys the object.
   */
  destroy(resource: ExtSessionLockV1Resource): void;
  /** create a lock surface for a given output */
  getLockSurface(resource: ExtSessionLockV1Resource, id: ExtSessionLockSurfaceV1Resource, surface: WlSurfaceResource, output: WlOutputResource): void;
  /**
   * unlock the session, destroying the object
   * Destroys the object.
   */
  unlockAndDestroy(resource: ExtSessionLockV1Resource): void;
}

/** A client's ext_session_lock_v1, as the server holds it. */
export class ExtSessionLockV1Resource extends Resource<ExtSessionLockV1Requests, ExtSessionLockV1Error> {
  static readonly interface: Interface = ext_session_lock_v1;

  override get interface(): Interface {
    return ext_session_lock_v1;
  }

  /** session successfully locked */
  sendLocked(): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.end();
  }

  /** the session lock object should be destroyed */
  sendFinished(): void {
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
        const id = this.created(ExtSessionLockSurfaceV1Resource, message.uint());
        const surface = this.received(WlSurfaceResource, message.uint());
        const output = this.received(WlOutputResource, message.uint());
        message.end();
        this.handler.getLockSurface(this, id, surface, output);
        return;
      }
      case 2: {
        message.end();
        this.handler.unlockAndDestroy(this);
        return;
      }
    }
  }
}

/** What a client does with the events of ext_session_lock_v1. */
export interface ExtSessionLockV1Events {
  /** session successfully locked */
  locked(proxy: ExtSessionLockV1Proxy): void;
  /** the session lock object should be destroyed */
  finished(proxy: ExtSessionLockV1Proxy): void;
}

/** A server's ext_session_lock_v1, as the client holds it. */
export class ExtSessionLockV1Proxy extends ObjectProxy<ExtSessionLockV1Events> {
  static readonly interface: Interface = ext_session_lock_v1;

  override get interface(): Interface {
    return ext_session_lock_v1;
  }

  /**
   * destroy the session lock
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** create a lock surface for a given output */
  getLockSurface(surface: WlSurfaceProxy, output: WlOutputProxy, handler: ExtSessionLockSurfaceV1Events): ExtSessionLockSurfaceV1Proxy {
    const surfaceId = this.reference(surface);
    const outputId = this.reference(output);
    const message = this.request(1, 1);
    const created = this.create(ExtSessionLockSurfaceV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(surfaceId);
      message.uint(outputId);
      message.end();
    }
    return created;
  }

  /**
   * unlock the session, destroying the object
   * Destroys the object.
   */
  unlockAndDestroy(): void {
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
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
        if (this.wanted) this.handler.finished(this);
        return;
      }
    }
  }
}

/** a surface displayed while the session is locked */
export const ext_session_lock_surface_v1: Interface = {
  name: 'ext_session_lock_surface_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'ack_configure', since: 1, signature: 'u', destructor: false },
  ],
  events: [
    { name: 'configure', since: 1, signature: 'uuu', destructor: false },
  ],
  get errors() { return ExtSessionLockSurfaceV1Error; },
};

export const ExtSessionLockSurfaceV1Error = {
  /** surface committed before first ack_configure request */
  commit_before_first_ack: 0,
  /** surface committed with a null buffer */
  null_buffer: 1,
  /** failed to match ack'd width/height */
  dimensions_mismatch: 2,
  /** serial provided in ack_configure is invalid */
  invalid_serial: 3,
} as const;
export type ExtSessionLockSurfaceV1Error = (typeof ExtSessionLockSurfaceV1Error)[keyof typeof ExtSessionLockSurfaceV1Error];

/** What a server does with the requests of ext_session_lock_surface_v1. */
export interface ExtSessionLockSurfaceV1Requests {
  /**
   * destroy the lock surface object
   * Destroys the object.
   */
  destroy(resource: ExtSessionLockSurfaceV1Resource): void;
  /**
   * ack a configure event
   * @param serial serial from the configure event
   */
  ackConfigure(resource: ExtSessionLockSurfaceV1Resource, serial: number): void;
}

/** A client's ext_session_lock_surface_v1, as the server holds it. */
export class ExtSessionLockSurfaceV1Resource extends Resource<ExtSessionLockSurfaceV1Requests, ExtSessionLockSurfaceV1Error> {
  static readonly interface: Interface = ext_session_lock_surface_v1;

  override get interface(): Interface {
    return ext_session_lock_surface_v1;
  }

  /**
   * the client should resize its surface
   * @param serial serial for use in ack_configure
   */
  sendConfigure(serial: number, width: number, height: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(width);
    message.uint(height);
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
        const serial = message.uint();
        message.end();
        this.handler.ackConfigure(this, serial);
        return;
      }
    }
  }
}

/** What a client does with the events of ext_session_lock_surface_v1. */
export interface ExtSessionLockSurfaceV1Events {
  /**
   * the client should resize its surface
   * @param serial serial for use in ack_configure
   */
  configure(proxy: ExtSessionLockSurfaceV1Proxy, serial: number, width: number, height: number): void;
}

/** A server's ext_session_lock_surface_v1, as the client holds it. */
export class ExtSessionLockSurfaceV1Proxy extends ObjectProxy<ExtSessionLockSurfaceV1Events> {
  static readonly interface: Interface = ext_session_lock_surface_v1;

  override get interface(): Interface {
    return ext_session_lock_surface_v1;
  }

  /**
   * destroy the lock surface object
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
   * ack a configure event
   * @param serial serial from the configure event
   */
  ackConfigure(serial: number): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.uint(serial);
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
    }
  }
}
