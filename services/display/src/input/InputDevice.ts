import { InputChannel, type OpenDevice } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import { ABS, BTN, EV, REL, SYN } from '@switchyard/uapi';
import type { Output } from '../output/Output.js';
import type { Outputs } from '../output/Outputs.js';
import type { Seat } from './Seat.js';

/** wl_pointer's buttons are evdev's mouse buttons. */
const firstButton = BTN.LEFT;
const lastButton = 0x117;

/** Slots of a multi-touch device. */
const maxSlots = 32;

interface Slot {
  tracking: number;
  down: boolean;
  x: number;
  y: number;
  change: 'none' | 'down' | 'move' | 'up';
}

/** One open keyboard, pointer or touchscreen of the active session: turns its evdev records into the seat's events. Hot. */
export class InputDevice {
  readonly #seat: Seat;
  readonly #outputs: Outputs;
  /** The monitor that it belongs to; 0 is none, and its places are on the first. */
  readonly #monitor: number;
  readonly #channel: InputChannel;
  readonly #absoluteMax: number;
  /** The report so far; NaN where it has none. Beyond the monitor it is on those beside it. */
  #x = Number.NaN;
  #y = Number.NaN;
  #dx = 0;
  #dy = 0;
  #wheel = 0;
  #wheel120 = 0;
  #horizontal = 0;
  #horizontal120 = 0;
  /** Parts of a notch that have not become a discrete step. */
  #rest120 = 0;
  #restHorizontal120 = 0;
  readonly #slots: Slot[] = [];
  #slot = 0;

  /** Takes the channel. `lost` is called when it ends without our doing. */
  constructor(device: OpenDevice, channel: Fd, seat: Seat, outputs: Outputs, lost: () => void) {
    this.#seat = seat;
    this.#outputs = outputs;
    const monitor = device.properties.get('monitor')?.value;
    this.#monitor = typeof monitor === 'number' ? monitor : 0;
    const absoluteMax = device.properties.get('absolute-max')?.value;
    this.#absoluteMax = typeof absoluteMax === 'number' && absoluteMax > 0 ? absoluteMax : 65_535;
    const handlers = {
      keyboard: (type: number, code: number, value: number, time: number) =>
        this.#keyboard(type, code, value, time),
      pointer: (type: number, code: number, value: number, time: number) =>
        this.#pointer(type, code, value, time),
      touch: (type: number, code: number, value: number, time: number) =>
        this.#touch(type, code, value, time),
      monitor: () => {},
    };
    this.#channel = new InputChannel(channel, { event: handlers[device.kind], closed: lost });
    if (device.kind === 'keyboard') seat.keyboard.lights.add(this.#channel);
  }

  close(): void {
    this.#seat.keyboard.lights.remove(this.#channel);
    this.#channel.close();
  }

  get #output(): Output {
    return this.#outputs.numbered(this.#monitor) ?? this.#outputs.first;
  }

