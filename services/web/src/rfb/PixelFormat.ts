import type { pixelFormat } from './Messages.js';
import type { PixelWords } from './PixelWords.js';

export type PixelFormatFields = ReturnType<typeof pixelFormat.read>;

/** What we say we have, and what nearly every client stays with: 0x00RRGGBB, little endian. */
export const ownFormat: PixelFormatFields = {
  bitsPerPixel: 32,
  depth: 24,
  bigEndian: 0,
  trueColour: 1,
  redMax: 255,
  greenMax: 255,
  blueMax: 255,
  redShift: 16,
  greenShift: 8,
  blueShift: 0,
};

/** Turns the seat's pixels into a client's. */
export class PixelFormat {
  readonly bytes: number;
  /** ZRLE's CPIXEL and Tight's TPIXEL leave out the byte that has no colour. */
  readonly compactBytes: number;
  /** The compact pixel is the first three bytes of the four, not the last. */
  readonly #compactAt: number;
  readonly #fields: PixelFormatFields;
  readonly #own: boolean;

  /** Undefined for colour maps and for what the protocol does not allow. */
  static of(fields: PixelFormatFields): PixelFormat | undefined {
    const { bitsPerPixel, depth, trueColour, redMax, greenMax, blueMax } = fields;
    if (![8, 16, 32].includes(bitsPerPixel) || depth > bitsPerPixel || trueColour === 0) return undefined;
    for (const [max, shift] of [
      [redMax, fields.redShift],
      [greenMax, fields.greenShift],
      [blueMax, fields.blueShift],
    ] as const)
      if (max === 0 || (max & (max + 1)) !== 0 || max > 255 || shift + Math.log2(max + 1) > bitsPerPixel)
        return undefined;
    return new PixelFormat(fields);
  }

  private constructor(fields: PixelFormatFields) {
    this.#fields = fields;
    this.bytes = fields.bitsPerPixel / 8;
    const mask = colourMask(fields);
    const compact = this.bytes === 4 && fields.depth <= 24 && (low24(mask) || high24(mask));
    this.compactBytes = compact ? 3 : this.bytes;
    // Which three bytes of the four, in the client's order.
    this.#compactAt = compact && low24(mask) !== (fields.bigEndian === 0) ? 1 : 0;
    this.#own = Object.entries(ownFormat).every(([name, value]) =>
      name === 'bigEndian' || name === 'trueColour'
        ? Boolean(fields[name]) === Boolean(value)
        : fields[name as keyof PixelFormatFields] === value,
    );
  }

  /** Tight's JPEG and three-byte pixels are for clients with 8 bits a colour. */
  get trueColour24(): boolean {
    const { bitsPerPixel, depth, redMax, greenMax, blueMax } = this.#fields;
    return bitsPerPixel === 32 && depth === 24 && redMax === 255 && greenMax === 255 && blueMax === 255;
  }

  /** Whole pixels. Hot. */
  write(from: PixelWords, to: Buffer, at: number): number {
    if (this.#own) {
      for (let row = 0; row < from.height; row++) {
        const start = (from.y + row) * from.stride + from.x;
        const words = from.words.subarray(start, start + from.width);
        to.set(new Uint8Array(words.buffer, words.byteOffset, words.byteLength), at);
        at += words.byteLength;
      }
      return at;
    }
    from.each((word) => {
      at = this.#put(this.#value(word), to, at);
    });
    return at;
  }

  writeOne(word: number, to: Buffer, at: number): number {
    return this.#put(this.#value(word), to, at);
  }

  /** ZRLE's CPIXEL. */
  writeCompact(word: number, to: Buffer, at: number): number {
    if (this.compactBytes !== 3) return this.#put(this.#value(word), to, at);
    const value = this.#value(word);
    for (let i = 0; i < 3; i++) {
      const byte = i + this.#compactAt;
      to[at++] = value >>> (this.#fields.bigEndian ? 24 - 8 * byte : 8 * byte);
    }
    return at;
  }

  /** Tight's TPIXEL: red, green, blue for those with 8 bits a colour. */
  writeTight(word: number, to: Buffer, at: number): number {
    if (!this.trueColour24) return this.#put(this.#value(word), to, at);
    to[at++] = word >>> 16;
    to[at++] = word >>> 8;
    to[at++] = word;
    return at;
  }
  get tightBytes(): number {
    return this.trueColour24 ? 3 : this.bytes;
  }

  #value(word: number): number {
    const { redMax, greenMax, blueMax, redShift, greenShift, blueShift } = this.#fields;
    const part = (shift: number, max: number) => Math.round((((word >>> shift) & 0xff) * max) / 255);
    return (
      ((part(16, redMax) << redShift) |
        (part(8, greenMax) << greenShift) |
        (part(0, blueMax) << blueShift)) >>>
      0
    );
  }

  #put(value: number, to: Buffer, at: number): number {
    const { bigEndian } = this.#fields;
    for (let i = 0; i < this.bytes; i++) to[at + i] = value >>> (8 * (bigEndian ? this.bytes - 1 - i : i));
    return at + this.bytes;
  }
}

const colourMask = ({
  redMax,
  greenMax,
  blueMax,
  redShift,
  greenShift,
  blueShift,
}: PixelFormatFields): number =>
  ((redMax << redShift) | (greenMax << greenShift) | (blueMax << blueShift)) >>> 0;
const low24 = (mask: number): boolean => mask >>> 24 === 0;
const high24 = (mask: number): boolean => (mask & 0xff) === 0;
