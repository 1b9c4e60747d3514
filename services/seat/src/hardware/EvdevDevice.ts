import { EvdevDevice as Reader } from '@switchyard/input';
import type { InputChannelEvents } from '@switchyard/seat';
import { type Fd, SystemError } from '@switchyard/sys';
import { EV, KEY } from '@switchyard/uapi';
import { Evdev } from '@switchyard/uapi/calls';
import type { Hold } from '../Hold.js';
import { commonProperties, KernelDevice } from './KernelDevice.js';
import { RevocableHold } from './RevocableHold.js';
import type { SysDevice } from './SysDevice.js';
import type { UdevRecord } from './UdevRecord.js';

/** Codes below are those of keyboards; buttons of mice and joysticks follow, and no chord is made of them. */
const FIRST_BUTTON = 0x100;

/** Keyboards, mice, touchscreens, tablets, switches: /dev/input/eventN. */
export class EvdevDevice extends KernelDevice {
  readonly kind = 'evdev';
  readonly isInput = true;
  readonly isScreen = false;
  /** A revoked file stays so. */
  readonly resumesInPlace = false;

  /** `record`: udev's of the input device that this is the node of. */
  constructor(seat: string, sys: SysDevice, record: UdevRecord | undefined) {
    const name = sys.parent?.attribute('name') ?? sys.name;
    super(seat, sys, name, { ...commonProperties(sys, record), ...inputClasses(record) });
  }

  hold(_session: string, kept?: Fd): Hold {
    return new RevocableHold(
      () => this.openNode(),
      (fd) => new Evdev(fd).revoke(),
      kept,
    );
  }

  /** An open file of its own: no session's revocation ends it. A session that grabs the device silences it. */
  listen(on: InputChannelEvents, any = false): { close(): void } | undefined {
    let reader: Reader;
    try {
      reader = new Reader(this.openNode());
    } catch (error) {
      // Unplugged already: the kernel says so next.
      if (error instanceof SystemError) return undefined;
      throw error;
    }
    let keys = any;
    for (let code: number = KEY.ESC; code < FIRST_BUTTON; code++) keys ||= reader.has(EV.KEY, code);
    if (!keys) {
      reader.close();
      return undefined;
    }
    for (const type of [EV.REL, EV.ABS, EV.MSC]) reader.limit(type, []);
    reader.listen(on);
    return reader;
  }
}

/** What udev says it is: `keyboard`, `mouse`, `touchpad`, … */
function inputClasses(record: UdevRecord | undefined): Record<string, string> {
  const classes: string[] = [];
  for (const [key, value] of record?.properties ?? []) {
    const name = /^ID_INPUT_([A-Z]+)$/.exec(key)?.[1];
    if (name !== undefined && value === '1') classes.push(name.toLowerCase());
  }
  return classes.length === 0 ? {} : { input: classes.sort().join(' ') };
}
