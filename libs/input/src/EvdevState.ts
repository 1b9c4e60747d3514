import { ABS, EV, SYN } from '@switchyard/uapi';
import { bitSet, bitsIn, type Evdev, hasBit } from '@switchyard/uapi/calls';

/** KEY_CNT, SW_CNT and ABS_CNT of linux/input-event-codes.h. */
const KEY_COUNT = 768;
const SW_COUNT = 64;
const ABS_COUNT = 64;
/** From here on axes are those of one finger, of which only slots tell. */
const FIRST_OF_A_FINGER = ABS.MT_SLOT + 1;
const NO_FINGER = -1;
/** A key's value when it is held down and says so again. */
const REPEATED = 2;

type Tell = (type: number, code: number, value: number) => void;

/** What an input device's listener knows of its keys, switches and axes, and what it has to be told to know all. */
export class EvdevState {
  readonly keys = bitSet(KEY_COUNT);
  readonly #switches = bitSet(SW_COUNT);
  readonly #axes = new Int32Array(ABS_COUNT);
  /** Axes of the device as a whole, and those of a finger. */
  readonly #wholeAxes: readonly number[];
  readonly #fingerAxes: readonly number[];
  /** For each slot, each finger axis: what was told. */
  readonly #fingers: Int32Array[] = [];
  #slot = 0;
  readonly #has: { keys: boolean; switches: boolean };

  constructor(evdev: Evdev, codes: ReadonlyMap<number, Uint8Array>) {
    const axes = bitsIn(codes.get(EV.ABS) ?? new Uint8Array());
    this.#has = { keys: codes.has(EV.KEY), switches: codes.has(EV.SW) };
    const slots = axes.includes(ABS.MT_SLOT) ? evdev.axis(ABS.MT_SLOT) : undefined;
    this.#wholeAxes = axes.filter((axis) => axis < ABS.MT_SLOT);
    this.#fingerAxes = slots ? axes.filter((axis) => axis >= FIRST_OF_A_FINGER) : [];
    for (const axis of this.#wholeAxes) this.#axes[axis] = evdev.axis(axis).value;
    for (let slot = 0; slots && slot <= slots.maximum; slot++) {
      const finger = new Int32Array(ABS_COUNT);
      finger[ABS.MT_TRACKING_ID] = NO_FINGER;
      this.#fingers.push(finger);
    }
  }

  /**
   * Hot: for each event. False for the press of a key that is down, or the release of one that is up: an event that
   * waited to be read while the device was asked, and is in its answer.
   */
  told(type: number, code: number, value: number): boolean {
    if (type === EV.KEY) {
      if (value < REPEATED && hasBit(this.keys, code) === (value !== 0)) return false;
      setBit(this.keys, code, value !== 0);
    } else if (type === EV.SW) setBit(this.#switches, code, value !== 0);
    else if (type !== EV.ABS) return true;
    else if (code === ABS.MT_SLOT) this.#slot = value;
    else if (code < ABS.MT_SLOT) this.#axes[code] = value;
    else if (this.#fingers[this.#slot]) this.#fingers[this.#slot]![code] = value;
    return true;
  }

  /** Asks the device and tells what differs, with a SYN_REPORT at the end if anything does. */
  catchUp(evdev: Evdev, tell: Tell): void {
    let differs = false;
    const say: Tell = (type, code, value) => {
      differs = true;
      this.told(type, code, value);
      tell(type, code, value);
    };
    if (this.#has.keys) tellBits(EV.KEY, this.keys, evdev.keys(), say);
    if (this.#has.switches) tellBits(EV.SW, this.#switches, evdev.switches(), say);
    for (const axis of this.#wholeAxes) {
      const { value } = evdev.axis(axis);
      if (value !== this.#axes[axis]) say(EV.ABS, axis, value);
    }
    if (this.#fingers.length > 0) this.#catchUpFingers(evdev, say);
    if (differs) tell(EV.SYN, SYN.REPORT, 0);
  }

  /** A finger that is another now is lifted first: whoever follows it must not see it jump. */
  #catchUpFingers(evdev: Evdev, say: Tell): void {
    const now = new Map(this.#fingerAxes.map((axis) => [axis, evdev.slots(axis, this.#fingers.length)]));
    const tracking = now.get(ABS.MT_TRACKING_ID);
    for (const [slot, told] of this.#fingers.entries()) {
      const changed = this.#fingerAxes.filter((axis) => now.get(axis)![slot] !== told[axis]);
      if (changed.length === 0) continue;
      say(EV.ABS, ABS.MT_SLOT, slot);
      const before = told[ABS.MT_TRACKING_ID]!;
      const id = tracking?.[slot] ?? before;
      if (before !== NO_FINGER && id !== before) say(EV.ABS, ABS.MT_TRACKING_ID, NO_FINGER);
      if (id !== told[ABS.MT_TRACKING_ID]) say(EV.ABS, ABS.MT_TRACKING_ID, id);
      for (const axis of changed) {
        if (axis !== ABS.MT_TRACKING_ID) say(EV.ABS, axis, now.get(axis)![slot]!);
      }
    }
    const { value } = evdev.axis(ABS.MT_SLOT);
    if (value !== this.#slot) say(EV.ABS, ABS.MT_SLOT, value);
  }
}

function setBit(bits: Uint8Array, bit: number, on: boolean): void {
  const byte = bit >> 3;
  if (byte >= bits.length) return;
  if (on) bits[byte]! |= 1 << (bit & 7);
  else bits[byte]! &= ~(1 << (bit & 7));
}

/** Releases first: a modifier that is up by now must not colour the key that is down. */
function tellBits(type: number, told: Uint8Array, now: Uint8Array, say: Tell): void {
  for (const bit of bitsIn(told)) if (!hasBit(now, bit)) say(type, bit, 0);
  for (const bit of bitsIn(now)) if (!hasBit(told, bit)) say(type, bit, 1);
}
