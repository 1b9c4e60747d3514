import type { Fd } from '@switchyard/sys';
import type { CursorName } from './CursorShape.js';
import { checkMode, type Mode } from './Monitor.js';
import { type AttachedBuffer, MonitorChannel } from './MonitorChannel.js';

export interface MonitorProviderEvents {
  /**
   * The active session's next frame. The pixels stand still until a later frame's flipDone(); call flipDone() when
   * the frame has been taken. `damage`: `count` rectangles (x, y, width, height) within the buffer, reused afterwards.
   * The buffer may still have the size of the mode before.
   */
  present(buffer: AttachedBuffer, damage: Int32Array, count: number): void;
  /** Copy the picture now: the session may detach it with its next message. */
  cursor(image: AttachedBuffer | CursorName, hotX: number, hotY: number): void;
  /** Another session owns the screen now, or none (between two sessions, or when it died). */
  session?(session: string | undefined): void;
  /** A session was thrown off its channel for a wrong message. */
  wrong?(session: string, reason: string): void;
}

/**
 * A virtual monitor, as its provider runs it. Sessions come and go; the newest channel is the active session's, and
 * what an older one still had under way is void with it: a frame of the old session cannot overwrite the new one's.
 */
export class MonitorProvider implements Disposable {
  readonly #on: MonitorProviderEvents;
  #mode: Mode;
  #channel: MonitorChannel | undefined;

  constructor(mode: Mode, on: MonitorProviderEvents) {
    checkMode(mode);
    this.#mode = mode;
    this.#on = on;
  }

  get mode(): Mode {
    return this.#mode;
  }
  /** The session on the screen. */
  get session(): string | undefined {
    return this.#channel?.session;
  }
  /** A frame waits for flipDone(). */
  get presented(): boolean {
    return this.#channel?.presented ?? false;
  }

  /** RangeError outside of 1…8192 pixels. */
  setMode(mode: Mode): void {
    checkMode(mode);
    this.#mode = mode;
    this.#channel?.setMode(mode);
  }

  /** The outstanding frame is on the screen; the session may present its next. Without one it does nothing. */
  flipDone(): void {
    this.#channel?.flipDone();
  }

  openChannel(session: string, end: Fd): void {
    this.#channel?.close();
    const channel: MonitorChannel = new MonitorChannel(session, end, this.#mode, {
      present: (buffer, damage, count) => this.#on.present(buffer, damage, count),
      cursor: (image, hotX, hotY) => this.#on.cursor(image, hotX, hotY),
      closed: (wrong) => {
        if (wrong !== undefined) this.#on.wrong?.(session, wrong);
        if (this.#channel !== channel) return;
        this.#channel = undefined;
        this.#on.session?.(undefined);
      },
    });
    this.#channel = channel;
    this.#on.session?.(session);
  }

  closeChannels(): void {
    if (!this.#channel) return;
    this.#channel.close();
    this.#channel = undefined;
    this.#on.session?.(undefined);
  }
  [Symbol.dispose](): void {
    this.closeChannels();
  }
}
