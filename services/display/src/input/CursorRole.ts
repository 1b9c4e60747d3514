import { Region, scaleBlend } from '@switchyard/pixels';
import { CURSOR_SIZE_MAX, type CursorImage } from '@switchyard/seat';
import type { Surface } from '../surface/Surface.js';
import type { SurfaceRole } from '../surface/SurfaceRole.js';

/** A surface that a client has named as its cursor. */
export class CursorRole implements SurfaceRole {
  readonly name = 'cursor';
  /** Shown by the monitor and not by the scene. */
  readonly mapped = false;
  readonly surface: Surface;
  hotX = 0;
  hotY = 0;
  /** The surface is being destroyed. */
  gone = false;
  readonly #changed: (role: CursorRole) => void;

  constructor(surface: Surface, changed: (role: CursorRole) => void) {
    this.surface = surface;
    this.#changed = changed;
  }

  applied(): void {
    this.hotX -= this.surface.offsetX;
    this.hotY -= this.surface.offsetY;
    this.#changed(this);
  }

  surfaceDestroyed(): void {
    this.gone = true;
    this.#changed(this);
  }

  /** The picture in output pixels, `scale` of them a surface unit; hidden when there is none. */
  image(scale: number): CursorImage | 'hidden' {
    const { pixels, mapping } = this.surface;
    if (!pixels || !mapping || this.gone) return 'hidden';
    const width = Math.min(CURSOR_SIZE_MAX, Math.max(1, Math.round(mapping.width * scale)));
    const height = Math.min(CURSOR_SIZE_MAX, Math.max(1, Math.round(mapping.height * scale)));
    const image = new Uint8Array(width * height * 4);
    const all = new Region().set(0, 0, width, height);
    const { source } = mapping;
    // biome-ignore format: two images, one line each
    scaleBlend(image, width * 4, 0, 0, width, height, all,
      pixels.bytes, pixels.stride, source.x * 256, source.y * 256, source.width * 256, source.height * 256,
      mapping.transform, pixels.opaque);
    return {
      width,
      height,
      pixels: image,
      hotX: Math.round(this.hotX * scale),
      hotY: Math.round(this.hotY * scale),
    };
  }
}
