import { closeSync, openSync, readSync } from 'node:fs';

/** From the kernel, as node:crypto's are; that module takes longer to load than a small program to start. */
export function randomBytes(count: number): Buffer {
  const bytes = Buffer.alloc(count);
  const fd = openSync('/dev/urandom', 'r');
  try {
    readSync(fd, bytes);
  } finally {
    closeSync(fd);
  }
  return bytes;
}
