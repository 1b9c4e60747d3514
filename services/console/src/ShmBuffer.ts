import { addSeals, createMemfd, Mapping } from '@switchyard/sys';
import { type WlBufferProxy, WlShmFormat, type WlShmProxy } from '@switchyard/wayland';
import { Target } from './Target.js';

/**
 * A picture that we draw and the display shows. Its memory is sealed against shrinking and growing, so that the display may map it
 * without fear.
 *
 *   free ──commit──▶ busy ──wl_buffer.release──▶ free
 */
export class ShmBuffer {
  readonly target: Target;
  readonly buffer: WlBufferProxy;
  readonly #mapping: Mapping;
  busy = false;

  constructor(
    shm: WlShmProxy,
    width: number,
    height: number,
    columns: number,
    rows: number,
    released: () => void,
  ) {
    const size = width * height * 4;
    using file = createMemfd('console', { size });
    addSeals(file, ['shrink', 'grow', 'seal']);
    this.#mapping = Mapping.map(file, size, { write: true });
    const words = new Uint32Array(this.#mapping.buffer);
    this.target = new Target({ words, width, height }, columns, rows);
    const pool = shm.createPool(file.dup(), size);
    this.buffer = pool.createBuffer(0, width, height, width * 4, WlShmFormat.xrgb8888, {
      release: () => {
        this.busy = false;
        released();
      },
    });
    pool.destroy();
  }

  destroy(): void {
    if (this.buffer.alive) this.buffer.destroy();
    this.#mapping.unmap();
  }
}
