import { type Fd, Socket } from '@switchyard/sys';
import type { Client } from '../server/Client.js';
import type { Display } from '../server/Display.js';

export type ErrorEvent = { object: number; code: number; message: string };

/** A client that writes bytes instead of requests, to say what no proper client would. */
export class RawClient {
  readonly client: Client;
  /** wl_display.error, when the server has sent it and closed; undefined when it only closed. */
  readonly ended: Promise<ErrorEvent | undefined>;
  readonly #socket: Socket;
  #received = Buffer.alloc(0);

  constructor(display: Display) {
    const [ours, theirs] = Socket.pair('stream');
    this.#socket = ours;
    this.client = display.addClient(theirs);
    this.ended = new Promise((resolve) => {
      const chunk = Buffer.alloc(65_536);
      ours.watch({
        readable: () => {
          const count = ours.receive(chunk);
          if (count > 0) this.#received = Buffer.concat([this.#received, chunk.subarray(0, count)]);
          if (count !== 0) return;
          ours.close();
          resolve(this.#error());
        },
      });
    });
  }

  /** Writes one message whose header says what its bytes are, or `size` instead. */
  message(object: number, opcode: number, body: (number | string)[] = [], size?: number): this {
    const bytes = encode(body);
    const header = Buffer.alloc(8);
    header.writeUInt32LE(object, 0);
    header.writeUInt32LE((((size ?? bytes.length + 8) << 16) | opcode) >>> 0, 4);
    return this.bytes(Buffer.concat([header, bytes]));
  }

  bytes(bytes: Uint8Array, fds: Fd[] = []): this {
    this.#socket.write(bytes, fds);
    this.#socket.flush();
    return this;
  }

  stopReading(): void {
    this.#socket.pauseReading();
  }

  close(): void {
    this.#socket.close();
  }

  #error(): ErrorEvent | undefined {
    for (let at = 0; at < this.#received.length; ) {
      const size = this.#received.readUInt16LE(at + 6);
      if (this.#received.readUInt32LE(at) === 1 && this.#received.readUInt16LE(at + 4) === 0) {
        const length = this.#received.readUInt32LE(at + 16);
        return {
          object: this.#received.readUInt32LE(at + 8),
          code: this.#received.readUInt32LE(at + 12),
          message: this.#received.toString('utf8', at + 20, at + 20 + length - 1),
        };
      }
      at += size;
    }
    return undefined;
  }
}

/** Numbers are words, strings are length, bytes, NUL and padding. */
function encode(body: (number | string)[]): Buffer {
  return Buffer.concat(
    body.map((part) => {
      if (typeof part === 'number') {
        const word = Buffer.alloc(4);
        word.writeUInt32LE(part >>> 0);
        return word;
      }
      const length = Buffer.byteLength(part) + 1;
      const bytes = Buffer.alloc(4 + ((length + 3) & ~3));
      bytes.writeUInt32LE(length);
      bytes.write(part, 4);
      return bytes;
    }),
  );
}
