import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { extname } from 'node:path';
import { Failure } from './Failure.js';
import type { Snapshot } from './Snapshot.js';

/** Pictures a second that are looked at; one that is as the one before is not written. */
const rate = 25;
/** A picture that stays is written again after this time (ms), so that players have one to seek to. */
const longest = 1000;
/** ffmpeg's last words that are shown when it fails. */
const wordsLimit = 400;

/** What ffmpeg is told for each kind of file: fast enough for a machine without a GPU, that the recorded programs share. */
const encoders: Readonly<Record<string, readonly string[]>> = {
  '.webm': ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-crf', '10', '-b:v', '4M'],
  '.mp4': [
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-crf',
    '20',
    '-pix_fmt',
    'yuv420p',
    '-movflags',
    '+faststart',
  ],
};

/** A film that ffmpeg writes: pictures of one size, each with the time at which it was added. */
export class Film {
  readonly #out: string;
  readonly #ffmpeg: ChildProcess;
  readonly #exit: Promise<number | Error>;
  readonly #frame: Buffer;
  readonly #width: number;
  readonly #height: number;
  readonly #started = performance.now();
  #words = '';
  #written = Number.NEGATIVE_INFINITY;
  #turns = 0;
  failed = false;

  /** Whether it is a kind of file that is written. */
  static canWrite(file: string): boolean {
    return extname(file) in encoders;
  }

  /** A film of pictures of this size. */
  constructor(out: string, { width, height }: Snapshot) {
    this.#out = out;
    // Encoders halve the colours' sides.
    this.#width = width & ~1;
    this.#height = height & ~1;
    this.#frame = Buffer.alloc(this.#width * this.#height * 4);
    this.#ffmpeg = spawn(
      'ffmpeg',
      [
        ...['-loglevel', 'error', '-nostdin', '-use_wallclock_as_timestamps', '1'],
        ...[
          '-f',
          'rawvideo',
          '-pix_fmt',
          'bgr0',
          '-s',
          `${this.#width}x${this.#height}`,
          '-framerate',
          String(rate),
          '-i',
          '-',
        ],
        ...['-vsync', 'vfr', ...encoders[extname(out)]!, '-y', out],
      ],
      // A session of its own: Ctrl+C reaches us, and we let it finish the file.
      { stdio: ['pipe', 'ignore', 'pipe'], detached: true },
    );
    this.#ffmpeg.stderr!.setEncoding('utf8').on('data', (words: string) => {
      this.#words = (this.#words + words).slice(-wordsLimit);
    });
    this.#ffmpeg.stdin!.on('error', () => {
      this.failed = true;
    });
    this.#exit = new Promise((resolve) => {
      this.#ffmpeg.on('error', (error) => resolve(error));
      this.#ffmpeg.on('close', (status) => resolve(status ?? -1));
    });
    void this.#exit.then(() => {
      this.failed = true;
    });
  }

  /** Writes it, if it is another than the one before. */
  async add(picture: Snapshot): Promise<void> {
    const now = performance.now();
    if (!this.#take(picture) && now - this.#written < longest) return;
    this.#written = now;
    await this.#write();
  }

  /** Waits until it is time for the next picture. */
  async nextTurn(): Promise<void> {
    this.#turns = Math.max(this.#turns + 1, Math.floor(((performance.now() - this.#started) * rate) / 1000));
    const due = this.#started + (this.#turns * 1000) / rate;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
  }

  /** On a terminal, how far it is. */
  tell(): void {
    if (!process.stderr.isTTY || this.#turns % rate !== 0) return;
    const size = statSync(this.#out, { throwIfNoEntry: false })?.size ?? 0;
    const time = Math.round((performance.now() - this.#started) / 1000);
    process.stderr.write(`\r${this.#out}: ${time} s, ${(size / 1e6).toFixed(1)} MB; Ctrl+C ends it `);
  }

  /** Throws Failure when ffmpeg could not do its work. */
  async finish(): Promise<void> {
    // The last picture lasts until now.
    if (!this.failed) await this.#write();
    this.#ffmpeg.stdin!.end();
    const result = await this.#exit;
    if (process.stderr.isTTY) process.stderr.write('\n');
    // ffmpeg ends well when it could not even write the end.
    if (result === 0 && !this.#words.includes('No space left')) return;
    if (result instanceof Error) {
      const missing = (result as NodeJS.ErrnoException).code === 'ENOENT';
      throw new Failure(
        missing
          ? 'there is no ffmpeg in PATH: install it (Debian: apt install ffmpeg)'
          : `ffmpeg cannot be started: ${result.message}`,
      );
    }
    throw new Failure(`ffmpeg could not write ${this.#out}: ${this.#words.trim().split('\n').at(-1)}`);
  }

  /** Copies its rows into the frame; one of another size is cut off, or leaves black. Whether anything is new. */
  #take({ bytes, width, height, stride }: Snapshot): boolean {
    let changed = false;
    const row = Math.min(width, this.#width) * 4;
    for (let y = 0; y < this.#height; y++) {
      const to = y * this.#width * 4;
      const from = y < height ? bytes.subarray(y * stride, y * stride + row) : undefined;
      const old = this.#frame.subarray(to, to + row);
      if (from === undefined) old.fill(0);
      else if (old.compare(from) !== 0) {
        old.set(from);
        changed = true;
      }
      this.#frame.fill(0, to + row, to + this.#width * 4);
    }
    return changed;
  }

  async #write(): Promise<void> {
    const input = this.#ffmpeg.stdin!;
    if (this.failed || input.destroyed) return;
    // It holds the frame until it is written: it must not be drawn over meanwhile.
    const done = new Promise<void>((resolve) => input.write(this.#frame, () => resolve()));
    await Promise.race([done, once(this.#ffmpeg, 'exit')]);
  }
}
