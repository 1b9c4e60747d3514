/** A rectangle of the seat's picture: words 0x..RRGGBB, `stride` words a row. */
export class PixelWords {
  constructor(
    readonly words: Uint32Array,
    readonly stride: number,
    readonly x: number,
    readonly y: number,
    readonly width: number,
    readonly height: number,
  ) {}

  within(x: number, y: number, width: number, height: number): PixelWords {
    return new PixelWords(this.words, this.stride, this.x + x, this.y + y, width, height);
  }

  /** Row by row; `word` without its unused byte. */
  each(visit: (word: number) => void): void {
    for (let row = 0; row < this.height; row++) {
      const start = (this.y + row) * this.stride + this.x;
      for (let at = start; at < start + this.width; at++) visit(this.words[at]! & 0xffffff);
    }
  }

  /** The colours in the order of their first pixels; undefined when there are more than `most`. */
  palette(most: number): Map<number, number> | undefined {
    const colours = new Map<number, number>();
    let last = -1;
    for (let row = 0; row < this.height; row++) {
      const start = (this.y + row) * this.stride + this.x;
      for (let at = start; at < start + this.width; at++) {
        const word = this.words[at]! & 0xffffff;
        if (word === last) continue;
        last = word;
        if (colours.has(word)) continue;
        if (colours.size === most) return undefined;
        colours.set(word, colours.size);
      }
    }
    return colours;
  }
}
