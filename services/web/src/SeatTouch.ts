import type { InputProvider } from '@switchyard/seat';
import { ABS, BTN, EV } from '@switchyard/uapi';

/** Fingers on the seat at once, of all viewers: both hands of one person and some of another's. */
const SLOTS = 16;
/** Tracking ids as the kernel's drivers count them: 16 bits. */
const TRACKING_MASK = 0xffff;

interface Finger {
  readonly viewer: object;
  /** The viewer's own number for it. */
  readonly id: number;
}

/**
 * The seat's touchscreen, played by several viewers at once: the kernel's multi-touch protocol of type B, a slot for
 * each finger of each viewer. Fingers beyond the last slot are not there.
 */
export class SeatTouch {
  readonly #device: InputProvider;
  readonly #slots: (Finger | undefined)[] = [];
  #tracking = 0;

  constructor(device: InputProvider) {
    this.#device = device;
  }

  /** 0 … POINTER_MAX over the output. Hot. */
  move(viewer: object, id: number, x: number, y: number): void {
    let slot = this.#find(viewer, id);
    const fresh = slot < 0;
    if (fresh) {
      slot = this.#slots.indexOf(undefined);
      if (slot < 0) slot = this.#slots.length;
      if (slot >= SLOTS) return;
      this.#slots[slot] = { viewer, id };
    }
    this.#device.event(EV.ABS, ABS.MT_SLOT, slot);
    if (fresh) {
      this.#tracking = (this.#tracking + 1) & TRACKING_MASK;
      this.#device.event(EV.ABS, ABS.MT_TRACKING_ID, this.#tracking);
    }
    this.#device.event(EV.ABS, ABS.MT_POSITION_X, x);
    this.#device.event(EV.ABS, ABS.MT_POSITION_Y, y);
    if (fresh && this.#down === 1) this.#device.event(EV.KEY, BTN.TOUCH, 1);
    this.#device.sync();
  }

  up(viewer: object, id: number): void {
    const slot = this.#find(viewer, id);
    if (slot < 0) return;
    this.#slots[slot] = undefined;
    this.#device.event(EV.ABS, ABS.MT_SLOT, slot);
    this.#device.event(EV.ABS, ABS.MT_TRACKING_ID, -1);
    if (this.#down === 0) this.#device.event(EV.KEY, BTN.TOUCH, 0);
    this.#device.sync();
  }

  releaseAll(viewer: object): void {
    for (const finger of this.#slots) if (finger?.viewer === viewer) this.up(viewer, finger.id);
  }

  get #down(): number {
    return this.#slots.filter((finger) => finger !== undefined).length;
  }

  #find(viewer: object, id: number): number {
    return this.#slots.findIndex((finger) => finger?.viewer === viewer && finger.id === id);
  }
}
