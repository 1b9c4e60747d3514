import { readlinkSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { Fd } from '@switchyard/sys';
import { loginError } from './LoginError.js';

/** A terminal's name below /dev, as sessions have it: `pts/3`, `tty1`. Throws InvalidArgs when it is none. */
export function ttyName(fd: Fd): string {
  const path = isatty(fd.number) ? readlinkSync(`/proc/self/fd/${fd.number}`) : '';
  if (!path.startsWith('/dev/')) throw loginError.invalid('The fd is no terminal that has a name');
  return path.slice('/dev/'.length);
}
