import { Region } from '@switchyard/pixels';
import type { Surface } from '../surface/Surface.js';
import type { SurfaceRole } from '../surface/SurfaceRole.js';

/** The picture that follows the pointer during a drag. */
export class DragIcon implements SurfaceRole {
  readonly name = 'drag icon';
  readonly mapped = true;
  readonly surface: Surface;
  /** Its place relative to the pointer, in surface units; moved by commits with an offset. */
  x = 0;
  y = 0;
  #gone: (() => void) | undefined;

  constructor(surface: Surface) {
    this.surface = surface;
    surface.input = new Region();
  }

  onGone(callback: () => void): void {
    this.#gone = callback;
  }

  applied(): void {
    this.x += this.surface.offsetX;
    this.y += this.surface.offsetY;
    // What is under the pointer is what it is dragged over, never the icon.
    this.surface.input = new Region();
  }

  surfaceDestroyed(): void {
    this.#gone?.();
  }
}
