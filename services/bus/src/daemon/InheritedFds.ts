import { readdirSync, readFileSync } from 'node:fs';
import { Fd, ioctl } from '@switchyard/sys';

/** asm-generic/ioctls.h: sets close-on-exec. */
const FIOCLEX = 0x5451;
/** O_CLOEXEC, as /proc/PID/fdinfo tells it (proc(5)). */
const closeOnExec = 0o2000000;
const lastStandardFd = 2;

/**
 * What our parent left open for us is not for the services that we start. Node sees to low numbers only, and to its own.
 * Before any fd is opened that is meant to be inherited.
 */
export function keepInheritedFdsToOurselves(): void {
  for (const name of readdirSync('/proc/self/fdinfo')) {
    const number = Number(name);
    if (number <= lastStandardFd || isClosedOnExec(number)) continue;
    const fd = Fd.adopt(number);
    try {
      ioctl(fd, FIOCLEX);
    } finally {
      // It stays whose it was.
      fd.take();
    }
  }
}

function isClosedOnExec(number: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${number}`, 'utf8'));
    return (Number.parseInt(flags![1]!, 8) & closeOnExec) !== 0;
  } catch {
    // The folder's own, which is closed already.
    return true;
  }
}
