/** All tables, by the header that each is of: what a test compares with a compiler, and where an ioctl's number is looked up. */
import * as dmaBuf from './dmaBuf.js';
import * as drm from './drm.js';
import * as drmMode from './drmMode.js';
import * as drmModeIoctls from './drmModeIoctls.js';
import * as evdev from './evdev.js';
import type { FieldType } from './Field.js';
import * as fb from './fb.js';
import * as file from './file.js';
import * as hidraw from './hidraw.js';
import { type Argument, type Ioctl, ioctlParts } from './Ioctl.js';
import { inputEvent } from './input.js';
import * as kd from './kd.js';
import { type AnyStruct, isStruct } from './Struct.js';
import * as socket from './socket.js';
import * as tty from './tty.js';
import * as uhid from './uhid.js';
import * as uinput from './uinput.js';
import * as virtgpu from './virtgpu.js';
import * as vt from './vt.js';

export interface Header {
  /** What C includes for it. */
  readonly includes: readonly string[];
  readonly structs: readonly AnyStruct[];
  readonly ioctls: readonly Ioctl[];
}

function header(includes: readonly string[], ...tables: Readonly<Record<string, unknown>>[]): Header {
  const entries = tables.flatMap((table) => Object.values(table));
  return {
    includes,
    structs: entries.filter((entry) => isStruct(entry as FieldType)) as AnyStruct[],
    ioctls: entries.filter(isIoctl),
  };
}

const isIoctl = (entry: unknown): entry is Ioctl<Argument> =>
  typeof entry === 'object' && entry !== null && 'number' in entry && 'direction' in entry;

export const headers: readonly Header[] = [
  header(['linux/vt.h'], vt),
  header(['linux/kd.h'], kd),
  header(['asm/termbits.h', 'asm/ioctls.h', 'asm/termios.h'], tty),
  header(['linux/input.h'], evdev, { inputEvent }),
  header(['linux/uinput.h'], uinput),
  header(['linux/uhid.h'], uhid),
  header(['linux/hidraw.h'], hidraw),
  header(['drm/drm.h'], drm, drmMode, drmModeIoctls),
  header(['drm/virtgpu_drm.h'], virtgpu),
  header(['linux/dma-buf.h', 'linux/sync_file.h'], dmaBuf),
  header(['linux/fb.h'], fb),
  header(['sys/socket.h', 'linux/netlink.h'], socket),
  header(['linux/signalfd.h', 'sys/inotify.h', 'linux/posix_acl_xattr.h'], file),
];

const byNumber = new Map(headers.flatMap(({ ioctls }) => ioctls.map((ioctl) => [ioctl.number, ioctl])));

/** Those whose numbers differ with the argument's length, or with an index: what makes them of nr − first and size. */
type Family = { type: string; first: number; count?: number; of(index: number, size: number): Ioctl };
const families: readonly Family[] = [
  { type: 'E', first: 0x06, of: (_, size) => evdev.EVIOCGNAME(size) },
  { type: 'E', first: 0x07, of: (_, size) => evdev.EVIOCGPHYS(size) },
  { type: 'E', first: 0x08, of: (_, size) => evdev.EVIOCGUNIQ(size) },
  { type: 'E', first: 0x09, of: (_, size) => evdev.EVIOCGPROP(size) },
  { type: 'E', first: 0x0a, of: (_, size) => evdev.EVIOCGMTSLOTS(size) },
  { type: 'E', first: 0x18, of: (_, size) => evdev.EVIOCGKEY(size) },
  { type: 'E', first: 0x19, of: (_, size) => evdev.EVIOCGLED(size) },
  { type: 'E', first: 0x1a, of: (_, size) => evdev.EVIOCGSND(size) },
  { type: 'E', first: 0x1b, of: (_, size) => evdev.EVIOCGSW(size) },
  { type: 'E', first: 0x20, count: 0x20, of: (index, size) => evdev.EVIOCGBIT(index, size) },
  { type: 'E', first: 0x40, count: 0x40, of: (index) => evdev.EVIOCGABS(index) },
  { type: 'E', first: 0xc0, count: 0x40, of: (index) => evdev.EVIOCSABS(index) },
  { type: 'U', first: 44, of: (_, size) => uinput.UI_GET_SYSNAME(size) },
  { type: 'H', first: 0x04, of: (_, size) => hidraw.HIDIOCGRAWNAME(size) },
  { type: 'H', first: 0x05, of: (_, size) => hidraw.HIDIOCGRAWPHYS(size) },
  { type: 'H', first: 0x06, of: (_, size) => hidraw.HIDIOCSFEATURE(size) },
  { type: 'H', first: 0x07, of: (_, size) => hidraw.HIDIOCGFEATURE(size) },
  { type: 'H', first: 0x08, of: (_, size) => hidraw.HIDIOCGRAWUNIQ(size) },
];

/** The ioctl with a number, if it is in the tables. */
export function findIoctl(number: number): Ioctl | undefined {
  const known = byNumber.get(number);
  if (known) return known;
  const { type, nr, size } = ioctlParts(number);
  for (const { type: theirs, first, count = 1, of } of families) {
    if (type !== theirs || nr < first || nr >= first + count) continue;
    const found = of(nr - first, size);
    if (found.number === number) return found;
  }
  return undefined;
}
