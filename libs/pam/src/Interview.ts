import type { Conversation, Dialogue } from './Dialogue.js';
import type { Verdict } from './Verdict.js';

/** What modules say before a question or a verdict: as much as is read (characters, lines). */
const WORD_MAX = 512;
const WORDS_MAX = 8;

export type InterviewState =
  | { readonly kind: 'thinking' }
  /** `shown`: what is typed may be seen. */
  | { readonly kind: 'asking'; readonly question: string; readonly shown: boolean }
  | { readonly kind: 'over'; readonly verdict: Verdict };

/**
 * A dialogue with PAM as whoever shows it needs it: what is asked at the moment, and a place for the answer.
 *
 *   thinking ──question──▶ asking ──answer──▶ thinking ──verdict──▶ over
 *      └──────────────── giveUp ───┴──────────────────────────────────▲
 */
export class Interview {
  /** To run a session of whom it let in; else to be closed when the interview is over. */
  readonly dialogue: Dialogue;
  /** Never rejects. */
  readonly verdict: Promise<Verdict>;
  readonly #changed: () => void;
  #words: string[] = [];
  #state: InterviewState = { kind: 'thinking' };
  #answer: ((answer: Uint8Array | undefined) => void) | undefined;
  #waiting: (() => void)[] = [];

  /**
   * `begin`: Dialogue.begin for somebody. `known`: the answer to the first question, if that is one for a secret; it is wiped when it
   * was given. `changed`: another state, or modules have said something.
   */
  constructor(
    begin: (conversation: Conversation) => Dialogue,
    { known, changed = () => {} }: { known?: Uint8Array; changed?: () => void } = {},
  ) {
    this.#changed = changed;
    let first = known;
    this.dialogue = begin({
      ask: async (question, shown) => {
        const answer = first;
        first = undefined;
        return answer && !shown ? answer : await this.#ask(question, shown);
      },
      tell: (text) => {
        if (this.#words.length < WORDS_MAX) this.#words.push(text.trim().slice(0, WORD_MAX));
        this.#changed();
      },
    });
    this.verdict = this.dialogue.verdict.then((verdict) => {
      this.#answer = undefined;
      this.#become({ kind: 'over', verdict });
      return verdict;
    });
  }

  get state(): InterviewState {
    return this.#state;
  }

  /** What modules have said since `takeWords`. */
  get words(): readonly string[] {
    return this.#words;
  }

  takeWords(): string[] {
    return this.#words.splice(0);
  }

  /** The question that waits for its answer, or the verdict, once there is one of them. */
  async next(): Promise<Exclude<InterviewState, { kind: 'thinking' }>> {
    while (this.#state.kind === 'thinking') await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.#state;
  }

  /** The answer is wiped when it was passed on; without a question it goes nowhere. */
  answer(answer: Uint8Array): void {
    this.#resolve(answer);
  }

  giveUp(): void {
    this.dialogue.close();
    this.#resolve(undefined);
  }

  #ask(question: string, shown: boolean): Promise<Uint8Array | undefined> {
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#become({ kind: 'asking', question: question.trim().slice(0, WORD_MAX), shown });
    });
  }

  #resolve(answer: Uint8Array | undefined): void {
    const resolve = this.#answer;
    if (!resolve) return;
    this.#answer = undefined;
    this.#become({ kind: 'thinking' });
    resolve(answer);
  }

  #become(state: InterviewState): void {
    this.#state = state;
    this.#changed();
    for (const resume of this.#waiting.splice(0)) resume();
  }
}
