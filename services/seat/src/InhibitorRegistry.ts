import { mkdirSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Fd } from '@switchyard/sys';
import { Fifo } from './Fifo.js';
import { type InhibitMode, type Inhibitor, type InhibitWhat, joinWhats, parseWhats } from './Inhibitor.js';
import { loginError } from './LoginError.js';
import type { SavedInhibitor } from './StateStore.js';

/** logind's default InhibitorsMax=. */
export const INHIBITORS_MAX = 8192;
/** Each holds a descriptor of ours: no user may take them all. A desktop has about ten. */
const INHIBITORS_PER_USER_MAX = 1024;

export interface InhibitorEvents {
  /** Somebody begins or stops to inhibit; properties may have changed. */
  inhibitorsChanged(): void;
}

/** All inhibitors, in order of creation. */
export class InhibitorRegistry {
  readonly #directory: string;
  readonly #inhibitors = new Map<number, Inhibitor>();
  readonly #listeners = new Set<InhibitorEvents>();
  #next = 1;

  /** `directory`: for the fifos. */
  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  get size(): number {
    return this.#inhibitors.size;
  }
  [Symbol.iterator](): IterableIterator<Inhibitor> {
    return this.#inhibitors.values();
  }

  listen(listener: InhibitorEvents): void {
    this.#listeners.add(listener);
  }
  unlisten(listener: InhibitorEvents): void {
    this.#listeners.delete(listener);
  }

  /** The lock lasts while the fd, which is the caller's, is open anywhere. Throws LimitsExceeded. */
  add(from: Omit<Inhibitor, 'id' | 'fifo'>): Fd {
    let own = 0;
    for (const one of this) if (one.uid === from.uid) own++;
    if (this.size >= INHIBITORS_MAX || own >= INHIBITORS_PER_USER_MAX) {
      throw loginError.limit(`There are ${this.size} inhibitors already, ${own} of them of uid ${from.uid}`);
    }
    const id = this.#next++;
    const { fifo, writer } = Fifo.create(this.#path(id));
    this.#insert({ ...from, id, fifo });
    this.#changed();
    return writer;
  }

  /** What is inhibited in any of these modes. */
  inhibited(...modes: InhibitMode[]): Set<InhibitWhat> {
    const all = new Set<InhibitWhat>();
    for (const one of this) if (modes.includes(one.mode)) for (const what of one.what) all.add(what);
    return all;
  }

  save(): SavedInhibitor[] {
    return [...this].map(({ id, what, who, why, mode, uid, pid }) => {
      return { id, what: joinWhats(what), who, why, mode, uid, pid };
    });
  }

  /** Those whose file somebody still has open. */
  restore(saved: readonly SavedInhibitor[]): void {
    for (const one of saved) {
      this.#next = Math.max(this.#next, one.id + 1);
      const what = parseWhats(one.what);
      const fifo = what && Fifo.reopen(this.#path(one.id));
      if (fifo) this.#insert({ ...one, what, fifo });
    }
    for (const file of readdirSync(this.#directory)) {
      if (!this.#inhibitors.has(Number(file.replace('.ref', '')))) unlinkSync(join(this.#directory, file));
    }
  }

  #insert(inhibitor: Inhibitor): void {
    this.#inhibitors.set(inhibitor.id, inhibitor);
    inhibitor.fifo.onEnd(() => {
      inhibitor.fifo.close();
      this.#inhibitors.delete(inhibitor.id);
      this.#changed();
    });
  }

  #path(id: number): string {
    return join(this.#directory, `${id}.ref`);
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener.inhibitorsChanged();
  }
}
