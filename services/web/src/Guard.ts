import type { IncomingMessage } from 'node:http';
import type { AccessToken } from './AccessToken.js';
import type { Accounts } from './Accounts.js';
import { BadTokenLimit } from './BadTokenLimit.js';
import { BrowserKey } from './BrowserKey.js';
import { originOf } from './door/Origin.js';
import type { HostNames } from './HostNames.js';
import type { Access, Shares } from './Shares.js';

/**
 * What a request may do: it showed a token in its URL; or the cookie that a token was exchanged for, which opens files
 * only, and the seat together with the key's proof; or it is refused.
 */
export type Verdict =
  | { kind: 'token'; access: Access }
  | { kind: 'cookie'; access: Access; key: BrowserKey }
  | { kind: 'refused'; status: 403 | 429; reason: string };

/** Decides about every HTTP request and WebSocket upgrade alike. */
export class Guard {
  readonly #token: AccessToken;
  readonly #shares: Shares;
  readonly #accounts: Accounts | undefined;
  readonly #hosts: HostNames;
  readonly #limit = new BadTokenLimit();

  constructor(token: AccessToken, shares: Shares, accounts: Accounts | undefined, hosts: HostNames) {
    this.#token = token;
    this.#shares = shares;
    this.#accounts = accounts;
    this.#hosts = hosts;
  }

  /** Cookies are shared by all ports of a host: the port in the name keeps two seats of one machine apart. */
  get cookieName(): string {
    return `${this.#hosts.secure ? '__Host-' : ''}yard_${this.#hosts.port}`;
  }

  /** Without a date: it ends with the browser. */
  setCookie(key: BrowserKey): string {
    return `${this.cookieName}=${key.cookie}; HttpOnly; SameSite=Strict; Path=/${this.#hosts.secure ? '; Secure' : ''}`;
  }

  /**
   * In this order: the Host must be ours, the Origin (if there is one) must be ours, then a token in the URL decides
   * alone, then the cookie. A wrong token is refused even beside a right cookie: whoever gave it should know.
   */
  judge(request: IncomingMessage): Verdict {
    const { headers } = request;
    if (!this.#hosts.allowsHost(headers.host)) return refusal('this server is not known by that name');
    if (!this.#hosts.allowsOrigin(headers.origin)) return refusal('the request comes from another site');
    const given = queryToken(request.url);
    if (given !== undefined) {
      const access = this.#token.accepts(given) ? this.#token : this.#shares.find(given);
      return access ? { kind: 'token', access } : this.wrong(request, 'the token is wrong');
    }
    const cookie = cookieValue(headers.cookie, this.cookieName);
    if (cookie === undefined) return refusal('the token is missing');
    const found = BrowserKey.ofCookie(cookie, (share) => this.#accessOf(share));
    return found
      ? { kind: 'cookie', ...found }
      : this.wrong(request, 'the token has changed since this browser was here');
  }

  #accessOf(share: string): Access | undefined {
    if (share === '') return this.#token;
    return share.startsWith('@') ? this.#accounts?.access(share.slice(1)) : this.#shares.get(share);
  }

  knowsHost(request: IncomingMessage): boolean {
    return this.#hosts.allowsHost(request.headers.host);
  }

  /** Whether the request comes from this server's own page, under one of its names: what judges first, and alone for who signs in. */
  isOwn(request: IncomingMessage): boolean {
    const { host, origin } = request.headers;
    return this.#hosts.allowsHost(host) && origin !== undefined && this.#hosts.allowsOrigin(origin);
  }

  /** The refusal of one who gave something wrong; after too many of them, with another status. */
  wrong(request: IncomingMessage, reason: string): Verdict & { kind: 'refused' } {
    const within = this.#limit.note(originOf(request.socket));
    return within ? refusal(reason) : { kind: 'refused', status: 429, reason: 'too many wrong tokens' };
  }
}

const refusal = (reason: string): Verdict & { kind: 'refused' } => ({ kind: 'refused', status: 403, reason });

function queryToken(url: string | undefined): string | undefined {
  const query = url?.indexOf('?') ?? -1;
  if (query < 0) return undefined;
  return new URLSearchParams(url!.slice(query + 1)).get('token') ?? undefined;
}

function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return undefined;
}
