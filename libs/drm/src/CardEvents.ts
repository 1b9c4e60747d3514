import { type Fd, read } from '@switchyard/sys';
import { DRM_EVENT, drmEvent, drmEventVblank } from '@switchyard/uapi/tables';

/** The kernel keeps 4096 bytes of events a file and gives whole ones only. */
const EVENTS_SIZE = 4096;

/** What happened at a CRTC's vertical blank. One object serves all events: its numbers hold until the handler returns. */
export interface CardEvent {
  /** Its id. */
  readonly crtc: number;
  /** The CRTC's count of frames; wraps at 2³². */
  readonly sequence: number;
  /** µs, of CLOCK_MONOTONIC. */
  readonly time: number;
  /** The lower 32 bits of what the flip or commit was given. */
  readonly userData: number;
}

export interface CardEventHandlers {
  /** A flip or commit is on the screen; the CRTC takes the next. */
  flipped?(event: CardEvent): void;
  vblank?(event: CardEvent): void;
}

/** Reads a card's events from its file, which it borrows. Allocates nothing. */
export class EventReader {
  readonly #fd: Fd;
  readonly #bytes = new Uint8Array(EVENTS_SIZE);
  readonly #view = new DataView(this.#bytes.buffer);
  readonly #event = { crtc: 0, sequence: 0, time: 0.5, userData: 0 };

  constructor(fd: Fd) {
    this.#fd = fd;
  }

  /** Hands out all that have come; unknown ones are passed over. */
  read(handlers: CardEventHandlers): void {
    while (!this.#fd.closed) {
      const length = read(this.#fd, this.#bytes);
      if (length <= 0) return;
      this.#dispatch(length, handlers);
    }
  }

  #dispatch(end: number, handlers: CardEventHandlers): void {
    const view = this.#view;
    for (let at = 0; at + drmEvent.size <= end; ) {
      const length = drmEvent.get.length(view, at);
      if (length < drmEvent.size || at + length > end)
        throw new Error(`${this.#fd.what}: an event of ${length} bytes, of ${end - at} that were read`);
      const type = drmEvent.get.type(view, at);
      if (length >= drmEventVblank.size) {
        if (type === DRM_EVENT.FLIP_COMPLETE) handlers.flipped?.(this.#parse(at));
        else if (type === DRM_EVENT.VBLANK) handlers.vblank?.(this.#parse(at));
      }
      at += length;
    }
  }

  #parse(at: number): CardEvent {
    const view = this.#view;
    const { get, offset } = drmEventVblank;
    const event = this.#event;
    event.crtc = get.crtc_id(view, at);
    event.sequence = get.sequence(view, at);
    event.time = get.tv_sec(view, at) * 1e6 + get.tv_usec(view, at);
    // Half of the u64: whole it would be a bigint, an allocation a frame.
    event.userData = view.getUint32(at + offset.user_data, true);
    return event;
  }
}
