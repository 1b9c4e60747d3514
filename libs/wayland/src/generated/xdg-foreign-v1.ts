// Generated from protocols/xdg-foreign-v1.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlSurfaceProxy, WlSurfaceResource } from './wayland.js';

/** interface for exporting surfaces */
export const zxdg_exporter_v1: Interface = {
  name: 'zxdg_exporter_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'export', since: 1, signature: 'no', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of zxdg_exporter_v1. */
export interface ZxdgExporterV1Requests {
  /**
   * destroy the xdg_exporter object
   * Destroys the object.
   */
  destroy(resource: ZxdgExporterV1Resource): void;
  /**
   * export a surface
   * @param id the new xdg_exported object
   * @param surface the surface to export
   */
  export(resource: ZxdgExporterV1Resource, id: ZxdgExportedV1Resource, surface: WlSurfaceResource): void;
}

/** A client's zxdg_exporter_v1, as the server holds it. */
export class ZxdgExporterV1Resource extends Resource<ZxdgExporterV1Requests> {
  static readonly interface: Interface = zxdg_exporter_v1;

  override get interface(): Interface {
    return zxdg_exporter_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(ZxdgExportedV1Resource, message.uint());
        const surface = this.received(WlSurfaceResource, message.uint());
        message.end();
        this.handler.export(this, id, surface);
        return;
      }
    }
  }
}

/** A server's zxdg_exporter_v1, as the client holds it. */
export class ZxdgExporterV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zxdg_exporter_v1;

  override get interface(): Interface {
    return zxdg_exporter_v1;
  }

  /**
   * destroy the xdg_exporter object
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
   * export a surface
   * @param surface the surface to export
   */
  export(surface: WlSurfaceProxy, handler: ZxdgExportedV1Events): ZxdgExportedV1Proxy {
    const surfaceId = this.reference(surface);
    const message = this.request(1, 1);
    const created = this.create(ZxdgExportedV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(surfaceId);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** interface for importing surfaces */
export const zxdg_importer_v1: Interface = {
  name: 'zxdg_importer_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'import', since: 1, signature: 'ns', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of zxdg_importer_v1. */
export interface ZxdgImporterV1Requests {
  /**
   * destroy the xdg_importer object
   * Destroys the object.
   */
  destroy(resource: ZxdgImporterV1Resource): void;
  /**
   * import a surface
   * @param id the new xdg_imported object
   * @param handle the exported surface handle
   */
  import(resource: ZxdgImporterV1Resource, id: ZxdgImportedV1Resource, handle: string): void;
}

/** A client's zxdg_importer_v1, as the server holds it. */
export class ZxdgImporterV1Resource extends Resource<ZxdgImporterV1Requests> {
  static readonly interface: Interface = zxdg_importer_v1;

  override get interface(): Interface {
    return zxdg_importer_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(ZxdgImportedV1Resource, message.uint());
        const handle = message.string();
        message.end();
        this.handler.import(this, id, handle);
        return;
      }
    }
  }
}

/** A server's zxdg_importer_v1, as the client holds it. */
export class ZxdgImporterV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zxdg_importer_v1;

  override get interface(): Interface {
    return zxdg_importer_v1;
  }

  /**
   * destroy the xdg_importer object
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
   * import a surface
   * @param handle the exported surface handle
   */
  import(handle: string, handler: ZxdgImportedV1Events): ZxdgImportedV1Proxy {
    const message = this.request(1, 1);
    const created = this.create(ZxdgImportedV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.string(handle);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** an exported surface handle */
export const zxdg_exported_v1: Interface = {
  name: 'zxdg_exported_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'handle', since: 1, signature: 's', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of zxdg_exported_v1. */
export interface ZxdgExportedV1Requests {
  /**
   * unexport the exported surface
   * Destroys the object.
   */
  destroy(resource: ZxdgExportedV1Resource): void;
}

/** A client's zxdg_exported_v1, as the server holds it. */
export class ZxdgExportedV1Resource extends Resource<ZxdgExportedV1Requests> {
  static readonly interface: Interface = zxdg_exported_v1;

  override get interface(): Interface {
    return zxdg_exported_v1;
  }

  /**
   * the exported surface handle
   * @param handle the exported surface handle
   */
  sendHandle(handle: string): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.string(handle);
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

/** What a client does with the events of zxdg_exported_v1. */
export interface ZxdgExportedV1Events {
  /**
   * the exported surface handle
   * @param handle the exported surface handle
   */
  handle(proxy: ZxdgExportedV1Proxy, handle: string): void;
}

/** A server's zxdg_exported_v1, as the client holds it. */
export class ZxdgExportedV1Proxy extends ObjectProxy<ZxdgExportedV1Events> {
  static readonly interface: Interface = zxdg_exported_v1;

  override get interface(): Interface {
    return zxdg_exported_v1;
  }

  /**
   * unexport the exported surface
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
        const handle = message.string();
        message.end();
        if (this.wanted) this.handler.handle(this, handle);
        return;
      }
    }
  }
}

/** an imported surface handle */
export const zxdg_imported_v1: Interface = {
  name: 'zxdg_imported_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'set_parent_of', since: 1, signature: 'o', destructor: false },
  ],
  events: [
    { name: 'destroyed', since: 1, signature: '', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of zxdg_imported_v1. */
export interface ZxdgImportedV1Requests {
  /**
   * destroy the xdg_imported object
   * Destroys the object.
   */
  destroy(resource: ZxdgImportedV1Resource): void;
  /**
   * set as the parent of some surface
   * @param surface the child surface
   */
  setParentOf(resource: ZxdgImportedV1Resource, surface: WlSurfaceResource): void;
}

/** A client's zxdg_imported_v1, as the server holds it. */
export class ZxdgImportedV1Resource extends Resource<ZxdgImportedV1Requests> {
  static readonly interface: Interface = zxdg_imported_v1;

  override get interface(): Interface {
    return zxdg_imported_v1;
  }

  /** the imported surface handle has been destroyed */
  sendDestroyed(): void {
    const message = this.event(0, 1);
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
        const surface = this.received(WlSurfaceResource, message.uint());
        message.end();
        this.handler.setParentOf(this, surface);
        return;
      }
    }
  }
}

/** What a client does with the events of zxdg_imported_v1. */
export interface ZxdgImportedV1Events {
  /** the imported surface handle has been destroyed */
  destroyed(proxy: ZxdgImportedV1Proxy): void;
}

/** A server's zxdg_imported_v1, as the client holds it. */
export class ZxdgImportedV1Proxy extends ObjectProxy<ZxdgImportedV1Events> {
  static readonly interface: Interface = zxdg_imported_v1;

  override get interface(): Interface {
    return zxdg_imported_v1;
  }

  /**
   * destroy the xdg_imported object
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
   * set as the parent of some surface
   * @param surface the child surface
   */
  setParentOf(surface: WlSurfaceProxy): void {
    const surfaceId = this.reference(surface);
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.uint(surfaceId);
      message.end();
    }
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        if (this.wanted) this.handler.destroyed(this);
        return;
      }
    }
  }
}
