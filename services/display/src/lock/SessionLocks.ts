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
import { OutputGlobal } from '../output/OutputGlobal.js';
import { Surface } from '../surface/Surface.js';
import { LockSurface, refusedLockSurface } from './LockSurface.js';
import type { Locker, SeatLock } from './SeatLock.js';

/** The ext_session_lock_manager_v1 global. */
export class SessionLocks implements ExtSessionLockManagerV1Requests {
  readonly #lock: SeatLock;

  constructor(lock: SeatLock) {
    this.#lock = lock;
  }

  lock(_: unknown, id: ExtSessionLockV1Resource): void {
    id.implement(new SessionLock(id, this.#lock));
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
  #state: State = 'waiting';
  readonly #surfaces = new Map<Output, LockSurface>();

  constructor(resource: ExtSessionLockV1Resource, lock: SeatLock) {
    this.#resource = resource;
    this.#lock = lock;
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

  surfaceOn(output: Output): Surface | undefined {
    const lockSurface = this.#surfaces.get(output);
    return lockSurface?.mapped ? lockSurface.surface : undefined;
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
    outputResource: WlOutputResource,
  ): void {
    const { role, already_constructed, duplicate_output } = ExtSessionLockV1Error;
    const surface = surfaceResource.handler;
    id.implement(refusedLockSurface);
    const global = outputResource.handler;
    if (!(surface instanceof Surface) || !(global instanceof OutputGlobal)) return;
    const { output } = global;
    if (surface.role || surface.roleName !== undefined) {
      lock.postError(role, `${surfaceResource} has a role already`);
    } else if (surface.pixels || surface.pending.buffer) {
      lock.postError(already_constructed, `${surfaceResource} has a buffer already`);
    } else if (this.#surfaces.has(output)) {
      lock.postError(duplicate_output, 'the output has a lock surface already');
    } else {
      const lockSurface = new LockSurface(id, surface, output, () => this.#lock.changed());
      id.implement(lockSurface);
      id.onDestroy(() => {
        if (this.#surfaces.get(output) === lockSurface) this.#surfaces.delete(output);
        this.#lock.changed();
      });
      this.#surfaces.set(output, lockSurface);
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
