/**
 * An area of pixels: disjoint rectangles in horizontal bands, as X regions are.
 *
 *   ┌───┐  ┌──┐      A band is a run of rectangles with the same top and bottom, sorted by x, not touching each other.
 *   │ 1 │  │2 │      Bands are sorted by y. Neighbouring bands with the same spans are one band, so that an area has
 *   ├───┴──┴──┤      exactly one form and a growing area does not fragment.
 *   │    3    │
 *   └─────────┘
 *
 * Operations write into a second buffer and swap; buffers only grow, so in the steady state nothing is allocated.
 */

/** Anything that is a list of rectangles: x, y, width, height in `rectangles`, `count` of them. */
export interface Rectangles {
  readonly rectangles: Int32Array;
  readonly count: number;
}

/**
 * More rectangles than this cost more to walk than the pixels between them cost to paint, and peers decide how many
 * come; above it an area that only grows (`add`) is simplified to half of it.
 */
export const MAX_RECTANGLES = 256;

/** Coordinates are cut to ±2^29, so that no sum leaves 32 bits. */
const LIMIT = 2 ** 29;

type Operation = 'union' | 'intersect' | 'subtract';

const clamp = (value: number): number =>
  value > LIMIT ? LIMIT : value < -LIMIT ? -LIMIT : Math.trunc(value) || 0;

export class Region implements Rectangles {
  #data = new Int32Array(4 * 16);
  #count = 0;
  #spare = new Int32Array(4 * 16);
  /** The operand of single-rectangle operations. */
  readonly #single = { rectangles: new Int32Array(4), count: 0 };
  readonly #bounds = { x: 0, y: 0, width: 0, height: 0 };

  /** x, y, width, height of each; only the first `count` are valid, and only until the region changes. */
  get rectangles(): Int32Array {
    return this.#data;
  }

  get count(): number {
    return this.#count;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** The smallest rectangle around everything; one object, overwritten by each call. */
  get bounds(): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } {
    const d = this.#data;
    const bounds = this.#bounds;
    if (this.#count === 0) {
      bounds.x = bounds.y = bounds.width = bounds.height = 0;
      return bounds;
    }
    let left = d[0]!;
    let right = left;
    for (let i = 0; i < this.#count * 4; i += 4) {
      left = Math.min(left, d[i]!);
      right = Math.max(right, d[i]! + d[i + 2]!);
    }
    const last = this.#count * 4 - 4;
    bounds.x = left;
    bounds.y = d[1]!;
    bounds.width = right - left;
    bounds.height = d[last + 1]! + d[last + 3]! - d[1]!;
    return bounds;
  }

