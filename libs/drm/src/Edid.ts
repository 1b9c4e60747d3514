import { array, bytes, packed, sizeOf } from '@switchyard/uapi';

/** VESA E-EDID 1.4, section 3: the base block, of 128 bytes; extensions follow it. */
const base = packed('edid', {
  header: bytes(8),
  manufacturer: bytes(2),
  product: 'u16',
  serial: 'u32',
  week: 'u8',
  year: 'u8',
  version: 'u8',
  revision: 'u8',
  input: 'u8',
  widthCm: 'u8',
  heightCm: 'u8',
  gamma: 'u8',
  features: 'u8',
  chromaticity: bytes(10),
  established: bytes(3),
  standard: bytes(16),
  descriptors: array(bytes(18), 4),
  extensions: 'u8',
  checksum: 'u8',
});
const HEADER = [0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00];
/** Descriptors that are no timings begin with three zero bytes, then one of these, then a zero, then 13 bytes of text. */
const NAME = 0xfc;
const SERIAL = 0xff;
const TEXT_AT = 5;
const FIRST_YEAR = 1990;

/** What a monitor says of itself. */
export interface Edid {
  /** Three letters of the PNP registry. */
  readonly manufacturer: string;
  readonly product: number;
  /** 0: none. */
  readonly serial: number;
  readonly year: number;
  /** cm; 0: not known, or it is a projector. */
  readonly widthCm: number;
  readonly heightCm: number;
  /** "" when it tells none. */
  readonly name: string;
  readonly serialText: string;
}

/** Undefined when it is none: monitors and cables lie. */
export function parseEdid(data: Uint8Array): Edid | undefined {
  const size = sizeOf(base);
  if (data.length < size) return undefined;
  const block = data.subarray(0, size);
  if (!HEADER.every((byte, at) => block[at] === byte)) return undefined;
  if (block.reduce((sum, byte) => (sum + byte) & 0xff, 0) !== 0) return undefined;
  const values = base.read(new DataView(block.buffer, block.byteOffset, size), 0);
  return {
    manufacturer: letters(values.manufacturer),
    product: values.product,
    serial: values.serial,
    year: FIRST_YEAR + values.year,
    widthCm: values.widthCm,
    heightCm: values.heightCm,
    name: text(values.descriptors, NAME),
    serialText: text(values.descriptors, SERIAL),
  };
}

/** Big endian: one bit of zero, then three letters of five bits, A = 1. */
function letters([high = 0, low = 0]: Uint8Array): string {
  const word = (high << 8) | low;
  return [10, 5, 0].map((shift) => String.fromCharCode(0x40 + ((word >> shift) & 0x1f))).join('');
}

/** It ends at a line feed, and spaces fill it up. What is not printable is left out. */
function text(descriptors: readonly Uint8Array[], kind: number): string {
  const found = descriptors.find((one) => one[0] === 0 && one[1] === 0 && one[2] === 0 && one[3] === kind);
  if (!found) return '';
  const [line = ''] = String.fromCharCode(...found.subarray(TEXT_AT)).split('\n');
  return line.replace(/[^\x20-\x7e]/g, '').trim();
}
