import native from '@switchyard/native';
import type { Fd } from './Fd.js';
import { check, errno } from './SystemError.js';

export type DeviceNumber = { major: number; minor: number };
export type FileStat = {
  size: number;
  /** Type and permissions, as in node:fs's constants. */
  mode: number;
  inode: bigint;
  /** The device that the file is on. */
  device: DeviceNumber;
  /** The device that the file is, for a device node. */
  rdev: DeviceNumber;
  links: number;
  /** Bytes that are there: without a file's holes. */
  allocated: number;
  /** Of memfds their page size. */
  blockSize: number;
};

const statBuffer = new BigInt64Array(10);

/** fstat(2). */
export function fileStat(fd: Fd): FileStat {
  check(native.fileStat(fd.number, statBuffer), 'fstat', fd.what);
  const at = (index: number): number => Number(statBuffer[index]!);
  return {
    size: at(0),
    mode: at(1),
    inode: BigInt.asUintN(64, statBuffer[2]!),
    device: { major: at(3), minor: at(4) },
    rdev: { major: at(5), minor: at(6) },
    links: at(7),
    allocated: at(8),
    blockSize: at(9),
  };
}

/** ftruncate(2): EPERM against a seal. */
export function truncate(fd: Fd, size: number): void {
  check(native.truncate(fd.number, size), 'ftruncate', fd.what);
}

/** flock(2), exclusively: false when another open file of it holds the lock. It lasts until every dup of the fd is closed. */
export function lockFile(fd: Fd): boolean {
  const result = native.lockFile(fd.number);
  if (result === -errno.EAGAIN) return false;
  check(result, 'flock', fd.what);
  return true;
}

/** pread(2): bytes, fewer at the end of the file, 0 behind it. */
export function pread(fd: Fd, into: Uint8Array, position: number): number {
  return check(native.read(fd.number, into, position), 'pread', fd.what);
}

/** pwrite(2): bytes, perhaps fewer than given. EPERM against a seal. */
export function pwrite(fd: Fd, from: Uint8Array, position: number): number {
  return check(native.write(fd.number, from, position), 'pwrite', fd.what);
}

/** read(2), for what has no position: bytes; 0 at the end; -1 when there is nothing now (non-blocking). */
export function read(fd: Fd, into: Uint8Array): number {
  const count = native.read(fd.number, into, -1);
  return count === -errno.EAGAIN ? -1 : check(count, 'read', fd.what);
}

/** write(2), for what has no position: bytes; -1 when there is no room now (non-blocking). */
export function write(fd: Fd, from: Uint8Array): number {
  const count = native.write(fd.number, from, -1);
  return count === -errno.EAGAIN ? -1 : check(count, 'write', fd.what);
}

/** mkfifo(3); the umask applies. */
export function makeFifo(path: string, mode: number): void {
  check(native.makeFifo(path, mode), 'mkfifo', path);
}

/** Memory that an ioctl's argument points to, and at which of the argument's bytes its address belongs. */
export type IoctlPointer = { readonly offset: number; readonly memory: Uint8Array };

/**
 * ioctl(2). A buffer is read and written in place; one that is smaller than the request says is EINVAL. Numbers are
 * passed by value. The result is the syscall's. It blocks the thread for as long as the driver does.
 *
 * The addresses of `pointers` (at most 8) stand in the argument during the call and are zero afterwards. How much of that
 * memory the kernel reads and writes, other fields of the argument say: a count that is too large corrupts this process.
 */
export function ioctl(
  fd: Fd,
  request: number,
  argument?: Uint8Array | number,
  pointers?: readonly IoctlPointer[],
): number {
  const list = pointers?.flatMap(({ offset, memory }) => [offset, memory]);
  const result = native.ioctl(fd.number, request, argument, list);
  return check(result, `ioctl(0x${request.toString(16)})`, fd.what);
}
