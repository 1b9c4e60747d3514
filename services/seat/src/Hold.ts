import type { Fd } from '@switchyard/sys';

/**
 * One session's hold on a device: what every kind of device must be able to do. When it is done, SessionDevice and
 * Switch decide, for all kinds alike.
 */
export interface Hold {
  /** The file by which it revokes, if it has one now; the hold's. */
  readonly kept: Fd | undefined;
  /** Something comes through what it gave last. */
  readonly live: boolean;
  /**
   * The device works for the session from here on. The fd is the session's: of a new file, or of the one that it has
   * already where that one works again (`Device.resumesInPlace`). `provideLater`: who provides the device may hear of it
   * a little after the session.
   */
  open(provideLater?: boolean): Fd;
  /** For a session that is not active: an fd through which nothing comes. */
  openRevoked(): Fd;
  /** From here on nothing comes or goes through any fd that this hold ever gave, however often duplicated. Idempotent. */
  revoke(): void;
  /** Revoked for good; nothing is kept. Idempotent. */
  close(): void;
}
