/** Bit sets as the input interface has them: bit n is bit n % 8 of byte n / 8. */

export const hasBit = (bits: Uint8Array, bit: number): boolean =>
  ((bits[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;

export function bitsIn(bits: Uint8Array): number[] {
  const found: number[] = [];
  for (let bit = 0; bit < bits.length * 8; bit++) if (hasBit(bits, bit)) found.push(bit);
  return found;
}

/** A set of `count` bits, in whole 64-bit words as the kernel copies them. */
export function bitSet(count: number, bits: Iterable<number> = []): Uint8Array<ArrayBuffer> {
  const set = new Uint8Array(bitBytes(count));
  for (const bit of bits) {
    if (!(bit >= 0 && bit < count)) throw new RangeError(`bit ${bit} of ${count}`);
    set[bit >> 3]! |= 1 << (bit & 7);
  }
  return set;
}

export const bitBytes = (count: number): number => Math.ceil(count / 64) * 8;
