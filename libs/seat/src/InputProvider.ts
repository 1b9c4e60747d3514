import { type Fd, monotonicNow, Socket } from '@switchyard/sys';
import { EV, inputEvent, SYN } from '@switchyard/uapi';

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
/** Every packet buffer starts with these two, which are sent only to a channel that lost a report. */
const DROPPED_RECORDS = 2;

export type InputKind = 'keyboard' | 'pointer' | 'touch';

/** One open channel. A packet that finds no room is lost, and the next begins with SYN_DROPPED. */
class Subscriber {
  readonly session: string;
  readonly #socket: Socket;
  readonly #discard = new Uint8Array(inputEvent.size);
  #dropped = false;

  constructor(session: string, end: Fd, gone: (subscriber: Subscriber) => void) {
    this.session = session;
    this.#socket = Socket.adopt(end, 'seqpacket');
    this.#socket.watch({
      readable: () => {
        // Sessions may write (EV_LED, as to evdev); the virtual devices have no lights. 0 is the revocation.
        let length: number;
        try {
          do length = this.#socket.receive(this.#discard);
          while (length > 0);
        } catch {
          length = 0;
        }
        if (length === 0) gone(this);
      },
      failed: () => gone(this),
    });
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
  #events = 0;

  constructor(kind: InputKind) {
    this.kind = kind;
    this.#record(0, EV.SYN, SYN.DROPPED, 0);
    this.#record(1, EV.SYN, SYN.REPORT, 0);
  }

  /** The active session that reads this device. */
  get session(): string | undefined {
    return this.#subscribers.find((subscriber) => subscriber.session !== '')?.session;
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
    this.#subscribers.push(new Subscriber(session, end, (subscriber) => this.#remove(subscriber)));
  }

  closeChannels(): void {
    for (const subscriber of this.#subscribers.splice(0)) subscriber.close();
  }
  [Symbol.dispose](): void {
    this.closeChannels();
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
