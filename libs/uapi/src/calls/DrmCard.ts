import { Fd, SystemError } from '@switchyard/sys';
import * as drm from '../drm.js';
import { act, exchange, get, put } from './Call.js';
import { DrmBuffers } from './DrmBuffers.js';
import { DrmLeases } from './DrmLeases.js';
import { DrmModes } from './DrmModes.js';
import { fetch } from './Memory.js';

export interface DrmVersion {
  readonly major: number;
  readonly minor: number;
  readonly patchlevel: number;
  /** The driver: "virtio_gpu". */
  readonly name: string;
  readonly date: string;
  readonly description: string;
}

const textDecoder = new TextDecoder();

/** A graphics card, /dev/dri/card* or a render node, whose Fd it borrows. What only the master may do is EACCES for others. */
export class DrmCard {
  readonly fd: Fd;
  readonly modes: DrmModes;
  readonly buffers: DrmBuffers;
  readonly leases: DrmLeases;

  constructor(fd: Fd) {
    this.fd = fd;
    this.modes = new DrmModes(fd);
    this.buffers = new DrmBuffers(fd);
    this.leases = new DrmLeases(fd);
  }

  version(): DrmVersion {
    const { values, pointed } = fetch(this.fd, drm.DRM_IOCTL_VERSION, {});
    return {
      major: values.version_major,
      minor: values.version_minor,
      patchlevel: values.version_patchlevel,
      name: textDecoder.decode(pointed.name),
      date: textDecoder.decode(pointed.date),
      description: textDecoder.decode(pointed.desc),
    };
  }

  /** The bus address, once a master has asked for it by setVersion(); empty before. */
  unique(): string {
    return textDecoder.decode(fetch(this.fd, drm.DRM_IOCTL_GET_UNIQUE, {}).pointed.unique);
  }

  /** One of DRM_CAP. EINVAL: the kernel does not know it. */
  capability(capability: number): bigint {
    return exchange(this.fd, drm.DRM_IOCTL_GET_CAP, { capability: BigInt(capability) }).value;
  }

  /** One of DRM_CLIENT_CAP, for this open file. EOPNOTSUPP, EINVAL: the driver cannot. */
  setClientCapability(capability: number, value = 1): void {
    put(this.fd, drm.DRM_IOCTL_SET_CLIENT_CAP, { capability: BigInt(capability), value: BigInt(value) });
  }

  /**
   * EBUSY: another open file is. EACCES: without CAP_SYS_ADMIN it takes a file that was master before and that this process has
   * opened itself.
   */
  setMaster(): void {
    act(this.fd, drm.DRM_IOCTL_SET_MASTER);
  }

  /** EINVAL: it is not. All leases from it pause until it is again. */
  dropMaster(): void {
    act(this.fd, drm.DRM_IOCTL_DROP_MASTER);
  }

  /** True for lessees as well. */
  isMaster(): boolean {
    try {
      this.authenticate(0);
      return true;
    } catch (error) {
      // Nobody has magic 0: the master learns that, others not even that.
      if (error instanceof SystemError && error.code === 'EINVAL') return true;
      if (error instanceof SystemError && error.code === 'EACCES') return false;
      throw error;
    }
  }

  /** What this open file shows to the master to be authenticated. */
  magic(): number {
    return get(this.fd, drm.DRM_IOCTL_GET_MAGIC).magic;
  }

  /** Lets another open file do what only authenticated ones may on a card node. EINVAL: none has this magic. */
  authenticate(magic: number): void {
    put(this.fd, drm.DRM_IOCTL_AUTH_MAGIC, { magic });
  }

  /** A buffer as a dma-buf, for other devices and processes. It can be written through a mapping if `writable`. */
  exportBuffer(handle: number, writable = true): Fd {
    const flags = drm.DRM_CLOEXEC | (writable ? drm.DRM_RDWR : 0);
    const { fd } = exchange(this.fd, drm.DRM_IOCTL_PRIME_HANDLE_TO_FD, { handle, flags });
    return Fd.adopt(fd, `dma-buf of ${this.fd.what}`);
  }

  /** The handle of a dma-buf on this card; the same each time, and closed once. */
  importBuffer(buffer: Fd): number {
    return exchange(this.fd, drm.DRM_IOCTL_PRIME_FD_TO_HANDLE, { fd: buffer.number }).handle;
  }

  closeHandle(handle: number): void {
    put(this.fd, drm.DRM_IOCTL_GEM_CLOSE, { handle });
  }
}
