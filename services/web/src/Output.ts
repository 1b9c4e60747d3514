import {
  type AttachedBuffer,
  type MonitorProvider,
  type MonitorProviderEvents,
  type MonitorSize,
  SCALE_MAX,
  SCALE_MIN,
} from '@switchyard/seat';
import { cursorMessage } from './CursorMessage.js';
import { FrameEncoder } from './FrameEncoder.js';
import { Picture } from './Picture.js';
import { SIZE_MAX, SIZE_MIN } from './wire/Control.js';

/** mHz. Browsers draw at the rate of their display, which is this nearly everywhere. */
const REFRESH = 60_000;
const PERIOD_MS = 1_000_000 / REFRESH;
/** Flips without viewers: sessions go on, at little cost. */
const UNWATCHED_PERIOD_MS = 200;
/** A session waits no longer than this for viewers that are all busy; they get a later frame. */
const PATIENCE_MS = 50;
/** A session that took the seat and draws nothing for this long leaves the screen black, not with its predecessor's picture. */
const FIRST_FRAME_MS = 250;

/** Whom the output shows its frames to. */
export interface OutputViewer {
  /** It wants frames. */
  readonly watching: boolean;
  /** The newest pixels are on their way to it. */
  readonly upToDate: boolean;
  /** It has seen all, and can be told that something moved. */
  readonly canScroll?: boolean;
  /** `scroll`: what the change also is for who had seen all before it. */
  show(changed: Picture['changed'], scroll?: Picture['scroll']): void;
  showCursor(): void;
  restart(): void;
}

/**
 * The seat's virtual monitor: keeps what is presented, shows it to viewers in the same turn, and paces the session.
 *
 *   idle ──present──▶ presented ──a viewer took it, and a period since the last flip──▶ idle
 *                         └────────── 50 ms, or 200 ms since the last flip without viewers ──▲
 */
export class Output {
  readonly picture: Picture;
  readonly encoder: FrameEncoder;
  readonly #viewers: ReadonlySet<OutputViewer>;
  readonly #monitor: MonitorProvider;
  readonly #onSession: (session: string | undefined) => void;
  /** When the outstanding frame came, 0 without one. */
  #presentedAt = 0;
  #lastFlip = 0;
  #timer: NodeJS.Timeout | undefined;
  #timerDue = 0;
  #firstFrame: NodeJS.Timeout | undefined;
  #cursor = cursorMessage('default', 0, 0);

  /** Throws RangeError for a size outside of 64…8192, or a scale outside of 0.5…4. */
  constructor(
    size: MonitorSize,
    viewers: ReadonlySet<OutputViewer>,
    attach: (mode: MonitorProvider['mode'], on: MonitorProviderEvents) => MonitorProvider,
    onSession: (session: string | undefined) => void,
  ) {
    checkSize(size);
    const { width, height, scale } = size;
    this.picture = new Picture(width, height);
    this.encoder = new FrameEncoder(this.picture);
    this.#viewers = viewers;
    this.#onSession = onSession;
    this.#monitor = attach(
      { width, height, refresh: REFRESH, scale },
      {
        present: (buffer, damage, count) => this.#present(buffer, damage, count),
        cursor: (image, hotX, hotY) => this.#setCursor(cursorMessage(image, hotX, hotY)),
        session: (session) => this.#sessionChanged(session),
      },
    );
  }

  get presenting(): boolean {
    return this.#monitor.session !== undefined;
  }
  /** In 120ths. */
  get scale(): number {
    return this.#monitor.mode.scale;
  }
  /** The pointer's image as a message to viewers. */
  get cursor(): Uint8Array {
    return this.#cursor;
  }

  /** Throws RangeError for a size outside of 64…8192, or a scale outside of 0.5…4. */
  setMode(size: MonitorSize): void {
    checkSize(size);
    const { width, height, scale } = size;
    const { mode } = this.#monitor;
    if (width === mode.width && height === mode.height && scale === mode.scale) return;
    this.picture.resize(width, height);
    this.#monitor.setMode({ ...mode, width, height, scale });
    for (const viewer of this.#viewers) viewer.restart();
  }

  /** Flips if it is time to; called whenever a viewer, a frame or a timer may have changed that. */
  settle(): void {
    if (this.#presentedAt === 0) return;
    const now = performance.now();
    const due = this.#dueTime();
    if (now >= due) this.#flip(now, due);
    else this.#wake(due, now);
  }

  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#firstFrame);
  }

  #dueTime(): number {
    let watched = false;
    let taken = false;
    for (const viewer of this.#viewers) {
      if (!viewer.watching) continue;
      watched = true;
      taken ||= viewer.upToDate;
    }
    if (!watched) return this.#lastFlip + UNWATCHED_PERIOD_MS;
    const earliest = this.#lastFlip + PERIOD_MS;
    return taken ? earliest : Math.max(earliest, this.#presentedAt + PATIENCE_MS);
  }

  #flip(now: number, due: number): void {
    this.#presentedAt = 0;
    // Timers have whole milliseconds and come late: counting from when it was due keeps the rate.
    this.#lastFlip = now - due < PERIOD_MS ? Math.max(due, this.#lastFlip) : now;
    this.#monitor.flipDone();
  }

  #wake(due: number, now: number): void {
    if (this.#timer !== undefined) {
      if (this.#timerDue <= due) return;
      clearTimeout(this.#timer);
    }
    this.#timerDue = due;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.settle();
      },
      Math.max(1, Math.round(due - now)),
    );
  }

  /** Hot. */
  #present(buffer: AttachedBuffer, damage: Int32Array, count: number): void {
    clearTimeout(this.#firstFrame);
    this.#presentedAt = performance.now();
    const { picture } = this;
    const { bytes, stride, width, height } = buffer;
    let lookForScroll = false;
    for (const viewer of this.#viewers) lookForScroll ||= viewer.canScroll === true;
    if (picture.update(bytes, stride, width, height, damage, count, lookForScroll) > 0)
      for (const viewer of this.#viewers) viewer.show(picture.changed, picture.scroll);
    this.settle();
  }

  #sessionChanged(session: string | undefined): void {
    this.#presentedAt = 0;
    clearTimeout(this.#firstFrame);
    this.#firstFrame = setTimeout(() => {
      this.picture.blank();
      for (const viewer of this.#viewers) viewer.show(this.picture.changed);
    }, FIRST_FRAME_MS);
    this.#setCursor(cursorMessage('default', 0, 0));
    this.#onSession(session);
  }

  #setCursor(message: Uint8Array): void {
    this.#cursor = message;
    for (const viewer of this.#viewers) viewer.showCursor();
  }
}

function checkSize({ width, height, scale }: MonitorSize): void {
  for (const side of [width, height])
    if (!Number.isInteger(side) || side < SIZE_MIN || side > SIZE_MAX)
      throw new RangeError(
        `an output is ${SIZE_MIN} to ${SIZE_MAX} pixels wide and high, not ${width}x${height}`,
      );
  if (!Number.isInteger(scale) || scale < SCALE_MIN || scale > SCALE_MAX)
    throw new RangeError(`an output's scale is ${SCALE_MIN} to ${SCALE_MAX} 120ths, not ${scale}`);
}
