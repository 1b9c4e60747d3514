import {
  type Client,
  type ExtSessionLockManagerV1Requests,
  type ExtSessionLockSurfaceV1Resource,
  ExtSessionLockV1Error,
  type ExtSessionLockV1Requests,
  type ExtSessionLockV1Resource,
  type WlOutputResource,
  type WlSurfaceResource,
} from '@switchyard/wayland';
import type { Output } from '../output/Output.js';
import { Surface } from '../surface/Surface.js';
import { LockSurface, refusedLockSurface } from './LockSurface.js';
import type { Locker, SeatLock } from './SeatLock.js';

/** The ext_session_lock_manager_v1 global. */
export class SessionLocks implements ExtSessionLockManagerV1Requests {
  readonly #lock: SeatLock;
  readonly #output: Output;

  constructor(lock: SeatLock, output: Output) {
    this.#lock = lock;
    this.#output = output;
  }

  lock(_: unknown, id: ExtSessionLockV1Resource): void {
    id.implement(new SessionLock(id, this.#lock, this.#output));
  }

  destroy(): void {}
}

/**
 * An ext_session_lock_v1.
 *
 *   waiting ──a frame with nothing else is shown──▶ locked ──unlock_and_destroy──▶ over
 *      └──somebody else holds the lock──▶ finished
 */
type State = 'waiting' | 'locked' | 'finished' | 'over';

class SessionLock implements ExtSessionLockV1Requests, Locker {
  readonly #resource: ExtSessionLockV1Resource;
  readonly #lock: SeatLock;
  readonly #output: Output;
  #state: State = 'waiting';
  /** Of the seat's one output. */
  #lockSurface: LockSurface | undefined;

  constructor(resource: ExtSessionLockV1Resource, lock: SeatLock, output: Output) {
    this.#resource = resource;
    this.#lock = lock;
    this.#output = output;
    resource.onDestroy(() => {
      if (this.#state !== 'over') lock.abandon(this);
    });
    if (lock.lock(this)) return;
    this.#state = 'finished';
    resource.sendFinished();
  }

  get client(): Client {
    return this.#resource.client;
  }

  get surface(): Surface | undefined {
    return this.#lockSurface?.mapped ? this.#lockSurface.surface : undefined;
  }

  locked(): void {
    if (this.#state !== 'waiting' || !this.#resource.alive) return;
    this.#state = 'locked';
    this.#resource.sendLocked();
  }

  // ---- requests

  getLockSurface(
    lock: ExtSessionLockV1Resource,
    id: ExtSessionLockSurfaceV1Resource,
    surfaceResource: WlSurfaceResource,
    _: WlOutputResource,
  ): void {
    const { role, already_constructed, duplicate_output } = ExtSessionLockV1Error;
    const surface = surfaceResource.handler;
    id.implement(refusedLockSurface);
    if (!(surface instanceof Surface)) return;
    if (surface.role || surface.roleName !== undefined) {
      lock.postError(role, `${surfaceResource} has a role already`);
    } else if (surface.pixels || surface.pending.buffer) {
      lock.postError(already_constructed, `${surfaceResource} has a buffer already`);
    } else if (this.#lockSurface) {
      lock.postError(duplicate_output, 'the output has a lock surface already');
    } else {
      const lockSurface = new LockSurface(id, surface, this.#output, () => this.#lock.changed());
      id.implement(lockSurface);
      id.onDestroy(() => {
        this.#lockSurface = undefined;
        this.#lock.changed();
      });
      this.#lockSurface = lockSurface;
    }
  }

  /** While it only waits, the seat is locked already; giving up then opens it again. */
  destroy(lock: ExtSessionLockV1Resource): void {
    if (this.#state === 'locked') {
      lock.postError(ExtSessionLockV1Error.invalid_destroy, 'the seat is locked: unlock_and_destroy');
      return;
    }
    if (this.#state === 'waiting') this.#lock.unlock(this);
    this.#state = 'over';
  }

  unlockAndDestroy(lock: ExtSessionLockV1Resource): void {
    if (this.#state !== 'locked') {
      lock.postError(ExtSessionLockV1Error.invalid_unlock, 'the seat was never locked by this');
      return;
    }
    this.#state = 'over';
    this.#lock.unlock(this);
  }
}
