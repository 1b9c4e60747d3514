import { constants } from 'node:os';
import { type Fd, SystemError } from '@switchyard/sys';
import { Hidraw } from '@switchyard/uapi/calls';
import type { Hold } from '../Hold.js';
import { commonProperties, KernelDevice } from './KernelDevice.js';
import { RevocableHold } from './RevocableHold.js';
import type { SysDevice } from './SysDevice.js';
import type { UdevRecord } from './UdevRecord.js';

/** ENOTTY, EINVAL: a kernel before 6.12 does not know the call. */
const unknownCall: readonly number[] = [constants.errno.ENOTTY, constants.errno.EINVAL];

/**
 * A HID device's own reports, /dev/hidrawN: a keyboard's are its keys. Where the kernel cannot revoke such a file (before
 * Linux 6.12) none is given out.
 */
export class HidrawDevice extends KernelDevice {
  readonly kind = 'hidraw';
  readonly isInput = true;
  readonly isScreen = false;
  readonly resumesInPlace = false;

  constructor(seat: string, sys: SysDevice, record: UdevRecord | undefined) {
    const name = sys.parent?.properties.get('HID_NAME') ?? sys.name;
    super(seat, sys, name, commonProperties(sys, record));
  }

  hold(_session: string, kept?: Fd): Hold {
    return new RevocableHold(
      () => this.#openRevocable(),
      (fd) => new Hidraw(fd).revoke(),
      kept,
    );
  }

  listen(): undefined {
    return undefined;
  }

  /** Whether a file can be revoked is only known when it is: so one is, before another is given out. */
  #openRevocable(): Fd {
    using probe = this.openNode();
    try {
      new Hidraw(probe).revoke();
    } catch (error) {
      if (!(error instanceof SystemError) || !unknownCall.includes(error.errno)) throw error;
      throw new SystemError(constants.errno.EOPNOTSUPP, 'ioctl(HIDIOCREVOKE)', this.path);
    }
    return this.openNode();
  }
}
