import native from '@switchyard/native';
import type { Rectangles } from './Region.js';

/** As struct operation of native/src/draw.c has them. */
const FIELDS = 16;
const KIND = { fill: 0, copy: 1, blend: 2, scale: 3 } as const;
const at = {
  ...{ kind: 0, source: 1, stride: 2, x: 3, y: 4, width: 5, height: 6 },
  ...{ sx: 7, sy: 8, sw: 9, sh: 10, colour: 11, transform: 12, opaque: 13, clip: 14, clips: 15 },
} as const;

/** What a pixel costs, in pixels that are copied: by `node bench/pixels.mjs`. */
const cost = { fill: 1, copy: 1, blend: 16, scale: 27 } as const;

/**
 * What is to be drawn into an image, one after the other, as numbers: it can be drawn at once or by another thread.
 * Everything is clipped to the memory that is given. Reused: allocates nothing in the steady state.
 */
export class DrawList {
  #operations = new Int32Array(FIELDS * 16);
  #count = 0;
  #clips = new Int32Array(4 * 16);
  #clipCount = 0;
  #cost = 0;
  readonly #sources: Uint8Array[] = [];

  /** About how many copied pixels it is worth. */
  get cost(): number {
    return this.#cost;
  }

  clear(): this {
    this.#count = 0;
    this.#clipCount = 0;
    this.#cost = 0;
    this.#sources.length = 0;
    return this;
  }

  /** An image that the following operations read; its number is to be given to them. */
  source(bytes: Uint8Array): number {
    return this.#sources.push(bytes) - 1;
  }

  /** With 0xAARRGGBB. */
  fill(x: number, y: number, width: number, height: number, colour: number): void {
    this.#add(KIND.fill, x, y, width, height, cost.fill * width * height);
    this.#operations[(this.#count - 1) * FIELDS + at.colour] = colour | 0;
  }

  /** `how`: as it is, or premultiplied source-over. */
  image(
    how: 'copy' | 'blend',
    x: number,
    y: number,
    source: number,
    stride: number,
    sx: number,
    sy: number,
    width: number,
    height: number,
  ): void {
    this.#add(KIND[how], x, y, width, height, cost[how] * width * height);
    this.#read(source, stride, sx, sy);
  }

  /** As scaleBlend: the source rectangle is in 1/256 pixels, and only what is in `clip` changes. */
  scale(
    x: number,
    y: number,
    width: number,
    height: number,
    clip: Rectangles,
    source: number,
    stride: number,
    sx: number,
    sy: number,
    sw: number,
    sh: number,
    transform: number,
    opaque: boolean,
  ): void {
    let area = 0;
    for (let i = 0; i < clip.count * 4; i += 4) area += clip.rectangles[i + 2]! * clip.rectangles[i + 3]!;
    this.#add(KIND.scale, x, y, width, height, cost.scale * area);
    this.#read(source, stride, sx, sy);
    const base = (this.#count - 1) * FIELDS;
    const operations = this.#operations;
    operations[base + at.sw] = sw;
    operations[base + at.sh] = sh;
    operations[base + at.transform] = transform;
    operations[base + at.opaque] = opaque ? 1 : 0;
    operations[base + at.clip] = this.#clipCount;
    operations[base + at.clips] = clip.count;
    this.#addClips(clip);
  }

  /** Now. */
  draw(target: Uint8Array, stride: number): void {
    native.draw(target, stride, this.#operations, this.#count, this.#clips, this.#sources);
  }

  /**
   * By another thread. Until it is done, the sources should not be written: what is seen would be half of each. Memory that is
   * unmapped meanwhile stays until then. The list itself may be used again at once.
   */
  drawApart(target: Uint8Array, stride: number): Promise<void> {
    return native.drawApart(target, stride, this.#operations, this.#count, this.#clips, this.#sources);
  }

  #add(kind: number, x: number, y: number, width: number, height: number, price: number): void {
    const base = this.#count++ * FIELDS;
    if (base + FIELDS > this.#operations.length) this.#operations = grown(this.#operations, base + FIELDS);
    const operations = this.#operations;
    operations[base + at.kind] = kind;
    operations[base + at.x] = x;
    operations[base + at.y] = y;
    operations[base + at.width] = width;
    operations[base + at.height] = height;
    operations[base + at.opaque] = 0;
    this.#cost += price;
  }

  #read(source: number, stride: number, sx: number, sy: number): void {
    const base = (this.#count - 1) * FIELDS;
    const operations = this.#operations;
    operations[base + at.source] = source;
    operations[base + at.stride] = stride;
    operations[base + at.sx] = sx;
    operations[base + at.sy] = sy;
  }

  #addClips(clip: Rectangles): void {
    const end = (this.#clipCount + clip.count) * 4;
    if (end > this.#clips.length) this.#clips = grown(this.#clips, end);
    this.#clips.set(clip.rectangles.subarray(0, clip.count * 4), this.#clipCount * 4);
    this.#clipCount += clip.count;
  }
}

function grown(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(length, array.length * 2));
  larger.set(array);
  return larger;
}
