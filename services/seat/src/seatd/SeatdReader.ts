import { seatd } from '@switchyard/seat';
import type { Socket } from '@switchyard/sys';

const { header, MESSAGE_MAX } = seatd;

/** Cuts a client's stream into messages, in place. */
export class SeatdReader {
  readonly #socket: Socket;
  readonly #buffer = new Uint8Array(4 * MESSAGE_MAX);
  readonly #view = new DataView(this.#buffer.buffer);
  #start = 0;
  #end = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /**
   * Reads once and hands on what is whole; the payload is valid during the call. False when the stream is over, when a
   * message is longer than any can be, or when `take` gave false. fds that come are closed.
   */
  read(take: (opcode: number, payload: DataView) => boolean): boolean {
    const count = this.#socket.receive(this.#buffer, undefined, this.#end);
    if (count < 0) return true;
    if (count === 0) return false;
    this.#end += count;
    while (this.#end - this.#start >= header.size) {
      const size = header.get.size(this.#view, this.#start);
      if (header.size + size > MESSAGE_MAX) return false;
      const next = this.#start + header.size + size;
      if (next > this.#end) break;
      const opcode = header.get.opcode(this.#view, this.#start);
      const payload = new DataView(this.#buffer.buffer, this.#start + header.size, size);
      if (!take(opcode, payload)) return false;
      this.#start = next;
    }
    this.#buffer.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
    return true;
  }
}
