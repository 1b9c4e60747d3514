import { constants } from 'node:os';
import { type Fd, SystemError } from '@switchyard/sys';
import * as evdev from '../evdev.js';
import type { Given, Text, Value } from '../Field.js';
import type { Ioctl } from '../Ioctl.js';
import { EV } from '../input.js';
import { bitBytes, bitSet } from './Bits.js';
import { exchange, get, pass, put } from './Call.js';
import { callWith } from './Memory.js';

/** The kernel's own names are shorter; a uinput device's has 79 bytes. */
const TEXT_MAX = 256;

export type InputId = Value<typeof evdev.inputId>;
export type AbsoluteAxis = Value<typeof evdev.inputAbsinfo>;
/** CLOCK_… of time.h, which events may be stamped with. */
export const INPUT_CLOCK = { REALTIME: 0, MONOTONIC: 1, BOOTTIME: 7 } as const;

const codesOf: Readonly<Record<number, number>> = {
  [EV.SYN]: evdev.CNT.EV,
  [EV.KEY]: evdev.CNT.KEY,
  [EV.REL]: evdev.CNT.REL,
  [EV.ABS]: evdev.CNT.ABS,
  [EV.MSC]: evdev.CNT.MSC,
  [EV.SW]: evdev.CNT.SW,
  [EV.LED]: evdev.CNT.LED,
  [EV.SND]: evdev.CNT.SND,
  [EV.FF]: evdev.CNT.FF,
};

/** How many codes an event type may have; of type 0, how many types there are. */
const codeCount = (type: number): number => {
  const count = codesOf[type];
  if (count === undefined) throw new RangeError(`event type ${type} has no codes`);
  return count;
};

/** An input device, /dev/input/eventN, whose Fd it borrows. After a revocation every call is ENODEV. */
export class Evdev {
  readonly fd: Fd;

  constructor(fd: Fd) {
    this.fd = fd;
  }

  version(): number {
    return get(this.fd, evdev.EVIOCGVERSION);
  }

  id(): InputId {
    return get(this.fd, evdev.EVIOCGID);
  }

  name(): string {
    return get(this.fd, evdev.EVIOCGNAME(TEXT_MAX));
  }

  /** Where it is plugged in. Undefined: not said. */
  phys(): string | undefined {
    return this.#textIfAny(evdev.EVIOCGPHYS(TEXT_MAX));
  }

  /** Its serial number. Undefined: not said. */
  unique(): string | undefined {
    return this.#textIfAny(evdev.EVIOCGUNIQ(TEXT_MAX));
  }

  /** Bits of INPUT_PROP. */
  properties(): Uint8Array {
    return get(this.fd, evdev.EVIOCGPROP(bitBytes(evdev.CNT.INPUT_PROP)));
  }

  /** Bits of the codes of an event type that it has; of type 0, the types. */
  codes(type: number): Uint8Array {
    return get(this.fd, evdev.EVIOCGBIT(type, bitBytes(codeCount(type))));
  }

  /** Bits of the keys that are down; asking drops their events from this Fd's queue. */
  keys(): Uint8Array {
    return get(this.fd, evdev.EVIOCGKEY(bitBytes(evdev.CNT.KEY)));
  }

  leds(): Uint8Array {
    return get(this.fd, evdev.EVIOCGLED(bitBytes(evdev.CNT.LED)));
  }

  switches(): Uint8Array {
    return get(this.fd, evdev.EVIOCGSW(bitBytes(evdev.CNT.SW)));
  }

  sounds(): Uint8Array {
    return get(this.fd, evdev.EVIOCGSND(bitBytes(evdev.CNT.SND)));
  }

  /** EINVAL: it has no such axis. */
  axis(axis: number): AbsoluteAxis {
    return get(this.fd, evdev.EVIOCGABS(axis));
  }

  setAxis(axis: number, values: Given<typeof evdev.inputAbsinfo>): void {
    put(this.fd, evdev.EVIOCSABS(axis), values);
  }

  /** What one of a finger's axes (ABS_MT_…) is in each of `count` slots. */
  slots(axis: number, count: number): number[] {
    const request = evdev.EVIOCGMTSLOTS((count + 1) * Int32Array.BYTES_PER_ELEMENT);
    return exchange(this.fd, request, [axis]).slice(1);
  }

  /** ms */
  repeat(): { delay: number; period: number } {
    const [delay, period] = get(this.fd, evdev.EVIOCGREP);
    return { delay: delay!, period: period! };
  }

  setRepeat({ delay, period }: { delay: number; period: number }): void {
    put(this.fd, evdev.EVIOCSREP, [delay, period]);
  }

  /** Takes all events for this open file alone. EBUSY: another has them. */
  grab(): void {
    pass(this.fd, evdev.EVIOCGRAB, 1);
  }

  ungrab(): void {
    pass(this.fd, evdev.EVIOCGRAB, 0);
  }

  /** Ends this open file for every holder of a dup of it, for good: reads are ENODEV, polls hang up. */
  revoke(): void {
    pass(this.fd, evdev.EVIOCREVOKE, 0);
  }

  /** One of INPUT_CLOCK. What is queued is dropped. */
  setClock(clock: number): void {
    put(this.fd, evdev.EVIOCSCLOCKID, clock);
  }

  /** Bits of the codes of an event type that this Fd is told of; of type 0, the types. */
  mask(type: number): Uint8Array {
    const codes = bitSet(codeCount(type));
    callWith(this.fd, evdev.EVIOCGMASK, { type }, { codes_ptr: codes });
    return codes;
  }

  setMask(type: number, codes: Iterable<number>): void {
    callWith(this.fd, evdev.EVIOCSMASK, { type }, { codes_ptr: bitSet(codeCount(type), codes) });
  }

  #textIfAny(request: Ioctl<Text, 'read'>): string | undefined {
    try {
      return get(this.fd, request);
    } catch (error) {
      if (error instanceof SystemError && error.errno === constants.errno.ENOENT) return undefined;
      throw error;
    }
  }
}
