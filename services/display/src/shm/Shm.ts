import type { Log } from '@switchyard/runtime';
import type { Fd } from '@switchyard/sys';
import { SystemError } from '@switchyard/sys';
import {
  WlShmError,
  type WlShmPoolResource,
  type WlShmRequests,
  type WlShmResource,
} from '@switchyard/wayland';
import type { ClientState } from '../ClientState.js';
import { MemoryRefused, type Protection, type Sealing, SharedMemory } from './SharedMemory.js';
import { formats, ShmPool } from './ShmPool.js';

/** The wl_shm global. */
export class Shm implements WlShmRequests {
  readonly #sealing: Sealing;
  readonly #stateOf: (resource: WlShmResource) => ClientState;
  readonly #log: Log;
  /** Pools by how their memory is protected, for the log. */
  readonly #counts = new Map<Protection, number>();

  constructor(sealing: Sealing, stateOf: (resource: WlShmResource) => ClientState, log: Log) {
    this.#sealing = sealing;
    this.#stateOf = stateOf;
    this.#log = log;
  }

  bind(resource: WlShmResource): void {
    resource.implement(this);
    for (const format of formats) resource.sendFormat(format);
  }

  createPool(shm: WlShmResource, pool: WlShmPoolResource, fd: Fd, size: number): void {
    const state = this.#stateOf(shm);
    const memory = this.#open(shm, fd, size, state);
    if (!memory) {
      pool.implement({
        createBuffer: (_, buffer) => void buffer.implement({ destroy() {} }),
        resize() {},
        destroy() {},
      });
      return;
    }
    this.#count(memory.protection, shm);
    pool.implement(new ShmPool(pool, memory, state.quota));
  }

  release(): void {}

  #open(shm: WlShmResource, fd: Fd, size: number, state: ClientState): SharedMemory | undefined {
    if (size <= 0) {
      fd.close();
      shm.postError(WlShmError.invalid_stride, `invalid pool size ${size}`);
      return undefined;
    }
    if (!state.quota.share(size)) {
      fd.close();
      shm.client.postNoMemory();
      return undefined;
    }
    try {
      const memory = SharedMemory.open(fd, size, state.session?.sealing ?? this.#sealing);
      memory.onFree = () => state.quota.unshare(memory.size);
      return memory;
    } catch (error) {
      if (!(error instanceof MemoryRefused || error instanceof SystemError)) throw error;
      state.quota.unshare(size);
      shm.postError(WlShmError.invalid_fd, error.message);
      return undefined;
    }
  }

  #count(protection: Protection, shm: WlShmResource): void {
    this.#counts.set(protection, (this.#counts.get(protection) ?? 0) + 1);
    this.#log.debug(
      { pid: shm.client.pid, protection, pools: Object.fromEntries(this.#counts) },
      'shared memory',
    );
  }
}
