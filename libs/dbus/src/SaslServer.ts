/** With its end. Specification leaves it open; libdbus's and dbus-broker's limit. */
const maximumLine = 16 * 1024;
/** A client that is refused this often is not going to get it right: libdbus's number. */
const maximumRejections = 6;

export type SaslServerOptions = {
  /** The server's id: 32 hexadecimal digits. */
  guid: string;
  /** SO_PEERCRED's: the identity that EXTERNAL must claim, or claim by silence. undefined: whoever it is, not here. */
  uid: number | undefined;
  /** Whether ANONYMOUS is offered too, to whoever it is. */
  anonymous?: boolean;
  /** Whether fds may be negotiated. */
  unixFds: boolean;
};

type State = 'nul' | 'auth' | 'data' | 'begin' | 'done' | 'failed';

/**
 * The server's side of the handshake, on bytes alone.
 *
 *   nul ──\0──▶ auth ──AUTH EXTERNAL hex | ANONYMOUS──▶ begin ──BEGIN──▶ done
 *                │ ▲ └─AUTH EXTERNAL──▶ data ──DATA hex──▲ │
 *                │ └──── CANCEL, ERROR, bad identity ──────┘
 *                └── BEGIN, over-long line, no NUL ──▶ failed
 */
export class SaslServer {
  readonly #options: SaslServerOptions;
  #state: State = 'nul';
  #line = '';
  #rejections = 0;
  /** The client asked for fd passing and we agreed. */
  unixFds = false;
  /** The client did not say who it is. */
  isAnonymous = false;

  constructor(options: SaslServerOptions) {
    this.#options = options;
  }

  get done(): boolean {
    return this.#state === 'done';
  }
  get failed(): boolean {
    return this.#state === 'failed';
  }

  /**
   * Takes bytes from the client: what to answer, and how many bytes the handshake used. When it is done,
   * the rest are messages.
   */
  feed(bytes: Uint8Array): { reply: string; used: number } {
    let reply = '';
    let used = 0;
    if (this.#state === 'nul' && bytes.length > 0) this.#state = bytes[used++] === 0 ? 'auth' : 'failed';
    while (used < bytes.length && !this.done && !this.failed) {
      const end = bytes.indexOf(0x0a, used);
      const part = end < 0 ? bytes.length : end + 1;
      this.#line += latin1(bytes.subarray(used, part));
      used = part;
      if (this.#line.length > maximumLine) this.#state = 'failed';
      else if (this.#line.endsWith('\r\n')) {
        const line = this.#line.slice(0, -2);
        this.#line = '';
        reply += this.#command(line);
      }
    }
    return { reply, used };
  }

  #command(line: string): string {
    if (/[\x80-\xff]/.test(line)) return 'ERROR "Not ASCII"\r\n';
    const space = line.indexOf(' ');
    const command = space < 0 ? line : line.slice(0, space);
    const rest = space < 0 ? '' : line.slice(space + 1).trim();
    switch (command) {
      case 'AUTH':
        if (this.#state !== 'auth') return 'ERROR "Authentication is under way"\r\n';
        return this.#auth(rest);
      case 'DATA':
        if (this.#state !== 'data') return 'ERROR "No data was asked for"\r\n';
        return this.#identify(rest);
      case 'CANCEL':
        if (this.#state === 'auth') return 'ERROR "Nothing to cancel"\r\n';
        return this.#reject();
      case 'ERROR':
        return this.#reject();
      case 'NEGOTIATE_UNIX_FD':
        if (this.#state !== 'begin') return 'ERROR "Authenticate first"\r\n';
        if (!this.#options.unixFds) return 'ERROR "Unix fds cannot be passed here"\r\n';
        this.unixFds = true;
        return 'AGREE_UNIX_FD\r\n';
      case 'BEGIN':
        this.#state = this.#state === 'begin' ? 'done' : 'failed';
        return '';
      default:
        return 'ERROR "No such command"\r\n';
    }
  }

  #auth(rest: string): string {
    const [mechanism, response, ...more] = rest.split(' ');
    if (mechanism === 'ANONYMOUS' && this.#options.anonymous && more.length === 0) {
      this.isAnonymous = true;
      return this.#accept();
    }
    if (mechanism !== 'EXTERNAL' || more.length > 0) return this.#reject();
    if (response !== undefined) return this.#identify(response);
    this.#state = 'data';
    return 'DATA\r\n';
  }

  /** EXTERNAL: the uid in decimal digits, as hexadecimal; nothing means "whoever the kernel says". */
  #identify(hex: string): string {
    if (!/^[0-9a-fA-F]*$/.test(hex)) return 'ERROR "Not hexadecimal"\r\n';
    const claimed = hex.length % 2 === 0 ? Buffer.from(hex, 'hex').toString('latin1') : undefined;
    const { uid } = this.#options;
    if (uid === undefined || (claimed !== '' && claimed !== String(uid))) return this.#reject();
    this.isAnonymous = false;
    return this.#accept();
  }

  #accept(): string {
    this.#state = 'begin';
    return `OK ${this.#options.guid}\r\n`;
  }

  #reject(): string {
    this.#state = ++this.#rejections >= maximumRejections ? 'failed' : 'auth';
    return this.#options.anonymous ? 'REJECTED EXTERNAL ANONYMOUS\r\n' : 'REJECTED EXTERNAL\r\n';
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
