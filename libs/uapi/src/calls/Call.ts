/** Ioctls of the tables on an Fd. Errors are SystemErrors that carry the ioctl's name and what the Fd is of. */
import { type Fd, type IoctlPointer, ioctl, SystemError } from '@switchyard/sys';
import { type FieldType, type Given, sizeOf, type Value } from '../Field.js';
import type { ByValue, Ioctl } from '../Ioctl.js';
import { decode, encode } from '../Struct.js';

/** Signals interrupt calls, and DRM drivers give EAGAIN when a lock is held: a hundred times in a row is no coincidence. */
const TRIES_MAX = 100;

/** The syscall itself, tried again when it was interrupted. */
export function call(
  fd: Fd,
  { name, number }: Ioctl,
  argument?: Uint8Array | number,
  pointers?: readonly IoctlPointer[],
): number {
  for (let tries = 1; ; tries++) {
    try {
      return ioctl(fd, number, argument, pointers);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      if ((error.code === 'EINTR' || error.code === 'EAGAIN') && tries < TRIES_MAX) continue;
      throw new SystemError(error.errno, `ioctl(${name})`, error.subject);
    }
  }
}

/** One without an argument. */
export const act = (fd: Fd, request: Ioctl<undefined>): number => call(fd, request);

/** One that takes a number. */
export const pass = (fd: Fd, request: Ioctl<ByValue>, value: number): number => call(fd, request, value);

/** One that takes memory in. */
export const put = <A extends FieldType>(
  fd: Fd,
  request: Ioctl<A, 'write' | 'both'>,
  given: Given<A>,
): number => call(fd, request, encode(request.argument, given));

/** One that fills memory. */
export function get<A extends FieldType>(fd: Fd, request: Ioctl<A, 'read'>): Value<A> {
  const argument = new Uint8Array(sizeOf(request.argument));
  call(fd, request, argument);
  return decode(request.argument, argument);
}

/** One that takes memory in and gives it back changed. */
export function exchange<A extends FieldType>(fd: Fd, request: Ioctl<A, 'both'>, given: Given<A>): Value<A> {
  const argument = encode(request.argument, given);
  call(fd, request, argument);
  return decode(request.argument, argument);
}
