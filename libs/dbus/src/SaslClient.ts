import { ProtocolError } from './DBusError.js';

/** A server's line is short; one longer than this is no server's. */
const maximumLine = 16 * 1024;

type State = 'ok' | 'fds' | 'done';

/**
 * The client's side of the handshake, on bytes alone. Everything is sent in one write (the commands are
 * pipelined, and the first messages may follow at once); then
 *
 *   ok ──OK guid──▶ fds ──AGREE_UNIX_FD | ERROR──▶ done
 *
 * and anything else, REJECTED before all, throws ProtocolError.
 */
export class SaslClient {
  /** What to send first. */
  readonly opening: string;
  #state: State = 'ok';
  #line = '';
  guid = '';
  unixFds = false;

  constructor(uid: number) {
    const identity = Buffer.from(String(uid), 'latin1').toString('hex');
    this.opening = `\0AUTH EXTERNAL ${identity}\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n`;
  }

  get done(): boolean {
    return this.#state === 'done';
  }

  /** Takes bytes from the server and says how many the handshake used; when it is done, the rest are messages. */
  feed(bytes: Uint8Array): number {
    let used = 0;
    while (used < bytes.length && !this.done) {
      const byte = bytes[used++]!;
      if (byte === 0x0a && this.#line.endsWith('\r')) {
        const line = this.#line.slice(0, -1);
        this.#line = '';
        this.#take(line);
      } else if (this.#line.length >= maximumLine)
        throw new ProtocolError('SASL: the server does not end its line');
      else this.#line += String.fromCharCode(byte);
    }
    return used;
  }

  #take(line: string): void {
    if (this.#state === 'ok') {
      const ok = /^OK ([0-9a-fA-F]{32})$/.exec(line);
      if (!ok) throw new ProtocolError(`SASL: the server does not accept us: ${line}`);
      this.guid = ok[1]!;
      this.#state = 'fds';
      return;
    }
    if (line !== 'AGREE_UNIX_FD' && !line.startsWith('ERROR'))
      throw new ProtocolError(`SASL: unexpected answer: ${line}`);
    this.unixFds = line === 'AGREE_UNIX_FD';
    this.#state = 'done';
  }
}
