import { type Dialogue, Throttle } from '@switchyard/pam';
import type { Log } from '@switchyard/runtime';
import { BIG_ROWS, writeBig } from '../board/BigText.js';
import { cut, ink, type Paper, widthOf } from '../board/Paper.js';
import type { KeyModifiers, KeyPress } from '../KeyEncoder.js';
import { keysyms } from '../keysyms.js';
import { type Account, accountNamed, people } from './Accounts.js';
import { Attempt } from './Attempt.js';
import { clockOf, dateOf } from './Clock.js';
import { desktops } from './Desktops.js';
import type { LockScreenLook } from './LockScreen.js';
import { SecretField } from './SecretField.js';
import { LINE_COLUMNS, writeSecretLine } from './SecretLine.js';
import { type SharedSession, SharedSessions } from './SharedSessions.js';
import { startUserSession, type UserSessionOptions } from './UserSession.js';

/** What was begun and left is wiped after this. */
const FORGET_MS = 60_000;
const OTHER = 'Somebody else …';
const NEW = 'A new session';

export interface GreeterOptions extends UserSessionOptions {
  readonly log: Log;
}

/**
 * Lets people in, each to a session of their own.
 *
 *   choosing ──Enter──▶ password ──let in──▶ choosing, and the session is in front
 *     │  ▲                 ▲  └── no ──▶ password, later
 *     │  └────Escape───────┤
 *     └──somebody else──▶ name
 *
 * Who is let in and has a session that this seat could show too is asked which it shall be:
 *
 *   password ──let in──▶ offered ──Enter──▶ choosing, and that session or a new one is in front
 */
export class Greeter {
  readonly #options: GreeterOptions;
  readonly #changed: () => void;
  readonly #field = new SecretField();
  readonly #attempt: Attempt;
  #stage: 'choosing' | 'name' | 'password' | 'offered' = 'choosing';
  #people = people();
  #chosen = 0;
  #name = '';
  #desktops = desktops();
  #desktop = 0;
  #trouble = '';
  readonly #shared: SharedSessions;
  /** Somebody who was let in and chooses among sessions. */
  #guest:
    | { readonly dialogue: Dialogue; readonly account: Account; readonly offers: readonly SharedSession[] }
    | undefined;
  #offer = 0;
  #forget: NodeJS.Timeout | undefined;

  constructor(options: GreeterOptions, changed: () => void) {
    this.#options = options;
    this.#changed = changed;
    this.#attempt = new Attempt(new Throttle(), changed);
    this.#shared = new SharedSessions(options.link);
  }

