/**
 * A walk through windows while a chord is held: what was passed on the way keeps its place, so that the next walk
 * begins with the window that was left.
 */
export class WindowCycle<T> {
  /** As they were when it began, the front first. */
  readonly #order: readonly T[];
  /** The whole stack then, the front last. */
  readonly #stack: readonly T[];
  #at = 0;

  constructor(order: readonly T[], stack: readonly T[]) {
    this.#order = order;
    this.#stack = stack;
  }

  /** The stack after a step; windows that came meanwhile are on top of the others, ones that went are not in it. */
  step(step: 1 | -1, now: readonly T[]): T[] {
    let chosen: T | undefined;
    for (let i = 0; i < this.#order.length && chosen === undefined; i++) {
      this.#at = (this.#at + step + this.#order.length) % this.#order.length;
      const candidate = this.#order[this.#at]!;
      if (now.includes(candidate)) chosen = candidate;
    }
    const known = this.#stack.filter((one) => one !== chosen && now.includes(one));
    const fresh = now.filter((one) => one !== chosen && !this.#stack.includes(one));
    return [...known, ...fresh, ...(chosen === undefined ? [] : [chosen])];
  }
}
