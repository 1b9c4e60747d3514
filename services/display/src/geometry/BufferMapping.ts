import type { Region } from '@switchyard/pixels';
import type { Rectangle } from './Rectangle.js';
import { invert, swapsAxes, type Transform, transformRectangle } from './Transform.js';

/** A rectangle that need not lie on whole units (wp_viewport's source). */
export interface FractionalRectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Why a buffer does not fit the surface's state; each has its own protocol error. */
export type MappingFault = 'size-not-multiple-of-scale' | 'source-outside-buffer' | 'source-size-not-integer';

/**
 * How a buffer's pixels become a surface: buffer transform, then buffer scale, then the viewport's crop and scale
 * (the order that wp_viewport prescribes).
 *
 *   buffer ──transform──▶ upright ──÷ scale──▶ uncropped ──source──▶ cropped ──destination──▶ surface
 */
export class BufferMapping {
  /** The surface's size in surface units. */
  readonly width: number;
  readonly height: number;
  /** What of the buffer is shown, in buffer pixels. */
  readonly source: FractionalRectangle;
  /** The whole buffer is shown, unturned. */
  readonly isWhole: boolean;
  /** And one buffer pixel is one surface unit. */
  readonly isIdentity: boolean;

  readonly #bufferWidth: number;
  readonly #bufferHeight: number;
  readonly #scale: number;
  readonly #transform: Transform;
  readonly #crop: FractionalRectangle;

  constructor(
    buffer: Size,
    scale: number,
    transform: Transform,
    source: FractionalRectangle | undefined,
    destination: Size | undefined,
  ) {
    const swapped = swapsAxes(transform);
    const uprightWidth = swapped ? buffer.height : buffer.width;
    const uprightHeight = swapped ? buffer.width : buffer.height;
    const crop = source ?? { x: 0, y: 0, width: uprightWidth / scale, height: uprightHeight / scale };
    this.#bufferWidth = buffer.width;
    this.#bufferHeight = buffer.height;
    this.#scale = scale;
    this.#transform = transform;
    this.#crop = crop;
    // A cursor whose size is no multiple of its scale is let through: its last partial unit is dropped.
    this.width = destination?.width ?? Math.max(1, Math.floor(crop.width));
    this.height = destination?.height ?? Math.max(1, Math.floor(crop.height));
    this.source = transformRectangle(
      { x: crop.x * scale, y: crop.y * scale, width: crop.width * scale, height: crop.height * scale },
      invert(transform),
      uprightWidth,
      uprightHeight,
    );
    this.isWhole =
      transform === 0 &&
      this.source.x === 0 &&
      this.source.y === 0 &&
      this.source.width === buffer.width &&
      this.source.height === buffer.height;
    this.isIdentity = this.isWhole && this.width === buffer.width && this.height === buffer.height;
  }

  /** What is wrong with these values together, if anything; the values for themselves were checked at their requests. */
  static check(
    buffer: Size,
    scale: number,
    transform: Transform,
    source: FractionalRectangle | undefined,
    destination: Size | undefined,
  ): MappingFault | undefined {
    if (buffer.width % scale !== 0 || buffer.height % scale !== 0) return 'size-not-multiple-of-scale';
    if (source) {
      const swapped = swapsAxes(transform);
      const width = (swapped ? buffer.height : buffer.width) / scale;
      const height = (swapped ? buffer.width : buffer.height) / scale;
      if (source.x + source.width > width || source.y + source.height > height)
        return 'source-outside-buffer';
      if (!destination && !(Number.isInteger(source.width) && Number.isInteger(source.height)))
        return 'source-size-not-integer';
    }
    return undefined;
  }

  /** Shows the same part of an equally large buffer in the same way. */
  equals(other: BufferMapping): boolean {
    return (
      this.width === other.width &&
      this.height === other.height &&
      this.#bufferWidth === other.#bufferWidth &&
      this.#bufferHeight === other.#bufferHeight &&
      this.#scale === other.#scale &&
      this.#transform === other.#transform &&
      this.source.x === other.source.x &&
      this.source.y === other.source.y &&
      this.source.width === other.source.width &&
      this.source.height === other.source.height
    );
  }

  /** Adds what an area of the buffer covers on the surface. */
  addToSurface(area: Region, surface: Region): void {
    if (this.isIdentity) {
      surface.addRegion(area);
      return;
    }
    const { rectangles, count } = area;
    for (let i = 0; i < count; i++) {
      const r = this.toSurface(rectangleAt(rectangles, i));
      surface.add(r.x, r.y, r.width, r.height);
    }
  }

  /** Adds what of the buffer is behind an area of the surface. */
  addToBuffer(area: Region, buffer: Region): void {
    if (this.isIdentity) {
      buffer.addRegion(area);
      return;
    }
    const { rectangles, count } = area;
    for (let i = 0; i < count; i++) {
      const r = this.toBuffer(rectangleAt(rectangles, i));
      buffer.add(r.x, r.y, r.width, r.height);
    }
  }

  get transform(): Transform {
    return this.#transform;
  }

  /** Where a rectangle of buffer pixels lands on the surface, grown to whole units. */
  toSurface(r: Rectangle): Rectangle {
    if (this.isIdentity) return { ...r };
    const upright = transformRectangle(r, this.#transform, this.#bufferWidth, this.#bufferHeight);
    const horizontal = this.width / this.#crop.width;
    const vertical = this.height / this.#crop.height;
    return grown(
      (upright.x / this.#scale - this.#crop.x) * horizontal,
      (upright.y / this.#scale - this.#crop.y) * vertical,
      ((upright.x + upright.width) / this.#scale - this.#crop.x) * horizontal,
      ((upright.y + upright.height) / this.#scale - this.#crop.y) * vertical,
    );
  }

  /** The buffer pixels behind a rectangle of the surface, grown to whole pixels and cut at the buffer's edge. */
  toBuffer(r: Rectangle): Rectangle {
    const swapped = swapsAxes(this.#transform);
    const uprightWidth = swapped ? this.#bufferHeight : this.#bufferWidth;
    const uprightHeight = swapped ? this.#bufferWidth : this.#bufferHeight;
    const horizontal = this.#crop.width / this.width;
    const vertical = this.#crop.height / this.height;
    const scale = this.#scale;
    const upright = grown(
      (r.x * horizontal + this.#crop.x) * scale,
      (r.y * vertical + this.#crop.y) * scale,
      ((r.x + r.width) * horizontal + this.#crop.x) * scale,
      ((r.y + r.height) * vertical + this.#crop.y) * scale,
    );
    return cut(
      transformRectangle(upright, invert(this.#transform), uprightWidth, uprightHeight),
      this.#bufferWidth,
      this.#bufferHeight,
    );
  }
}

function rectangleAt(rectangles: Int32Array, index: number): Rectangle {
  const at = index * 4;
  return {
    x: rectangles[at]!,
    y: rectangles[at + 1]!,
    width: rectangles[at + 2]!,
    height: rectangles[at + 3]!,
  };
}

function grown(x0: number, y0: number, x1: number, y1: number): Rectangle {
  const x = Math.floor(x0);
  const y = Math.floor(y0);
  return { x, y, width: Math.ceil(x1) - x, height: Math.ceil(y1) - y };
}

function cut(r: Rectangle, width: number, height: number): Rectangle {
  const x = Math.min(Math.max(r.x, 0), width);
  const y = Math.min(Math.max(r.y, 0), height);
  return {
    x,
    y,
    width: Math.max(0, Math.min(r.x + r.width, width) - x),
    height: Math.max(0, Math.min(r.y + r.height, height) - y),
  };
}
