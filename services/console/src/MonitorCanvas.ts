import { MonitorBuffer, MonitorSession } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import type { Canvas, FrontEvents, Picture } from './Front.js';
import { Target } from './Target.js';

/** Scales are told in 120ths. */
const SCALE_UNIT = 120;

interface Frame extends Picture {
  readonly buffer: MonitorBuffer;
  /** The monitor's name for it. */
  readonly id: number;
}

/**
 * A monitor of the seat's, drawn on without any display: at most one frame is outstanding, and a buffer is written only
 * when a later one is on the screen.
 *
 *   waiting ──mode──▶ ready ──commit──▶ presenting ──flip done──▶ ready        any ──revoked──▶ closed
 */
export class MonitorCanvas implements Canvas {
  /** A seat's own console has no name on it. */
  title = '';
  readonly #session: MonitorSession;
  readonly #frames: Frame[] = [];
  #shown: Frame | undefined;
  #next: Frame | undefined;

  /** Takes the channel. */
  constructor(channel: Fd, events: Pick<FrontEvents, 'resized' | 'frameDone'>, closed: () => void) {
    this.#session = new MonitorSession(channel, {
      mode: ({ width, height, scale }) => {
        this.renew();
        events.resized(width, height, Math.max(1, Math.round(scale / SCALE_UNIT)));
      },
      flipDone: () => {
        this.#shown = this.#next ?? this.#shown;
        this.#next = undefined;
        events.frameDone();
      },
      closed,
    });
  }

  get ready(): boolean {
    return this.#session.mode !== undefined && !this.#session.closed && !this.#session.presenting;
  }

  takeBuffer(columns: number, rows: number): Frame | undefined {
    const { mode } = this.#session;
    if (!this.ready || !mode) return undefined;
    // What is on the screen may not be written; the other one may.
    const free = this.#frames.find((frame) => frame !== this.#shown);
    if (free) return free;
    const buffer = MonitorBuffer.create(mode.width, mode.height);
    const words = new Uint32Array(buffer.bytes.buffer, buffer.bytes.byteOffset, mode.width * mode.height);
    const target = new Target({ words, width: mode.width, height: mode.height }, columns, rows);
    const frame = { target, buffer, id: this.#session.attach(buffer) };
    this.#frames.push(frame);
    return frame;
  }

  commit(picture: Picture, damage: Int32Array, count: number): void {
    const frame = this.#frames.find((one) => one === picture);
    if (!frame) throw new Error('commit: takeBuffer did not give this buffer, or it is forgotten');
    this.#next = frame;
    this.#session.present(frame.id, damage, count);
  }

  renew(): void {
    for (const frame of this.#frames.splice(0)) {
      this.#session.detach(frame.id);
      frame.buffer[Symbol.dispose]();
    }
    this.#shown = undefined;
    this.#next = undefined;
  }

  close(): void {
    this.#session.close();
    this.renew();
  }
}
