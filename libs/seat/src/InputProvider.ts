import { type Fd, monotonicNow, Socket } from '@switchyard/sys';
import { EV, inputEvent, LED, SYN } from '@switchyard/uapi';

/** Events of one report. Ten fingers' positions and keys take 60; evdev's own buffers start at 64. */
const REPORT_MAX = 128;
/** linux/input-event-codes.h: KEY_MAX, REL_MAX, ABS_MAX, MSC_MAX */
const CODE_MAX: Readonly<Record<number, number>> = {
  [EV.SYN]: 0x0f,
  [EV.KEY]: 0x2ff,
  [EV.REL]: 0x0f,
  [EV.ABS]: 0x3f,
  [EV.MSC]: 0x07,
};
const TYPES: Readonly<Record<InputKind, ReadonlySet<number>>> = {
  keyboard: new Set([EV.SYN, EV.KEY, EV.MSC]),
  pointer: new Set([EV.SYN, EV.KEY, EV.REL, EV.ABS, EV.MSC]),
  touch: new Set([EV.SYN, EV.KEY, EV.ABS, EV.MSC]),
};
/** Records that are read of what a session writes at once, and packets in one turn: lights change as fast as fingers do. */
const WRITTEN_MAX = 16;
const PACKETS_PER_TURN = 64;
/** Every packet buffer starts with these two, which are sent only to a channel that lost a report. */
const DROPPED_RECORDS = 2;

export type InputKind = 'keyboard' | 'pointer' | 'touch';

/** One open channel. A packet that finds no room is lost, and the next begins with SYN_DROPPED. */
class Subscriber {
  readonly session: string;
  readonly #socket: Socket;
  readonly #written = new Uint8Array(WRITTEN_MAX * inputEvent.size);
  readonly #view = new DataView(this.#written.buffer);
  readonly #lit: (written: number, on: number) => void;
  #dropped = false;

