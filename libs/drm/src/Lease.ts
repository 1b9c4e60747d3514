import type { Fd } from '@switchyard/sys';
import type { Card } from './Card.js';

/**
 * A part of a card for somebody else: whoever has its file sees and sets these objects only, and others are ENOENT for him.
 *
 *   live ◀──owner is master | owner drops master──▶ paused (EACCES)
 *    └──────────── revoke() ────────────▶ revoked (no objects, for ever)
 *
 * A lease's file has the card's device numbers and needs no privilege.
 */
export class Lease implements Disposable {
  readonly owner: Card;
  /** The kernel's number of it. */
  readonly lessee: number;
  /**
   * The lessee's file; the lease's own. Kept open until the end: the kernel gives a number to the next lease once its file is
   * closed.
   */
  readonly fd: Fd;
  #revoked = false;

  private constructor(owner: Card, lessee: number, fd: Fd) {
    this.owner = owner;
    this.lessee = lessee;
    this.fd = fd;
  }

  static create(owner: Card, objects: readonly number[]): Lease {
    const { lessee, fd } = owner.calls.leases.create(objects);
    return new Lease(owner, lessee, fd);
  }

  /** One that the owner's file has made before, in another process. Takes the lessee's file over. */
  static adopt(owner: Card, lessee: number, fd: Fd): Lease {
    return new Lease(owner, lessee, fd);
  }

  get revoked(): boolean {
    return this.#revoked;
  }

  /** The lessee's file, for a `Card` or for another process; the Fd is the caller's. All of them share one open file. */
  open(): Fd {
    return this.fd.dup();
  }

  /**
   * Its objects are free at once, whoever has the file and whatever he has mapped. What he showed stays on the screen until
   * something else is shown. EACCES: the owner is not master.
   */
  revoke(): void {
    if (this.#revoked) return;
    this.owner.calls.leases.revoke(this.lessee);
    this.#revoked = true;
  }

  /** Revokes it for good. */
  [Symbol.dispose](): void {
    try {
      if (!this.owner.fd.closed) this.revoke();
    } finally {
      this.fd.close();
    }
  }
}
