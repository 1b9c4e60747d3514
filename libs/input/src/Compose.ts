import native from '@switchyard/native';

export type ComposeStatus = 'nothing' | 'composing' | 'composed' | 'cancelled';

const statuses: readonly ComposeStatus[] = ['nothing', 'composing', 'composed', 'cancelled'];

/** Locales without compose sequences of their own; most machines' sequences are those of en_US.UTF-8. */
const PLAIN_LOCALE = /^(C|POSIX)(\.|$)/;
const USUAL_LOCALE = 'en_US.UTF-8';

export interface ComposeOptions {
  /** Whose sequences; by default the environment's (LC_ALL, LC_CTYPE, LANG). */
  readonly locale?: string;
  /** A Compose file's contents (Compose(5)) instead of the locale's. */
  readonly table?: string;
}

/**
 * Dead keys and Compose sequences. Feed it the keysym of each key press:
 *
 *   nothing ──first keysym of a sequence──▶ composing ──last──▶ composed (take `text`)
 *                                              └──none such──▶ cancelled (the key is swallowed)
 *
 * Without libxkbcommon, or where the locale has no sequences, it says 'nothing' to every key.
 */
export class Compose implements Disposable {
  readonly #state: native.XkbCompose | undefined;
  #status: ComposeStatus = 'nothing';

  constructor(options: ComposeOptions = {}) {
    const locale = options.locale ?? environmentLocale();
    this.#state = native.xkbAvailable() ? native.xkbComposeNew(locale, options.table) : undefined;
  }

  get status(): ComposeStatus {
    return this.#status;
  }

  /** What was composed; '' in any state but 'composed'. */
  get text(): string {
    return this.#state && this.#status === 'composed' ? native.xkbComposeText(this.#state) : '';
  }

  /** The keysym of what was composed; 0 when it has none, or in any other state. */
  get keysym(): number {
    return this.#state && this.#status === 'composed' ? native.xkbComposeKeysym(this.#state) : 0;
  }

  /** Keysyms of modifiers leave a sequence as it is. */
  feed(keysym: number): ComposeStatus {
    if (!this.#state) return 'nothing';
    const status = statuses[native.xkbComposeFeed(this.#state, keysym)];
    this.#status = status ?? (this.#status === 'composing' ? 'composing' : 'nothing');
    return this.#status;
  }

  /** Forgets a sequence that was begun. */
  reset(): void {
    if (this.#state) native.xkbComposeReset(this.#state);
    this.#status = 'nothing';
  }

  [Symbol.dispose](): void {
    if (this.#state) native.xkbFree(this.#state);
  }
}

function environmentLocale(): string {
  const { LC_ALL, LC_CTYPE, LANG } = process.env;
  const locale = LC_ALL || LC_CTYPE || LANG || 'C';
  return PLAIN_LOCALE.test(locale) ? USUAL_LOCALE : locale;
}