  constructor(
    session: string,
    end: Fd,
    lit: (written: number, on: number) => void,
    gone: (subscriber: Subscriber) => void,
  ) {
    this.session = session;
    this.#lit = lit;
    this.#socket = Socket.adopt(end, 'seqpacket');
    this.#socket.watch({
      readable: () => {
        // 0 is the revocation.
        let length = -1;
        try {
          for (let i = 0; i < PACKETS_PER_TURN; i++) {
            length = this.#socket.receive(this.#written);
            if (length <= 0) break;
            this.#read(length);
          }
        } catch {
          length = 0;
        }
        if (length === 0) gone(this);
      },
      failed: () => gone(this),
    });
  }

  /** Sessions write EV_LED, as to evdev; what else they write means nothing here. */
  #read(length: number): void {
    let written = 0;
    let on = 0;
    for (let at = 0; at + inputEvent.size <= length; at += inputEvent.size) {
      const code = inputEvent.get.code(this.#view, at);
      if (inputEvent.get.type(this.#view, at) !== EV.LED || code > LED.SCROLLL) continue;
      written |= 1 << code;
      if (inputEvent.get.value(this.#view, at) === 0) on &= ~(1 << code);
      else on |= 1 << code;
    }
    if (written !== 0) this.#lit(written, on);
  }

  /** false when the channel is revoked. */
  send(packet: Uint8Array): boolean {
    try {
      const skip = this.#dropped ? 0 : DROPPED_RECORDS * inputEvent.size;
      this.#dropped = !this.#socket.send(packet.subarray(skip));
      return true;
    } catch {
      return false;
    }
  }

  close(): void {
    this.#socket.close();
  }
}

/**
 * A virtual keyboard, pointer or touchscreen, as its provider runs it: events go to every open channel, which are
 * the active session's and, for keyboards, the seat manager's own (session ""). Of each only the newest counts.
 */
export class InputProvider implements Disposable {
  readonly kind: InputKind;
  readonly #subscribers: Subscriber[] = [];
  readonly #packet = new Uint8Array((DROPPED_RECORDS + REPORT_MAX + 1) * inputEvent.size);
  readonly #view = new DataView(this.#packet.buffer);
  readonly #onLights: ((bits: number) => void) | undefined;
  #lights = 0;
  #events = 0;

  /** `onLights`: `lights` is another. */
  constructor(kind: InputKind, onLights?: (bits: number) => void) {
    this.kind = kind;
    this.#onLights = onLights;
    this.#record(0, EV.SYN, SYN.DROPPED, 0);
    this.#record(1, EV.SYN, SYN.REPORT, 0);
  }

  /** The active session that reads this device. */
  get session(): string | undefined {
    return this.#subscribers.find((subscriber) => subscriber.session !== '')?.session;
  }

  /** Which of a keyboard's lights shine, as bits 1 << LED_NUML and so on, by the session that wrote last. */
  get lights(): number {
    return this.#lights;
  }

  /** Adds an event to the report under way. RangeError when the kind has no such event, or the report is full. */
  event(type: number, code: number, value: number): void {
    if (!TYPES[this.kind].has(type) || code > (CODE_MAX[type] ?? -1)) {
      throw new RangeError(`a ${this.kind} makes no events of type ${type}, code ${code}`);
    }
    if (this.#events >= REPORT_MAX) {
      throw new RangeError(`a report holds at most ${REPORT_MAX} events; call sync()`);
    }
    this.#record(DROPPED_RECORDS + this.#events++, type, code, value);
  }

  /** Ends the report and writes it to every channel. An empty one is not sent. Hot. */
  sync(): void {
    if (this.#events === 0) return;
    const records = DROPPED_RECORDS + this.#events + 1;
    this.#record(records - 1, EV.SYN, SYN.REPORT, 0);
    this.#events = 0;
    this.#stamp(records);
    const packet = this.#packet.subarray(0, records * inputEvent.size);
    for (let i = this.#subscribers.length - 1; i >= 0; i--) {
      const subscriber = this.#subscribers[i]!;
      if (!subscriber.send(packet)) this.#remove(subscriber);
    }
  }

  /**
   * `struct input_event` records as if the hardware had made them; their times are replaced by now, and what is left
   * without a SYN_REPORT gets one. RangeError, and nothing sent, when they are not whole or not this device's.
   */
  inject(records: Uint8Array): void {
    if (records.length % inputEvent.size !== 0) {
      throw new RangeError(`${records.length} bytes are not whole input events of ${inputEvent.size} bytes`);
    }
    const view = new DataView(records.buffer, records.byteOffset, records.length);
    let report = 0;
    for (let at = 0; at < records.length; at += inputEvent.size) {
      const type = inputEvent.get.type(view, at);
      const code = inputEvent.get.code(view, at);
      if (!TYPES[this.kind].has(type) || code > (CODE_MAX[type] ?? -1)) {
        throw new RangeError(`a ${this.kind} makes no events of type ${type}, code ${code}`);
      }
      report = type === EV.SYN && code === SYN.REPORT ? 0 : report + 1;
      if (report > REPORT_MAX) throw new RangeError(`a report holds at most ${REPORT_MAX} events`);
    }
    this.sync();
    for (let at = 0; at < records.length; at += inputEvent.size) {
      const type = inputEvent.get.type(view, at);
      const code = inputEvent.get.code(view, at);
      if (type === EV.SYN && code === SYN.REPORT) this.sync();
      else this.event(type, code, inputEvent.get.value(view, at));
    }
    this.sync();
  }

  openChannel(session: string, end: Fd): void {
    const watch = session === '';
    for (const older of this.#subscribers.filter((s) => (s.session === '') === watch)) this.#remove(older);
    this.#subscribers.push(
      new Subscriber(
        session,
        end,
        (written, on) => this.#light(written, on),
        (subscriber) => this.#remove(subscriber),
      ),
    );
  }

  closeChannels(): void {
    for (const subscriber of this.#subscribers.splice(0)) subscriber.close();
  }
  [Symbol.dispose](): void {
    this.closeChannels();
  }

  /** Bits of `written` are as in `on` from now. */
  #light(written: number, on: number): void {
    const lights = (this.#lights & ~written) | on;
    if (this.kind !== 'keyboard' || lights === this.#lights) return;
    this.#lights = lights;
    this.#onLights?.(lights);
  }

  #remove(subscriber: Subscriber): void {
    const index = this.#subscribers.indexOf(subscriber);
    if (index >= 0) this.#subscribers.splice(index, 1);
    subscriber.close();
  }

  #record(index: number, type: number, code: number, value: number): void {
    const at = index * inputEvent.size;
    inputEvent.set.type(this.#view, at, type);
    inputEvent.set.code(this.#view, at, code);
    inputEvent.set.value(this.#view, at, value);
  }

  /** CLOCK_MONOTONIC, the same for all records of a packet. */
  #stamp(records: number): void {
    const now = monotonicNow();
    const seconds = now / 1_000_000_000n;
    const microseconds = (now % 1_000_000_000n) / 1000n;
    for (let at = 0; at < records * inputEvent.size; at += inputEvent.size) {
      inputEvent.set.sec(this.#view, at, seconds);
      inputEvent.set.usec(this.#view, at, microseconds);
    }
  }
}
