import type { Unit } from '../wire/VideoRectangle.js';

/** Constrained baseline at level 4.2, which is 1080p at 60 Hz: what a browser is asked for before there is a stream. */
const USUAL = 'avc1.42c02a';

/** Whether this browser decodes H.264 by itself; only on HTTPS and localhost is it told. */
export async function decodesVideo(): Promise<boolean> {
  if (!('VideoDecoder' in globalThis)) return false;
  try {
    return (
      (await VideoDecoder.isConfigSupported({ codec: USUAL, optimizeForLatency: true })).supported === true
    );
  } catch {
    return false;
  }
}

/** The decoder of the part of the seat that comes as H.264. */
export class VideoDecoding {
  #decoder: VideoDecoder | undefined;
  #description = new Uint8Array(0);
  #serial = 0;
  readonly #waiting = new Map<
    number,
    { resolve: (frame: VideoFrame) => void; reject: (error: Error) => void }
  >();

  /** Decodes units; resolves with the picture of the last, which is the caller's to close. Rejects when the browser fails. */
  async decode(units: readonly Unit[]): Promise<VideoFrame> {
    let picture: Promise<VideoFrame> | undefined;
    for (const unit of units) {
      if (unit.kind === 'configuration') {
        this.reset();
        this.#description = unit.bytes.slice();
      } else {
        // Of frames before the last nobody sees anything.
        picture?.then(
          (frame) => frame.close(),
          () => {},
        );
        picture = this.#decodeFrame(unit.kind, unit.bytes);
      }
    }
    if (picture === undefined) throw new RangeError('video: no frame');
    return picture;
  }

  reset(): void {
    if (this.#decoder?.state === 'configured') this.#decoder.close();
    this.#decoder = undefined;
    this.#fail(new Error('the stream is over'));
  }

  #decodeFrame(type: 'key' | 'delta', data: Uint8Array): Promise<VideoFrame> {
    this.#decoder ??= this.#configured();
    const timestamp = this.#serial++;
    const picture = new Promise<VideoFrame>((resolve, reject) =>
      this.#waiting.set(timestamp, { resolve, reject }),
    );
    this.#decoder.decode(new EncodedVideoChunk({ type, timestamp, data }));
    return picture;
  }

  #configured(): VideoDecoder {
    const decoder = new VideoDecoder({
      output: (frame) => {
        const waiting = this.#waiting.get(frame.timestamp);
        this.#waiting.delete(frame.timestamp);
        if (waiting) waiting.resolve(frame);
        else frame.close();
      },
      error: (error) => this.#fail(error),
    });
    const hex = (byte: number | undefined) => (byte ?? 0).toString(16).padStart(2, '0');
    const [, profile, constraints, level] = this.#description;
    decoder.configure({
      codec: `avc1.${hex(profile)}${hex(constraints)}${hex(level)}`,
      description: this.#description,
      optimizeForLatency: true,
    });
    return decoder;
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
