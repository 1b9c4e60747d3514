import native from '@switchyard/native';
import { check, errno } from './SystemError.js';

/** XATTR_SIZE_MAX of linux/limits.h. */
const SIZE_MAX = 65536;

/** lgetxattr(2); undefined when the file has no such attribute. */
export function getXattr(path: string, name: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(SIZE_MAX);
  const count = native.getXattr(path, name, bytes);
  if (count === -errno.ENODATA) return undefined;
  return bytes.slice(0, check(count, `lgetxattr(${name})`, path));
}

/** lsetxattr(2), made or replaced. */
export function setXattr(path: string, name: string, value: Uint8Array): void {
  check(native.setXattr(path, name, value), `lsetxattr(${name})`, path);
}

/** lremovexattr(2); one that is not there is no error. */
export function removeXattr(path: string, name: string): void {
  const result = native.removeXattr(path, name);
  if (result !== -errno.ENODATA) check(result, `lremovexattr(${name})`, path);
}
