// Generated from protocols/ext-image-capture-source.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { ExtForeignToplevelHandleV1Proxy, ExtForeignToplevelHandleV1Resource } from './ext-foreign-toplevel-list.js';
import { WlOutputProxy, WlOutputResource } from './wayland.js';

/** opaque image capture source object */
export const ext_image_capture_source_v1: Interface = {
  name: 'ext_image_capture_source_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of ext_image_capture_source_v1. */
export interface ExtImageCaptureSourceV1Requests {
  /**
   * delete this object
   * Destroys the object.
   */
  destroy(resource: ExtImageCaptureSourceV1Resource): void;
}

/** A client's ext_image_capture_source_v1, as the server holds it. */
export class ExtImageCaptureSourceV1Resource extends Resource<ExtImageCaptureSourceV1Requests> {
  static readonly interface: Interface = ext_image_capture_source_v1;

  override get interface(): Interface {
    return ext_image_capture_source_v1;
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

/** A server's ext_image_capture_source_v1, as the client holds it. */
export class ExtImageCaptureSourceV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = ext_image_capture_source_v1;

  override get interface(): Interface {
    return ext_image_capture_source_v1;
  }

  /**
   * delete this object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(): void {}
}

/** image capture source manager for outputs */
export const ext_output_image_capture_source_manager_v1: Interface = {
  name: 'ext_output_image_capture_source_manager_v1',
  version: 1,
  requests: [
    { name: 'create_source', since: 1, signature: 'no', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of ext_output_image_capture_source_manager_v1. */
export interface ExtOutputImageCaptureSourceManagerV1Requests {
  /** create source object for output */
  createSource(resource: ExtOutputImageCaptureSourceManagerV1Resource, source: ExtImageCaptureSourceV1Resource, output: WlOutputResource): void;
  /**
   * delete this object
   * Destroys the object.
   */
  destroy(resource: ExtOutputImageCaptureSourceManagerV1Resource): void;
}

/** A client's ext_output_image_capture_source_manager_v1, as the server holds it. */
export class ExtOutputImageCaptureSourceManagerV1Resource extends Resource<ExtOutputImageCaptureSourceManagerV1Requests> {
  static readonly interface: Interface = ext_output_image_capture_source_manager_v1;

  override get interface(): Interface {
    return ext_output_image_capture_source_manager_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const source = this.created(ExtImageCaptureSourceV1Resource, message.uint());
        const output = this.received(WlOutputResource, message.uint());
        message.end();
        this.handler.createSource(this, source, output);
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

/** A server's ext_output_image_capture_source_manager_v1, as the client holds it. */
export class ExtOutputImageCaptureSourceManagerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = ext_output_image_capture_source_manager_v1;

  override get interface(): Interface {
    return ext_output_image_capture_source_manager_v1;
  }

  /** create source object for output */
  createSource(output: WlOutputProxy): ExtImageCaptureSourceV1Proxy {
    const outputId = this.reference(output);
    const message = this.request(0, 1);
    const created = this.create(ExtImageCaptureSourceV1Proxy, this.version, undefined);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(outputId);
      message.end();
    }
    return created;
  }

  /**
   * delete this object
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

/** image capture source manager for foreign toplevels */
export const ext_foreign_toplevel_image_capture_source_manager_v1: Interface = {
  name: 'ext_foreign_toplevel_image_capture_source_manager_v1',
  version: 1,
  requests: [
    { name: 'create_source', since: 1, signature: 'no', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of ext_foreign_toplevel_image_capture_source_manager_v1. */
export interface ExtForeignToplevelImageCaptureSourceManagerV1Requests {
  /** create source object for foreign toplevel */
  createSource(resource: ExtForeignToplevelImageCaptureSourceManagerV1Resource, source: ExtImageCaptureSourceV1Resource, toplevelHandle: ExtForeignToplevelHandleV1Resource): void;
  /**
   * delete this object
   * Destroys the object.
   */
  destroy(resource: ExtForeignToplevelImageCaptureSourceManagerV1Resource): void;
}

/** A client's ext_foreign_toplevel_image_capture_source_manager_v1, as the server holds it. */
export class ExtForeignToplevelImageCaptureSourceManagerV1Resource extends Resource<ExtForeignToplevelImageCaptureSourceManagerV1Requests> {
  static readonly interface: Interface = ext_foreign_toplevel_image_capture_source_manager_v1;

  override get interface(): Interface {
    return ext_foreign_toplevel_image_capture_source_manager_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const source = this.created(ExtImageCaptureSourceV1Resource, message.uint());
        const toplevelHandle = this.received(ExtForeignToplevelHandleV1Resource, message.uint());
        message.end();
        this.handler.createSource(this, source, toplevelHandle);
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

/** A server's ext_foreign_toplevel_image_capture_source_manager_v1, as the client holds it. */
export class ExtForeignToplevelImageCaptureSourceManagerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = ext_foreign_toplevel_image_capture_source_manager_v1;

  override get interface(): Interface {
    return ext_foreign_toplevel_image_capture_source_manager_v1;
  }

  /** create source object for foreign toplevel */
  createSource(toplevelHandle: ExtForeignToplevelHandleV1Proxy): ExtImageCaptureSourceV1Proxy {
    const toplevelHandleId = this.reference(toplevelHandle);
    const message = this.request(0, 1);
    const created = this.create(ExtImageCaptureSourceV1Proxy, this.version, undefined);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(toplevelHandleId);
      message.end();
    }
    return created;
  }

  /**
   * delete this object
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
