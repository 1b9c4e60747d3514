import type { Fd } from '@switchyard/sys';
import { writePipe } from './PipeWriter.js';
import type { TransferSource } from './TransferSource.js';

/** A selection that came over the bus: sealed memfds by MIME type, owned by this. */
export class MemfdSource implements TransferSource {
  readonly #data: Map<string, Fd>;
  #gone = false;

  constructor(data: Map<string, Fd>) {
    this.#data = data;
  }

  get mimeTypes(): ReadonlySet<string> {
    return new Set(this.#data.keys());
  }

  get gone(): boolean {
    return this.#gone;
  }

  /** A duplicate of the memfd itself, for who can take one. */
  duplicate(mimeType: string): Fd | undefined {
    return this.#data.get(mimeType)?.dup();
  }

  send(mimeType: string, fd: Fd): void {
    const memfd = this.#data.get(mimeType);
    if (memfd) writePipe(memfd.dup(), fd);
    else fd.close();
  }

  cancelled(): void {
    this.#gone = true;
    for (const fd of this.#data.values()) fd.close();
    this.#data.clear();
  }

  /** It lasts until another selection takes its place. */
  onGone(): void {}
}
