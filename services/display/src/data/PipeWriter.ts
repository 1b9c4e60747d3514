import { constants } from 'node:fs';
import { Fd, fileStat, Poll, pread, SystemError, write } from '@switchyard/sys';

/** Whoever asked has this long to read it all. */
const TRANSFER_TIMEOUT_MS = 30_000;

/** A person pastes once at a time; some programs ask for several types at once. */
const MAX_TRANSFERS = 32;

const FILE_TYPE = 0o170000;
const FIFO = 0o010000;

/** A full pipe. */
const chunk = new Uint8Array(64 * 1024);

let transfers = 0;

/**
 * Writes a memfd into the pipe that somebody wants it in, as fast as they read, and closes it. Takes both fds over.
 * What is no pipe is only closed: other files could make us wait.
 */
export function writePipe(memfd: Fd, pipe: Fd): void {
  const target = reopen(pipe);
  pipe.close();
  if (!target || transfers >= MAX_TRANSFERS) {
    target?.close();
    memfd.close();
    return;
  }
  transfers++;
  let position = 0;
  const end = (): void => {
    transfers--;
    clearTimeout(timer);
    poll.close();
    target.close();
    memfd.close();
  };
  const timer = setTimeout(end, TRANSFER_TIMEOUT_MS);
  const poll = Poll.watch(target, 'writable', () => {
    try {
      const count = pread(memfd, chunk, position);
      if (count === 0) {
        end();
        return;
      }
      const written = write(target, chunk.subarray(0, count));
      if (written > 0) position += written;
    } catch (error) {
      // The reader has gone.
      if (!(error instanceof SystemError)) throw error;
      end();
    }
  });
}

/**
 * The same pipe as an open file of our own: the flag that lets us not wait for a slow reader must not change the
 * other's.
 */
function reopen(pipe: Fd): Fd | undefined {
  try {
    if ((fileStat(pipe).mode & FILE_TYPE) !== FIFO) return undefined;
    return Fd.open(`/proc/self/fd/${pipe.number}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}
