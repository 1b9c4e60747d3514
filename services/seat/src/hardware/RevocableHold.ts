import { constants } from 'node:os';
import { type Fd, SystemError } from '@switchyard/sys';
import type { Hold } from '../Hold.js';
import { revokedFiles } from './RevokedFiles.js';

/**
 * A hold on a device whose open files can be revoked for good: a new file for each turn, of which a duplicate is kept
 * until then.
 */
export class RevocableHold implements Hold {
  readonly #openNode: () => Fd;
  readonly #revoke: (fd: Fd) => void;
  #kept: Fd | undefined;

  /** `revoke` acts on the open file, and so on every duplicate. */
  constructor(openNode: () => Fd, revoke: (fd: Fd) => void, kept: Fd | undefined) {
    this.#openNode = openNode;
    this.#revoke = revoke;
    this.#kept = kept;
  }

  get kept(): Fd | undefined {
    return this.#kept;
  }
  get live(): boolean {
    return this.#kept !== undefined;
  }

  open(): Fd {
    this.revoke();
    const fd = this.#openNode();
    this.#kept = fd;
    return fd.dup();
  }

  openRevoked(): Fd {
    const fd = this.#openNode();
    try {
      this.#revoke(fd);
    } catch (error) {
      fd.close();
      throw error;
    }
    return fd;
  }

  revoke(): void {
    const kept = this.#kept;
    if (!kept) return;
    this.#kept = undefined;
    try {
      this.#revoke(kept);
    } catch (error) {
      // Unplugged, or revoked by the session itself, as everyone may who has the file: nothing comes through any more.
      if (!(error instanceof SystemError) || error.errno !== constants.errno.ENODEV) throw error;
    } finally {
      revokedFiles.add(kept);
    }
  }

  close(): void {
    this.revoke();
  }
}
