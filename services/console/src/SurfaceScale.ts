import {
  type Globals,
  type WlSurfaceProxy,
  WpFractionalScaleManagerV1Proxy,
  WpViewporterProxy,
  type WpViewportProxy,
} from '@switchyard/wayland';
import type { Outputs } from './Outputs.js';

/** wp_fractional_scale_v1 tells in 120ths. */
const UNIT = 120;

/**
 * How many pixels of the buffer are one unit of a surface: exactly what the display prefers where it can say so and take
 * it (fractional-scale and viewporter), else a whole number, by the outputs.
 */
export class SurfaceScale {
  readonly #surface: WlSurfaceProxy;
  readonly #outputs: Outputs;
  readonly #viewport: WpViewportProxy | undefined;
  #preferred = 0;

  /** `outputs`: hear of where the surface is. */
  constructor(globals: Globals, surface: WlSurfaceProxy, outputs: Outputs, changed: () => void) {
    this.#surface = surface;
    this.#outputs = outputs;
    const manager = globals.bind(WpFractionalScaleManagerV1Proxy, 1);
    const viewporter = manager && globals.bind(WpViewporterProxy, 1);
    if (!viewporter) return;
    this.#viewport = viewporter.getViewport(surface);
    manager.getFractionalScale(surface, {
      preferredScale: (_, scale) => {
        this.#preferred = scale / UNIT;
        changed();
      },
    });
  }

  get factor(): number {
    return this.#preferred || this.#outputs.scale;
  }

  /** A length of the surface in pixels of its buffer. */
  pixels(units: number): number {
    return Math.max(1, Math.round(units * this.factor));
  }

  /** With the next commit a buffer that `pixels` has measured is that large. */
  apply(width: number, height: number): void {
    if (this.#preferred) this.#viewport!.setDestination(width, height);
    else this.#surface.setBufferScale(this.#outputs.scale);
  }
}
