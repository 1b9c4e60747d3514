import { Dialogue, refusals, type Throttle, type Verdict } from '@switchyard/pam';

export type AttemptState =
  /** Nobody has said anything. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'checking' }
  | { readonly kind: 'asking'; readonly question: string; readonly shown: boolean }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'allowed' };

/**
 * Somebody's tries to be let in. The first question's answer is known before it is asked, since the field for it is
 * there at once; what else PAM wants to know is asked as it comes.
 *
 *   idle ──begin──▶ checking ──question──▶ asking ──answer──▶ checking ──▶ allowed
 *    ▲                 └──────────────────────────── no ──▶ refused ──begin──▶ checking
 *    └── giveUp
 */
export class Attempt {
  readonly #throttle: Throttle;
  readonly #changed: () => void;
  #state: AttemptState = { kind: 'idle' };
  #dialogue: Dialogue | undefined;
  #answer: ((bytes: Uint8Array | undefined) => void) | undefined;
  #words: string[] = [];

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
    this.#words = [];
    this.#become({ kind: 'checking' });
    let dialogue: Dialogue | undefined;
    const verdict = await this.#throttle.run(
      user,
      async () => {
        let first: Uint8Array | undefined = secret;
        dialogue = Dialogue.begin(
          { user, mayChange, terminal },
          {
            ask: async (question, shown) => {
              const known = first;
              first = undefined;
              if (known && !shown) return known;
              return await this.#ask(question, shown);
            },
            tell: (text) => {
              this.#words.push(text);
              this.#changed();
            },
          },
        );
        this.#dialogue = dialogue;
        return await dialogue.verdict;
      },
      ({ allowed }) => allowed,
    );
    secret.fill(0);
    this.#dialogue = undefined;
    this.#become(stateOf(verdict));
    if (verdict?.allowed) return dialogue;
    dialogue?.close();
    return undefined;
  }

  answer(bytes: Uint8Array): void {
    const answer = this.#answer;
    this.#answer = undefined;
    this.#become({ kind: 'checking' });
    answer?.(bytes);
  }

  /** Nobody sits there any more, or another one. */
  giveUp(): void {
    this.#dialogue?.close();
    this.#answer?.(undefined);
    this.#answer = undefined;
    this.#words = [];
    if (this.#state.kind !== 'checking') this.#become({ kind: 'idle' });
  }

  #ask(question: string, shown: boolean): Promise<Uint8Array | undefined> {
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#become({ kind: 'asking', question: question.trim().replace(/:$/, ''), shown });
    });
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
