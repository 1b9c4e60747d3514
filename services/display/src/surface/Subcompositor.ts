import {
  WlSubcompositorError,
  type WlSubcompositorRequests,
  type WlSubcompositorResource,
  type WlSubsurfaceResource,
  type WlSurfaceResource,
} from '@switchyard/wayland';
import { Subsurface } from './Subsurface.js';
import type { Surface } from './Surface.js';

/** Real windows nest three deep (a browser's video controls); each level costs a call in every walk. */
const maxDepth = 32;

/** The wl_subcompositor global. */
export class Subcompositor implements WlSubcompositorRequests {
  getSubsurface(
    subcompositor: WlSubcompositorResource,
    id: WlSubsurfaceResource,
    surfaceResource: WlSurfaceResource,
    parentResource: WlSurfaceResource,
  ): void {
    const surface = surfaceResource.handler as Surface;
    const parent = parentResource.handler as Surface;
    const fault = this.#fault(surface, parent);
    if (fault) {
      subcompositor.postError(WlSubcompositorError.bad_surface, `${surfaceResource} ${fault}`);
      id.implement({
        setPosition() {},
        placeAbove() {},
        placeBelow() {},
        setSync() {},
        setDesync() {},
        destroy() {},
      });
      return;
    }
    const subsurface = new Subsurface(id, surface, parent);
    surface.setRole(subsurface);
    id.implement(subsurface);
  }

  destroy(): void {}

  #fault(surface: Surface, parent: Surface): string | undefined {
    if (surface.role) return `already has the role ${surface.roleName}`;
    if (surface.roleName !== undefined && surface.roleName !== 'subsurface')
      return `has had the role ${surface.roleName}`;
    let depth = 1;
    for (let above: Surface | undefined = parent; above; above = above.role?.parentSurface) {
      if (above === surface) return 'would be its own ancestor';
      depth++;
    }
    if (depth + height(surface) > maxDepth) return `would be more than ${maxDepth} levels deep`;
    return undefined;
  }
}

function height(surface: Surface): number {
  let most = 0;
  for (const child of surface.pendingOrder) if (child !== surface) most = Math.max(most, height(child) + 1);
  return most;
}
