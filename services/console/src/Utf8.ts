/** Bytes of the character that begins at `at`, when it is well-formed, complete and printable; else 0. ASCII is none of ours. */
export function characterLength(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length === 0 || at + length > end) return 0;
  const second = bytes[at + 1]!;
  if ((second & 0xc0) !== 0x80) return 0;
  if (length === 2) return first === 0xc2 && second < 0xa0 ? 0 : 2;
  const third = bytes[at + 2]!;
  if ((third & 0xc0) !== 0x80) return 0;
  if (length === 3) {
    // Overlong, a surrogate, or the byte order mark, which the emulator drops.
    if (first === 0xe0 && second < 0xa0) return 0;
    if (first === 0xed && second >= 0xa0) return 0;
    return first === 0xef && second === 0xbb && third === 0xbf ? 0 : 3;
  }
  if ((bytes[at + 3]! & 0xc0) !== 0x80) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  return first === 0xf4 && second >= 0x90 ? 0 : 4;
}

/** The character of which characterLength told the length. */
export function characterAt(bytes: Uint8Array, at: number, length: number): number {
  const first = bytes[at]!;
  const second = bytes[at + 1]! & 0x3f;
  if (length === 2) return ((first & 0x1f) << 6) | second;
  const third = bytes[at + 2]! & 0x3f;
  if (length === 3) return ((first & 0x0f) << 12) | (second << 6) | third;
  return ((first & 0x07) << 18) | (second << 12) | (third << 6) | (bytes[at + 3]! & 0x3f);
}

/** Text as code points, for as long as it is printable and there is room. */
export class CodePoints {
  readonly codes = new Uint32Array(1024);
  length = 0;

  /** Hot. Returns where it stopped. */
  decode(bytes: Uint8Array, at: number, end: number): number {
    const { codes } = this;
    let count = 0;
    let next = at;
    while (next < end && count < codes.length) {
      const byte = bytes[next]!;
      if (byte < 0x80) {
        if (byte < 0x20 || byte === 0x7f) break;
        codes[count++] = byte;
        next++;
        continue;
      }
      const length = characterLength(bytes, next, end);
      if (length === 0) break;
      codes[count++] = characterAt(bytes, next, length);
      next += length;
    }
    this.length = count;
    return next;
  }
}
