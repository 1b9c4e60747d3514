/** Who may change what is looked at as often as it likes is looked at this often (ms). */
const pause = 20;

/**
 * One look at something at a time, however often it changes: who asks while one is on its way gets one more afterwards.
 *
 *   idle ──ask──▶ looking ──done──▶ resting ──pause over──▶ idle, or looking when it was asked meanwhile
 */
export class Look {
  readonly #look: () => Promise<void>;
  #state: 'idle' | 'looking' | 'resting' = 'idle';
  #again = false;

  /** `look` may reject: what it looked at is gone. */
  constructor(look: () => Promise<void>) {
    this.#look = look;
  }

  ask(): void {
    if (this.#state !== 'idle') {
      this.#again = true;
      return;
    }
    this.#state = 'looking';
    void this.#look()
      .catch(() => {})
      .then(() => {
        this.#state = 'resting';
        setTimeout(() => this.#rested(), pause);
      });
  }

  #rested(): void {
    this.#state = 'idle';
    if (!this.#again) return;
    this.#again = false;
    this.ask();
  }
}
