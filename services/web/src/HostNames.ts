import { isIP } from 'node:net';
import { hostname } from 'node:os';

const loopbackNames = ['localhost', '127.0.0.1', '::1'];

/**
 * The names under which a browser may reach this server. A page of the wider web can make its own name resolve to
 * 127.0.0.1 (DNS rebinding); what it cannot do is send another Host or Origin than its own name.
 */
export class HostNames {
  readonly #names: Set<string>;
  readonly #anyAddress: boolean;
  readonly #scheme: 'http' | 'https';
  port = 0;

  constructor(listenAddress: string, scheme: 'http' | 'https' = 'http') {
    this.#scheme = scheme;
    this.#names = new Set([...loopbackNames, listenAddress.toLowerCase()]);
    // Listening on all addresses, we don't know which one the browser was given; an address is not a rebindable name.
    this.#anyAddress = listenAddress === '0.0.0.0' || listenAddress === '::';
    if (this.#anyAddress) this.#names.add(hostname().toLowerCase());
  }

  get secure(): boolean {
    return this.#scheme === 'https';
  }

  /** Whether a Host header names this server, with its port. */
  allowsHost(header: string | undefined): boolean {
    const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/i.exec(header ?? '');
    if (match === null) return false;
    if (Number(match[3] ?? (this.#scheme === 'https' ? 443 : 80)) !== this.port) return false;
    const name = (match[1] ?? match[2]!).toLowerCase();
    return this.#names.has(name) || (this.#anyAddress && isIP(name) !== 0);
  }

  /** Whether an Origin header is this server's own page; programs that are no browsers send none. */
  allowsOrigin(header: string | undefined): boolean {
    if (header === undefined) return true;
    const prefix = `${this.#scheme}://`;
    return header.startsWith(prefix) && this.allowsHost(header.slice(prefix.length));
  }
}
