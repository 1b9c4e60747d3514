// Generated from protocols/xdg-foreign.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlSurfaceProxy, WlSurfaceResource } from './wayland.js';

/** interface for exporting surfaces */
export const zxdg_exporter_v2: Interface = {
  name: 'zxdg_exporter_v2',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'export_toplevel', since: 1, signature: 'no', destructor: false },
  ],
  events: [
  ],
  get errors() { return ZxdgExporterV2Error; },
};

/** error values */
export const ZxdgExporterV2Error = {
  /** surface is not an xdg_toplevel */
  invalid_surface: 0,
} as const;
export type ZxdgExporterV2Error = (typeof ZxdgExporterV2Error)[keyof typeof ZxdgExporterV2Error];

/** What a server does with the requests of zxdg_exporter_v2. */
export interface ZxdgExporterV2Requests {
  /**
   * destroy the xdg_exporter object
   * Destroys the object.
   */
  destroy(resource: ZxdgExporterV2Resource): void;
  /**
   * export a toplevel surface
   * @param id the new xdg_exported object
   * @param surface the surface to export
   */
  exportToplevel(resource: ZxdgExporterV2Resource, id: ZxdgExportedV2Resource, surface: WlSurfaceResource): void;
}

/** A client's zxdg_exporter_v2, as the server holds it. */
export class ZxdgExporterV2Resource extends Resource<ZxdgExporterV2Requests, ZxdgExporterV2Error> {
  static readonly interface: Interface = zxdg_exporter_v2;

  override get interface(): Interface {
    return zxdg_exporter_v2;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(ZxdgExportedV2Resource, message.uint());
        const surface = this.received(WlSurfaceResource, message.uint());
        message.end();
        this.handler.exportToplevel(this, id, surface);
        return;
      }
    }
  }
}

/** A server's zxdg_exporter_v2, as the client holds it. */
export class ZxdgExporterV2Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zxdg_exporter_v2;

  override get interface(): Interface {
    return zxdg_exporter_v2;
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
   * export a toplevel surface
   * @param surface the surface to export
   */
  exportToplevel(surface: WlSurfaceProxy, handler: ZxdgExportedV2Events): ZxdgExportedV2Proxy {
    const surfaceId = this.reference(surface);
    const message = this.request(1, 1);
    const created = this.create(ZxdgExportedV2Proxy, this.version, handler);
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
export const zxdg_importer_v2: Interface = {
  name: 'zxdg_importer_v2',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'import_toplevel', since: 1, signature: 'ns', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of zxdg_importer_v2. */
export interface ZxdgImporterV2Requests {
  /**
   * destroy the xdg_importer object
   * Destroys the object.
   */
  destroy(resource: ZxdgImporterV2Resource): void;
  /**
   * import a toplevel surface
   * @param id the new xdg_imported object
   * @param handle the exported surface handle
   */
  importToplevel(resource: ZxdgImporterV2Resource, id: ZxdgImportedV2Resource, handle: string): void;
}

/** A client's zxdg_importer_v2, as the server holds it. */
export class ZxdgImporterV2Resource extends Resource<ZxdgImporterV2Requests> {
  static readonly interface: Interface = zxdg_importer_v2;

  override get interface(): Interface {
    return zxdg_importer_v2;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(ZxdgImportedV2Resource, message.uint());
        const handle = message.string();
        message.end();
        this.handler.importToplevel(this, id, handle);
        return;
      }
    }
  }
}

/** A server's zxdg_importer_v2, as the client holds it. */
export class ZxdgImporterV2Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zxdg_importer_v2;

  override get interface(): Interface {
    return zxdg_importer_v2;
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
   * import a toplevel surface
   * @param handle the exported surface handle
   */
  importToplevel(handle: string, handler: ZxdgImportedV2Events): ZxdgImportedV2Proxy {
    const message = this.request(1, 1);
    const created = this.create(ZxdgImportedV2Proxy, this.version, handler);
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
export const zxdg_exported_v2: Interface = {
  name: 'zxdg_exported_v2',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'handle', since: 1, signature: 's', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of zxdg_exported_v2. */
export interface ZxdgExportedV2Requests {
  /**
   * unexport the exported surface
   * Destroys the object.
   */
  destroy(resource: ZxdgExportedV2Resource): void;
}

/** A client's zxdg_exported_v2, as the server holds it. */
export class ZxdgExportedV2Resource extends Resource<ZxdgExportedV2Requests> {
  static readonly interface: Interface = zxdg_exported_v2;

  override get interface(): Interface {
    return zxdg_exported_v2;
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

/** What a client does with the events of zxdg_exported_v2. */
export interface ZxdgExportedV2Events {
  /**
   * the exported surface handle
   * @param handle the exported surface handle
   */
  handle(proxy: ZxdgExportedV2Proxy, handle: string): void;
}

/** A server's zxdg_exported_v2, as the client holds it. */
export class ZxdgExportedV2Proxy extends ObjectProxy<ZxdgExportedV2Events> {
  static readonly interface: Interface = zxdg_exported_v2;

  override get interface(): Interface {
    return zxdg_exported_v2;
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
export const zxdg_imported_v2: Interface = {
  name: 'zxdg_imported_v2',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'set_parent_of', since: 1, signature: 'o', destructor: false },
  ],
  events: [
    { name: 'destroyed', since: 1, signature: '', destructor: false },
  ],
  get errors() { return ZxdgImportedV2Error; },
};

/** error values */
export const ZxdgImportedV2Error = {
  /** surface is not an xdg_toplevel */
  invalid_surface: 0,
} as const;
export type ZxdgImportedV2Error = (typeof ZxdgImportedV2Error)[keyof typeof ZxdgImportedV2Error];

/** What a server does with the requests of zxdg_imported_v2. */
export interface ZxdgImportedV2Requests {
  /**
   * destroy the xdg_imported object
   * Destroys the object.
   */
  destroy(resource: ZxdgImportedV2Resource): void;
  /**
   * set as the parent of some surface
   * @param surface the child surface
   */
  setParentOf(resource: ZxdgImportedV2Resource, surface: WlSurfaceResource): void;
}

/** A client's zxdg_imported_v2, as the server holds it. */
export class ZxdgImportedV2Resource extends Resource<ZxdgImportedV2Requests, ZxdgImportedV2Error> {
  static readonly interface: Interface = zxdg_imported_v2;

  override get interface(): Interface {
    return zxdg_imported_v2;
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

/** What a client does with the events of zxdg_imported_v2. */
export interface ZxdgImportedV2Events {
  /** the imported surface handle has been destroyed */
  destroyed(proxy: ZxdgImportedV2Proxy): void;
}

/** A server's zxdg_imported_v2, as the client holds it. */
export class ZxdgImportedV2Proxy extends ObjectProxy<ZxdgImportedV2Events> {
  static readonly interface: Interface = zxdg_imported_v2;

  override get interface(): Interface {
    return zxdg_imported_v2;
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
