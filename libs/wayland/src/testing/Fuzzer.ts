import { type Fd, Socket, SystemError, sealedMemfd } from '@switchyard/sys';
import { type Recording, record } from './Recording.js';

/** Most connections end earlier, by the first mutation that the server takes for an error. */
const MESSAGES_A_CLIENT = 64;

/** Hostile clients for a server in another process: they say what a valid client said, with bytes changed. */
export class Fuzzer {
  readonly recording: Recording;
  readonly #path: string;
  readonly #random: () => number;

  private constructor(path: string, recording: Recording, seed: number) {
    this.#path = path;
    this.recording = recording;
    this.#random = xorshift(seed);
  }

  /** The same seed gives the same messages. */
  static async create(path: string, seed: number): Promise<Fuzzer> {
    return new Fuzzer(path, await record(path), seed);
  }

  /** Of what another client said to that server. */
  static of(path: string, recording: Recording, seed: number): Fuzzer {
    return new Fuzzer(path, recording, seed);
  }

  /**
   * One connection: the valid setup, then mutated messages until the server ends it or it has said all. Returns how
   * many of them the server has handled, the one that ended the connection included.
   */
  async attack(): Promise<number> {
    const { setup, messages, plain, nextId } = this.recording;
    const parts = [setup];
    // A sync behind each message tells that it was survived. Its id is free again as soon as it is answered.
    const sync = Buffer.from(new Uint32Array([1, 12 << 16, nextId]).buffer);
    for (let i = 0; i < MESSAGES_A_CLIENT; i++) {
      const list = this.#random() % 8 === 0 ? messages : plain;
      parts.push(this.#mutate(list[this.#random() % list.length]!), sync);
    }
    const { received, ended } = await this.speak(Buffer.concat(parts));
    // The setup's own sync is one more.
    let survived = -1;
    for (let at = 0; at + 8 <= received.length; ) {
      if (received.readUInt32LE(at) === nextId) survived++;
      const size = received.readUInt16LE(at + 6);
      if (size < 8) break;
      at += size;
    }
    return Math.max(0, ended ? survived + 1 : survived);
  }

  /** One connection that says this and then closes its side; what the server answered, and whether it ended it before. */
  speak(bytes: Buffer): Promise<{ received: Buffer; ended: boolean }> {
    return new Promise((resolve) => {
      const socket = Socket.connect(this.#path);
      const answers: Buffer[] = [];
      const scrap = Buffer.alloc(65_536);
      let saidAll = false;
      const end = (): void => {
        socket.close();
        const received = Buffer.concat(answers);
        resolve({ received, ended: !saidAll || containsError(received) });
      };
      socket.watch({
        readable: () => {
          const fds: Fd[] = [];
          try {
            const count = socket.receive(scrap, fds);
            if (count > 0) answers.push(Buffer.from(scrap.subarray(0, count)));
            else if (count === 0) end();
          } catch (error) {
            if (!(error instanceof SystemError)) throw error;
            end();
          }
          for (const fd of fds) fd.close();
        },
        drained: () => {
          saidAll = true;
          socket.shutdown('write');
        },
        failed: () => {},
      });
      const pools = Array.from({ length: this.recording.fds }, () => sealedMemfd('pool', new Uint8Array(64)));
      socket.write(bytes, pools);
    });
  }

  /** Mostly the arguments, so that the message is still understood and goes deep; sometimes anything. */
  #mutate(original: Buffer): Buffer {
    const bytes = Buffer.from(original);
    const anywhere = this.#random() % 32 === 0;
    const from = anywhere ? 0 : 8;
    if (bytes.length <= from) return bytes;
    const flips = this.#random() % 4 === 0 ? 3 : 1;
    for (let i = 0; i < flips; i++) {
      const at = from + (this.#random() % (bytes.length - from));
      const bit = 1 << (this.#random() & 7);
      bytes[at] = this.#random() % 4 === 0 ? this.#random() & 0xff : bytes[at]! ^ bit;
    }
    return bytes;
  }
}

function containsError(received: Buffer): boolean {
  for (let at = 0; at + 8 <= received.length; ) {
    if (received.readUInt32LE(at) === 1 && received.readUInt16LE(at + 4) === 0) return true;
    const size = received.readUInt16LE(at + 6);
    if (size < 8) return false;
    at += size;
  }
  return false;
}

/** Marsaglia's xorshift32. */
function xorshift(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}
