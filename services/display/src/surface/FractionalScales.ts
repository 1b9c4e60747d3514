import {
  type WlSurfaceResource,
  WpFractionalScaleManagerV1Error,
  type WpFractionalScaleManagerV1Requests,
  type WpFractionalScaleManagerV1Resource,
  type WpFractionalScaleV1Resource,
} from '@switchyard/wayland';
import type { Output } from '../output/Output.js';

/** The wp_fractional_scale_manager_v1 global: the output's exact scale, in 120ths, for who can draw at any. */
export class FractionalScales implements WpFractionalScaleManagerV1Requests {
  readonly #output: Output;
  readonly #scales = new Map<WlSurfaceResource, WpFractionalScaleV1Resource>();

  constructor(output: Output) {
    this.#output = output;
  }

  /** The output's mode has changed. */
  changed(): void {
    for (const scale of this.#scales.values()) this.#send(scale);
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
    this.#send(id);
  }

  destroy(): void {}

  #send(resource: WpFractionalScaleV1Resource): void {
    resource.sendPreferredScale(this.#output.mode.scale);
  }
}
