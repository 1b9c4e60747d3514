import {
  type WlSurfaceResource,
  WpFractionalScaleManagerV1Error,
  type WpFractionalScaleManagerV1Requests,
  type WpFractionalScaleManagerV1Resource,
  type WpFractionalScaleV1Resource,
} from '@switchyard/wayland';
import type { Output } from '../output/Output.js';
import { Surface } from './Surface.js';

/** The wp_fractional_scale_manager_v1 global: the output's exact scale, in 120ths, for who can draw at any. */
export class FractionalScales implements WpFractionalScaleManagerV1Requests {
  readonly #outputOf: (surface: Surface) => Output;
  readonly #scales = new Map<WlSurfaceResource, WpFractionalScaleV1Resource>();
  readonly #told = new WeakMap<WpFractionalScaleV1Resource, number>();

  /** `outputOf`: by whose scale a surface is drawn. */
  constructor(outputOf: (surface: Surface) => Output) {
    this.#outputOf = outputOf;
  }

  /** The surface's output is another one, or has another scale. */
  changed(surface: Surface): void {
    const scale = this.#scales.get(surface.resource);
    if (scale) this.#send(scale, surface);
  }

  getFractionalScale(
    manager: WpFractionalScaleManagerV1Resource,
    id: WpFractionalScaleV1Resource,
    surface: WlSurfaceResource,
  ): void {
    id.implement({ destroy() {} });
    if (this.#scales.has(surface)) {
      manager.postError(
        WpFractionalScaleManagerV1Error.fractional_scale_exists,
        `${surface} has a fractional scale already`,
      );
      return;
    }
    this.#scales.set(surface, id);
    const forget = surface.onDestroy(() => this.#scales.delete(surface));
    id.onDestroy(() => {
      if (this.#scales.get(surface) === id) this.#scales.delete(surface);
      forget();
    });
    if (surface.handler instanceof Surface) this.#send(id, surface.handler);
  }

  destroy(): void {}

  #send(resource: WpFractionalScaleV1Resource, surface: Surface): void {
    const { scale } = this.#outputOf(surface).mode;
    if (this.#told.get(resource) === scale) return;
    this.#told.set(resource, scale);
    resource.sendPreferredScale(scale);
  }
}
