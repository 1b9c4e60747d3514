import { type Fd, read } from '@switchyard/sys';
import { DRM_EVENT, drmEvent, drmEventCrtcSequence, drmEventVblank } from '../drm.js';

/** The kernel keeps 4096 bytes of events a file and gives whole ones only. */
const EVENTS_SIZE = 4096;

export interface DrmEventHandlers {
  /** A frame is on the screen since `time` (CLOCK_MONOTONIC, µs). `crtc` is 0 on old kernels. */
  flipped?(crtc: number, sequence: number, time: number, userData: bigint): void;
  vblank?(crtc: number, sequence: number, time: number, userData: bigint): void;
  /** As DRM_IOCTL_CRTC_QUEUE_SEQUENCE asked for; time in ns. */
  sequence?(sequence: bigint, time: bigint, userData: bigint): void;
}

/** Reads a card's events; the Fd, which it borrows, is to be opened O_NONBLOCK. */
export class DrmEvents {
  readonly fd: Fd;
  readonly #bytes = new Uint8Array(EVENTS_SIZE);
  readonly #view = new DataView(this.#bytes.buffer);

  constructor(fd: Fd) {
    this.fd = fd;
  }

  /** Hands out all that have come; unknown ones are passed over. To be called when the Fd is readable. */
  read(on: DrmEventHandlers): void {
    for (let length = read(this.fd, this.#bytes); length > 0; length = read(this.fd, this.#bytes))
      this.#dispatch(length, on);
  }

  #dispatch(end: number, on: DrmEventHandlers): void {
    const view = this.#view;
    for (let at = 0; at + drmEvent.size <= end; ) {
      const length = drmEvent.get.length(view, at);
      if (length < drmEvent.size || at + length > end)
        throw new Error(`${this.fd.what}: an event of ${length} bytes, of ${end - at} that were read`);
      this.#event(drmEvent.get.type(view, at), at, length, on);
      at += length;
    }
  }

  #event(type: number, at: number, length: number, on: DrmEventHandlers): void {
    const view = this.#view;
    if (type === DRM_EVENT.CRTC_SEQUENCE && length >= drmEventCrtcSequence.size) {
      const { get } = drmEventCrtcSequence;
      on.sequence?.(get.sequence(view, at), get.time_ns(view, at), get.user_data(view, at));
    }
    if ((type === DRM_EVENT.FLIP_COMPLETE || type === DRM_EVENT.VBLANK) && length >= drmEventVblank.size) {
      const { get } = drmEventVblank;
      const time = get.tv_sec(view, at) * 1e6 + get.tv_usec(view, at);
      const handler = type === DRM_EVENT.VBLANK ? on.vblank : on.flipped;
      handler?.call(on, get.crtc_id(view, at), get.sequence(view, at), time, get.user_data(view, at));
    }
  }
}
