/**
 * When a person last did something on the seat, as far as we see it: input goes to whoever is in front, and that may be
 * none of our sessions.
 */
export class Activity {
  #last = performance.now();
  readonly #listeners = new Set<() => void>();

  /** Of performance.now(). */
  get last(): number {
    return this.#last;
  }

  /** Something was pressed, moved or touched. Hot. */
  notice(): void {
    this.#last = performance.now();
    if (this.#listeners.size === 0) return;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls `listener` for each; to be taken back as soon as it has heard enough. */
  onNotice(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
