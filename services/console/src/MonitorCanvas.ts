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
  /** It is to be black as soon as a frame may be shown. */
  #blankDue = false;

  /** Takes the channel. */
  constructor(channel: Fd, events: Pick<FrontEvents, 'resized' | 'frameDone'>, closed: () => void) {
    this.#session = new MonitorSession(channel, {
      mode: () => {
        this.renew();
        const { width, height, scale } = this.size!;
        events.resized(width, height, scale);
      },
      flipDone: () => {
        this.#shown = this.#next ?? this.#shown;
        this.#next = undefined;
        if (this.#blankDue) this.blank();
        events.frameDone();
      },
      closed,
    });
  }

  get ready(): boolean {
    return this.#session.mode !== undefined && !this.#session.closed && !this.#session.presenting;
  }

  /** In pixels; undefined until the monitor has told it. */
  get size(): { width: number; height: number; scale: number } | undefined {
    const { mode } = this.#session;
    if (!mode) return undefined;
    return { ...mode, scale: Math.max(1, Math.round(mode.scale / SCALE_UNIT)) };
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

  /** Shows nothing, so that nothing of another session's stays on it, until `renew`. */
  blank(): void {
    this.renew();
    this.#blankDue = !this.ready;
    // Of a new memfd, every byte of which is 0: black.
    const frame = this.takeBuffer(1, 1);
    if (!frame) return;
    const { width, height } = frame.target.pixels;
    this.commit(frame, Int32Array.of(0, 0, width, height), 1);
  }

  renew(): void {
    this.#blankDue = false;
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
