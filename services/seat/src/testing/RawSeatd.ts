import { seatd } from '@switchyard/seat';
import { type Fd, Socket } from '@switchyard/sys';
import { Journal } from './Journal.js';

const { header } = seatd;

/** A client of the seatd protocol that can say what no libseat says. */
export class RawSeatd {
  readonly socket: Socket;
  /** `OPCODE` in hex, or `OPCODE NUMBER` for messages with one; "end" when the server hung up. */
  readonly journal = new Journal();
  readonly fds: Fd[] = [];
  readonly #buffer = new Uint8Array(64 * 1024);
  #end = 0;

  constructor(path: string) {
    this.socket = Socket.connect(path);
    this.socket.watch({ readable: () => this.#read(), failed: () => {} });
  }

  send(opcode: number, payload: Uint8Array = new Uint8Array(0)): void {
    this.socket.write(message(opcode, payload));
    this.socket.flush();
  }
  open(path: string): void {
    this.send(3, pathPayload(path));
  }
  close(): void {
    for (const fd of this.fds.splice(0)) fd.close();
    this.socket.close();
  }

  #read(): void {
    let count: number;
    try {
      count = this.socket.receive(this.#buffer, this.fds, this.#end);
    } catch {
      count = 0;
    }
    if (count < 0) return;
    if (count === 0) {
      this.socket.close();
      this.journal.add('end');
      return;
    }
    this.#end += count;
    const view = new DataView(this.#buffer.buffer);
    let at = 0;
    while (this.#end - at >= header.size) {
      const { opcode, size } = header.read(view, at);
      if (at + header.size + size > this.#end) break;
      const number = size === 4 ? ` ${view.getInt32(at + header.size, true)}` : '';
      at += header.size + size;
      this.journal.add(`${opcode.toString(16)}${number}`);
    }
    this.#buffer.copyWithin(0, at, this.#end);
    this.#end -= at;
  }
}

export function message(opcode: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(header.size + payload.length);
  header.write(new DataView(bytes.buffer), 0, { opcode, size: payload.length });
  bytes.set(payload, header.size);
  return bytes;
}

export function int32(number: number): Uint8Array {
  return new Uint8Array(Int32Array.of(number).buffer);
}

/** `counted`: the length that is claimed. */
export function pathPayload(path: string, counted?: number): Uint8Array {
  const text = Buffer.from(`${path}\0`);
  return Buffer.concat([new Uint8Array(Uint16Array.of(counted ?? text.length).buffer), text]);
}
