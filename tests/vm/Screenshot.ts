/** What a screen of the guest shows, as QEMU sees it: what a person in front of the machine would. */
export class Screenshot {
  readonly width: number;
  readonly height: number;
  /** Three bytes a pixel: red, green, blue. */
  readonly pixels: Uint8Array;

  /** From QEMU's screendump in its format ppm (P6, 255). */
  static fromPpm(file: Uint8Array): Screenshot {
    const header = /^P6\s(\d+)\s(\d+)\s255\s/.exec(Buffer.from(file.subarray(0, 64)).toString('latin1'));
    if (!header) throw new Error('not a picture of the kind P6');
    const [width, height] = [Number(header[1]), Number(header[2])];
    return new Screenshot(width, height, file.subarray(header[0].length));
  }

  private constructor(width: number, height: number, pixels: Uint8Array) {
    if (pixels.length !== width * height * 3)
      throw new Error(`${pixels.length} bytes are no ${width}×${height} picture`);
    this.width = width;
    this.height = height;
    this.pixels = pixels;
  }

  /** 0xRRGGBB. */
  pixel(x: number, y: number): number {
    const at = (y * this.width + x) * 3;
    return (this.pixels[at]! << 16) | (this.pixels[at + 1]! << 8) | this.pixels[at + 2]!;
  }

  /** Which part of the screen, 0 to 1, has this colour (0xRRGGBB), give or take a little in each channel. */
  share(colour: number, tolerance = 4): number {
    const { pixels } = this;
    const [red, green, blue] = [(colour >> 16) & 255, (colour >> 8) & 255, colour & 255];
    let hits = 0;
    for (let at = 0; at < pixels.length; at += 3)
      if (
        Math.abs(pixels[at]! - red) <= tolerance &&
        Math.abs(pixels[at + 1]! - green) <= tolerance &&
        Math.abs(pixels[at + 2]! - blue) <= tolerance
      )
        hits++;
    return hits / (this.width * this.height);
  }

  /** Which part of the screen differs from another picture of it; 1 when they have not the same size. */
  difference(other: Screenshot): number {
    if (other.width !== this.width || other.height !== this.height) return 1;
    let differing = 0;
    for (let at = 0; at < this.pixels.length; at += 3)
      if (
        this.pixels[at] !== other.pixels[at] ||
        this.pixels[at + 1] !== other.pixels[at + 1] ||
        this.pixels[at + 2] !== other.pixels[at + 2]
      )
        differing++;
    return differing / (this.width * this.height);
  }
}
