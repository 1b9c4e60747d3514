/** RFC 3533, section 6: a page's header up to its segment table, and where things stand in it. */
const HEADER = 27;
const FLAGS_AT = 5;
const SEGMENTS_AT = 26;
const CONTINUED = 1;
const CAPTURE = Buffer.from('OggS\0', 'latin1');
/** The largest page there is. */
const PAGE_MAX = HEADER + 255 + 255 * 255;
/** A segment of this length goes on in the next. */
const SEGMENT_FULL = 255;
/** Opus packets are at most 61,440 bytes (RFC 7845, section 6). */
const PACKET_MAX = 61_440;

/** Takes an Ogg stream of one logical bitstream apart, as it comes. */
export class OggPackets {
  readonly #onPacket: (packet: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);
  #parts: Buffer[] = [];
  #length = 0;

  constructor(onPacket: (packet: Buffer) => void) {
    this.#onPacket = onPacket;
  }

  /** Throws at what is no Ogg. */
  push(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    for (let page = this.#nextPage(); page !== undefined; page = this.#nextPage()) this.#takePage(page);
    if (this.#rest.length > PAGE_MAX) throw new Error('a page of Ogg is too large');
  }

  #nextPage(): Buffer | undefined {
    const bytes = this.#rest;
    if (bytes.length < HEADER) return undefined;
    if (!bytes.subarray(0, CAPTURE.length).equals(CAPTURE)) throw new Error('that is no Ogg');
    const table = HEADER + bytes[SEGMENTS_AT]!;
    if (bytes.length < table) return undefined;
    let length = table;
    for (let at = HEADER; at < table; at++) length += bytes[at]!;
    if (bytes.length < length) return undefined;
    this.#rest = bytes.subarray(length);
    return bytes.subarray(0, length);
  }

  #takePage(page: Buffer): void {
    if ((page[FLAGS_AT]! & CONTINUED) === 0) this.#forget();
    const segments = page[SEGMENTS_AT]!;
    let at = HEADER + segments;
    for (let i = 0; i < segments; i++) {
      const size = page[HEADER + i]!;
      this.#parts.push(page.subarray(at, at + size));
      this.#length += size;
      at += size;
      if (this.#length > PACKET_MAX) throw new Error('a packet of Ogg is too large');
      if (size === SEGMENT_FULL) continue;
      const packet = Buffer.concat(this.#parts);
      this.#forget();
      this.#onPacket(packet);
    }
  }

  #forget(): void {
    this.#parts = [];
    this.#length = 0;
  }
}
