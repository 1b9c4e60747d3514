/**
 * The decoder of LZ4 blocks (lz4_Block_format.md). It imports nothing, so that a page can have it too.
 *
 *   token (literals << 4 | match - 4)  [more literal length: 255… n]  literals  offset u16  [more match length: 255… n]
 *
 * The last sequence ends after its literals.
 */

/**
 * Decodes `block` into `out`; returns the number of bytes written. Throws RangeError on anything that is not a whole block,
 * or that would write past `out`: no input makes it read or write outside of its arguments.
 */
export function lz4Decompress(block: Uint8Array, out: Uint8Array): number {
  const end = block.length;
  const room = out.length;
  let from = 0;
  let to = 0;
  for (;;) {
    if (from >= end) throw new RangeError(`LZ4 block of ${end} bytes ends where a sequence should begin`);
    const token = block[from++]!;

    let literals = token >> 4;
    if (literals === 15) {
      let more = 255;
      while (more === 255) {
        if (from >= end) throw new RangeError(`LZ4 block of ${end} bytes ends inside a literal length`);
        more = block[from++]!;
        literals += more;
      }
    }
    if (literals > end - from) throw new RangeError(`LZ4 block of ${end} bytes ends inside its literals`);
    if (literals > room - to) throw new RangeError(`LZ4 block holds more than the ${room} bytes expected`);
    if (literals > 32) {
      out.set(block.subarray(from, from + literals), to);
      from += literals;
      to += literals;
    } else {
      for (const stop = from + literals; from < stop; ) out[to++] = block[from++]!;
    }
    if (from === end) return to;

    if (end - from < 2) throw new RangeError(`LZ4 block of ${end} bytes ends inside a match offset`);
    const offset = block[from]! | (block[from + 1]! << 8);
    from += 2;
    if (offset === 0 || offset > to) throw new RangeError(`LZ4 match ${offset} bytes back at byte ${to}`);

    let match = (token & 15) + 4;
    if (match === 19) {
      let more = 255;
      while (more === 255) {
        if (from >= end) throw new RangeError(`LZ4 block of ${end} bytes ends inside a match length`);
        more = block[from++]!;
        match += more;
      }
    }
    if (match > room - to) throw new RangeError(`LZ4 block holds more than the ${room} bytes expected`);
    to = repeat(out, to, offset, match);
  }
}

/** Repeats what stands `offset` bytes before `to` for `length` bytes; returns where it ends. */
function repeat(out: Uint8Array, to: number, offset: number, length: number): number {
  const end = to + length;
  if (length <= 32) {
    for (let at = to, from = to - offset; at < end; ) out[at++] = out[from++]!;
    return end;
  }
  // Each copy doubles what may be copied next: a row of one colour takes a few steps and not thousands.
  const begin = to - offset;
  for (let at = to; at < end; ) {
    const step = Math.min(at - begin, end - at);
    out.copyWithin(at, begin, begin + step);
    at += step;
  }
  return end;
}
