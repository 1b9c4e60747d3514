import { readFileSync } from 'node:fs';
import { guardedCopy } from '@switchyard/pixels';
import {
  addSeals,
  type Fd,
  fileStat,
  getSeals,
  Mapping,
  pwrite,
  type Seal,
  SystemError,
} from '@switchyard/sys';

/**
 * What is asked of the memory that clients share:
 * `auto` seals it where that can be done and guards every read where it cannot; `require` refuses what cannot be
 * sealed against shrinking; `off` adds no seals.
 */
export type Sealing = 'auto' | 'require' | 'off';

export function isSealing(text: string): text is Sealing {
  return text === 'auto' || text === 'require' || text === 'off';
}

/** Who keeps the memory from shrinking under our reads. */
export type Protection = 'sealed by the client' | 'sealed by us' | 'guarded reads';

/**
 * File systems whose pages come from a process or another machine: reading them can wait for as long as that one
 * likes, and nothing may hold the display up.
 */
const remoteFileSystems = /^(fuse|nfs|cifs|smb|9p|afs|ceph|glusterfs|lustre|virtiofs)/;

const pageSize = 4096;

export class MemoryRefused extends Error {}

/**
 * A client's shared memory, read only. It is held by the wl_shm_pool and by each of its buffers, and goes with the last.
 *
 * A memfd that has F_SEAL_SHRINK cannot lose pages that it has, so it is mapped and read. What cannot be sealed (a
 * memfd made without MFD_ALLOW_SEALING, shm_open's files) may be truncated at any moment, which ends readers with
 * SIGBUS: it is read under a guard that turns the signal into "false".
 */
export class SharedMemory {
  readonly protection: Protection;
  /** Called when the last holder has let it go. */
  onFree: (() => void) | undefined;
  readonly #fd: Fd;
  #size: number;
  #fileSize = 0;
  #mapping: Mapping | undefined;
  /** Its pages are all there and stay as they are: seals are for ever. */
  #frozen = false;
  #holders = 1;

  /** Takes the fd (and closes it when it refuses). `size` is what the client says that the file has. */
  static open(fd: Fd, size: number, sealing: Sealing): SharedMemory {
    try {
      return new SharedMemory(fd, size, protect(fd, sealing));
    } catch (error) {
      fd.close();
      throw error;
    }
  }

  private constructor(fd: Fd, size: number, protection: Protection) {
    this.protection = protection;
    this.#fd = fd;
    this.#size = size;
    // Mapping it once tells now whether it can be mapped at all (a pipe or a write-only file cannot).
    this.#map(Math.min(size, pageSize));
  }

  get size(): number {
    return this.#size;
  }

  /** The pool was resized; the mapping follows when it is needed. */
  grow(size: number): void {
    this.#size = size;
  }

  hold(): this {
    this.#holders++;
    return this;
  }

