import { createPipe, type Fd, Poll, read, SystemError, write } from '@switchyard/sys';

/** A peer that does not take or give a byte for this long is given up. */
const PATIENCE_MS = 3000;
const CHUNK = 64 << 10;

/** Sends bytes through a pipe that another client gave us, at its pace, and closes it. Takes the fd over. */
export function sendThrough(fd: Fd, bytes: Uint8Array): void {
  let sent = 0;
  const finish = () => {
    clearTimeout(timer);
    fd.close();
  };
  let timer = setTimeout(finish, PATIENCE_MS);
  const step = () => {
    try {
      const count = write(fd, bytes.subarray(sent, sent + CHUNK));
      if (count < 0) return;
      sent += count;
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      return finish();
    }
    if (sent >= bytes.length) return finish();
    clearTimeout(timer);
    timer = setTimeout(finish, PATIENCE_MS);
  };
  try {
    Poll.watch(fd, 'writable', step);
  } catch {
    // Not a pipe: nothing that can be waited for, and nothing that a data offer brings.
    finish();
  }
}

/**
 * Asks for bytes: `request` gets the end to write to, which it passes on. A pipe, as every data source expects.
 * Undefined when they do not come, or are more than `limit`.
 */
export function receiveFrom(request: (fd: Fd) => void, limit: number): Promise<Uint8Array | undefined> {
  const { reading, writing } = createPipe('selection');
  const parts: Uint8Array[] = [];
  let length = 0;
  return new Promise((resolve) => {
    const finish = (complete: boolean) => {
      clearTimeout(timer);
      poll.close();
      reading.close();
      resolve(complete ? Buffer.concat(parts) : undefined);
    };
    let timer = setTimeout(() => finish(false), PATIENCE_MS);
    const chunk = new Uint8Array(CHUNK);
    const poll = Poll.watch(reading, 'readable', () => {
      const count = read(reading, chunk);
      if (count < 0) return;
      if (count === 0) return finish(true);
      length += count;
      if (length > limit) return finish(false);
      parts.push(chunk.slice(0, count));
      clearTimeout(timer);
      timer = setTimeout(() => finish(false), PATIENCE_MS);
    });
    request(writing);
  });
}
