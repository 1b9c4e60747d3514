import { type Card, Lease } from '@switchyard/drm';
import type { Fd } from '@switchyard/sys';
import type { FileKeeper } from '../FileKeeper.js';

/** Whose lease it is, and the kernel's number of it, which its file does not tell. */
export interface KeptLease {
  readonly session: string;
  readonly seat: string;
  readonly lessee: number;
}

/**
 * What the next manager needs of a shared card to go on with its leases: the file that owns them, which stays the card's
 * master as long as anybody has it, and of each lease its file and number.
 */
export class KeptLeases {
  readonly #files: FileKeeper;
  /** The card's numbers; the store's names have no colon. */
  readonly #key: string;
  /** The name of the owner's file. */
  #card: string | undefined;

  constructor(files: FileKeeper, card: { readonly major: number; readonly minor: number }) {
    this.#files = files;
    this.#key = `${card.major}.${card.minor}`;
  }

  /** The owner's file of the manager before this one, which is the caller's, and the ids of the console's framebuffers. */
  takeCard(): { readonly fd: Fd; readonly console: ReadonlySet<number> } | undefined {
    const name = this.#files.left.find((one) => `${one} `.startsWith(`card ${this.#key} `));
    const fd = name && this.#files.take(name);
    if (!fd) return undefined;
    this.#card = name;
    return { fd, console: new Set(name.split(' ').slice(2).map(Number)) };
  }
  putCard(fd: Fd, console: ReadonlySet<number>): void {
    const name = ['card', this.#key, ...console].join(' ');
    if (name === this.#card) return;
    this.removeCard();
    this.#card = name;
    this.#files.put(name, fd);
  }
  removeCard(): void {
    if (this.#card) this.#files.remove(this.#card);
    this.#card = undefined;
  }
  /** Nobody goes on with what the manager before this one had. */
  endCard(): void {
    this.takeCard()?.fd.close();
    this.removeCard();
  }

  put(kept: KeptLease, fd: Fd): void {
    this.#files.put(this.#name(kept), fd);
  }
  remove(kept: KeptLease): void {
    this.#files.remove(this.#name(kept));
  }

  /** Those of the manager before this one that nobody has taken. */
  left(): KeptLease[] {
    return this.#files.left.flatMap((name) => {
      const [kind, session, seat, key, lessee] = name.split(' ');
      if (kind !== 'lessee' || key !== this.#key || !session || !seat) return [];
      return [{ session, seat, lessee: Number(lessee) }];
    });
  }
  take(owner: Card, kept: KeptLease): Lease | undefined {
    const fd = this.#files.take(this.#name(kept));
    return fd && Lease.adopt(owner, kept.lessee, fd);
  }

  #name({ session, seat, lessee }: KeptLease): string {
    return `lessee ${session} ${seat} ${this.#key} ${lessee}`;
  }
}
