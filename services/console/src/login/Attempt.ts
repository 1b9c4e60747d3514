import { Dialogue, Interview, refusals, type Throttle, type Verdict } from '@switchyard/pam';

export type AttemptState =
  /** Nobody has said anything. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'checking' }
  | { readonly kind: 'asking'; readonly question: string; readonly shown: boolean }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'allowed' };

/**
 * Somebody's tries to be let in, one interview each. The first question's answer is known before it is asked, since the field for it
 * is there at once; what else PAM wants to know is asked as it comes.
 *
 *   idle ──begin──▶ checking ──question──▶ asking ──answer──▶ checking ──▶ allowed
 *    ▲                 └──────────────────────────── no ──▶ refused ──begin──▶ checking
 *    └── giveUp, at any time: what becomes of that try is told no more
 */
export class Attempt {
  readonly #throttle: Throttle;
  readonly #changed: () => void;
  #state: AttemptState = { kind: 'idle' };
  #interview: Interview | undefined;
  /** Of the try that counts. */
  #turn = 0;
  #words: readonly string[] = [];

  constructor(throttle: Throttle, changed: () => void) {
    this.#throttle = throttle;
    this.#changed = changed;
  }

  get state(): AttemptState {
    return this.#state;
  }
  /** What PAM's modules said. */
  get words(): readonly string[] {
    return this.#words;
  }

  /** Resolves to the dialogue that let `user` in, or to nothing. The secret is wiped. */
  async begin(
    user: string,
    secret: Uint8Array,
    mayChange: boolean,
    terminal?: string,
  ): Promise<Dialogue | undefined> {
    const turn = ++this.#turn;
    this.#words = [];
    this.#become({ kind: 'checking' });
    let interview: Interview | undefined;
    const verdict = await this.#throttle.run(
      user,
      async () => {
        if (turn !== this.#turn) return { allowed: false, why: 'denied' } as Verdict;
        interview = new Interview(
          (conversation) => Dialogue.begin({ user, mayChange, terminal }, conversation),
          { known: secret, changed: () => this.#follow(interview, turn) },
        );
        this.#interview = interview;
        return await interview.verdict;
      },
      ({ allowed }) => allowed,
    );
    secret.fill(0);
    if (turn === this.#turn) {
      this.#interview = undefined;
      this.#become(stateOf(verdict));
      if (verdict?.allowed) return interview?.dialogue;
    }
    interview?.dialogue.close();
    return undefined;
  }

  answer(bytes: Uint8Array): void {
    this.#interview?.answer(bytes);
  }

  /** Nobody sits there any more, or another one. */
  giveUp(): void {
    this.#turn++;
    this.#interview?.giveUp();
    this.#interview = undefined;
    this.#words = [];
    this.#become({ kind: 'idle' });
  }

  /** The verdict is told when the throttle lets it. */
  #follow(interview: Interview | undefined, turn: number): void {
    if (!interview || turn !== this.#turn) return;
    const { state } = interview;
    this.#words = interview.words;
    if (state.kind === 'asking') this.#become({ ...state, question: state.question.replace(/:$/, '') });
    else this.#become({ kind: 'checking' });
  }

  #become(state: AttemptState): void {
    this.#state = state;
    this.#changed();
  }
}

function stateOf(verdict: Verdict | undefined): AttemptState {
  if (verdict?.allowed) return { kind: 'allowed' };
  return { kind: 'refused', message: refusals[verdict?.why ?? 'busy'] };
}
