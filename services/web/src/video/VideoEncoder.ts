import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { FlvReader, type H264Unit } from './FlvReader.js';

/** An encoder that has not answered a frame for this long does not work (ms). Its start is the longest. */
const PATIENCE_MS = 5000;
/** x264's constant quality: 18 cannot be told from the original, 28 shows its blocks. */
const QUALITY = 24;

/**
 * H.264 by a child process (ffmpeg with libx264): frames go in as I420, one at a time, and each comes out before the next goes in.
 * The first output is the decoder's configuration and a key frame; no other key frame follows, as each viewer has an encoder of its own.
 *
 *   idle ──encode──▶ busy ──unit──▶ idle
 *     └──── close, failure ──┴──▶ ended
 */
export class VideoEncoder {
  readonly #child: ChildProcess;
  readonly #input: Writable;
  readonly #reader = new FlvReader();
  readonly #on: { units(units: H264Unit[]): void; failed(reason: string): void };
  #units: H264Unit[] = [];
  #patience: NodeJS.Timeout | undefined;
  #ended = false;
  #complaint = '';

  /** `units`: what one frame became, in order. `failed` is called at most once, and nothing after it. Sides are even. */
  constructor(
    width: number,
    height: number,
    on: { units(units: H264Unit[]): void; failed(reason: string): void },
  ) {
    this.#on = on;
    this.#child = spawn('ffmpeg', commandLine(width, height), { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#input = this.#child.stdin!;
    this.#child.on('error', (error) => this.#fail(error.message));
    this.#child.on('exit', (code, signal) => this.#fail(this.#complaint || `ended with ${signal ?? code}`));
    this.#input.on('error', () => {
      // It has ended; `exit` tells why.
    });
    this.#child.stdout!.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#child.stderr!.on('data', (chunk: Buffer) => {
      this.#complaint ||= chunk.toString('utf8').trim().slice(0, 200);
    });
  }

  get busy(): boolean {
    return this.#patience !== undefined;
  }

  /** Takes a frame unless it is busy; `planes` must stay as they are until its units come. */
  encode(planes: Uint8Array): void {
    if (this.busy || this.#ended) throw new Error('the encoder is busy or gone');
    this.#patience = setTimeout(() => this.#fail('no answer'), PATIENCE_MS);
    this.#input.write(planes);
  }

  close(): void {
    this.#ended = true;
    clearTimeout(this.#patience);
    this.#child.kill('SIGKILL');
  }

  #read(chunk: Buffer): void {
    if (this.#ended) return;
    try {
      this.#units.push(...this.#reader.read(chunk));
    } catch (error) {
      this.#fail((error as Error).message);
      return;
    }
    if (this.#units.at(-1) === undefined || this.#units.at(-1)!.kind === 'configuration') return;
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.#on.units(this.#units.splice(0));
  }

  #fail(reason: string): void {
    if (this.#ended) return;
    this.close();
    this.#on.failed(reason);
  }
}

/**
 * `-threads 1` before the input: the raw decoder would otherwise hold back a frame for each thread. zerolatency: no look-ahead, no B-frames.
 * The colours are what i420Rectangle makes.
 */
const commandLine = (width: number, height: number): string[] => [
  ...'-hide_banner -loglevel error -threads 1 -probesize 32 -f rawvideo -pix_fmt yuv420p'.split(' '),
  ...['-video_size', `${width}x${height}`, '-framerate', '60', '-i', 'pipe:0', '-an', '-c:v', 'libx264'],
  ...`-preset ultrafast -tune zerolatency -crf ${QUALITY} -g 1000000 -threads 2`.split(' '),
  ...'-color_range tv -colorspace bt709 -color_primaries bt709 -color_trc bt709'.split(' '),
  ...'-f flv -flvflags no_duration_filesize+no_metadata -flush_packets 1 pipe:1'.split(' '),
];
