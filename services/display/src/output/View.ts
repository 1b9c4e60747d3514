import { Region } from '@switchyard/pixels';
import type { BufferMapping } from '../geometry/BufferMapping.js';
import type { Surface } from '../surface/Surface.js';
import type { Output } from './Output.js';

/** A surface on the screens: its rectangle in pixels of the space of all outputs, and how its units become pixels. */
export class View {
  surface!: Surface;
  /** Where its window was put, and whose frames it goes by. undefined in a picture of a window, which is nowhere. */
  output: Output | undefined;
  /** What of it reaches beyond that output is seen on the next one. */
  spreads = false;
  mapping: BufferMapping | undefined;
  /** Where the surface's (0, 0) is. */
  originX = 0;
  originY = 0;
  /** Output pixels a surface unit. */
  scale = 1;
  /** The surface's rectangle, on whole pixels. */
  x = 0;
  y = 0;
  width = 0;
  height = 0;
  /** What hides everything below, in output pixels. */
  readonly opaque = new Region();
  /** One buffer pixel is one output pixel. */
  exact = false;

  set(
    surface: Surface,
    originX: number,
    originY: number,
    scale: number,
    output: Output | undefined,
    spreads: boolean,
  ): void {
    const { width, height, pixels, mapping } = surface;
    this.surface = surface;
    this.output = output;
    this.spreads = spreads;
    this.mapping = mapping;
    this.originX = originX;
    this.originY = originY;
    this.scale = scale;
    this.x = Math.round(originX);
    this.y = Math.round(originY);
    this.width = Math.round(originX + width * scale) - this.x;
    this.height = Math.round(originY + height * scale) - this.y;
    const onPixels = Number.isInteger(originX) && Number.isInteger(originY);
    const aligned = onPixels && scale === 1;
    // Also on a screen of small pixels, for who draws at its scale.
    this.exact =
      onPixels && mapping?.isWhole === true && pixels?.width === this.width && pixels.height === this.height;
    this.opaque.clear();
    if (pixels?.opaque) {
      this.opaque.add(this.x, this.y, this.width, this.height);
    } else if (!surface.opaque.isEmpty) {
      if (aligned) {
        this.opaque.copyFrom(surface.opaque).intersect(0, 0, width, height).translate(this.x, this.y);
      } else if (coversAll(surface.opaque, width, height)) {
        this.opaque.add(this.x, this.y, this.width, this.height);
      }
    }
  }

  isSameAs(other: View): boolean {
    return (
      this.surface === other.surface &&
      this.output === other.output &&
      this.mapping === other.mapping &&
      this.x === other.x &&
      this.y === other.y &&
      this.width === other.width &&
      this.height === other.height &&
      this.opaque.equals(other.opaque)
    );
  }

  /** Whether a part of it may be seen there. */
  isOn(output: Output): boolean {
    if (output !== this.output && !this.spreads) return false;
    const { x, mode } = output;
    return (
      this.x < x + mode.width && this.x + this.width > x && this.y < mode.height && this.y + this.height > 0
    );
  }

  /** Adds where an area of the surface is on an output whose first column is `column`. */
  addToOutput(area: Region, output: Region, column = 0): void {
    const { rectangles, count } = area;
    // Between pixels, bilinear filtering reaches one further.
    const margin = this.exact ? 0 : 1;
    for (let i = 0; i < count; i++) {
      const x = rectangles[4 * i]!;
      const y = rectangles[4 * i + 1]!;
      const left = Math.floor(this.originX + x * this.scale) - margin;
      const top = Math.floor(this.originY + y * this.scale) - margin;
      const right = Math.ceil(this.originX + (x + rectangles[4 * i + 2]!) * this.scale) + margin;
      const bottom = Math.ceil(this.originY + (y + rectangles[4 * i + 3]!) * this.scale) + margin;
      const x0 = Math.max(left, this.x);
      const y0 = Math.max(top, this.y);
      const x1 = Math.min(right, this.x + this.width);
      const y1 = Math.min(bottom, this.y + this.height);
      if (x1 > x0 && y1 > y0) output.add(x0 - column, y0, x1 - x0, y1 - y0);
    }
  }

  /** Output pixels → surface units. */
  localX(x: number): number {
    return (x - this.originX) / this.scale;
  }
  localY(y: number): number {
    return (y - this.originY) / this.scale;
  }

  /** Whether the surface takes input at this point of the output. */
  accepts(x: number, y: number): boolean {
    const localX = this.localX(x);
    const localY = this.localY(y);
    const { width, height, input } = this.surface;
    if (localX < 0 || localY < 0 || localX >= width || localY >= height) return false;
    return input === undefined || input.contains(localX, localY);
  }
}

function coversAll(area: Region, width: number, height: number): boolean {
  const r = area.rectangles;
  return area.count === 1 && r[0]! <= 0 && r[1]! <= 0 && r[0]! + r[2]! >= width && r[1]! + r[3]! >= height;
}
