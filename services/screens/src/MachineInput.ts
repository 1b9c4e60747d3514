import { EvdevDevice } from '@switchyard/input';
import type { Fd } from '@switchyard/sys';
import { write } from '@switchyard/sys';
import { ABS, BTN, EV, inputEvent, LED, REL, SYN } from '@switchyard/uapi';
import { Evdev } from '@switchyard/uapi/calls';

/** wl_pointer's buttons are evdev's mouse buttons. */
const firstButton = BTN.LEFT;
const lastButton = 0x117;
/** Between them all kinds of buttons have codes: of joysticks, pens and fingers (BTN_MISC … KEY_OK). */
const keysEnd = 0x100;
const keysGoOn = 0x160;
/** Of a key that is held down the kernel says 2, again and again; sessions repeat by themselves. */
const repeated = 2;
const lights = [LED.NUML, LED.CAPSL, LED.SCROLLL];

/** What the machine's devices do, all together. `from` tells them apart. */
export interface Hands {
  key(from: object, code: number, down: boolean): void;
  button(from: object, code: number, down: boolean): void;
  /** In pixels. */
  moveBy(dx: number, dy: number): void;
  /** Fractions of a screen's sides. */
  moveTo(x: number, y: number): void;
  wheel(code: number, value: number): void;
  /** The report is over. */
  sync(): void;
  /** It can hold nothing any more. */
  letGo(from: object): void;
}

/** Where an absolute axis runs from and to. */
interface Axis {
  readonly minimum: number;
  readonly maximum: number;
}

/** A keyboard or mouse of the machine, while its file is open for us. */
export class MachineInput {
  readonly #device: EvdevDevice;
  readonly #fd: Fd;
  readonly #hands: Hands;
  readonly #x: Axis | undefined;
  readonly #y: Axis | undefined;
  /** The report so far: a motion, or (absolute) a place; NaN where it says nothing. */
  #dx = 0;
  #dy = 0;
  #toX = Number.NaN;
  #toY = Number.NaN;
  /** Where it was last. */
  #atX = 0;
  #atY = 0;

  /** Takes the open file. Throws SystemError when it is revoked already. */
  constructor(fd: Fd, hands: Hands) {
    this.#fd = fd;
    this.#hands = hands;
    this.#device = new EvdevDevice(fd);
    if (this.#isPointer && this.#device.has(EV.ABS, ABS.X)) {
      const evdev = new Evdev(fd);
      this.#x = evdev.axis(ABS.X);
      this.#y = evdev.axis(ABS.Y);
    }
    this.#device.listen({
      event: (type, code, value) => this.#event(type, code, value),
      closed: () => this.close(),
    });
  }

  get name(): string {
    return this.#device.name;
  }

  /** Which lights of a keyboard shine, as bits 1 << LED_NUML and so on. */
  light(bits: number): void {
    if (this.#device.closed || !this.#device.has(EV.LED, LED.CAPSL)) return;
    const records = new Uint8Array((lights.length + 1) * inputEvent.size);
    const view = new DataView(records.buffer);
    for (const [index, code] of lights.entries())
      inputEvent.write(view, index * inputEvent.size, { type: EV.LED, code, value: (bits >> code) & 1 });
    inputEvent.write(view, lights.length * inputEvent.size, { type: EV.SYN, code: SYN.REPORT });
    try {
      write(this.#fd, records);
    } catch {
      // Revoked or unplugged: what is read next says so.
    }
  }

  /** Idempotent. */
  close(): void {
    this.#device.close();
    this.#hands.letGo(this);
  }

  /** Fingers on glass or on a touchpad are nothing of this. */
  get #isPointer(): boolean {
    return this.#device.has(EV.KEY, BTN.LEFT) && !this.#device.has(EV.KEY, BTN.TOUCH);
  }

  #event(type: number, code: number, value: number): void {
    if (type === EV.KEY) this.#key(code, value);
    else if (!this.#isPointer) return;
    else if (type === EV.REL) this.#relative(code, value);
    else if (type === EV.ABS && code === ABS.X) this.#toX = fraction(value, this.#x);
    else if (type === EV.ABS && code === ABS.Y) this.#toY = fraction(value, this.#y);
    else if (type === EV.SYN && code === SYN.REPORT) {
      this.#move();
      this.#hands.sync();
    }
  }

  #key(code: number, value: number): void {
    if (value === repeated) return;
    if (code >= firstButton && code <= lastButton) {
      if (!this.#isPointer) return;
      // A button of the same report happens where that says.
      this.#move();
      this.#hands.button(this, code, value === 1);
    } else if (code < keysEnd || code >= keysGoOn) this.#hands.key(this, code, value === 1);
  }

  #relative(code: number, value: number): void {
    if (code === REL.X) this.#dx += value;
    else if (code === REL.Y) this.#dy += value;
    else if (
      code === REL.WHEEL ||
      code === REL.HWHEEL ||
      code === REL.WHEEL_HI_RES ||
      code === REL.HWHEEL_HI_RES
    )
      this.#hands.wheel(code, value);
  }

  #move(): void {
    if (this.#dx !== 0 || this.#dy !== 0) this.#hands.moveBy(this.#dx, this.#dy);
    this.#dx = this.#dy = 0;
    if (Number.isNaN(this.#toX) && Number.isNaN(this.#toY)) return;
    if (!Number.isNaN(this.#toX)) this.#atX = this.#toX;
    if (!Number.isNaN(this.#toY)) this.#atY = this.#toY;
    this.#toX = this.#toY = Number.NaN;
    this.#hands.moveTo(this.#atX, this.#atY);
  }
}

function fraction(value: number, axis: Axis | undefined): number {
  return axis && axis.maximum > axis.minimum
    ? (value - axis.minimum) / (axis.maximum - axis.minimum)
    : Number.NaN;
}
