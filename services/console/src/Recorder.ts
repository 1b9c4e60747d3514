import { type Fd, Poll, PollEvents, SystemError, write } from '@switchyard/sys';

/** What the reader has not taken yet. One that is slower than this has its recording ended: the terminal waits for nobody. */
const QUEUE_LIMIT = 8 << 20;

/**
 * Writes what a program prints as an asciicast (version 2): a line of JSON about the terminal, then one for each piece of output, with its
 * time in seconds.
 */
export class Recorder {
  readonly #fd: Fd;
  readonly #ended: (recorder: Recorder) => void;
  readonly #since = performance.now();
  readonly #decoder = new TextDecoder();
  #queue: Buffer[] = [];
  #queued = 0;
  #poll: Poll | undefined;

  /** Takes the fd. */
  constructor(fd: Fd, columns: number, rows: number, ended: (recorder: Recorder) => void) {
    this.#fd = fd;
    this.#ended = ended;
    this.#poll = Poll.idle(fd, () => this.#drain());
    const timestamp = Math.floor(Date.now() / 1000);
    this.#put({ version: 2, width: columns, height: rows, timestamp, env: { TERM: 'xterm-256color' } });
  }

  output(bytes: Uint8Array): void {
    const text = this.#decoder.decode(bytes, { stream: true });
    if (text !== '') this.#event('o', text);
  }

  resized(columns: number, rows: number): void {
    this.#event('r', `${columns}x${rows}`);
  }

  close(): void {
    if (!this.#poll) return;
    this.#poll.close();
    this.#poll = undefined;
    this.#queue = [];
    this.#fd.close();
    this.#ended(this);
  }

  #event(kind: string, data: string): void {
    this.#put([Number(((performance.now() - this.#since) / 1000).toFixed(6)), kind, data]);
  }

  #put(value: unknown): void {
    if (!this.#poll) return;
    const line = Buffer.from(`${JSON.stringify(value)}\n`);
    this.#queue.push(line);
    this.#queued += line.length;
    if (this.#queued > QUEUE_LIMIT) this.close();
    else this.#drain();
  }

  #drain(): void {
    try {
      for (let first = this.#queue[0]; first; first = this.#queue[0]) {
        const sent = write(this.#fd, first);
        if (sent < 0) break;
        this.#queued -= sent;
        if (sent < first.length) this.#queue[0] = first.subarray(sent);
        else this.#queue.shift();
      }
    } catch (error) {
      // EPIPE: nobody reads any more.
      if (!(error instanceof SystemError)) throw error;
      this.close();
      return;
    }
    this.#poll?.change(this.#queue.length > 0 ? PollEvents.writable : 0);
  }
}
