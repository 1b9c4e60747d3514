import { constants } from 'node:os';
import native from '@switchyard/native';

/** Those of asm-generic/errno.h that node:os does not name and that our syscalls give. */
const unnamed: [number, string][] = [
  [77, 'EBADFD'],
  [108, 'ESHUTDOWN'],
  [109, 'ETOOMANYREFS'],
  [112, 'EHOSTDOWN'],
  [126, 'ENOKEY'],
];
const names = new Map<number, string>([
  ...unnamed,
  // EWOULDBLOCK and EOPNOTSUPP share their numbers with EAGAIN and ENOTSUP.
  ...Object.entries(constants.errno)
    .filter(([name]) => name !== 'EWOULDBLOCK' && name !== 'ENOTSUP')
    .map(([name, number]): [number, string] => [number, name]),
]);

/** Errno numbers by name, as far as this package decides by them. */
export const errno = constants.errno;

/**
 * A syscall that failed: `EACCES: open /dev/input/event3: Permission denied`.
 *
 * `errno` is the positive number, `subject` what it was done to: a path, an address, or what an Fd was called when it
 * was made.
 */
export class SystemError extends Error {
  override readonly name = 'SystemError';
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
  readonly subject: string;

  constructor(errno: number, syscall: string, subject: string) {
    const code = names.get(errno) ?? `E${errno}`;
    super(`${code}: ${syscall}${subject === '' ? '' : ` ${subject}`}: ${native.errorText(errno)}`);
    this.code = code;
    this.errno = errno;
    this.syscall = syscall;
    this.subject = subject;
  }
}

/** Passes a native result on; throws when it is an error. */
export function check(result: number, syscall: string, subject: string): number {
  if (result < 0) throw new SystemError(-result, syscall, subject);
  return result;
}
