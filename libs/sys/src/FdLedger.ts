/** One Fd that the ledger knows; `stack` is where it was made. */
export interface FdRecord {
  readonly number: number;
  readonly what: string;
  readonly stack: string;
}

/**
 * The book of all Fds in debug mode (YARD_DEBUG_FDS=1). It holds them weakly: one that the garbage collector finds
 * while it is still in the book has leaked, since nothing can close its number any more.
 */
class FdLedger {
  readonly #live = new Map<number, FdRecord>();
  readonly #tokens = new WeakMap<object, number>();
  readonly #leaked: FdRecord[] = [];
  #next = 0;

  readonly #collected = new FinalizationRegistry<number>((token) => {
    const record = this.#live.get(token);
    if (!record) return;
    this.#live.delete(token);
    this.#leaked.push(record);
    process.stderr.write(
      `switchyard: fd ${record.number} (${record.what}) was never closed; it was made\n${record.stack}\n`,
    );
  });

  add(fd: object, number: number, what: string): void {
    const token = this.#next++;
    const stack = new Error().stack?.split('\n').slice(3).join('\n') ?? '';
    this.#live.set(token, { number, what, stack });
    this.#tokens.set(fd, token);
    this.#collected.register(fd, token, fd);
  }

  remove(fd: object): void {
    this.#live.delete(this.#tokens.get(fd) ?? -1);
    this.#collected.unregister(fd);
  }

  live(): FdRecord[] {
    return [...this.#live.values()];
  }

  leaks(): FdRecord[] {
    return [...this.#leaked];
  }
}

export const ledger = process.env['YARD_DEBUG_FDS'] === '1' ? new FdLedger() : undefined;
