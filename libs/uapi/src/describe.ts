import { findIoctl } from './Catalogue.js';
import { access, type FieldType, sizeOf } from './Field.js';
import { ioctlParts, isByValue } from './Ioctl.js';
import { isArray, isStruct } from './Struct.js';

/** Bytes of a bit set or a blob that are shown: a whole EVIOCGKEY is three lines of them. */
const BYTES_SHOWN = 16;

const hex = (number: number | bigint): string => `0x${number.toString(16)}`;

function show(type: FieldType, view: DataView, at: number): string {
  if (isStruct(type)) {
    const fields = Object.entries(type.fields).map(
      ([name, field]) => `${name}=${show(field, view, at + type.offset[name]!)}`,
    );
    return `{${fields.join(type.kind === 'union' ? ' | ' : ', ')}}`;
  }
  if (isArray(type)) {
    const step = sizeOf(type.of);
    return `[${Array.from({ length: type.count }, (_, i) => show(type.of, view, at + i * step)).join(', ')}]`;
  }
  const value = access(type).read(view, at);
  if (value instanceof Uint8Array) {
    const shown = Array.from(value.subarray(0, BYTES_SHOWN), (byte) => byte.toString(16).padStart(2, '0'));
    return shown.join(' ') + (value.length > BYTES_SHOWN ? ` … (${value.length} bytes)` : '');
  }
  if (typeof type === 'object' && type.kind === 'pointer') return hex(value as bigint);
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/**
 * An ioctl with its argument as one line: `VT_SETMODE {mode=1, waitv=0, relsig=12, acqsig=12, frsig=0}`.
 *
 * The argument is what the caller passed: a number, or the memory that it pointed to, before or after the call. Fields are the
 * kernel's; of what a pointer points to only the address is known.
 */
export function describe(request: number, argument?: Uint8Array | number): string {
  const found = findIoctl(request >>> 0);
  if (!found) {
    const { direction, type, nr, size } = ioctlParts(request >>> 0);
    const printable = /[!-~]/.test(type) ? `'${type}'` : hex(type.charCodeAt(0));
    return `ioctl ${hex(request >>> 0)} (type ${printable}, nr ${hex(nr)}, ${size} bytes, ${direction})`;
  }
  const { name, argument: type } = found;
  if (type === undefined || argument === undefined) return name;
  if (typeof argument === 'number') return `${name} ${isByValue(type) ? argument : hex(argument)}`;
  if (isByValue(type)) return name;
  if (argument.length < sizeOf(type)) return `${name} (${argument.length} of ${sizeOf(type)} bytes)`;
  return `${name} ${show(type, new DataView(argument.buffer, argument.byteOffset, argument.byteLength), 0)}`;
}
