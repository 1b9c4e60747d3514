import { randomBytes } from 'node:crypto';
import type { XdgToplevel } from '../shell/XdgToplevel.js';
import type { DisplaySession } from './DisplaySession.js';
import type { ToplevelNews } from './Windows.js';

/** A mapped window of some session, as it is listed. */
export interface ListedToplevel {
  /** Its own for as long as it is mapped, and nobody's before or after. */
  readonly identifier: string;
  readonly toplevel: XdgToplevel;
  readonly session: DisplaySession;
}

export type ToplevelListener = (news: ToplevelNews, listed: ListedToplevel) => void;

/** The mapped windows of all sessions. */
export class Toplevels {
  readonly #listed = new Map<XdgToplevel, ListedToplevel>();
  readonly #listeners = new Set<ToplevelListener>();
  /** Two displays give out no identifier twice. */
  readonly #prefix = randomBytes(6).toString('hex');
  #count = 0;

  get all(): Iterable<ListedToplevel> {
    return this.#listed.values();
  }

  has(listed: ListedToplevel): boolean {
    return this.#listed.get(listed.toplevel) === listed;
  }

  /** Returns what takes the listener back. */
  onNews(listener: ToplevelListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(news: ToplevelNews, toplevel: XdgToplevel, session: DisplaySession): void {
    if (news === 'mapped') {
      const identifier = `${this.#prefix}-${++this.#count}`;
      this.#listed.set(toplevel, { identifier, toplevel, session });
    }
    const listed = this.#listed.get(toplevel);
    if (!listed) return;
    if (news === 'unmapped') this.#listed.delete(toplevel);
    for (const listener of this.#listeners) listener(news, listed);
  }
}
