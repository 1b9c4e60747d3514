/** How much of each pixel of a rectangle is inked, 0…255, row by row. */
export class Coverage {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.bytes = new Uint8Array(width * height);
  }

  /** Itself, or its left and right half. */
  columns(count: 1 | 2): Coverage[] {
    if (count === 1) return [this];
    const width = this.width >> 1;
    return [0, 1].map((column) => {
      const half = new Coverage(width, this.height);
      for (let y = 0; y < this.height; y++) {
        const from = y * this.width + column * width;
        half.bytes.set(this.bytes.subarray(from, from + width), y * width);
      }
      return half;
    });
  }

  /** Inks whole pixels; the ends are exclusive and clipped. */
  fill(left: number, top: number, right: number, bottom: number, value = 255): void {
    const [x0, x1] = [Math.max(0, left), Math.min(this.width, right)];
    for (let y = Math.max(0, top); y < Math.min(this.height, bottom); y++) {
      if (x1 > x0) this.bytes.fill(value, y * this.width + x0, y * this.width + x1);
    }
  }

  /** Inks by a signed distance, in pixels, of each pixel's centre from a shape's edge (negative inside), one pixel of smoothing. */
  shade(distance: (x: number, y: number) => number): void {
    for (let y = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) {
        const ink = Math.round(255 * Math.min(1, Math.max(0, 0.5 - distance(x + 0.5, y + 0.5))));
        const at = y * this.width + x;
        if (ink > this.bytes[at]!) this.bytes[at] = ink;
      }
    }
  }
}
