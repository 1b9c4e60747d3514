import native from '@switchyard/native';
import { Fd } from './Fd.js';
import { pwrite, truncate } from './File.js';
import { check } from './SystemError.js';

const MFD = { CLOEXEC: 1, ALLOW_SEALING: 2, HUGETLB: 4, NOEXEC_SEAL: 8, EXEC: 16 } as const;
/** MFD_HUGE_…: log2 of the page size from this bit on. */
const MFD_HUGE_SHIFT = 26;

/** F_SEAL_… of linux/fcntl.h. */
const sealBits = { seal: 1, shrink: 2, grow: 4, write: 8, 'future-write': 16, exec: 32 } as const;

/**
 * What can never be done to a memfd again: `seal` add seals, `shrink` and `grow` its size, `write` its bytes (EBUSY while
 * a writable mapping exists), `future-write` write except through mappings that exist, `exec` change its x bits.
 */
export type Seal = keyof typeof sealBits;

export type MemfdOptions = {
  /** Bytes, zeroed; 0 when not said. */
  size?: number;
  /** Without it the memfd is born with the seal `seal`. True when not said. */
  sealable?: boolean;
  /** False leaves it open across exec. True when not said. */
  closeOnExec?: boolean;
  /** Born without x bits and with the seal `exec` (kernel 6.3); implies sealable. */
  noexecSeal?: boolean;
  /** Born with x bits, where vm.memfd_noexec would have it otherwise (kernel 6.3). */
  executable?: boolean;
  /** Of huge pages: of the default size, or of this many bytes (a power of two). ENOMEM at use when none are reserved. */
  hugetlb?: true | number;
};

/** memfd_create(2). The name is for humans (/proc/self/fd) and at most 249 bytes. */
export function createMemfd(name: string, options: MemfdOptions = {}): Fd {
  let flags = options.closeOnExec === false ? 0 : MFD.CLOEXEC;
  if (options.sealable !== false) flags |= MFD.ALLOW_SEALING;
  if (options.noexecSeal) flags |= MFD.NOEXEC_SEAL;
  if (options.executable) flags |= MFD.EXEC;
  if (options.hugetlb !== undefined) {
    flags |= MFD.HUGETLB;
    if (options.hugetlb !== true) flags += pageSizeLog2(options.hugetlb) * 2 ** MFD_HUGE_SHIFT;
  }
  const what = `memfd ${name}`;
  const fd = Fd.adopt(check(native.createMemfd(name, flags), 'memfd_create', name), what);
  if (options.size === undefined || options.size === 0) return fd;
  try {
    truncate(fd, options.size);
    return fd;
  } catch (error) {
    fd.close();
    throw error;
  }
}

function pageSizeLog2(bytes: number): number {
  const log2 = Math.log2(bytes);
  if (!Number.isInteger(log2) || log2 < 12 || log2 > 40) {
    throw new RangeError(
      `${bytes} is no size of huge pages: it must be a power of two, such as 2 MiB or 1 GiB`,
    );
  }
  return log2;
}

/** F_ADD_SEALS: EPERM when it is sealed against that (or open for reading only), EBUSY for `write` while writable mappings exist. */
export function addSeals(fd: Fd, seals: Iterable<Seal>): void {
  let bits = 0;
  for (const seal of seals) bits |= sealBits[seal];
  check(native.addSeals(fd.number, bits), 'fcntl(F_ADD_SEALS)', fd.what);
}

/** F_GET_SEALS: EINVAL for what is no memfd. */
export function getSeals(fd: Fd): Set<Seal> {
  const bits = check(native.getSeals(fd.number), 'fcntl(F_GET_SEALS)', fd.what);
  return new Set((Object.keys(sealBits) as Seal[]).filter((seal) => bits & sealBits[seal]));
}

/** A memfd that holds these bytes for ever: sealed with shrink, grow, write and seal. */
export function sealedMemfd(name: string, bytes: Uint8Array): Fd {
  const fd = createMemfd(name);
  try {
    for (let done = 0; done < bytes.length; ) done += pwrite(fd, bytes.subarray(done), done);
    addSeals(fd, ['shrink', 'grow', 'write', 'seal']);
    return fd;
  } catch (error) {
    fd.close();
    throw error;
  }
}
