import { randomBytes } from 'node:crypto';
import {
  type WlSurfaceResource,
  type ZxdgExportedV1Resource,
  type ZxdgExportedV2Resource,
  type ZxdgExporterV1Requests,
  type ZxdgExporterV1Resource,
  ZxdgExporterV2Error,
  type ZxdgExporterV2Requests,
  type ZxdgExporterV2Resource,
  type ZxdgImportedV1Resource,
  ZxdgImportedV2Error,
  type ZxdgImportedV2Resource,
  type ZxdgImporterV1Requests,
  type ZxdgImporterV2Requests,
} from '@switchyard/wayland';
import { Surface } from '../surface/Surface.js';
import { XdgSurface } from './XdgSurface.js';
import { XdgToplevel } from './XdgToplevel.js';

/** Exports that a client may have at a time: a portal's dialog is one. */
const maxExports = 256;

/** What is exported, until the object or the window goes. */
interface Export {
  readonly toplevel: XdgToplevel;
  readonly imports: Set<Imported>;
}

/**
 * The exporter and importer globals of xdg-foreign, versions 1 and 2: a program (a portal, say) shows a dialog over
 * another one's window, by a handle that the other gave it. The handle is a secret: who has it may do that, and no more. It
 * counts within one session, since windows of two are never on the screen together.
 */
export class ForeignToplevels
  implements ZxdgExporterV1Requests, ZxdgExporterV2Requests, ZxdgImporterV1Requests, ZxdgImporterV2Requests
{
  readonly #exports = new Map<string, Export>();
  readonly #counts = new Map<object, number>();

  export(manager: ZxdgExporterV1Resource, id: ZxdgExportedV1Resource, surface: WlSurfaceResource): void {
    this.#export(manager, id, surface);
  }

  exportToplevel(
    manager: ZxdgExporterV2Resource,
    id: ZxdgExportedV2Resource,
    surface: WlSurfaceResource,
  ): void {
    this.#export(manager, id, surface);
  }

  import(_: unknown, id: ZxdgImportedV1Resource, handle: string): void {
    this.#import(id, handle);
  }

  importToplevel(_: unknown, id: ZxdgImportedV2Resource, handle: string): void {
    this.#import(id, handle);
  }

  destroy(): void {}

  #export(
    manager: ZxdgExporterV1Resource | ZxdgExporterV2Resource,
    id: ZxdgExportedV1Resource | ZxdgExportedV2Resource,
    surface: WlSurfaceResource,
  ): void {
    id.implement({ destroy() {} });
    const toplevel = toplevelOf(surface);
    const { client } = manager;
    if (!toplevel) {
      // Version 1 has no errors of its own; the number is the other's.
      client.postError(manager, ZxdgExporterV2Error.invalid_surface, `${surface} is no xdg_toplevel`);
      return;
    }
    const count = (this.#counts.get(client) ?? 0) + 1;
    if (count > maxExports) {
      client.postNoMemory();
      return;
    }
    this.#counts.set(client, count);
    const handle = randomBytes(16).toString('hex');
    const exported: Export = { toplevel, imports: new Set() };
    this.#exports.set(handle, exported);
    const end = (): void => {
      if (!this.#exports.delete(handle)) return;
      for (const imported of [...exported.imports]) imported.end();
    };
    const forget = toplevel.resource.onDestroy(end);
    id.onDestroy(() => {
      forget();
      end();
      const left = this.#counts.get(client)! - 1;
      if (left > 0) this.#counts.set(client, left);
      else this.#counts.delete(client);
    });
    id.sendHandle(handle);
  }

  #import(id: ZxdgImportedV1Resource | ZxdgImportedV2Resource, handle: string): void {
    const exported = this.#exports.get(handle);
    const imported = new Imported(id, exported?.toplevel);
    id.implement({
      setParentOf: (_: unknown, surface: WlSurfaceResource) => imported.setParentOf(surface),
      destroy() {},
    });
    if (!exported) {
      id.sendDestroyed();
      return;
    }
    exported.imports.add(imported);
    id.onDestroy(() => {
      exported.imports.delete(imported);
      imported.release();
    });
  }
}

/** A zxdg_imported: another program's window, as a parent of one's own. */
class Imported {
  readonly #resource: ZxdgImportedV1Resource | ZxdgImportedV2Resource;
  #toplevel: XdgToplevel | undefined;
  #child: XdgToplevel | undefined;

  constructor(resource: ZxdgImportedV1Resource | ZxdgImportedV2Resource, toplevel: XdgToplevel | undefined) {
    this.#resource = resource;
    this.#toplevel = toplevel;
  }

  setParentOf(surface: WlSurfaceResource): void {
    const child = toplevelOf(surface);
    if (!child) {
      const { client } = this.#resource;
      client.postError(this.#resource, ZxdgImportedV2Error.invalid_surface, `${surface} is no xdg_toplevel`);
      return;
    }
    const parent = this.#toplevel;
    if (!parent || child.xdgSurface.windows !== parent.xdgSurface.windows) return;
    for (let above: XdgToplevel | undefined = parent; above; above = above.parent)
      if (above === child) return;
    this.release();
    this.#child = child;
    child.setForeignParent(parent);
  }

  /** What was imported has gone. */
  end(): void {
    this.release();
    this.#toplevel = undefined;
    this.#resource.sendDestroyed();
  }

  /** The relation ends with either. */
  release(): void {
    const child = this.#child;
    this.#child = undefined;
    if (child && child.parent === this.#toplevel) child.setForeignParent(undefined);
  }
}

function toplevelOf(resource: WlSurfaceResource): XdgToplevel | undefined {
  const surface = resource.handler;
  const role = surface instanceof Surface ? surface.role : undefined;
  const toplevel = role instanceof XdgSurface ? role.role : undefined;
  return toplevel instanceof XdgToplevel ? toplevel : undefined;
}
