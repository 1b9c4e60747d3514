import { createHmac } from 'node:crypto';
import { userInfo } from 'node:os';
import { type Conversation, Dialogue, refusals } from '@switchyard/pam';
import type { Access } from './Shares.js';

/** As useradd(8) and directories name people; what stands behind the @ in a cookie. */
const NAME_FORM = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}$/;

/** The users of this machine that sign in with their passwords, each with the right to act on the seat. */
export class Accounts {
  readonly #names: ReadonlySet<string>;
  readonly #key: Buffer;
  readonly #service: string | undefined;
  /** What everybody is told who is not let in. */
  readonly denied = refusals.denied;

  /**
   * `names`: who may; none is whoever runs the seat. `key`: what their entries are made from. `service`: PAM's rules, if
   * others than the machine's for seats. Throws at what is no name.
   */
  constructor(names: readonly string[], key: Buffer, service?: string) {
    this.#names = new Set(names.length === 0 ? [userInfo().username] : names);
    for (const name of this.#names) if (!NAME_FORM.test(name)) throw new Error(`${name} is no user's name`);
    this.#key = key;
    this.#service = service;
  }

  /** The user's access; undefined for who may not come. `share` is the name behind an @, which no link has. */
  access(name: string): Access | undefined {
    if (!this.#names.has(name)) return undefined;
    const digest = createHmac('sha256', this.#key).update(`account ${name}`).digest();
    return { share: `@${name}`, role: 'drive', digest };
  }

  /** PAM's dialogue with somebody; with who may not come too, so that it says as much and takes as long. */
  begin(name: string, from: string, conversation: Conversation): Dialogue {
    return Dialogue.begin(
      // "" would have PAM ask for a name, and what is none is nobody's.
      {
        user: NAME_FORM.test(name) ? name : 'nobody-is-called-that',
        service: this.#service,
        terminal: 'web',
        remoteHost: from,
        // Only root can, without knowing the machine's other secrets.
        mayChange: process.getuid!() === 0,
      },
      conversation,
    );
  }
}
