import { type Fd, Poll, read, SystemError } from '@switchyard/sys';
import { EV, eventMilliseconds, inputEvent, SYN } from '@switchyard/uapi';
import { Evdev, hasBit, INPUT_CLOCK, type InputId } from '@switchyard/uapi/calls';
import { EvdevState } from './EvdevState.js';

/** Records read at once: the kernel's own queue of a keyboard or mouse has 64. */
const EVENTS_AT_ONCE = 256;
/** Reads in one turn, so that a flood of events leaves room for the rest. */
const READS_PER_TURN = 64;

export interface EvdevEvents {
  /** One record; a report ends with EV_SYN/SYN_REPORT. `time` is in ms of CLOCK_MONOTONIC and wraps at 2³². */
  event(type: number, code: number, value: number, time: number): void;
  /** Revoked or unplugged. Nothing comes after it. */
  closed(): void;
}

/**
 * An input device, /dev/input/eventN, and what it says. Reading allocates nothing.
 *
 * When the kernel's queue ran over, what happened meanwhile is not known, but what is so now is: its difference to what
 * was told before comes as one report of its own, and SYN_DROPPED does not come.
 *
 *   reading ──SYN_DROPPED──▶ dropping ──SYN_REPORT, difference told──▶ reading
 *      └──── revoked | unplugged ────┴──▶ closed
 */
export class EvdevDevice implements Disposable {
  readonly name: string;
  readonly id: InputId;
  readonly #fd: Fd;
  readonly #evdev: Evdev;
  readonly #types: Uint8Array;
  readonly #codes = new Map<number, Uint8Array>();
  readonly #state: EvdevState;
  readonly #incoming = new Uint8Array(EVENTS_AT_ONCE * inputEvent.size);
  readonly #view = new DataView(this.#incoming.buffer);
  #on: EvdevEvents | undefined;
  #dropping = false;

  /** Takes an open file over, for its events to come stamped with CLOCK_MONOTONIC. ENODEV: it is revoked. */
  constructor(fd: Fd) {
    this.#fd = fd;
    this.#evdev = new Evdev(fd);
    try {
      this.name = this.#evdev.name();
      this.id = this.#evdev.id();
      this.#types = this.#evdev.codes(EV.SYN);
      for (const type of [EV.KEY, EV.REL, EV.ABS, EV.SW, EV.LED, EV.MSC]) {
        if (hasBit(this.#types, type)) this.#codes.set(type, this.#evdev.codes(type));
      }
      this.#evdev.setClock(INPUT_CLOCK.MONOTONIC);
      this.#state = new EvdevState(this.#evdev, this.#codes);
    } catch (error) {
      fd.close();
      throw error;
    }
  }

  get closed(): boolean {
    return this.#fd.closed;
  }

  has(type: number, code: number): boolean {
    const codes = this.#codes.get(type);
    return codes !== undefined && hasBit(codes, code);
  }

  /** Which of its keys are down, as far as they were told of. */
  isDown(key: number): boolean {
    return hasBit(this.#state.keys, key);
  }

  /** From now on only these codes of a type are told of; the kernel does not wake us for others. */
  limit(type: number, codes: Iterable<number>): void {
    this.#evdev.setMask(type, codes);
  }

  /** No other open file of the device hears anything until ungrab() or close(). EBUSY: another has it. */
  grab(): void {
    this.#evdev.grab();
  }

  ungrab(): void {
    this.#evdev.ungrab();
  }

  /** Begins to read. What is held down now is told first, as if it were pressed now. */
  listen(on: EvdevEvents): void {
    this.#on = on;
    const poll = Poll.watch(this.#fd, 'readable', () => this.#read());
    poll.unref();
    this.#tellDifference(0);
  }

  /** Idempotent; `closed` is not called. */
  close(): void {
    this.#on = undefined;
    this.#fd.close();
  }
  [Symbol.dispose](): void {
    this.close();
  }

  #end(): void {
    const on = this.#on;
    this.close();
    on?.closed();
  }

  #read(): void {
    for (let i = 0; i < READS_PER_TURN && !this.#fd.closed; i++) {
      const count = this.#receive();
      if (count < 0) return;
      if (count === 0) this.#end();
      else this.#dispatch(count);
      if (count < this.#incoming.length) return;
    }
  }

  /** As read(2); 0: the device is revoked or unplugged. */
  #receive(): number {
    try {
      return read(this.#fd, this.#incoming);
    } catch {
      return 0;
    }
  }

  #dispatch(length: number): void {
    const view = this.#view;
    const get = inputEvent.get;
    for (let at = 0; at < length && this.#on; at += inputEvent.size) {
      const type = get.type(view, at);
      const code = get.code(view, at);
      if (this.#dropping) {
        if (type !== EV.SYN || code !== SYN.REPORT) continue;
        this.#dropping = false;
        this.#tellDifference(eventMilliseconds(view, at));
      } else if (type === EV.SYN && code === SYN.DROPPED) {
        this.#dropping = true;
      } else {
        const value = get.value(view, at);
        if (this.#state.told(type, code, value))
          this.#on.event(type, code, value, eventMilliseconds(view, at));
      }
    }
  }

  /** What is so now and was not told. Asking for it empties the kernel's queue of what it answers. */
  #tellDifference(time: number): void {
    try {
      this.#state.catchUp(this.#evdev, (type, code, value) => this.#on?.event(type, code, value, time));
    } catch (error) {
      // Gone meanwhile: the poll says so next.
      if (!(error instanceof SystemError)) throw error;
    }
  }
}
