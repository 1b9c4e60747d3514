import { Region } from '@switchyard/pixels';
import type { BufferMapping } from '../geometry/BufferMapping.js';
import type { Quota } from '../Quota.js';
import type { ClientBuffer } from './ClientBuffer.js';
import { PixelMemory } from './PixelMemory.js';

const nothing = new Uint8Array(0);

/**
 * Our copy of a surface's content, in the size and format of the client's buffer. Only what is damaged is copied, so a
 * client's buffer is read once and free again at once.
 */
export class SurfacePixels {
  width = 0;
  height = 0;
  opaque = false;
  bytes: Uint8Array = nothing;
  #memory: PixelMemory | undefined;
  readonly #quota: Quota;
  readonly #changed = new Region();

  static create(quota: Quota): SurfacePixels {
    return new SurfacePixels(quota);
  }

  private constructor(quota: Quota) {
    this.#quota = quota;
  }

  /** Bytes from row to row. */
  get stride(): number {
    return this.width * 4;
  }

  /**
   * Copies what the damage (in surface units and in buffer pixels) says has changed. Returns the changed part in buffer
   * pixels, valid until the next call; undefined when the buffer could not be read (the client has been ended) or there
   * is no memory for it.
   */
  take(
    buffer: ClientBuffer,
    mapping: BufferMapping,
    surfaceDamage: Region,
    bufferDamage: Region,
  ): Region | undefined {
    const changed = this.#changed;
    changed.clear();
    if (buffer.width !== this.width || buffer.height !== this.height || buffer.opaque !== this.opaque) {
      if (!this.#resize(buffer)) return undefined;
      changed.add(0, 0, this.width, this.height);
    } else {
      changed.addRegion(bufferDamage);
      mapping.addToBuffer(surfaceDamage, changed);
      changed.intersect(0, 0, this.width, this.height);
    }
    const { rectangles, count } = changed;
    for (let i = 0; i < count; i++) {
      const x = rectangles[4 * i]!;
      const y = rectangles[4 * i + 1]!;
      const width = rectangles[4 * i + 2]!;
      const height = rectangles[4 * i + 3]!;
      if (!buffer.copy(this.bytes, this.stride, x, y, width, height)) return undefined;
    }
    return changed;
  }

  free(): void {
    this.#quota.copy(-this.bytes.length);
    this.#memory?.free();
    this.#memory = undefined;
    this.bytes = nothing;
    this.width = 0;
    this.height = 0;
  }

  #resize(buffer: ClientBuffer): boolean {
    const size = buffer.width * buffer.height * 4;
    if (size !== this.bytes.length) {
      const before = this.bytes.length;
      if (!this.#quota.copy(size - before)) return false;
      const memory = PixelMemory.allocate(size);
      if (!memory) {
        this.#quota.copy(before - size);
        return false;
      }
      this.#memory?.free();
      this.#memory = memory;
      this.bytes = memory.bytes;
    }
    this.width = buffer.width;
    this.height = buffer.height;
    this.opaque = buffer.opaque;
    return true;
  }
}
