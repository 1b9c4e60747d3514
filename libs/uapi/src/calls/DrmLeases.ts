import { constants } from 'node:fs';
import { Fd } from '@switchyard/sys';
import * as ioctls from '../drmModeIoctls.js';
import { put } from './Call.js';
import { callWith, fetch } from './Memory.js';

/** O_CLOEXEC of Linux on all machines of ours; node:fs does not name it. */
const O_CLOEXEC = 0x80000;

/** Parts of a card for others: a lessee's open file sees and sets its own objects only. They pause while the owner is not master. */
export class DrmLeases {
  readonly fd: Fd;

  constructor(fd: Fd) {
    this.fd = fd;
  }

  /**
   * Leases objects: a CRTC, a connector, and planes (without DRM_CLIENT_CAP.UNIVERSAL_PLANES the CRTC's own come by themselves).
   * EBUSY: one is leased already; EINVAL: this is itself a lessee.
   */
  create(objects: readonly number[]): { lessee: number; fd: Fd } {
    const { lessee_id, fd } = callWith(
      this.fd,
      ioctls.DRM_IOCTL_MODE_CREATE_LEASE,
      { flags: O_CLOEXEC | constants.O_NONBLOCK },
      { object_ids: Uint32Array.from(objects) },
    );
    return { lessee: lessee_id, fd: Fd.adopt(fd, `lease ${lessee_id} of ${this.fd.what}`) };
  }

  lessees(): number[] {
    return fetch(this.fd, ioctls.DRM_IOCTL_MODE_LIST_LESSEES, {}).pointed.lessees_ptr;
  }

  /** What this open file has on lease; for an owner, everything. */
  objects(): number[] {
    return fetch(this.fd, ioctls.DRM_IOCTL_MODE_GET_LEASE, {}).pointed.objects_ptr;
  }

  /** Closing the lease's fd frees the objects only when its last mapping is gone, too; this does at once. */
  revoke(lessee: number): void {
    put(this.fd, ioctls.DRM_IOCTL_MODE_REVOKE_LEASE, { lessee_id: lessee });
  }
}
