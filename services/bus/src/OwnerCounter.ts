/** How many of something each owner has, and all together, now and at most so far. */
export class OwnerCounter<Owner> {
  readonly #counts = new Map<Owner, { now: number; peak: number }>();
  total = 0;
  peakTotal = 0;
  /** The most that one owner had. */
  peakOfOne = 0;

  of(owner: Owner): number {
    return this.#counts.get(owner)?.now ?? 0;
  }

  peakOf(owner: Owner): number {
    return this.#counts.get(owner)?.peak ?? 0;
  }

  add(owner: Owner): void {
    let count = this.#counts.get(owner);
    if (!count) {
      count = { now: 0, peak: 0 };
      this.#counts.set(owner, count);
    }
    count.now++;
    this.total++;
    count.peak = Math.max(count.peak, count.now);
    this.peakTotal = Math.max(this.peakTotal, this.total);
    this.peakOfOne = Math.max(this.peakOfOne, count.now);
  }

  remove(owner: Owner): void {
    const count = this.#counts.get(owner);
    if (!count) return;
    count.now--;
    this.total--;
  }

  /** The owner is gone, and all that it had. */
  removeAll(owner: Owner): void {
    this.total -= this.of(owner);
    this.#counts.delete(owner);
  }
}
