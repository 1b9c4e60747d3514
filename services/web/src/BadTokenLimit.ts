/** Wrong tokens one address may send a minute: a stale bookmark reloads a few times, a guesser tries forever. */
const ATTEMPTS_PER_MINUTE = 30;
/** Addresses remembered; the oldest is forgotten first, which costs a guesser with many addresses nothing but us no memory. */
const ADDRESSES = 1024;

/** Counts wrong tokens by address in minutes. A right token is never held up by wrong ones. */
export class BadTokenLimit {
  readonly #attempts = new Map<string, { count: number; since: number }>();

  /** Notes a wrong token; false when the address has had its share. */
  note(address: string, now = Date.now()): boolean {
    let entry = this.#attempts.get(address);
    if (entry === undefined || now - entry.since > 60_000) {
      this.#attempts.delete(address);
      if (this.#attempts.size >= ADDRESSES) {
        const oldest = this.#attempts.keys().next().value;
        if (oldest !== undefined) this.#attempts.delete(oldest);
      }
      entry = { count: 0, since: now };
      this.#attempts.set(address, entry);
    }
    return ++entry.count <= ATTEMPTS_PER_MINUTE;
  }
}
