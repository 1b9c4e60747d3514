/**
 * An ioctl as data: its name, its number, what its argument is, and which way the argument's memory moves.
 *
 * Numbers follow asm-generic/ioctl.h:   direction (2 bits) │ size (14 bits) │ type (8 bits) │ nr (8 bits)
 * Those from before that convention (VTs, keyboards, ttys, fbdev) are plain numbers.
 */
import { type FieldType, sizeOf } from './Field.js';

/** As _IOR and _IOW name it, from the caller's side: `write` is what the kernel takes in, `read` what it fills. */
export type Direction = 'none' | 'read' | 'write' | 'both';
const directions = { none: 0, write: 1, read: 2, both: 3 } as const;

/** The argument is a number, not the address of one. */
export const byValue = { kind: 'value' } as const;
export type ByValue = typeof byValue;
/** Undefined: there is none. Anything else is memory, to which the caller passes the address. */
export type Argument = FieldType | ByValue | undefined;

export interface Ioctl<A extends Argument = Argument, D extends Direction = Direction> {
  readonly name: string;
  readonly number: number;
  readonly argument: A;
  readonly direction: D;
}

export const isByValue = (argument: Argument): argument is ByValue => argument === byValue;

const argumentSize = (argument: Argument): number => {
  if (argument === undefined) return 0;
  return isByValue(argument) ? 4 : sizeOf(argument);
};

/** _IOC() */
export function ioctlNumber(direction: Direction, type: string, nr: number, size: number): number {
  if (size > 0x3fff) throw new RangeError(`an ioctl's argument has 16383 bytes at most, not ${size}`);
  return ((directions[direction] << 30) | (size << 16) | (type.charCodeAt(0) << 8) | nr) >>> 0;
}

/** What an ioctl's number says of itself. */
export function ioctlParts(number: number): { direction: Direction; type: string; nr: number; size: number } {
  const [direction] = (Object.entries(directions) as [Direction, number][]).find(
    ([, bits]) => bits === number >>> 30,
  )!;
  return {
    direction,
    type: String.fromCharCode((number >>> 8) & 0xff),
    nr: number & 0xff,
    size: (number >>> 16) & 0x3fff,
  };
}

/** _IO() */
export const io = (name: string, type: string, nr: number): Ioctl<undefined, 'none'> =>
  plain(name, ioctlNumber('none', type, nr, 0), 'none', undefined);

/** _IOR() */
export const ior = <A extends FieldType>(
  name: string,
  type: string,
  nr: number,
  argument: A,
): Ioctl<A, 'read'> => plain(name, ioctlNumber('read', type, nr, sizeOf(argument)), 'read', argument);

/** _IOW() of memory, or of an int that is passed by value all the same. */
export const iow = <A extends FieldType | ByValue>(
  name: string,
  type: string,
  nr: number,
  argument: A,
): Ioctl<A, 'write'> =>
  plain(name, ioctlNumber('write', type, nr, argumentSize(argument)), 'write', argument);

/** _IOWR() */
export const iowr = <A extends FieldType>(
  name: string,
  type: string,
  nr: number,
  argument: A,
): Ioctl<A, 'both'> => plain(name, ioctlNumber('both', type, nr, sizeOf(argument)), 'both', argument);

/** One whose number says nothing, or not the truth, of its argument. */
export const plain = <A extends Argument, D extends Direction>(
  name: string,
  number: number,
  direction: D,
  argument: A,
): Ioctl<A, D> => ({ name, number, direction, argument });
