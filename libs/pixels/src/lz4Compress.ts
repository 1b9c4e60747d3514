/**
 * An encoder of LZ4 blocks in TypeScript, for machines without liblz4. Greedy, with one hash table, as liblz4's fast mode
 * works; the same limits of the block format: a match ends at least 5 bytes, and begins at least 12, before the end.
 */

const HASH_BITS = 14;
const MIN_MATCH = 4;
const LAST_LITERALS = 5;
const MATCH_FIND_LIMIT = 12;
const MAX_OFFSET = 0xffff;
/** After 2^6 misses the search skips ahead faster and faster, so that what does not compress is passed quickly. */
const SKIP_TRIGGER = 6;

/** Positions + 1 of the latest bytes with each hash; one table, since nothing here runs concurrently. */
const table = new Int32Array(1 << HASH_BITS);

/** The most that `lz4Compress` writes for `length` bytes (LZ4_compressBound). */
export function lz4Bound(length: number): number {
  return length + Math.floor(length / 255) + 16;
}

/** Compresses `source` into `out` from `offset`; returns the bytes written, 0 when they do not fit. */
export function lz4Compress(source: Uint8Array, out: Uint8Array, offset = 0): number {
  if (!(offset >= 0)) return 0;
  const length = source.length;
  const words = new DataView(source.buffer, source.byteOffset, length);
  const findEnd = length - MATCH_FIND_LIMIT;
  const matchEnd = length - LAST_LITERALS;
  let to = offset;
  let anchor = 0;
  let at = 1;
  let misses = 1 << SKIP_TRIGGER;
  if (length > MATCH_FIND_LIMIT) {
    table.fill(0);
    table[hash(words.getUint32(0, true))] = 1;
  }

  while (at <= findEnd) {
    const word = words.getUint32(at, true);
    const slot = hash(word);
    let candidate = table[slot]! - 1;
    table[slot] = at + 1;
    if (candidate < 0 || at - candidate > MAX_OFFSET || words.getUint32(candidate, true) !== word) {
      at += misses++ >> SKIP_TRIGGER;
      continue;
    }
    misses = 1 << SKIP_TRIGGER;
    while (at > anchor && candidate > 0 && source[at - 1] === source[candidate - 1]) {
      at--;
      candidate--;
    }
    const begin = at;
    const back = at - candidate;
    at += MIN_MATCH;
    while (at + 4 <= matchEnd && words.getUint32(at, true) === words.getUint32(at - back, true)) at += 4;
    while (at < matchEnd && source[at] === source[at - back]) at++;

    to = sequence(source, anchor, begin, back, at - begin, out, to);
    if (to < 0) return 0;
    anchor = at;
    if (at <= findEnd) table[hash(words.getUint32(at - 2, true))] = at - 1;
  }
  to = sequence(source, anchor, length, 0, 0, out, to);
  return to < 0 ? 0 : to - offset;
}

function hash(word: number): number {
  return Math.imul(word, 2654435761) >>> (32 - HASH_BITS);
}

/** Writes literals [anchor, end) and, unless `match` is 0, a match; returns where it ends, -1 when it does not fit. */
function sequence(
  source: Uint8Array,
  anchor: number,
  end: number,
  back: number,
  match: number,
  out: Uint8Array,
  start: number,
): number {
  const literals = end - anchor;
  const extra = match - MIN_MATCH;
  const needed =
    1 +
    literals +
    (literals >= 15 ? lengthBytes(literals) : 0) +
    (match ? 2 + (extra >= 15 ? lengthBytes(extra) : 0) : 0);
  if (needed > out.length - start) return -1;

  let to = start;
  out[to++] = (Math.min(literals, 15) << 4) | (match ? Math.min(extra, 15) : 0);
  if (literals >= 15) to = writeLength(out, to, literals);
  if (literals > 16) {
    out.set(source.subarray(anchor, end), to);
    to += literals;
  } else {
    for (let i = anchor; i < end; i++) out[to++] = source[i]!;
  }
  if (!match) return to;
  out[to++] = back & 0xff;
  out[to++] = back >> 8;
  return extra >= 15 ? writeLength(out, to, extra) : to;
}

/** A length of 15 or more goes on after its nibble in bytes of 255 and a last one below. */
function lengthBytes(length: number): number {
  return Math.floor((length - 15) / 255) + 1;
}

function writeLength(out: Uint8Array, at: number, length: number): number {
  let to = at;
  let rest = length - 15;
  for (; rest >= 255; rest -= 255) out[to++] = 255;
  out[to++] = rest;
  return to;
}
