import {
  type WlSurfaceResource,
  WpViewportError,
  WpViewporterError,
  type WpViewporterRequests,
  type WpViewporterResource,
  type WpViewportRequests,
  type WpViewportResource,
} from '@switchyard/wayland';
import type { MappingFault } from '../geometry/BufferMapping.js';
import type { Surface } from './Surface.js';

/** The wp_viewporter global. */
export class Viewporter implements WpViewporterRequests {
  getViewport(
    viewporter: WpViewporterResource,
    id: WpViewportResource,
    surfaceResource: WlSurfaceResource,
  ): void {
    const surface = surfaceResource.handler as Surface;
    if (surface.viewport)
      viewporter.postError(WpViewporterError.viewport_exists, `${surfaceResource} has a viewport already`);
    id.implement(new Viewport(id, surface));
  }

  destroy(): void {}
}

/** A wp_viewport: crops and scales its surface's content. */
export class Viewport implements WpViewportRequests {
  readonly #resource: WpViewportResource;
  readonly #surface: Surface;

  constructor(resource: WpViewportResource, surface: Surface) {
    this.#resource = resource;
    this.#surface = surface;
    surface.viewport ??= this;
    resource.onDestroy(() => {
      if (surface.viewport !== this) return;
      surface.viewport = undefined;
      surface.pending.source = null;
      surface.pending.destination = null;
    });
  }

  setSource(_: WpViewportResource, x: number, y: number, width: number, height: number): void {
    if (!this.#surfaceLives()) return;
    if (x === -1 && y === -1 && width === -1 && height === -1) {
      this.#surface.pending.source = null;
    } else if (x < 0 || y < 0 || width <= 0 || height <= 0) {
      this.#resource.postError(WpViewportError.bad_value, `source ${width}×${height} at (${x}, ${y})`);
    } else {
      this.#surface.pending.source = { x, y, width, height };
    }
  }

  setDestination(_: WpViewportResource, width: number, height: number): void {
    if (!this.#surfaceLives()) return;
    if (width === -1 && height === -1) {
      this.#surface.pending.destination = null;
    } else if (width <= 0 || height <= 0) {
      this.#resource.postError(WpViewportError.bad_value, `destination ${width}×${height}`);
    } else {
      this.#surface.pending.destination = { width, height };
    }
  }

  destroy(): void {}

  /** The state did not fit the buffer when it was applied. */
  postFault(fault: MappingFault): void {
    if (fault === 'source-outside-buffer') {
      this.#resource.postError(
        WpViewportError.out_of_buffer,
        'the source rectangle extends beyond the buffer',
      );
    } else {
      this.#resource.postError(
        WpViewportError.bad_size,
        'the source size is not whole, and no destination size is set',
      );
    }
  }

  #surfaceLives(): boolean {
    if (this.#surface.alive) return true;
    this.#resource.postError(WpViewportError.no_surface, 'the surface is gone');
    return false;
  }
}
