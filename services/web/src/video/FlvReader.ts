/**
 * Takes apart what ffmpeg's FLV muxer writes of one H.264 stream: of all simple containers it is the one that says how long each
 * piece is before the piece, so that no frame waits for the next one to be seen as whole. Layout: Adobe's "Video File Format
 * Specification, version 10", annex E.
 *
 *   header     9 bytes and the 4 of a previous tag that is none
 *   tag        type u8, length u24, time and stream 7 bytes, data, length of the whole tag u32
 *   video data frame kind << 4 | 7 (AVC), packet type u8, composition time u24, then the packet; big endian
 */
const HEADER = 9 + 4;
const TAG_HEADER = 11;
const TAG_END = 4;
const VIDEO_HEADER = 5;
const VIDEO_TAG = 9;
const KEY_FRAME = 1;
const PacketType = { configuration: 0, frame: 1 } as const;

export interface H264Unit {
  /** `configuration` is an AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1), a frame an access unit with lengths before its parts. */
  readonly kind: 'configuration' | 'key' | 'delta';
  readonly bytes: Uint8Array;
}

export class FlvReader {
  #kept: Buffer = Buffer.alloc(0);
  #begun = false;

  /** The units that are whole with `chunk`. Throws RangeError for what is no FLV of H.264. */
  read(chunk: Buffer): H264Unit[] {
    this.#kept = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
    const units: H264Unit[] = [];
    let at = 0;
    if (!this.#begun) {
      if (this.#kept.length < HEADER) return units;
      if (this.#kept.toString('latin1', 0, 3) !== 'FLV') throw new RangeError('not an FLV stream');
      this.#begun = true;
      at = HEADER;
    }
    for (;;) {
      if (this.#kept.length < at + TAG_HEADER) break;
      const length = this.#kept.readUIntBE(at + 1, 3);
      const end = at + TAG_HEADER + length + TAG_END;
      if (this.#kept.length < end) break;
      const unit = unitOf(this.#kept[at]!, this.#kept.subarray(at + TAG_HEADER, at + TAG_HEADER + length));
      if (unit) units.push(unit);
      at = end;
    }
    this.#kept = this.#kept.subarray(at);
    return units;
  }
}

function unitOf(type: number, data: Buffer): H264Unit | undefined {
  if (type !== VIDEO_TAG) return undefined;
  if (data.length < VIDEO_HEADER) throw new RangeError('a video tag without its header');
  const bytes = data.subarray(VIDEO_HEADER);
  switch (data[1]) {
    case PacketType.configuration:
      return { kind: 'configuration', bytes };
    case PacketType.frame:
      return { kind: data[0]! >> 4 === KEY_FRAME ? 'key' : 'delta', bytes };
    default:
      return undefined;
  }
}
