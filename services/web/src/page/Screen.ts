import { lz4Decompress } from '@switchyard/pixels/lz4Decompress';
import { type FrameRectangle, readFrame } from '../wire/FrameReader.js';
import { readUnits } from '../wire/VideoRectangle.js';
import { ack, Codec, copySource, MessageType } from '../wire/Wire.js';
import { decodeJpeg } from './JpegDecoding.js';
import { VideoDecoding } from './VideoDecoding.js';

/**
 * The seat's screen: a canvas of exactly the output's size. Frames are drawn one after the other, each in a single
 * task, so that no half-drawn frame is ever shown.
 */
export class Screen {
  readonly canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #acknowledge: (message: Uint8Array<ArrayBuffer>) => void;
  readonly #ack = new DataView(new ArrayBuffer(ack.size));
  readonly #ackBytes = new Uint8Array(this.#ack.buffer);
  /** Work space: a decompressed rectangle, and the output as ImageData from which rectangles are put on the canvas. */
  #packed = new Uint8Array(0);
  #packedWords = new Uint32Array(0);
  #image = new ImageData(1, 1);
  #imageWords = new Uint32Array(1);
  #frames = 0;
  #videoFrames = 0;
  /** The frame that waits for its JPEG images, and what came behind it. */
  #waiting: Promise<void> | undefined;
  readonly #queue: (() => void | Promise<void>)[] = [];
  /** Counts connections: what an old one left in the queue is not drawn. */
  #epoch = 0;
  readonly #video = new VideoDecoding();
  readonly #failed: (error: Error) => void;

  /** `failed`: the browser could not decode an image or a video. */
  constructor(
    canvas: HTMLCanvasElement,
    acknowledge: (message: Uint8Array<ArrayBuffer>) => void,
    failed: (error: Error) => void,
  ) {
    this.canvas = canvas;
    this.#failed = failed;
    this.#acknowledge = acknowledge;
    // Pixels are put here from the main memory for every frame: a canvas in the GPU's would have to fetch each of them.
    this.#context = canvas.getContext('2d', { alpha: false, willReadFrequently: true })!;
  }

  /** Frames drawn. */
  get frames(): number {
    return this.#frames;
  }

  /** A new connection begins. */
  reset(): void {
    this.#epoch++;
    this.#video.reset();
  }

  /** `done` is called when the canvas has that size, unless it had it before. */
  setSize(width: number, height: number, done: () => void): void {
    this.#inOrder(() => {
      if (this.#image.width === width && this.#image.height === height) return;
      this.canvas.width = width;
      this.canvas.height = height;
      this.#image = new ImageData(width, height);
      this.#imageWords = new Uint32Array(this.#image.data.buffer);
      done();
    });
  }

  /** Draws a frame message and acknowledges it; calls `drawn` when it is on the canvas. */
  draw(message: Uint8Array, drawn: () => void): void {
    this.#inOrder(() => {
      const begun = performance.now();
      const finish = (sequence: number) => {
        this.canvas.dataset['frames'] = String(++this.#frames);
        ack.set.type(this.#ack, 0, MessageType.ack);
        ack.set.sequence(this.#ack, 0, sequence);
        ack.set.drawMicroseconds(this.#ack, 0, Math.round((performance.now() - begun) * 1000));
        this.#acknowledge(this.#ackBytes);
        drawn();
      };
      const images = this.#decodeImages(message);
      if (images === undefined) return finish(this.#drawRectangles(message, []));
      return images.then(
        (pictures) => {
          finish(this.#drawRectangles(message, pictures));
          for (const picture of pictures) picture.close();
        },
        (error: Error) => this.#failed(error),
      );
    });
  }

  /** Runs `work` after all that came before it: now, unless a frame waits for its images. */
  #inOrder(work: () => void | Promise<void>): void {
    if (this.#waiting !== undefined) {
      const epoch = this.#epoch;
      this.#queue.push(() => (epoch === this.#epoch ? work() : undefined));
      return;
    }
    const waiting = work();
    if (waiting === undefined) return;
    this.#waiting = waiting.finally(() => {
      this.#waiting = undefined;
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        this.#inOrder(next);
        if (this.#waiting !== undefined) break;
      }
    });
  }

  #drawRectangles(message: Uint8Array, pictures: (ImageBitmap | VideoFrame)[]): number {
    let images = 0;
    return readFrame(message, this.canvas.width, this.canvas.height, (rectangle) => {
      const { x, y, width, height, codec } = rectangle;
      if (codec === Codec.jpeg || codec === Codec.h264) {
        this.#context.drawImage(pictures[images++]!, x, y, width, height);
        if (codec === Codec.h264) this.canvas.dataset['videoFrames'] = String(++this.#videoFrames);
      } else if (codec === Codec.copy) this.#copy(message, rectangle);
      else if (codec === Codec.fill) {
        this.#context.fillStyle = colourOf(message, rectangle.from);
        this.#context.fillRect(x, y, width, height);
      } else this.#putPixels(message, rectangle);
    });
  }

  #copy(message: Uint8Array, { x, y, width, height, from }: Readonly<FrameRectangle>): void {
    const view = new DataView(message.buffer, message.byteOffset + from, copySource.size);
    const [fromX, fromY] = [copySource.get.x(view, 0), copySource.get.y(view, 0)];
    this.#context.drawImage(this.canvas, fromX, fromY, width, height, x, y, width, height);
  }

  /** The JPEG and H.264 rectangles of a frame as pictures, in order; undefined when it has none. */
  #decodeImages(message: Uint8Array): Promise<(ImageBitmap | VideoFrame)[]> | undefined {
    let images: Promise<ImageBitmap | VideoFrame>[] | undefined;
    readFrame(message, this.canvas.width, this.canvas.height, ({ codec, from, length }) => {
      if (codec !== Codec.jpeg && codec !== Codec.h264) return;
      images ??= [];
      images.push(
        codec === Codec.h264
          ? this.#video.decode(readUnits(message, from, length))
          : decodeJpeg(message.slice(from, from + length)),
      );
    });
    return images && Promise.all(images);
  }

  #putPixels(message: Uint8Array, { x, y, width, height, from, length }: Readonly<FrameRectangle>): void {
    const pixels = width * height;
    if (this.#packedWords.length < pixels) {
      this.#packedWords = new Uint32Array(pixels);
      this.#packed = new Uint8Array(this.#packedWords.buffer);
    }
    const block = message.subarray(from, from + length);
    if (lz4Decompress(block, this.#packed.subarray(0, pixels * 4)) !== pixels * 4)
      throw new RangeError('frame: a block of another size than its rectangle');
    // From 0x..RRGGBB to the canvas's bytes R G B A.
    const packed = this.#packedWords;
    const image = this.#imageWords;
    const stride = this.#image.width;
    for (let row = 0, at = 0; row < height; row++) {
      let to = (y + row) * stride + x;
      for (const end = at + width; at < end; at++, to++) {
        const pixel = packed[at]!;
        image[to] = 0xff000000 | ((pixel & 0xff) << 16) | (pixel & 0xff00) | ((pixel >>> 16) & 0xff);
      }
    }
    this.#context.putImageData(this.#image, 0, 0, x, y, width, height);
  }
}

function colourOf(message: Uint8Array, at: number): string {
  const word = message[at]! | (message[at + 1]! << 8) | (message[at + 2]! << 16);
  return `#${word.toString(16).padStart(6, '0')}`;
}
