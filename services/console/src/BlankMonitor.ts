import { MonitorBuffer, MonitorSession } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';

/**
 * A further monitor of the seat's: it shows nothing, so that nothing of another session's stays on it.
 *
 *   waiting ──mode──▶ blank ──mode──▶ blank again        any ──revoked──▶ closed
 */
export class BlankMonitor {
  readonly #session: MonitorSession;
  #shown: { readonly id: number; readonly buffer: MonitorBuffer } | undefined;
  #stale = false;

  /** Takes the channel. */
  constructor(channel: Fd, closed: () => void) {
    this.#session = new MonitorSession(channel, {
      mode: () => this.#blank(),
      flipDone: () => {
        if (this.#stale) this.#blank();
      },
      closed,
    });
  }

  close(): void {
    this.#session.close();
    this.#shown?.buffer[Symbol.dispose]();
    this.#shown = undefined;
  }

  #blank(): void {
    const { mode } = this.#session;
    this.#stale = this.#session.presenting;
    if (!mode || this.#stale) return;
    const before = this.#shown;
    const buffer = MonitorBuffer.create(mode.width, mode.height);
    // Of a new memfd, every byte of which is 0: black.
    this.#shown = { buffer, id: this.#session.attach(buffer) };
    this.#session.present(this.#shown.id, Int32Array.of(0, 0, mode.width, mode.height), 1);
    if (!before) return;
    this.#session.detach(before.id);
    before.buffer[Symbol.dispose]();
  }
}
