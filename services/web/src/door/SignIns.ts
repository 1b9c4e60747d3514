import { randomBytes } from 'node:crypto';
import type { Log } from '@switchyard/runtime';
import type { Accounts } from '../Accounts.js';
import type { Access } from '../Shares.js';
import type { Origin } from './Origin.js';
import { SignIn, type Step } from './SignIn.js';
import { type CountedTry, SignInLimit } from './SignInLimit.js';
import { TurnedAway } from './TurnedAway.js';

/** Dialogues at once, a process each; the oldest of the origin that has most of them is given up for another. */
const DIALOGUES_MAX = 8;
const DIALOGUES_OF_ONE = 2;
/** A refusal comes no earlier after what was said last, whatever was wrong with it (ms). */
const REFUSAL_AFTER_MS = 1000;
/** Longer answers than PAM takes (PAM_MAX_RESP_SIZE) are wrong ones. */
const ANSWER_MAX = 511;

/** Who signs in, from where. */
export interface Comer {
  readonly address: string;
  readonly origin: Origin;
}

/** What the person's browser is to be told. */
export type Told =
  | (Extract<Step, { kind: 'question' }> & { readonly id: string })
  | { readonly kind: 'in'; readonly access: Access }
  | (Extract<Step, { kind: 'refused' }> & {
      /** Seconds for which nothing is tried. */
      readonly wait?: number;
    });

interface Entry {
  readonly id: string;
  readonly user: string;
  readonly comer: Comer;
  readonly signIn: SignIn;
  readonly counted: CountedTry;
}

/** Those who are being asked for their passwords, by PAM, question by question. */
export class SignIns {
  readonly #accounts: Accounts;
  readonly #log: Log;
  readonly #limit = new SignInLimit();
  readonly #turnedAway: TurnedAway;
  /** Oldest first. */
  readonly #entries = new Map<string, Entry>();

  constructor(accounts: Accounts, log: Log) {
    this.#accounts = accounts;
    this.#log = log;
    this.#turnedAway = new TurnedAway(log);
  }

  /** Somebody says who he is. */
  async begin(user: string, comer: Comer): Promise<Told> {
    const counted = this.#limit.begin(comer.origin, user);
    if (typeof counted === 'number') {
      const wait = Math.ceil(counted / 1000);
      const who = { ...this.#who(user, comer), wait };
      this.#turnedAway.note(comer.origin, who, 'a sign-in was not tried: too many have failed');
      return { kind: 'refused', told: `Too many tries. Wait ${wait} seconds.`, words: [], wait };
    }
    this.#makeRoom(comer.origin);
    const signIn = new SignIn((conversation) => this.#accounts.begin(user, comer.address, conversation));
    const entry = { id: randomBytes(16).toString('base64url'), user, comer, signIn, counted };
    this.#entries.set(entry.id, entry);
    // Also when nobody waits for it any more.
    void signIn.over.then(() => this.#entries.delete(entry.id));
    return this.#next(entry);
  }

  /** His answer to the question that came with `id`. */
  async answer(id: string, text: string, comer: Comer): Promise<Told> {
    const entry = this.#entries.get(id);
    if (entry?.comer.origin !== comer.origin || !entry.signIn.asking)
      return { kind: 'refused', told: 'That took too long. Begin again.', words: [] };
    const answer = new TextEncoder().encode(text);
    if (answer.length > ANSWER_MAX) entry.signIn.giveUp();
    else entry.signIn.answer(answer);
    return this.#next(entry);
  }

  close(): void {
    for (const { signIn } of this.#entries.values()) signIn.giveUp();
    this.#entries.clear();
  }

  async #next(entry: Entry): Promise<Told> {
    const earliest = performance.now() + REFUSAL_AFTER_MS;
    const step = await entry.signIn.next();
    if (step.kind === 'question') return { ...step, id: entry.id };
    const access = step.kind === 'in' ? this.#accounts.access(step.user) : undefined;
    if (access !== undefined) {
      entry.counted.succeeded();
      this.#log.info({ viewer: entry.comer.address, user: entry.user }, 'a user signed in');
      return { kind: 'in', access };
    }
    const { told, words } = step.kind === 'refused' ? step : { told: this.#accounts.denied, words: [] };
    this.#log.warn({ ...this.#who(entry.user, entry.comer), reason: told }, 'a sign-in failed');
    const left = earliest - performance.now();
    if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
    return { kind: 'refused', told, words };
  }

  /** A name that nobody has may be a password typed into the wrong field: the log does not get it. */
  #who(user: string, { address }: Comer): { viewer: string; user?: string } {
    return this.#accounts.access(user) ? { viewer: address, user } : { viewer: address };
  }

  #makeRoom(origin: Origin): void {
    const of = new Map<Origin, Entry[]>();
    for (const entry of this.#entries.values())
      of.set(entry.comer.origin, [...(of.get(entry.comer.origin) ?? []), entry]);
    const own = of.get(origin) ?? [];
    if (own.length >= DIALOGUES_OF_ONE) this.#giveUp(own[0]!);
    else if (this.#entries.size >= DIALOGUES_MAX) {
      const most = [...of.values()].reduce((a, b) => (b.length > a.length ? b : a));
      this.#giveUp(most[0]!);
    }
  }

  #giveUp(entry: Entry): void {
    this.#entries.delete(entry.id);
    entry.signIn.giveUp();
  }
}