  compose(paper: Paper, look: LockScreenLook): void {
    const top = Math.max(1, Math.floor(paper.rows / 2) - BIG_ROWS - 8);
    const now = new Date();
    writeBig(paper, top, clockOf(now), ink.text);
    paper.centre(top + BIG_ROWS + 1, dateOf(now), { colour: ink.dim });
    const row = top + BIG_ROWS + 4;
    if (this.#stage === 'choosing') this.#composePeople(paper, row);
    else if (this.#stage === 'offered') this.#composeOffers(paper, row);
    else this.#composeLine(paper, row, look);
    const { name } = this.#desktops[this.#desktop]!;
    const choice = this.#desktops.length > 1 ? `Session: ‹ ${name} ›   (left and right)` : `Session: ${name}`;
    paper.centre(paper.rows - 2, choice, { colour: ink.dim });
  }

  key(press: KeyPress, modifiers: KeyModifiers): void {
    clearTimeout(this.#forget);
    this.#forget = setTimeout(() => this.leave(), FORGET_MS);
    const { kind } = this.#attempt.state;
    if (kind === 'checking') return;
    const { keysym } = press;
    if (keysym === keysyms.Left || keysym === keysyms.Right) {
      const step = keysym === keysyms.Left ? this.#desktops.length - 1 : 1;
      this.#desktop = (this.#desktop + step) % this.#desktops.length;
    } else if (keysym === keysyms.Escape) this.#begin();
    else if (keysym === keysyms.Return || keysym === keysyms.KP_Enter) this.#enter(kind === 'asking');
    else if (this.#stage === 'name' || this.#stage === 'password') this.#field.key(press, modifiers);
    else if (keysym === keysyms.Up) this.#move(-1);
    else if (keysym === keysyms.Down) this.#move(1);
  }

  /** Somebody else has the seat, or nobody was here for a while. */
  leave(): void {
    clearTimeout(this.#forget);
    this.#begin();
  }

  #move(step: number): void {
    if (this.#stage === 'choosing') this.#chosen = within(this.#chosen + step, this.#people.length);
    else this.#offer = within(this.#offer + step, this.#guest?.offers.length ?? 0);
  }

  #begin(): void {
    this.#field.clear();
    this.#guest?.dialogue.close();
    this.#guest = undefined;
    this.#attempt.giveUp();
    this.#trouble = '';
    this.#stage = 'choosing';
    // Who was made meanwhile, and what was installed.
    this.#people = people();
    this.#desktops = desktops();
    this.#desktop = Math.min(this.#desktop, this.#desktops.length - 1);
    this.#chosen = Math.min(this.#chosen, this.#people.length);
    this.#changed();
  }

  #enter(asked: boolean): void {
    if (this.#stage === 'choosing') {
      const account = this.#people[this.#chosen];
      this.#name = account?.name ?? '';
      this.#stage = account ? 'password' : 'name';
    } else if (this.#stage === 'name') {
      this.#name = this.#field.text.trim();
      this.#field.clear();
      if (this.#name !== '') this.#stage = 'password';
    } else if (this.#stage === 'offered') void this.#take();
    else if (asked) this.#attempt.answer(this.#field.take());
    else void this.#try();
  }

  async #try(): Promise<void> {
    const { log, seat } = this.#options;
    this.#trouble = '';
    const name = this.#name;
    const dialogue = await this.#attempt.begin(name, this.#field.take(), true, seat);
    if (!dialogue) {
      log.warn({ user: name }, 'somebody was not let in');
      return;
    }
    try {
      const account = this.#account((await dialogue.verdict) as { user: string });
      const offers = await this.#shared.of(account.uid);
      if (offers.length === 0) {
        await this.#start(dialogue, account);
        return;
      }
      this.#guest = { dialogue, account, offers };
      this.#offer = 0;
      this.#stage = 'offered';
      this.#changed();
    } catch (error) {
      this.#failed(dialogue, name, error as Error);
    }
  }

  /** What was offered, or a new session. */
  async #take(): Promise<void> {
    const guest = this.#guest;
    if (!guest) return;
    this.#guest = undefined;
    const { dialogue, account, offers } = guest;
    const { log, seat } = this.#options;
    const offer = offers[this.#offer];
    try {
      if (!offer) {
        await this.#start(dialogue, account);
        return;
      }
      await this.#shared.show(offer.seat, seat);
      log.info(
        { user: account.name, title: offer.title, shownOn: offer.shownOn },
        'let in, to a session that runs',
      );
      dialogue.close();
      this.#begin();
    } catch (error) {
      this.#failed(dialogue, account.name, error as Error);
    }
  }

  /** Where the tree has several seats, on a place of its own that they can all show. */
  async #start(dialogue: Dialogue, account: Account): Promise<void> {
    const { log, seat } = this.#options;
    const desktop = this.#desktops[this.#desktop]!;
    const shared = await this.#shared.place(seat, `${desktop.name} of ${account.name}`, account.uid);
    try {
      const { id, ended } = await startUserSession(dialogue, account, desktop, {
        ...this.#options,
        ...shared,
      });
      log.info({ user: account.name, session: id, desktop: desktop.name }, 'let in');
      void ended.then((status) => {
        log.info({ session: id, status }, 'its program ended');
        dialogue.close();
      });
      if (shared) await this.#shared.show(shared.seat, seat);
    } catch (error) {
      if (shared) await this.#shared.remove(shared.seat);
      throw error;
    }
    this.#begin();
  }

  #failed(dialogue: Dialogue, name: string, error: Error): void {
    dialogue.close();
    this.#options.log.error(`no session for ${name}: ${error.message}`);
    this.#attempt.giveUp();
    this.#stage = 'password';
    this.#trouble = error.message;
    this.#changed();
  }

  /** PAM may know somebody by another name than was typed. */
  #account({ user }: { user: string }): Account {
    const account = accountNamed(user);
    if (!account) throw new Error(`${user} is not in /etc/passwd`);
    return account;
  }

  #composePeople(paper: Paper, top: number): void {
    const names = this.#people.map(({ name, fullName }) => (fullName ? `${fullName} (${name})` : name));
    this.#composeList(paper, top, [...names, OTHER], this.#chosen);
  }

  #composeOffers(paper: Paper, top: number): void {
    const offers = (this.#guest?.offers ?? []).map(({ title, shownOn }) =>
      shownOn.length === 0 ? title : `${title}, on ${shownOn.join(', ')}`,
    );
    paper.centre(top - 2, 'You have a session: show it here too?', { colour: ink.bright, bold: true });
    this.#composeList(paper, top, [...offers, NEW], this.#offer);
  }

  #composeList(paper: Paper, top: number, names: readonly string[], at: number): void {
    const room = Math.max(1, paper.rows - top - 4);
    const first = Math.max(0, Math.min(at - Math.floor(room / 2), names.length - room));
    const left = Math.floor((paper.columns - LINE_COLUMNS) / 2);
    names.slice(first, first + room).forEach((name, index) => {
      const chosen = first + index === at;
      if (chosen) paper.fill(0x2f4f85, top + index, left, 1, LINE_COLUMNS);
      paper.text(
        top + index,
        left + 1,
        cut(name, LINE_COLUMNS - 2),
        chosen ? { colour: ink.bright, bold: true } : {},
      );
    });
  }

  #composeLine(paper: Paper, row: number, look: LockScreenLook): void {
    if (this.#stage === 'name') {
      const left = Math.floor((paper.columns - LINE_COLUMNS) / 2);
      paper.text(row + 2, left, 'Name', { colour: ink.dim });
      paper.fill(ink.raised, row + 3, left, 1, LINE_COLUMNS);
      const shown = cut(this.#field.text, LINE_COLUMNS - 3);
      paper.text(row + 3, left + 1, shown, { colour: ink.bright });
      paper.cursor(row + 3, left + 1 + widthOf(shown));
      return;
    }
    paper.centre(row, cut(this.#name, paper.columns), { colour: ink.bright, bold: true });
    writeSecretLine(paper, row + 2, {
      state: this.#attempt.state,
      words: this.#trouble ? [this.#trouble] : this.#attempt.words,
      field: this.#field,
      capsLock: look.capsLock,
      layout: look.layout,
    });
  }
}

function within(index: number, last: number): number {
  return Math.min(last, Math.max(0, index));
}
