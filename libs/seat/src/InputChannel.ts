import { type Fd, Socket } from '@switchyard/sys';
import { EV, eventMilliseconds, inputEvent, LED, SYN } from '@switchyard/uapi';

/** Events read at once: more than a burst of pointer reports between two turns of the event loop. */
const EVENTS_AT_ONCE = 256;
/** Packets handled in one turn, so that a flood of events leaves room for drawing. */
const PACKETS_PER_TURN = 64;
/** The lights that a keyboard is told of, in one report. */
const lights = [LED.NUML, LED.CAPSL, LED.SCROLLL];

export interface InputChannelEvents {
  /**
   * One record; a report ends with EV_SYN/SYN_REPORT. `time` is in ms and wraps at 2³², as wl_pointer has it.
   * EV_SYN/SYN_DROPPED: events were lost; what is held down is unknown, take everything as released.
   */
  event(type: number, code: number, value: number, time: number): void;
  /** Revoked, unplugged, or the provider sent what is not a whole record. Nothing comes after it. */
  closed(): void;
}

/**
 * A session's end of a keyboard's, pointer's or touchscreen's channel: `struct input_event` records, one report or
 * more a packet. Reading allocates nothing.
 */
export class InputChannel implements Disposable {
  readonly #socket: Socket;
  readonly #on: InputChannelEvents;
  readonly #incoming = new Uint8Array(EVENTS_AT_ONCE * inputEvent.size);
  readonly #view = new DataView(this.#incoming.buffer);
  #closed = false;

  /** Takes the channel that TakeDevice or ResumeDevice gave. */
  constructor(channel: Fd, on: InputChannelEvents) {
    this.#on = on;
    this.#socket = Socket.adopt(channel, 'seqpacket');
    this.#socket.watch({ readable: () => this.#receive(), failed: () => this.#end() });
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Which of a keyboard's lights shine, as bits 1 << LED_NUML and so on. A report that finds no room is lost: the next
   * one says it all again.
   */
  setLights(bits: number): void {
    if (this.#closed) return;
    const report = new Uint8Array((lights.length + 1) * inputEvent.size);
    const view = new DataView(report.buffer);
    for (const [index, code] of lights.entries()) {
      const at = index * inputEvent.size;
      inputEvent.set.type(view, at, EV.LED);
      inputEvent.set.code(view, at, code);
      inputEvent.set.value(view, at, (bits >> code) & 1);
    }
    inputEvent.set.type(view, lights.length * inputEvent.size, EV.SYN);
    inputEvent.set.code(view, lights.length * inputEvent.size, SYN.REPORT);
    try {
      this.#socket.send(report);
    } catch {
      // Revoked: what is still to be read says so.
    }
  }

  /** Leaves the channel; `closed` is not called. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }
  [Symbol.dispose](): void {
    this.close();
  }

  #end(): void {
    if (this.#closed) return;
    this.close();
    this.#on.closed();
  }

  #receive(): void {
    for (let i = 0; i < PACKETS_PER_TURN && !this.#closed; i++) {
      let length: number;
      try {
        length = this.#socket.receive(this.#incoming);
      } catch {
        this.#end();
        return;
      }
      if (length < 0) return;
      if (length === 0 || length % inputEvent.size !== 0 || this.#socket.lastTruncated) {
        this.#end();
        return;
      }
      this.#dispatch(length);
    }
  }

  #dispatch(length: number): void {
    const view = this.#view;
    const get = inputEvent.get;
    for (let at = 0; at < length && !this.#closed; at += inputEvent.size) {
      this.#on.event(
        get.type(view, at),
        get.code(view, at),
        get.value(view, at),
        eventMilliseconds(view, at),
      );
    }
  }
}
