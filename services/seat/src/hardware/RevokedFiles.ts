import { close } from 'node:fs';
import type { Fd } from '@switchyard/sys';

/** Whoever had it has closed it by then, or does not hurry. */
const KEPT_MS = 1000;
/** However often devices are taken and given back. */
const KEPT_MAX = 64;

/**
 * Files through which nothing comes any more. They are closed a little later, and by a thread: whoever closes the last
 * duplicate of an input device's file waits until the kernel knows that nobody looks at it any more (synchronize_rcu), 20 to
 * 50 ms for each. A compositor that leaves closes one after the other before it says that it has given its screen up, and
 * the next one waits for that.
 *
 *   add() ──▶ kept ──KEPT_MS | too many──▶ closing, in a thread ──▶ closed
 *    └─── too many are being closed ──────────────────────────────────▲
 */
export class RevokedFiles {
  readonly #kept: { readonly fd: Fd; readonly until: number }[] = [];
  #closing = 0;
  #timer: NodeJS.Timeout | undefined;

  /** The fd is taken over. */
  add(fd: Fd): void {
    this.#kept.push({ fd, until: performance.now() + KEPT_MS });
    if (this.#kept.length + this.#closing > KEPT_MAX) this.#close();
    else this.#await();
  }

  #await(): void {
    const first = this.#kept[0];
    if (!first || this.#timer) return;
    const left = Math.max(0, first.until - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      while (this.#kept[0] && this.#kept[0].until <= performance.now()) this.#close();
      this.#await();
    }, left);
    this.#timer.unref();
  }

  /** The oldest. */
  #close(): void {
    const fd = this.#kept.shift()?.fd;
    if (!fd) return;
    if (this.#closing >= KEPT_MAX) {
      fd.close();
      return;
    }
    this.#closing++;
    close(fd.take(), () => this.#closing--);
  }
}

/** Those of this process. */
export const revokedFiles = new RevokedFiles();