  release(): void {
    if (--this.#holders > 0) return;
    this.#mapping?.unmap();
    this.#fd.close();
    this.onFree?.();
  }

  /**
   * Copies a rectangle of an image that starts at `offset` to the same place of `target`. False when the memory is
   * not there (any more). The caller has checked that the image lies inside the pool's size. Hot.
   */
  copy(
    target: Uint8Array,
    targetStride: number,
    offset: number,
    stride: number,
    x: number,
    y: number,
    width: number,
    height: number,
  ): boolean {
    const end = offset + (y + height - 1) * stride + (x + width) * 4;
    if (end > this.#fileSize) {
      this.#fileSize = fileStat(this.#fd).size;
      if (end > this.#fileSize) return false;
    }
    if (!this.#mapping || this.#mapping.bytes.length < end) this.#map(this.#size);
    const source = this.#mapping!.bytes.subarray(offset);
    // The guard costs nothing, and a page that a full tmpfs cannot give for a hole is SIGBUS as well, sealed or not.
    return guardedCopy(target, targetStride, x, y, source, stride, x, y, width, height);
  }

  /**
   * The fd, if nobody can change the first bytes or take them away any more. It stays this object's; whoever goes on using it
   * holds the memory.
   *
   * F_SEAL_WRITE is only set when nobody has a writable mapping, and nobody gets one any more; F_SEAL_FUTURE_WRITE leaves
   * those that there are. Where a page has never been written there is a hole, for which a reader would have to pay; and
   * huge pages may run out.
   */
  frozen(size: number): Fd | undefined {
    if (!this.#frozen) {
      if (this.protection === 'guarded reads') return undefined;
      const seals = getSeals(this.#fd);
      if (!seals.has('write') || !seals.has('shrink')) return undefined;
      const { allocated, size: length, blockSize } = fileStat(this.#fd);
      if (blockSize !== pageSize || allocated < length || length < size) return undefined;
      this.#frozen = true;
      this.#fileSize = length;
    }
    return this.#fileSize < size ? undefined : this.#fd;
  }

  /**
   * Writes a rectangle of `source` to the same place of an image that starts at `offset`. False when the client has
   * shared it for reading only, or it is not there (any more). Never makes the file longer.
   */
  write(
    source: Uint8Array,
    sourceStride: number,
    offset: number,
    stride: number,
    x: number,
    y: number,
    width: number,
    height: number,
  ): boolean {
    const end = offset + (y + height - 1) * stride + (x + width) * 4;
    try {
      if (end > fileStat(this.#fd).size) return false;
      // Rows that follow each other without gaps are one.
      const whole = x === 0 && sourceStride === stride && width * 4 === stride;
      const [rows, length] = whole ? [1, height * stride] : [height, width * 4];
      for (let row = 0; row < rows; row++) {
        const from = (y + row) * sourceStride + x * 4;
        const to = offset + (y + row) * stride + x * 4;
        if (pwrite(this.#fd, source.subarray(from, from + length), to) < length) return false;
      }
      return true;
    } catch (error) {
      if (error instanceof SystemError) return false;
      throw error;
    }
  }

  #map(length: number): void {
    this.#mapping?.unmap();
    this.#mapping = undefined;
    this.#mapping = Mapping.map(this.#fd, length);
  }
}

/** Throws MemoryRefused for a file whose reading could wait for somebody. */
export function checkReadable(fd: Fd): void {
  try {
    getSeals(fd);
  } catch (error) {
    if (!(error instanceof SystemError && error.code === 'EINVAL')) throw error;
    checkFileSystem(fd);
  }
}

function protect(fd: Fd, sealing: Sealing): Protection {
  let seals: Set<Seal> | undefined;
  try {
    seals = getSeals(fd);
  } catch (error) {
    if (!(error instanceof SystemError && error.code === 'EINVAL')) throw error;
  }
  // Only shmem files know seals; their pages come from memory.
  if (!seals) checkFileSystem(fd);
  if (seals?.has('shrink')) return 'sealed by the client';
  if (sealing !== 'off' && seals && !seals.has('seal')) {
    try {
      addSeals(fd, ['shrink']);
      return 'sealed by us';
    } catch (error) {
      // EPERM: the fd is not open for writing.
      if (!(error instanceof SystemError && error.code === 'EPERM')) throw error;
    }
  }
  if (sealing === 'require')
    throw new MemoryRefused(
      'this session shares only memory that is sealed against shrinking: make it with memfd_create and MFD_ALLOW_SEALING',
    );
  return 'guarded reads';
}

/** Looks the file's mount up without touching the file itself, since even fstat may wait for a FUSE server. */
function checkFileSystem(fd: Fd): void {
  const mount = /^mnt_id:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd.number}`, 'utf8'))?.[1];
  const line = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${mount} `));
  const type = line?.split(' - ')[1]?.split(' ')[0];
  if (type === undefined || remoteFileSystems.test(type))
    throw new MemoryRefused(
      `a pool must be memory or a local file, not one on ${type ?? 'an unknown file system'}`,
    );
}
