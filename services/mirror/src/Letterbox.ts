export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a picture is on a screen of another shape: as large as it fits, in the middle, with its own proportions. */
export class Letterbox {
  readonly picture: Size;
  readonly screen: Size;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;

  constructor(picture: Size, screen: Size) {
    this.picture = picture;
    this.screen = screen;
    const scale = Math.min(screen.width / picture.width, screen.height / picture.height);
    this.width = Math.max(1, Math.round(picture.width * scale));
    this.height = Math.max(1, Math.round(picture.height * scale));
    this.x = (screen.width - this.width) >> 1;
    this.y = (screen.height - this.height) >> 1;
  }

  get exact(): boolean {
    return this.width === this.picture.width && this.height === this.picture.height;
  }

  /** A place on the screen, as a fraction (0 … 1) of the picture's sides; beside the picture it is the nearest on its edge. */
  fraction(screenX: number, screenY: number): [x: number, y: number] {
    return [clamp((screenX - this.x) / this.width), clamp((screenY - this.y) / this.height)];
  }

  /** The pixels of the screen that show these of the picture, with those that are blended from them. */
  toScreen(
    x: number,
    y: number,
    width: number,
    height: number,
  ): [x: number, y: number, width: number, height: number] {
    if (this.exact) return [x + this.x, y + this.y, width, height];
    const [sx, sy] = [this.width / this.picture.width, this.height / this.picture.height];
    const left = Math.max(0, Math.floor((x - 1) * sx));
    const top = Math.max(0, Math.floor((y - 1) * sy));
    const right = Math.min(this.width, Math.ceil((x + width + 1) * sx));
    const bottom = Math.min(this.height, Math.ceil((y + height + 1) * sy));
    return [left + this.x, top + this.y, right - left, bottom - top];
  }
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
