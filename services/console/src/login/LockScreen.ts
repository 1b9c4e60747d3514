import type { BusLink } from '@switchyard/dbus';
import { Throttle } from '@switchyard/pam';
import type { Log } from '@switchyard/runtime';
import { login1 } from '@switchyard/seat';
import { BIG_ROWS, writeBig } from '../board/BigText.js';
import { ink, type Paper } from '../board/Paper.js';
import type { KeyModifiers, KeyPress } from '../KeyEncoder.js';
import { keysyms } from '../keysyms.js';
import { Attempt } from './Attempt.js';
import { clockOf, dateOf } from './Clock.js';
import { SecretField } from './SecretField.js';
import { writeSecretLine } from './SecretLine.js';

/** What was begun and left is wiped after this. */
const FORGET_MS = 30_000;

export interface LockScreenOptions {
  /** The session that is locked, and whose it is. */
  readonly session: string;
  readonly user: string;
  readonly link: BusLink;
  readonly log: Log;
}

export interface LockScreenLook {
  readonly capsLock: boolean;
  readonly layout: string;
}

/**
 * Asks for the password of whoever locked the session. The lock itself is the session manager's: all that this can do
 * is to ask it to unlock, and whatever becomes of this the session stays locked.
 */
export class LockScreen {
  readonly #options: LockScreenOptions;
  readonly #field = new SecretField();
  readonly #attempt: Attempt;
  readonly #changed: () => void;
  #trouble = '';
  #forget: NodeJS.Timeout | undefined;

  constructor(options: LockScreenOptions, changed: () => void) {
    this.#options = options;
    this.#changed = changed;
    this.#attempt = new Attempt(new Throttle(), changed);
  }

  compose(paper: Paper, look: LockScreenLook): void {
    const top = Math.max(1, Math.floor(paper.rows / 2) - BIG_ROWS - 5);
    const now = new Date();
    writeBig(paper, top, clockOf(now), ink.text);
    paper.centre(top + BIG_ROWS + 1, dateOf(now), { colour: ink.dim });
    paper.centre(top + BIG_ROWS + 4, this.#options.user, { colour: ink.bright, bold: true });
    writeSecretLine(paper, top + BIG_ROWS + 6, {
      capsLock: look.capsLock,
      layout: look.layout,
      state: this.#attempt.state,
      words: this.#trouble ? [this.#trouble] : this.#attempt.words,
      field: this.#field,
    });
    paper.centre(paper.rows - 2, `Session ${this.#options.session} is locked`, { colour: ink.dim });
  }

  key(press: KeyPress, modifiers: KeyModifiers): void {
    clearTimeout(this.#forget);
    this.#forget = setTimeout(() => {
      this.#field.clear();
      this.#attempt.giveUp();
    }, FORGET_MS);
    const { kind } = this.#attempt.state;
    if (kind === 'checking' || kind === 'allowed') return;
    if (press.keysym !== keysyms.Return && press.keysym !== keysyms.KP_Enter) {
      this.#field.key(press, modifiers);
    } else if (kind === 'asking') {
      this.#attempt.answer(this.#field.take());
    } else if (this.#field.count > 0) {
      void this.#try();
    }
  }

  /** Nobody looks any more. */
  leave(): void {
    clearTimeout(this.#forget);
    this.#field.clear();
    this.#attempt.giveUp();
  }

  async #try(): Promise<void> {
    const { user, session, link, log } = this.#options;
    this.#trouble = '';
    const dialogue = await this.#attempt.begin(user, this.#field.take(), false);
    dialogue?.close();
    if (!dialogue) {
      log.warn({ session }, 'a wrong answer at the lock screen');
      return;
    }
    try {
      const connection = await link.connectedOnce();
      const manager = connection.proxy(login1.name, login1.path);
      await manager.call(login1.manager, 'UnlockSession', 's', session);
    } catch (error) {
      log.error(`the session is not unlocked: ${(error as Error).message}`);
      this.#trouble = 'The session manager does not unlock it; try again.';
      this.#attempt.giveUp();
      this.#changed();
    }
  }
}
