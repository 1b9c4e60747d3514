import { type Fd, write } from '@switchyard/sys';
import type { inputAbsinfo, inputId } from '../evdev.js';
import type { Given } from '../Field.js';
import type { ByValue, Ioctl } from '../Ioctl.js';
import { EV, inputEvent } from '../input.js';
import { encode } from '../Struct.js';
import * as uinput from '../uinput.js';
import { act, get, pass, put } from './Call.js';

/** "input" and a number. */
const SYSNAME_MAX = 64;

export interface UinputDevice {
  readonly name: string;
  readonly id?: Given<typeof inputId>;
  readonly phys?: string;
  /** Codes of INPUT_PROP, KEY and BTN, REL, MSC, LED, SND, SW. */
  readonly properties?: Iterable<number>;
  readonly keys?: Iterable<number>;
  readonly relative?: Iterable<number>;
  readonly absolute?: Iterable<readonly [axis: number, range: Given<typeof inputAbsinfo>]>;
  readonly misc?: Iterable<number>;
  readonly leds?: Iterable<number>;
  readonly sounds?: Iterable<number>;
  readonly switches?: Iterable<number>;
  /** The kernel repeats keys that stay down. */
  readonly repeat?: boolean;
}

/** An input device that this process makes: /dev/uinput, whose Fd it borrows. It is there from create() until destroy() or the Fd's end. */
export class Uinput {
  readonly fd: Fd;

  constructor(fd: Fd) {
    this.fd = fd;
  }

  version(): number {
    return get(this.fd, uinput.UI_GET_VERSION);
  }

  create(device: UinputDevice): void {
    if (device.repeat) pass(this.fd, uinput.UI_SET_EVBIT, EV.REP);
    this.#codes(EV.KEY, uinput.UI_SET_KEYBIT, device.keys);
    this.#codes(EV.REL, uinput.UI_SET_RELBIT, device.relative);
    this.#codes(EV.MSC, uinput.UI_SET_MSCBIT, device.misc);
    this.#codes(EV.LED, uinput.UI_SET_LEDBIT, device.leds);
    this.#codes(EV.SND, uinput.UI_SET_SNDBIT, device.sounds);
    this.#codes(EV.SW, uinput.UI_SET_SWBIT, device.switches);
    for (const property of device.properties ?? []) pass(this.fd, uinput.UI_SET_PROPBIT, property);
    for (const [code, absinfo] of device.absolute ?? []) {
      this.#codes(EV.ABS, uinput.UI_SET_ABSBIT, [code]);
      put(this.fd, uinput.UI_ABS_SETUP, { code, absinfo });
    }
    if (device.phys !== undefined) put(this.fd, uinput.UI_SET_PHYS, device.phys);
    put(this.fd, uinput.UI_DEV_SETUP, { name: device.name, id: device.id ?? {} });
    act(this.fd, uinput.UI_DEV_CREATE);
  }

  destroy(): void {
    act(this.fd, uinput.UI_DEV_DESTROY);
  }

  /** "inputN": its eventN is a directory of /sys/devices/virtual/input/inputN. ENOENT: it is not created yet. */
  sysname(): string {
    return get(this.fd, uinput.UI_GET_SYSNAME(SYSNAME_MAX));
  }

  /** One event; the kernel sets its time. A report ends with EV_SYN, SYN_REPORT. */
  emit(type: number, code: number, value: number): void {
    write(this.fd, encode(inputEvent, { type, code, value }));
  }

  #codes(type: number, request: Ioctl<ByValue>, codes: Iterable<number> | undefined): void {
    let first = true;
    for (const code of codes ?? []) {
      if (first) pass(this.fd, uinput.UI_SET_EVBIT, type);
      first = false;
      pass(this.fd, request, code);
    }
  }
}
