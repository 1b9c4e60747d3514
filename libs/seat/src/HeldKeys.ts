/**
 * The keys and buttons of one device that several play at once: a key is down while any of them holds it, and who
 * leaves lets go of everything.
 */
export class HeldKeys {
  readonly #holders = new Map<number, Set<object>>();

  /** Whether the device's own key changes by this: it goes down with its first holder and up with its last. */
  hold(holder: object, code: number, down: boolean): boolean {
    const holders = this.#holders.get(code);
    if (down) {
      if (holders === undefined) this.#holders.set(code, new Set([holder]));
      else holders.add(holder);
      return holders === undefined;
    }
    if (holders === undefined || !holders.delete(holder) || holders.size > 0) return false;
    this.#holders.delete(code);
    return true;
  }

  /** Lets go of all that it holds; the codes that are up by that. */
  release(holder: object): number[] {
    return [...this.#holders.keys()].filter((code) => this.hold(holder, code, false));
  }
}