  /** Pixels. */
  get area(): number {
    let area = 0;
    for (let i = 0; i < this.#count * 4; i += 4) area += this.#data[i + 2]! * this.#data[i + 3]!;
    return area;
  }

  clear(): this {
    this.#count = 0;
    return this;
  }

  set(x: number, y: number, width: number, height: number): this {
    return this.clear().add(x, y, width, height);
  }

  copyFrom(other: Rectangles): this {
    if (other === this) return this;
    if (!(other instanceof Region)) return this.clear().addRegion(other);
    this.#reserve(other.count);
    this.#data.set(other.rectangles.subarray(0, other.count * 4));
    this.#count = other.count;
    return this;
  }

  add(x: number, y: number, width: number, height: number): this {
    if (this.#covers(x, y, width, height)) return this;
    return this.#combine('union', this.#one(x, y, width, height)).#bound();
  }

  subtract(x: number, y: number, width: number, height: number): this {
    return this.#combine('subtract', this.#one(x, y, width, height));
  }

  intersect(x: number, y: number, width: number, height: number): this {
    return this.#combine('intersect', this.#one(x, y, width, height));
  }

  addRegion(other: Rectangles): this {
    if (other instanceof Region) return this.#combine('union', other).#bound();
    for (let i = 0; i < other.count * 4; i += 4) {
      const r = other.rectangles;
      this.add(r[i]!, r[i + 1]!, r[i + 2]!, r[i + 3]!);
    }
    return this;
  }

  subtractRegion(other: Region): this {
    return this.#combine('subtract', other);
  }

  intersectRegion(other: Region): this {
    return this.#combine('intersect', other);
  }

  translate(dx: number, dy: number): this {
    for (let i = 0; i < this.#count * 4; i += 4) {
      this.#data[i] = clamp(this.#data[i]! + dx);
      this.#data[i + 1] = clamp(this.#data[i + 1]! + dy);
    }
    return this;
  }

  /** Whether it is the same rectangles (after `simplify` and the like an area may be others). */
  equals(other: Region): boolean {
    if (this.#count !== other.#count) return false;
    for (let i = 0; i < this.#count * 4; i++) if (this.#data[i] !== other.#data[i]) return false;
    return true;
  }

  contains(x: number, y: number): boolean {
    const d = this.#data;
    for (let i = 0; i < this.#count * 4; i += 4)
      if (x >= d[i]! && x < d[i]! + d[i + 2]! && y >= d[i + 1]! && y < d[i + 1]! + d[i + 3]!) return true;
    return false;
  }

  /** Grows the area until at most `max` rectangles describe it: gaps within bands first, then the cheapest neighbours. */
  simplify(max: number): this {
    const limit = Math.max(1, max);
    if (this.#count <= limit) return this;
    const d = this.#data;
    let bands = 0;
    for (let i = 0; i < this.#count * 4; i += 4) {
      const at = bands * 4 - 4;
      if (bands > 0 && d[at + 1] === d[i + 1]) d[at + 2] = d[i]! + d[i + 2]! - d[at]!;
      else d.copyWithin(bands++ * 4, i, i + 4);
    }
    this.#count = bands;
    while (this.#count > limit) this.#mergeCheapest();
    return this;
  }

  /** Merges the two neighbouring bands (one rectangle each) whose common rectangle adds the fewest pixels. */
  #mergeCheapest(): void {
    const d = this.#data;
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#count * 4 - 4; i += 4) {
      const width = Math.max(d[i]! + d[i + 2]!, d[i + 4]! + d[i + 6]!) - Math.min(d[i]!, d[i + 4]!);
      const added =
        width * (d[i + 5]! + d[i + 7]! - d[i + 1]!) - d[i + 2]! * d[i + 3]! - d[i + 6]! * d[i + 7]!;
      if (added >= least) continue;
      least = added;
      best = i;
    }
    const left = Math.min(d[best]!, d[best + 4]!);
    d[best + 2] = Math.max(d[best]! + d[best + 2]!, d[best + 4]! + d[best + 6]!) - left;
    d[best + 3] = d[best + 5]! + d[best + 7]! - d[best + 1]!;
    d[best] = left;
    d.copyWithin(best + 4, best + 8, this.#count * 4);
    this.#count--;
  }

  #bound(): this {
    return this.#count > MAX_RECTANGLES ? this.simplify(MAX_RECTANGLES / 2) : this;
  }

  #one(x: number, y: number, width: number, height: number): Rectangles {
    const left = clamp(x);
    const top = clamp(y);
    const right = clamp(x + width);
    const bottom = clamp(y + height);
    const r = this.#single;
    r.rectangles[0] = left;
    r.rectangles[1] = top;
    r.rectangles[2] = right - left;
    r.rectangles[3] = bottom - top;
    r.count = right > left && bottom > top ? 1 : 0;
    return r;
  }

  /** Whether one rectangle of ours already holds all of this one: most damage repeats itself. */
  #covers(x: number, y: number, width: number, height: number): boolean {
    const d = this.#data;
    for (let i = 0; i < this.#count * 4; i += 4)
      if (
        x >= d[i]! &&
        y >= d[i + 1]! &&
        x + width <= d[i]! + d[i + 2]! &&
        y + height <= d[i + 1]! + d[i + 3]!
      )
        return true;
    return false;
  }

  #reserve(count: number): void {
    if (this.#data.length >= count * 4) return;
    const grown = new Int32Array(count * 8);
    grown.set(this.#data.subarray(0, this.#count * 4));
    this.#data = grown;
  }

  /**
   * Walks both operands from top to bottom. Between two neighbouring horizontal edges both have constant spans; those
   * of each such strip are combined by `#strip` and joined to the strip above when they are the same.
   */
  #combine(operation: Operation, other: Rectangles): this {
    const a = this.#data;
    const b = other.rectangles;
    const aEnd = this.#count * 4;
    const bEnd = other.count * 4;
    let ai = 0;
    let bi = 0;
    let out = 0;
    let previous = -1;
    let y = -Infinity;
    while (ai < aEnd || bi < bEnd) {
      if (ai >= aEnd && operation !== 'union') break;
      if (bi >= bEnd && operation === 'intersect') break;
      const aTop = ai < aEnd ? Math.max(a[ai + 1]!, y) : Infinity;
      const bTop = bi < bEnd ? Math.max(b[bi + 1]!, y) : Infinity;
      const top = Math.min(aTop, bTop);
      const aBottom = ai < aEnd ? a[ai + 1]! + a[ai + 3]! : Infinity;
      const bBottom = bi < bEnd ? b[bi + 1]! + b[bi + 3]! : Infinity;
      const bottom = Math.min(aTop > top ? aTop : aBottom, bTop > top ? bTop : bBottom);
      const aNext = bandEnd(a, ai, aEnd);
      const bNext = bandEnd(b, bi, bEnd);
      const begin = out;
      out = this.#strip(
        operation,
        out,
        top,
        bottom,
        a,
        ai,
        aTop > top ? ai : aNext,
        b,
        bi,
        bTop > top ? bi : bNext,
      );
      if (out > begin) {
        if (previous >= 0 && this.#joins(previous, begin, out)) out = begin;
        else previous = begin;
      }
      y = bottom;
      if (aBottom <= y) ai = aNext;
      if (bBottom <= y) bi = bNext;
    }
    const spare = this.#data;
    this.#data = this.#spare;
    this.#spare = spare;
    this.#count = out / 4;
    return this;
  }

  /** Writes one strip's spans to the spare buffer from `out`; returns where they end. */
  // biome-ignore format: the operands stand in pairs
  #strip(operation: Operation, from: number, top: number, bottom: number,
    a: Int32Array, aBegin: number, aEnd: number, b: Int32Array, bBegin: number, bEnd: number): number {
    let out = from;
    let ai = aBegin;
    let bi = bBegin;
    let inA = false;
    let inB = false;
    let inside = false;
    let left = 0;
    while (ai < aEnd || bi < bEnd) {
      const nextA = ai < aEnd ? (inA ? a[ai]! + a[ai + 2]! : a[ai]!) : Infinity;
      const nextB = bi < bEnd ? (inB ? b[bi]! + b[bi + 2]! : b[bi]!) : Infinity;
      const x = Math.min(nextA, nextB);
      if (nextA === x) {
        if (inA) ai += 4;
        inA = !inA;
      }
      if (nextB === x) {
        if (inB) bi += 4;
        inB = !inB;
      }
      const now = operation === 'union' ? inA || inB : operation === 'intersect' ? inA && inB : inA && !inB;
      if (now === inside) continue;
      inside = now;
      if (now) {
        left = x;
        continue;
      }
      if (out + 4 > this.#spare.length) {
        const grown = new Int32Array(this.#spare.length * 2);
        grown.set(this.#spare);
        this.#spare = grown;
      }
      this.#spare[out] = left;
      this.#spare[out + 1] = top;
      this.#spare[out + 2] = x - left;
      this.#spare[out + 3] = bottom - top;
      out += 4;
    }
    return out;
  }

  /** Lets the band at `previous` grow down over the one at [begin, end) when it touches it and has the same spans. */
  #joins(previous: number, begin: number, end: number): boolean {
    const s = this.#spare;
    if (end - begin !== begin - previous || s[previous + 1]! + s[previous + 3]! !== s[begin + 1])
      return false;
    for (let i = 0; i < end - begin; i += 4)
      if (s[previous + i] !== s[begin + i] || s[previous + i + 2] !== s[begin + i + 2]) return false;
    for (let i = previous; i < begin; i += 4) s[i + 3] = s[i + 3]! + s[begin + 3]!;
    return true;
  }
}

/** Where the band that begins at `begin` ends. */
function bandEnd(data: Int32Array, begin: number, end: number): number {
  let at = begin;
  while (at < end && data[at + 1] === data[begin + 1]) at += 4;
  return at;
}
