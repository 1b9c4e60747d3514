import { createHmac } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Access } from './Shares.js';

/** As useradd(8) and directories name people; what stands behind the @ in a cookie. */
const NAME_FORM = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}$/;

/** The users of this machine that sign in with their passwords, each with the right to act on the seat. */
export class Accounts {
  readonly #names: ReadonlySet<string>;
  readonly #key: Buffer;

  /** `names`: who may; none is whoever runs the seat. `key`: what their entries are made from. Throws at what is no name. */
  constructor(names: readonly string[], key: Buffer) {
    this.#names = new Set(names.length === 0 ? [userInfo().username] : names);
    for (const name of this.#names) if (!NAME_FORM.test(name)) throw new Error(`${name} is no user's name`);
    this.#key = key;
  }

  /** The user's access; undefined for who may not come. `share` is the name behind an @, which no link has. */
  access(name: string): Access | undefined {
    if (!this.#names.has(name)) return undefined;
    const digest = createHmac('sha256', this.#key).update(`account ${name}`).digest();
    return { share: `@${name}`, role: 'drive', digest };
  }

  /**
   * Whether this is the user's password, by PAM. For who may not come the answer is asked for all the same, so that it
   * takes as long. Resolves to the access, or to what the person is told.
   */
  async signIn(name: string, password: string, from: string): Promise<Access | string> {
    // Only seats with accounts need it.
    const { authenticate, refusals } = await import('@switchyard/pam');
    const verdict = await authenticate(name, new TextEncoder().encode(password), {
      terminal: 'web',
      remoteHost: from,
    });
    if (!verdict.allowed) return refusals[verdict.why];
    return this.access(verdict.user) ?? refusals.denied;
  }
}
