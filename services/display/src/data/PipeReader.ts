import { addSeals, createMemfd, createPipe, type Fd, Poll, pwrite, read } from '@switchyard/sys';

/** A 4K screenshot as uncompressed pixels is 32 MiB; the copies are ours until the caller has them. */
export const MAX_TRANSFER_BYTES = 64 * 1024 * 1024;

/** For the whole transfer: whoever needs longer for what fits is slow on purpose, or hangs. */
const TRANSFER_TIMEOUT_MS = 5000;

/** A full pipe. */
const chunk = new Uint8Array(64 * 1024);

/**
 * Reads what somebody writes into a pipe until they close it, into a sealed memfd.
 *
 * @param ask is given the end to write; it moves to whoever writes.
 * @throws Error when it takes too long or is too much; the writer then gets EPIPE.
 */
export function readPipe(name: string, ask: (writing: Fd) => void): Promise<Fd> {
  const { reading, writing } = createPipe(name);
  const memfd = createMemfd(name);
  return new Promise((resolve, reject) => {
    let size = 0;
    const end = (error?: Error): void => {
      clearTimeout(timer);
      poll.close();
      reading.close();
      if (error) {
        memfd.close();
        reject(error);
      } else {
        addSeals(memfd, ['shrink', 'grow', 'write', 'seal']);
        resolve(memfd);
      }
    };
    const timer = setTimeout(
      () => end(new Error(`${name}: the data did not come within ${TRANSFER_TIMEOUT_MS / 1000} s`)),
      TRANSFER_TIMEOUT_MS,
    );
    const poll = Poll.watch(reading, 'readable', () => {
      try {
        const count = read(reading, chunk);
        if (count < 0) return;
        if (count === 0) {
          end();
          return;
        }
        size += count;
        if (size > MAX_TRANSFER_BYTES)
          throw new Error(`${name}: more than ${MAX_TRANSFER_BYTES / 2 ** 20} MiB`);
        writeAll(memfd, chunk.subarray(0, count), size - count);
      } catch (error) {
        end(error as Error);
      }
    });
    ask(writing);
  });
}

function writeAll(fd: Fd, bytes: Uint8Array, position: number): void {
  for (let written = 0; written < bytes.length; ) {
    written += pwrite(fd, bytes.subarray(written), position + written);
  }
}
