/** Runs where the browser makes sound: a queue between packets that come in bursts and samples that are due. */

declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

const RATE = 48_000;
/** Begins to play with this much in hand, and never keeps more than that (samples). */
const START = 0.06 * RATE;
const MOST = 0.25 * RATE;
/** How often the page is told how loud it is (samples). */
const TELL = RATE / 4;

class SoundQueue extends AudioWorkletProcessor {
  /** Left and right, interleaved. */
  readonly #samples = new Float32Array(2 * 2 * MOST);
  #read = 0;
  #held = 0;
  #playing = false;
  #peak = 0;
  #untilTold = TELL;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<Float32Array>) => this.#take(data);
  }

  process(_inputs: Float32Array[][], [output]: Float32Array[][]): boolean {
    const [left, right] = output!;
    const frames = left!.length;
    if (!this.#playing && this.#held >= START) this.#playing = true;
    for (let i = 0; i < frames && this.#playing; i++) {
      if (this.#held === 0) {
        this.#playing = false;
        break;
      }
      left![i] = this.#samples[2 * this.#read]!;
      (right ?? left!)[i] = this.#samples[2 * this.#read + 1]!;
      this.#peak = Math.max(this.#peak, Math.abs(left![i]!));
      this.#read = (this.#read + 1) % (this.#samples.length / 2);
      this.#held--;
    }
    this.#untilTold -= frames;
    if (this.#untilTold <= 0) {
      this.#untilTold = TELL;
      this.port.postMessage({ peak: this.#peak, held: this.#held / RATE });
      this.#peak = 0;
    }
    return true;
  }

  #take(samples: Float32Array): void {
    const room = this.#samples.length / 2;
    for (let i = 0; i < samples.length; i += 2) {
      const at = (this.#read + this.#held) % room;
      this.#samples[2 * at] = samples[i]!;
      this.#samples[2 * at + 1] = samples[i + 1]!;
      this.#held++;
    }
    // Late by too much: what is oldest is left out, and the rest is in time again.
    if (this.#held <= MOST) return;
    const skip = this.#held - START;
    this.#read = (this.#read + skip) % room;
    this.#held = START;
  }
}

registerProcessor('sound-queue', SoundQueue);
