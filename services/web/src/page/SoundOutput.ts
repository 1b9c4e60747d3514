import type { PageMessage } from '../wire/Control.js';
import { soundHeader } from '../wire/Wire.js';
import type { Status } from './Status.js';

const RATE = 48_000;
/** What one packet lasts (µs). */
const PACKET_US = 20_000;

/** The seat's sound: a button, shown when there is any to be heard and the browser can decode it. */
export class SoundOutput {
  readonly #button: HTMLButtonElement;
  readonly #tell: (message: PageMessage) => void;
  readonly #status: Status;
  #context: AudioContext | undefined;
  #queue: AudioWorkletNode | undefined;
  #decoder: AudioDecoder | undefined;
  #time = 0;
  #on = false;
  /** Seconds of sound in hand. */
  held = 0;

  constructor(button: HTMLButtonElement, tell: (message: PageMessage) => void, status: Status) {
    this.#button = button;
    this.#tell = tell;
    this.#status = status;
    button.addEventListener('click', () => void this.#switch(!this.#on));
  }

  get on(): boolean {
    return this.#on;
  }

  available(available: boolean): void {
    // Both need a secure context: localhost or HTTPS.
    this.#button.hidden = !available || !('AudioDecoder' in window) || !('AudioWorkletNode' in window);
    if (!available && this.#on) void this.#switch(false);
  }

  /** A new connection: the server does not know yet that we listen. */
  connected(): void {
    if (this.#on) this.#tell({ type: 'sound', on: true });
  }

  packet(message: Uint8Array): void {
    if (!this.#on || this.#decoder?.state !== 'configured') return;
    const data = message.subarray(soundHeader.size);
    this.#decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp: this.#time, data }));
    this.#time += PACKET_US;
  }

  async #switch(on: boolean): Promise<void> {
    this.#on = on;
    try {
      if (on) await this.#start();
      else await this.#context?.suspend();
    } catch (error) {
      this.#on = false;
      this.#status.remark(`No sound: ${(error as Error).message}`);
    }
    this.#button.setAttribute('aria-pressed', String(this.#on));
    this.#tell({ type: 'sound', on: this.#on });
  }

  async #start(): Promise<void> {
    this.#decoder ??= this.#makeDecoder();
    if (this.#context !== undefined) return this.#context.resume();
    const context = new AudioContext({ sampleRate: RATE, latencyHint: 'interactive' });
    await context.audioWorklet.addModule('/page/SoundWorklet.js');
    const queue = new AudioWorkletNode(context, 'sound-queue', { outputChannelCount: [2] });
    queue.port.onmessage = ({ data }: MessageEvent<{ peak: number; held: number }>) => {
      this.held = data.held;
      this.#button.dataset['peak'] = String(Math.round(data.peak * 100));
    };
    queue.connect(context.destination);
    this.#queue = queue;
    this.#context = context;
    return context.resume();
  }

  #makeDecoder(): AudioDecoder {
    const decoder = new AudioDecoder({
      output: (audio) => {
        const left = new Float32Array(audio.numberOfFrames);
        const right = new Float32Array(audio.numberOfFrames);
        audio.copyTo(left, { planeIndex: 0, format: 'f32-planar' });
        audio.copyTo(right, { planeIndex: audio.numberOfChannels - 1, format: 'f32-planar' });
        audio.close();
        const both = new Float32Array(2 * left.length);
        for (let i = 0; i < left.length; i++) {
          both[2 * i] = left[i]!;
          both[2 * i + 1] = right[i]!;
        }
        this.#queue?.port.postMessage(both, [both.buffer]);
      },
      error: (error) => {
        this.#decoder = undefined;
        this.#status.remark(`No sound: ${error.message}`);
      },
    });
    decoder.configure({ codec: 'opus', sampleRate: RATE, numberOfChannels: 2 });
    return decoder;
  }
}
