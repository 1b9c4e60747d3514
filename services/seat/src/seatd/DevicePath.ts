import { realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { Refusal } from './Refusal.js';

const { errno } = constants;

/**
 * Where a path leads, as the kernel sees it: no symbolic link and no "..", so that one device has one name. Virtual
 * devices, which are in no file system, are named as they are.
 */
export function realPath(path: string): string {
  if (/^\/dev\/switchyard\/[0-9]+:[0-9]+$/.test(path)) return path;
  let real: string;
  try {
    real = realpathSync.native(path);
  } catch (error) {
    throw new Refusal(-((error as NodeJS.ErrnoException).errno ?? -errno.ENOENT));
  }
  if (!/^\/dev\/(input\/event|dri\/|hidraw)/.test(real)) throw new Refusal(errno.ENOENT);
  return real;
}
