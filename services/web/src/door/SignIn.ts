import { type Dialogue, refusals, type Verdict } from '@switchyard/pam';

/** What PAM's modules say before a question or a verdict: as much as is read (characters, lines). */
const WORD_MAX = 512;
const WORDS_MAX = 8;

/** What the person is to be shown next. */
export type Step =
  | {
      readonly kind: 'question';
      readonly question: string;
      readonly shown: boolean;
      readonly words: string[];
    }
  | { readonly kind: 'in'; readonly user: string }
  | { readonly kind: 'refused'; readonly told: string; readonly words: string[] };

/**
 * One person's dialogue with PAM, step by step as a browser asks for them:
 *
 *   thinking ──question──▶ asking ──answer──▶ thinking ──verdict──▶ over
 *      └──────────────── giveUp ───┴──────────────────────────────────▲
 */
export class SignIn {
  /** PAM has decided, or nobody has answered in time. */
  readonly over: Promise<void>;
  readonly #dialogue: Dialogue;
  #words: string[] = [];
  /** What has come and nobody has asked for. */
  #step: Step | undefined;
  #waiting: ((step: Step) => void) | undefined;
  #answer: ((answer: Uint8Array | undefined) => void) | undefined;

  /** `begin`: libs/pam's Dialogue.begin, for the one who wants to come in. */
  constructor(begin: (conversation: Parameters<typeof Dialogue.begin>[1]) => Dialogue) {
    this.#dialogue = begin({
      ask: (question, shown) =>
        new Promise((resolve) => {
          this.#answer = resolve;
          const asked = question.trim().slice(0, WORD_MAX);
          this.#become({ kind: 'question', question: asked, shown, words: this.#words.splice(0) });
        }),
      tell: (text) => {
        if (this.#words.length < WORDS_MAX) this.#words.push(text.trim().slice(0, WORD_MAX));
      },
    });
    this.over = this.#dialogue.verdict.then((verdict) => {
      this.#answer = undefined;
      this.#dialogue.close();
      this.#become(this.#last(verdict));
    });
  }

  /** It waits for an answer. */
  get asking(): boolean {
    return this.#answer !== undefined;
  }

  /** What comes next. One may wait for it at a time. */
  next(): Promise<Step> {
    const step = this.#step;
    this.#step = undefined;
    if (step !== undefined) return Promise.resolve(step);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /** The answer is wiped. */
  answer(answer: Uint8Array): void {
    const resolve = this.#answer;
    this.#answer = undefined;
    resolve?.(answer);
  }

  giveUp(): void {
    this.#dialogue.close();
    this.#answer?.(undefined);
    this.#answer = undefined;
  }

  #last(verdict: Verdict): Step {
    return verdict.allowed
      ? { kind: 'in', user: verdict.user }
      : { kind: 'refused', told: refusals[verdict.why], words: this.#words };
  }

  #become(step: Step): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting(step);
    else this.#step = step;
  }
}
