/** More output than this within the time of a flood's frame is a flood: nobody reads it, so it is shown less often and parsed faster. */
const FLOOD_BYTES = 64 << 10;
/** 30 frames a second, of a display that shows 60. */
const FRAME_MS = 1000 / 30;
/** Frames that came late are made up for by so many that come sooner. */
const FRAMES_OWED = 3;
/** A frame that takes so much longer than the quickest ones do is late: the display has no processor. */
const LATE_MS = 10;
/** Reading is held so long behind a frame at most: 20 frames a second, and a window that is not seen gets none. */
const HOLD_LIMIT_MS = 45;
/** So much is always read behind a frame: some MB a second, in a millisecond or two each time. */
const LEAST_READING = 128 << 10;
/** More than is read in the time of a frame. */
const NO_LIMIT = 64 << 20;
/** Longer than a frame takes that is not late. */
const FIRST_USUAL_MS = 200;

/**
 * Sees to it that the picture moves while a program prints as fast as it can. Output is read whenever there is some, and a frame drawn
 * now and then; but where the processor is shared, whoever reads a flood takes it from the display that the picture waits for. So when
 * frames come late, less is read while one is on its way (half as much, then more again with each that is in time):
 *
 *   reading ──a frame is on its way, and what may be read meanwhile is──▶ held ──it has come, or 45 ms──▶ reading
 */
export class Flood {
  readonly #hold: (held: boolean) => void;
  readonly #draw: () => void;
  #bytes = 0;
  #bytesBefore = 0;
  #countedSince = 0;
  #dueAt = 0;
  #timer: NodeJS.Timeout | undefined;
  /** When the frame that is on its way was committed. */
  #committedAt: number | undefined;
  /** What the quickest frames took lately. */
  #usual = FIRST_USUAL_MS;
  /** Bytes since then, and how many may be. */
  #read = 0;
  #allowed = NO_LIMIT;
  #held: NodeJS.Timeout | undefined;

  /** `hold`: nothing more is to be read, or all is again. `draw`: a frame is due that was put off. */
  constructor(hold: (held: boolean) => void, draw: () => void) {
    this.#hold = hold;
    this.#draw = draw;
  }

  /** A frame was put off, and is drawn when it is due. */
  get hasPutOff(): boolean {
    return this.#timer !== undefined;
  }

  /** So many bytes of output come. */
  output(bytes: number): void {
    const now = performance.now();
    if (now - this.#countedSince > FRAME_MS) {
      this.#bytesBefore = now - this.#countedSince < 2 * FRAME_MS ? this.#bytes : 0;
      this.#bytes = 0;
      this.#countedSince = now;
    }
    this.#bytes += bytes;
    if (this.#committedAt === undefined || this.#held || !this.#isOn) return;
    const since = now - this.#committedAt;
    this.#read += bytes;
    if (this.#read < this.#allowed || since >= HOLD_LIMIT_MS) return;
    this.#held = setTimeout(() => this.#release(), HOLD_LIMIT_MS - since);
    this.#hold(true);
  }

  /** Whether a frame is put off, which would come too soon after the last one. */
  putOff(): boolean {
    if (this.#timer) return true;
    const rest = this.#dueAt - performance.now();
    if (!this.#isOn || rest <= 0) return false;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#draw();
    }, rest);
    return true;
  }

  /** A frame is being drawn. */
  drawn(): void {
    this.#dueAt = Math.max(this.#dueAt, performance.now() - FRAMES_OWED * FRAME_MS) + FRAME_MS;
  }

  /** It is on its way. */
  committed(): void {
    this.#committedAt = performance.now();
    this.#read = 0;
  }

  /** The display can take another one. */
  frameDone(): void {
    this.#release();
    if (this.#committedAt === undefined) return;
    const took = performance.now() - this.#committedAt;
    this.#committedAt = undefined;
    this.#usual = Math.min(took, this.#usual * 1.005);
    const isLate = took > this.#usual + LATE_MS;
    const allowed = isLate ? Math.min(this.#allowed, this.#read) / 2 : this.#allowed * 1.2;
    this.#allowed = Math.min(Math.max(allowed, LEAST_READING), NO_LIMIT);
  }

  /** Nothing is on its way or put off any more. */
  reset(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#committedAt = undefined;
    this.#release();
  }

  get #isOn(): boolean {
    return Math.max(this.#bytes, this.#bytesBefore) >= FLOOD_BYTES;
  }

  #release(): void {
    if (!this.#held) return;
    clearTimeout(this.#held);
    this.#held = undefined;
    this.#hold(false);
  }
}
