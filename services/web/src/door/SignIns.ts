import { randomBytes } from 'node:crypto';
import { Interview, refusals } from '@switchyard/pam';
import type { Log } from '@switchyard/runtime';
import type { Accounts } from '../Accounts.js';
import type { Access } from '../Shares.js';
import type { Origin } from './Origin.js';
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
  | {
      readonly kind: 'question';
      readonly id: string;
      readonly question: string;
      readonly shown: boolean;
      /** What PAM's modules say with it. */
      readonly words: readonly string[];
    }
  | { readonly kind: 'in'; readonly access: Access }
  | {
      readonly kind: 'refused';
      readonly told: string;
      readonly words: readonly string[];
      /** Seconds for which nothing is tried. */
      readonly wait?: number;
    };

interface Entry {
  readonly id: string;
  readonly user: string;
  readonly comer: Comer;
  readonly interview: Interview;
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
    const interview = new Interview((conversation) =>
      this.#accounts.begin(user, comer.address, conversation),
    );
    const entry = { id: randomBytes(16).toString('base64url'), user, comer, interview, counted };
    this.#entries.set(entry.id, entry);
    // Also when nobody waits for it any more.
    void interview.verdict.then(() => {
      interview.dialogue.close();
      this.#entries.delete(entry.id);
    });
    return this.#next(entry);
  }

  /** His answer to the question that came with `id`. */
  async answer(id: string, text: string, comer: Comer): Promise<Told> {
    const entry = this.#entries.get(id);
    if (entry?.comer.origin !== comer.origin || entry.interview.state.kind !== 'asking')
      return { kind: 'refused', told: 'That took too long. Begin again.', words: [] };
    const answer = new TextEncoder().encode(text);
    if (answer.length > ANSWER_MAX) entry.interview.giveUp();
    else entry.interview.answer(answer);
    return this.#next(entry);
  }

  close(): void {
    for (const { interview } of this.#entries.values()) interview.giveUp();
    this.#entries.clear();
  }

  async #next(entry: Entry): Promise<Told> {
    const earliest = performance.now() + REFUSAL_AFTER_MS;
    const step = await entry.interview.next();
    const words = entry.interview.takeWords();
    if (step.kind === 'asking')
      return { kind: 'question', id: entry.id, question: step.question, shown: step.shown, words };
    const { verdict } = step;
    const access = verdict.allowed ? this.#accounts.access(verdict.user) : undefined;
    if (access !== undefined) {
      entry.counted.succeeded();
      this.#log.info({ viewer: entry.comer.address, user: entry.user }, 'a user signed in');
      return { kind: 'in', access };
    }
    // Whoever has the right password of an account that may not come is told what others are.
    const told = verdict.allowed ? this.#accounts.denied : refusals[verdict.why];
    this.#log.warn({ ...this.#who(entry.user, entry.comer), reason: told }, 'a sign-in failed');
    const left = earliest - performance.now();
    if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
    return { kind: 'refused', told, words: verdict.allowed ? [] : words };
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
    entry.interview.giveUp();
  }
}
