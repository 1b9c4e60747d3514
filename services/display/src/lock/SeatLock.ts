import type { Client } from '@switchyard/wayland';
import type { Compositor } from '../Compositor.js';
import type { Output } from '../output/Output.js';
import { isTrusted, reaches } from '../Privileges.js';
import type { DisplaySession } from '../session/DisplaySession.js';
import type { Curtain } from '../session/SessionScene.js';
import type { Surface } from '../surface/Surface.js';
import { LockRecord } from './LockRecord.js';

/** Whoever has locked the seat. */
export interface Locker {
  readonly client: Client;
  /** What is to be seen of it there; undefined while there is nothing. */
  surfaceOn(output: Output): Surface | undefined;
  /** No frame shows anything else than the lock any more. */
  locked(): void;
}

/**
 * The lock that a client holds over its user's sessions on this display (root's and the display's own user's: over all).
 *
 *   open ──lock──▶ locked ──unlock──▶ open
 *                    │ ▲
 *       locker dies  ▼ │  another one locks
 *                  orphaned
 *
 * Locked, these sessions show the locker's surface of each output, or where there is none, as when it is orphaned or an
 * output comes, nothing but a colour; input goes to these surfaces alone. Only
 * the locker ends it. Greeters, lock screens of services/seat and emergency consoles are not hidden, and a switch to them
 * works as ever.
 */
export class SeatLock {
  readonly #compositor: Compositor;
  #locker: Locker | undefined;
  /** The user whose sessions are locked, also when the locker has died. */
  #uid: number | undefined;
  readonly #record: LockRecord | undefined;
  /** One object for all sessions. */
  readonly #curtain: Curtain;

  constructor(compositor: Compositor) {
    this.#compositor = compositor;
    const { lockFile } = compositor.options;
    this.#record = lockFile === undefined ? undefined : new LockRecord(lockFile);
    // A display that was killed while it was locked comes back locked.
    this.#uid = this.#record?.read();
    this.#curtain = {
      surfaceOn: (output) => {
        const surface = this.#locker?.surfaceOn(output);
        return surface?.alive && surface.pixels ? surface : undefined;
      },
    };
  }

  /** False when somebody else holds it, or it is another user's. */
  lock(locker: Locker): boolean {
    const { uid } = locker.client;
    if (this.#locker) return false;
    if (this.#uid !== undefined && this.#uid !== uid && !isTrusted(uid)) return false;
    this.#locker = locker;
    // A lock that is taken over covers what it covered before.
    if (this.#uid === undefined || isTrusted(uid)) this.#uid = uid;
    this.#record?.write(this.#uid);
    for (const session of this.#compositor.sessions) this.sessionAdded(session);
    this.#refocus();
    this.#compositor.outputs.onceShown(() => locker.locked());
    return true;
  }

  unlock(locker: Locker): void {
    if (this.#locker !== locker) return;
    this.#locker = undefined;
    this.#uid = undefined;
    this.#record?.remove();
    for (const session of this.#compositor.sessions) {
      if (!session.windows.curtain) continue;
      session.windows.setCurtain(undefined);
      session.setLocked(false);
    }
    this.#refocus();
  }

  /** The locker has died, or gone before it was done. */
  abandon(locker: Locker): void {
    if (this.#locker !== locker) return;
    this.#locker = undefined;
    this.changed();
  }

  /** The locker shows something else, or nothing any more. */
  changed(): void {
    const { seat } = this.#compositor;
    if (!seat.windows?.curtain) return;
    seat.windows.changed();
    seat.updateFocus();
  }

  /** A session that begins while the seat is locked is hidden too. */
  sessionAdded(session: DisplaySession): void {
    if (this.#uid === undefined || session.windows.curtain || !reaches({ uid: this.#uid }, session)) return;
    session.windows.setCurtain(this.#curtain);
    session.setLocked(true);
  }

  /** Whatever was held, dragged or constrained is over. */
  #refocus(): void {
    const { seat } = this.#compositor;
    const { windows } = seat;
    if (!windows) return;
    seat.setWindows(undefined);
    seat.setWindows(windows);
  }
}
