import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Access } from './Shares.js';

const COOKIE_FORM = /^([A-Za-z0-9_-]{22})\.(@?[A-Za-z0-9_.-]{0,32})\.([A-Za-z0-9_-]{43})$/;

/**
 * What a browser holds instead of the token, in two halves of which neither is worth anything alone:
 *
 * - the cookie opens the page's files. A browser sends it to every port of the host, so other local servers get it too;
 * - the proof opens the seat. It stands in the fragment of the page's first address, which no server is sent, then in the
 *   storage of this origin, port included, and goes out only in the WebSocket's first message.
 *
 * Both are made from the token, so they end with it, and the server keeps no list.
 */
export class BrowserKey {
  readonly cookie: string;
  readonly proof: string;

  private constructor(access: Access, nonce: string) {
    this.cookie = `${nonce}.${access.share}.${mac(access, `cookie ${nonce}`)}`;
    this.proof = mac(access, `page ${nonce}`);
  }

  static make(access: Access): BrowserKey {
    return new BrowserKey(access, randomBytes(16).toString('base64url'));
  }

  /** The key that a cookie is half of; undefined when it is forged or its link is gone. */
  static ofCookie(
    cookie: string,
    accessOf: (share: string) => Access | undefined,
  ): { key: BrowserKey; access: Access } | undefined {
    const [, nonce, share] = COOKIE_FORM.exec(cookie) ?? [];
    const access = nonce === undefined ? undefined : accessOf(share!);
    if (access === undefined) return undefined;
    const key = new BrowserKey(access, nonce!);
    return sameText(key.cookie, cookie) ? { key, access } : undefined;
  }

  proves(candidate: string): boolean {
    return sameText(this.proof, candidate);
  }
}

const mac = (access: Access, text: string): string =>
  createHmac('sha256', access.digest).update(text).digest('base64url');

/** In constant time for equal lengths, and lengths are no secret here. */
function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
