import type { Fd } from '@switchyard/sys';
import { DRM_IOCTL_MODE_ATOMIC } from '../drmModeIoctls.js';
import { callWith } from './Memory.js';

/** Changes of objects' properties that happen together or not at all. The client needs DRM_CLIENT_CAP.ATOMIC. */
export class AtomicRequest {
  readonly #objects = new Map<number, Map<number, bigint>>();

  /** Replaces what the request said of this property before. */
  set(object: number, property: number, value: bigint | number): this {
    const properties = this.#objects.get(object) ?? new Map<number, bigint>();
    properties.set(property, BigInt.asUintN(64, BigInt(value)));
    this.#objects.set(object, properties);
    return this;
  }

  clear(): this {
    this.#objects.clear();
    return this;
  }

  /**
   * Commits with flags of DRM_MODE_ATOMIC and DRM_MODE_PAGE_FLIP; `userData` comes back in the events. The request can be used
   * again. EINVAL, ERANGE, ENOSPC: the hardware cannot; EBUSY: a commit before is not over; EACCES: not master.
   */
  commit(fd: Fd, flags: number, userData = 0n): void {
    const objects = [...this.#objects];
    callWith(
      fd,
      DRM_IOCTL_MODE_ATOMIC,
      { flags, user_data: userData },
      {
        objs_ptr: Uint32Array.from(objects, ([object]) => object),
        count_props_ptr: Uint32Array.from(objects, ([, properties]) => properties.size),
        props_ptr: Uint32Array.from(objects.flatMap(([, properties]) => [...properties.keys()])),
        prop_values_ptr: BigUint64Array.from(objects.flatMap(([, properties]) => [...properties.values()])),
      },
    );
  }
}
