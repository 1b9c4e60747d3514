import type { Region } from '@switchyard/pixels';
import { WlSurfaceError } from '@switchyard/wayland';
import { BufferMapping, type FractionalRectangle, type Size } from '../geometry/BufferMapping.js';
import type { Transform } from '../geometry/Transform.js';
import type { ClientBuffer } from './ClientBuffer.js';
import type { Surface } from './Surface.js';
import { SurfacePixels } from './SurfacePixels.js';
import type { SurfaceState } from './SurfaceState.js';

/** What became of a commit: the client was ended; size, crop or opacity changed; pixels changed at most. */
export type ContentChange = 'refused' | 'shape' | 'pixels';

/** A surface's picture: our copy of the last buffer, and how its pixels become surface units. */
export class SurfaceContent {
  /** undefined when there is none. */
  pixels: SurfacePixels | undefined;
  mapping: BufferMapping | undefined;
  #scale = 1;
  #transform: Transform = 0;
  #source: FractionalRectangle | undefined;
  #destination: Size | undefined;

  /** Takes the new buffer, if one was attached, and releases it unless it is shown itself; adds what it changed, in surface units, to `damage`. */
  apply(state: SurfaceState, damage: Region, surface: Surface): ContentChange {
    const before = this.mapping;
    const wasOpaque = this.pixels?.opaque;
    if (state.scale !== undefined) this.#scale = state.scale;
    if (state.transform !== undefined) this.#transform = state.transform;
    if (state.source !== undefined) this.#source = state.source ?? undefined;
    if (state.destination !== undefined) this.#destination = state.destination ?? undefined;
    const size = state.buffer ?? this.pixels;
    if (!size) return 'pixels';
    if (this.#mustMap(state) && !this.#map(size, surface)) return 'refused';
    if (state.buffer && !this.#take(state.buffer, state, damage, surface)) return 'refused';
    return this.mapping !== before || wasOpaque !== this.pixels?.opaque ? 'shape' : 'pixels';
  }

  drop(): void {
    this.pixels?.free();
    this.pixels = undefined;
    this.mapping = undefined;
  }

  #mustMap(state: SurfaceState): boolean {
    const { buffer } = state;
    return (
      !this.mapping ||
      (buffer && (buffer.width !== this.pixels?.width || buffer.height !== this.pixels.height)) ||
      state.scale !== undefined ||
      state.transform !== undefined ||
      state.source !== undefined ||
      state.destination !== undefined
    );
  }

  #map(size: Size, surface: Surface): boolean {
    if (!this.#check(size, surface)) return false;
    const mapping = new BufferMapping(size, this.#scale, this.#transform, this.#source, this.#destination);
    if (!this.mapping?.equals(mapping)) this.mapping = mapping;
    return true;
  }

  #take(buffer: ClientBuffer, state: SurfaceState, damage: Region, surface: Surface): boolean {
    const mapping = this.mapping!;
    this.pixels ??= new SurfacePixels(surface.state);
    const begin = performance.now();
    const changed = this.pixels.take(
      buffer,
      mapping,
      state.damage,
      state.bufferDamage,
      surface.host.directly(surface),
    );
    if (!changed) return false;
    surface.state.copies.spend(changed.area * 4, performance.now() - begin);
    mapping.addToSurface(changed, damage);
    if (this.pixels.lent !== buffer) buffer.release();
    return true;
  }

  /** Whether buffer, scale and viewport fit each other; otherwise the client has been ended. */
  #check(size: Size, surface: Surface): boolean {
    const fault = BufferMapping.check(size, this.#scale, this.#transform, this.#source, this.#destination);
    if (!fault) return true;
    if (fault === 'size-not-multiple-of-scale') {
      // Cursor themes have images of odd sizes at scale 2, and toolkits send them.
      if (surface.roleName === 'cursor') return true;
      const text = `a buffer of ${size.width}×${size.height} is no multiple of scale ${this.#scale}`;
      surface.resource.postError(WlSurfaceError.invalid_size, text);
      return false;
    }
    if (surface.viewport) {
      surface.viewport.postFault(fault);
      return false;
    }
    // The viewport went while this state was cached.
    this.#source = undefined;
    return true;
  }
}