  #keyboard(type: number, code: number, value: number, time: number): void {
    if (type === EV.KEY) {
      this.#seat.activity.notice();
      // Who types at a monitor means what is shown there.
      const output = value === 1 && this.#outputs.numbered(this.#monitor);
      if (output) this.#seat.windows?.turnTo(output);
      this.#seat.keyboard.key(code, value, time);
    } else if (type === EV.SYN && code === SYN.DROPPED) this.#seat.keyboard.lost();
  }

  #pointer(type: number, code: number, value: number, time: number): void {
    if (type === EV.SYN) {
      if (code === SYN.REPORT) this.#report(time);
      else if (code === SYN.DROPPED) this.#seat.pointer.releaseAll(time);
    } else if (type === EV.ABS) {
      if (code === ABS.X) this.#x = value;
      else if (code === ABS.Y) this.#y = value;
    } else if (type === EV.REL) {
      this.#relative(code, value);
    } else if (type === EV.KEY && code >= firstButton && code <= lastButton && value < 2) {
      this.#move(time);
      this.#seat.pointer.button(code, value === 1, time);
    }
  }

  #relative(code: number, value: number): void {
    if (code === REL.X) this.#dx += value;
    else if (code === REL.Y) this.#dy += value;
    else if (code === REL.WHEEL) this.#wheel -= value;
    else if (code === REL.WHEEL_HI_RES) this.#wheel120 -= value;
    else if (code === REL.HWHEEL) this.#horizontal += value;
    else if (code === REL.HWHEEL_HI_RES) this.#horizontal120 += value;
  }

  #report(time: number): void {
    const { pointer } = this.#seat;
    this.#seat.activity.notice();
    this.#move(time);
    if (this.#wheel !== 0 || this.#wheel120 !== 0) {
      const value120 = this.#wheel120 || this.#wheel * 120;
      this.#rest120 += value120;
      const steps = Math.trunc(this.#rest120 / 120);
      this.#rest120 -= steps * 120;
      pointer.scroll(false, value120, steps, time);
    }
    if (this.#horizontal !== 0 || this.#horizontal120 !== 0) {
      const value120 = this.#horizontal120 || this.#horizontal * 120;
      this.#restHorizontal120 += value120;
      const steps = Math.trunc(this.#restHorizontal120 / 120);
      this.#restHorizontal120 -= steps * 120;
      pointer.scroll(true, value120, steps, time);
    }
    this.#wheel = this.#wheel120 = this.#horizontal = this.#horizontal120 = 0;
    pointer.frame();
  }

  /** What the report has said of motion so far: a button in the same report happens there. */
  #move(time: number): void {
    const { pointer } = this.#seat;
    const { x: left, mode } = this.#output;
    const { width, height } = mode;
    if (!Number.isNaN(this.#x) || !Number.isNaN(this.#y)) {
      const x = Number.isNaN(this.#x) ? pointer.x : left + (this.#x * width) / this.#absoluteMax;
      const y = Number.isNaN(this.#y) ? pointer.y : (this.#y * height) / this.#absoluteMax;
      this.#x = Number.NaN;
      this.#y = Number.NaN;
      pointer.moveTo(x, y, time);
    }
    if (this.#dx !== 0 || this.#dy !== 0) {
      pointer.moveBy(this.#dx, this.#dy, time);
      this.#dx = 0;
      this.#dy = 0;
    }
  }

  /** The multi-touch protocol of type B (kernel, Documentation/input/multi-touch-protocol.rst). */
  #touch(type: number, code: number, value: number, time: number): void {
    if (type === EV.SYN) {
      if (code === SYN.REPORT) this.#touchReport(time);
      else if (code === SYN.DROPPED) {
        this.#slots.length = 0;
        this.#seat.touch.cancel();
      }
      return;
    }
    if (type !== EV.ABS) return;
    if (code === ABS.MT_SLOT) {
      this.#slot = Math.max(0, Math.min(maxSlots - 1, value));
      return;
    }
    this.#slots[this.#slot] ??= { tracking: -1, down: false, x: 0, y: 0, change: 'none' };
    const slot = this.#slots[this.#slot]!;
    if (code === ABS.MT_TRACKING_ID) {
      slot.tracking = value;
      slot.change = value < 0 ? 'up' : 'down';
    } else if (code === ABS.MT_POSITION_X || code === ABS.MT_POSITION_Y) {
      if (code === ABS.MT_POSITION_X) slot.x = value;
      else slot.y = value;
      if (slot.change === 'none') slot.change = 'move';
    }
  }

  #touchReport(time: number): void {
    this.#seat.activity.notice();
    const { touch } = this.#seat;
    const { x: left, mode } = this.#output;
    const { width, height } = mode;
    for (let id = 0; id < this.#slots.length; id++) {
      const slot = this.#slots[id];
      if (!slot || slot.change === 'none') continue;
      const x = left + (slot.x * width) / this.#absoluteMax;
      const y = (slot.y * height) / this.#absoluteMax;
      if (slot.change === 'up' || (slot.change === 'down' && slot.down)) touch.up(id, time);
      if (slot.change === 'down') touch.down(id, x, y, time);
      else if (slot.change === 'move' && slot.down) touch.move(id, x, y, time);
      if (slot.change !== 'move') slot.down = slot.change === 'down';
      slot.change = 'none';
    }
    touch.frame();
  }
}
