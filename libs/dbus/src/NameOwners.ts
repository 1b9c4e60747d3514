import type { Message } from './Message.js';

export type NameWatcher = {
  /** The name has an owner, or another one. */
  appeared?(owner: string): void;
  /** The name has no owner, or none any more. */
  vanished?(): void;
};

/** What this side needs of the bus; replies come in the order of all other messages. */
export type NameOwnersBus = {
  onOwnerChanged(name: string, handler: (owner: string | undefined) => void): Disposable;
  askOwner(name: string, answer: (owner: string | undefined) => void): void;
};

/** A watcher and what it was told last; null: nothing yet. */
type Watch = { watcher: NameWatcher; told: string | undefined | null };

type Followed = {
  /** undefined: nobody; null: not known yet. */
  owner: string | undefined | null;
  watchers: Set<Watch>;
  uses: number;
  match: Disposable;
};

/** Who owns the names that this connection cares for. */
export class NameOwners {
  readonly #bus: NameOwnersBus;
  readonly #names = new Map<string, Followed>();

  constructor(bus: NameOwnersBus) {
    this.#bus = bus;
  }

  ownerOf(name: string): string | undefined {
    return this.#names.get(name)?.owner ?? undefined;
  }

  /** Calls one of the two as soon as the state is known, and at every change. */
  watch(name: string, watcher: NameWatcher): Disposable {
    const followed = this.#follow(name);
    const watch: Watch = { watcher, told: null };
    followed.watchers.add(watch);
    if (followed.owner !== null) queueMicrotask(() => tell(watch, followed));
    return this.#release(name, followed, () => followed.watchers.delete(watch));
  }

  follow(name: string): Disposable {
    return this.#release(name, this.#follow(name), () => {});
  }

  #follow(name: string): Followed {
    const known = this.#names.get(name);
    if (known) {
      known.uses++;
      return known;
    }
    const followed: Followed = {
      owner: null,
      watchers: new Set(),
      uses: 1,
      match: this.#bus.onOwnerChanged(name, (owner) => this.#set(followed, owner)),
    };
    this.#names.set(name, followed);
    this.#bus.askOwner(name, (owner) => this.#set(followed, owner));
    return followed;
  }

  #set(followed: Followed, owner: string | undefined): void {
    followed.owner = owner;
    for (const watch of [...followed.watchers]) tell(watch, followed);
  }

  #release(name: string, followed: Followed, also: () => void): Disposable {
    let released = false;
    return {
      [Symbol.dispose]: () => {
        if (released) return;
        released = true;
        also();
        if (--followed.uses > 0) return;
        this.#names.delete(name);
        followed.match[Symbol.dispose]();
      },
    };
  }
}

function tell(watch: Watch, followed: Followed): void {
  const { owner } = followed;
  if (owner === null || owner === watch.told || !followed.watchers.has(watch)) return;
  watch.told = owner;
  if (owner === undefined) watch.watcher.vanished?.();
  else watch.watcher.appeared?.(owner);
}

/** The new owner that a NameOwnerChanged tells of. */
export function newOwner(message: Message): string | undefined {
  const owner = message.body[2];
  return typeof owner === 'string' && owner !== '' ? owner : undefined;
}
