import { constants, unlinkSync } from 'node:fs';
import { Fd, makeFifo, Poll, read } from '@switchyard/sys';

/**
 * The fifo that CreateSession hands out: while anybody holds its write end, the session lives. We hold the read end;
 * end of file means that all writers are gone.
 */
export class Fifo {
  readonly path: string;
  readonly #reader: Fd;
  readonly #discard = new Uint8Array(4096);
  #poll: Poll | undefined;

  private constructor(path: string, reader: Fd) {
    this.path = path;
    this.#reader = reader;
  }

  /** The writer is the caller's to hand on. The reader is opened first, or opening the writer would fail (ENXIO). */
  static create(path: string): { fifo: Fifo; writer: Fd } {
    remove(path);
    makeFifo(path, 0o600);
    const fifo = new Fifo(path, Fd.open(path, constants.O_RDONLY | constants.O_NONBLOCK));
    try {
      return { fifo, writer: Fd.open(path, constants.O_WRONLY | constants.O_NONBLOCK) };
    } catch (error) {
      fifo.close();
      throw error;
    }
  }

  /** The fifo of before our restart; undefined when nobody holds its write end any more. */
  static reopen(path: string): Fifo | undefined {
    try {
      const fifo = new Fifo(path, Fd.open(path, constants.O_RDONLY | constants.O_NONBLOCK));
      if (fifo.#atEnd()) fifo.close();
      else return fifo;
    } catch {
      remove(path);
    }
    return undefined;
  }

  onEnd(callback: () => void): void {
    this.#poll = Poll.watch(this.#reader, ['readable', 'hangup'], () => {
      if (this.#atEnd()) {
        this.#poll?.close();
        callback();
      }
    });
  }

  /** Removes it. */
  close(): void {
    this.#poll?.close();
    this.#reader.close();
    remove(this.path);
  }

  /** What is written into it means nothing. */
  #atEnd(): boolean {
    return read(this.#reader, this.#discard) === 0;
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
