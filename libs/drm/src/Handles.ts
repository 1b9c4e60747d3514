/**
 * A file's buffer handles. The kernel gives one number for one buffer, however often it is imported, and frees it at the first
 * close: two of our objects that share it would take it from each other.
 */
export class Handles {
  readonly #users = new Map<number, number>();
  readonly #close: (handle: number) => void;

  constructor(close: (handle: number) => void) {
    this.#close = close;
  }

  /** For each use() there is one release(). */
  use(handle: number): void {
    this.#users.set(handle, (this.#users.get(handle) ?? 0) + 1);
  }

  release(handle: number): void {
    const users = this.#users.get(handle) ?? 0;
    if (users > 1) {
      this.#users.set(handle, users - 1);
      return;
    }
    this.#users.delete(handle);
    this.#close(handle);
  }
}
