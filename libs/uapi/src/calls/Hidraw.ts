import type { Fd } from '@switchyard/sys';
import type { Value } from '../Field.js';
import * as hidraw from '../hidraw.js';
import { exchange, get, pass } from './Call.js';

const TEXT_MAX = 256;

/** A HID device's own reports, /dev/hidrawN, whose Fd it borrows. */
export class Hidraw {
  readonly fd: Fd;

  constructor(fd: Fd) {
    this.fd = fd;
  }

  info(): Value<typeof hidraw.hidrawDevinfo> {
    return get(this.fd, hidraw.HIDIOCGRAWINFO);
  }

  name(): string {
    return get(this.fd, hidraw.HIDIOCGRAWNAME(TEXT_MAX));
  }

  phys(): string {
    return get(this.fd, hidraw.HIDIOCGRAWPHYS(TEXT_MAX));
  }

  unique(): string {
    return get(this.fd, hidraw.HIDIOCGRAWUNIQ(TEXT_MAX));
  }

  /** The report descriptor. */
  descriptor(): Uint8Array {
    const size = get(this.fd, hidraw.HIDIOCGRDESCSIZE);
    return exchange(this.fd, hidraw.HIDIOCGRDESC, { size }).value.subarray(0, size);
  }

  /** Ends this open file for every holder of a dup of it, for good. ENOTTY or EINVAL: the kernel is older than 6.12. */
  revoke(): void {
    pass(this.fd, hidraw.HIDIOCREVOKE, 0);
  }
}
