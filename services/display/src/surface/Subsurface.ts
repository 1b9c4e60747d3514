import {
  WlSubsurfaceError,
  type WlSubsurfaceRequests,
  type WlSubsurfaceResource,
  type WlSurfaceResource,
} from '@switchyard/wayland';
import { Surface } from './Surface.js';
import type { SurfaceRole } from './SurfaceRole.js';

/** A wl_subsurface: where its surface is in its parent, and whether its commits wait for the parent's. */
export class Subsurface implements SurfaceRole, WlSubsurfaceRequests {
  readonly name = 'subsurface';
  readonly surface: Surface;
  readonly resource: WlSubsurfaceResource;
  #parent: Surface | undefined;
  #sync = true;
  /** Relative to the parent surface. */
  x = 0;
  y = 0;
  #pendingX = 0;
  #pendingY = 0;

  /** The caller has given the surface this role. */
  constructor(resource: WlSubsurfaceResource, surface: Surface, parent: Surface) {
    this.resource = resource;
    this.surface = surface;
    this.#parent = parent;
    parent.pendingOrder.push(surface);
    resource.onDestroy(() => this.#detach());
  }

  get parentSurface(): Surface | undefined {
    return this.#parent;
  }
  get mapped(): boolean {
    return this.#parent?.mapped === true && this.#parent.order.includes(this.surface);
  }
  /** Its own mode, or an ancestor's. */
  get synchronized(): boolean {
    return this.#parent !== undefined && (this.#sync || this.#parent.role?.synchronized === true);
  }

  /** The parent's state is applied. True when the place changed. */
  applyPosition(): boolean {
    if (this.x === this.#pendingX && this.y === this.#pendingY) return false;
    this.x = this.#pendingX;
    this.y = this.#pendingY;
    return true;
  }

  setPosition(_: WlSubsurfaceResource, x: number, y: number): void {
    this.#pendingX = x;
    this.#pendingY = y;
  }

  placeAbove(_: WlSubsurfaceResource, sibling: WlSurfaceResource): void {
    this.#place(sibling, 1);
  }

  placeBelow(_: WlSubsurfaceResource, sibling: WlSurfaceResource): void {
    this.#place(sibling, 0);
  }

  setSync(): void {
    this.#sync = true;
  }

  setDesync(): void {
    if (!this.#sync) return;
    this.#sync = false;
    if (!this.synchronized) applyCachedTree(this.surface);
  }

  destroy(): void {}

  surfaceDestroyed(): void {
    this.#detach();
  }

  parentDestroyed(): void {
    this.#parent = undefined;
  }

  #place(siblingResource: WlSurfaceResource, above: 0 | 1): void {
    const sibling = siblingResource.handler;
    const parent = this.#parent;
    if (!parent) return;
    const order = parent.pendingOrder;
    if (!(sibling instanceof Surface) || sibling === this.surface || !order.includes(sibling)) {
      this.resource.postError(
        WlSubsurfaceError.bad_surface,
        `${siblingResource} is neither a sibling nor the parent`,
      );
      return;
    }
    order.splice(order.indexOf(this.surface), 1);
    order.splice(order.indexOf(sibling) + above, 0, this.surface);
  }

  /** Unmaps the surface at once; it keeps the role's name and may become a sub-surface again. */
  #detach(): void {
    const parent = this.#parent;
    if (this.surface.role !== this) return;
    this.surface.role = undefined;
    this.#parent = undefined;
    if (!parent) return;
    parent.pendingOrder = parent.pendingOrder.filter((surface) => surface !== this.surface);
    if (parent.order.includes(this.surface)) {
      parent.order = parent.order.filter((surface) => surface !== this.surface);
      parent.host.treeChanged(parent);
    }
    if (this.surface.cached.committed) this.surface.applyCached();
  }
}

/** What a surface and those below it had cached and need not wait for any more. */
function applyCachedTree(surface: Surface): void {
  surface.applyCached();
  for (const child of surface.order) {
    if (child !== surface && !child.role?.synchronized) applyCachedTree(child);
  }
}
