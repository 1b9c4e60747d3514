/** What happened, in order; tests wait for an entry instead of for a time. */
export class Journal {
  readonly entries: string[] = [];
  #waiting: (() => void)[] = [];

  add(entry: string): void {
    this.entries.push(entry);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Resolves when `entry` is there `times` times; rejects after a minute with what there is. */
  async until(entry: string, times = 1): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (this.entries.filter((one) => one === entry).length < times) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`no '${entry}' in ${JSON.stringify(this.entries)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  clear(): void {
    this.entries.length = 0;
  }
}
