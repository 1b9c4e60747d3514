import { FrameWindow } from '../FrameWindow.js';
import type { Monitors } from '../Monitors.js';
import type { Scroll } from '../Picture.js';
import type { ByteStream } from './ByteStream.js';
import type { UpdateArea } from './ClientReader.js';
import { copySource, Encoding, Fence, fenceMessage, rectangle, ServerMessage, update } from './Messages.js';
import { ownFormat, PixelFormat } from './PixelFormat.js';
import { PseudoRectangles } from './PseudoRectangles.js';
import { compressed, RectangleEncoder } from './RectangleEncoder.js';
import type { RfbScreen } from './RfbScreen.js';
import { RfbScreens } from './RfbScreens.js';
import { type EncodedRectangle, encodeUnseen } from './UnseenRectangles.js';

/** More than this in the socket's queue: no update until it drains (bytes). */
const BUFFERED_MAX = 256 * 1024;
/** A tile that stood still for this long after a JPEG is sent again exactly (ms). */
const REFINE_AFTER_MS = 300;
/** JPEG's qualities for Tight's levels 0 … 9. */
const qualities = [15, 29, 41, 42, 62, 77, 79, 86, 92, 100];
/** Our fences' payload: one word, the update's number. */
const FENCE_PAYLOAD = 4;

/** Best first: what a client lists is chosen from these, by its own order. */
const codings: ReadonlySet<number> = new Set([Encoding.tight, Encoding.zrle, Encoding.raw]);

export interface RfbUpdatesEvents {
  write(...parts: Buffer[]): void;
  /** The framebuffer has another size, or other screens. */
  relaid(): void;
}

/**
 * What a client has seen of the seat's monitors, and how it gets the rest.
 *
 *   waiting ──it asked for an update, or wants all of them──▶ ready ──something changed──▶ sending ──sent──▶ waiting
 *
 * With fences the client tells when it has an update, so no more than two are under way; without them the socket's
 * queue is the measure.
 */
export class RfbUpdates {
  /** What goes with the next update, beside pixels. */
  readonly news = new PseudoRectangles();
  readonly #stream: ByteStream;
  readonly screens: RfbScreens;
  readonly #lights: () => number;
  readonly #on: RfbUpdatesEvents;
  readonly #encoder = new RectangleEncoder();
  readonly #window = new FrameWindow();
  #format = PixelFormat.of(ownFormat)!;
  #encodings: ReadonlySet<number> = new Set();
  /** The size that the client knows. */
  #width: number;
  #height: number;
  #requested = false;
  #continuous = false;
  #sending = false;
  #refine: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(stream: ByteStream, monitors: Monitors, on: RfbUpdatesEvents) {
    this.#stream = stream;
    this.#lights = () => monitors.first.lights;
    this.#on = on;
    const updates = this;
    this.screens = new RfbScreens(monitors, {
      get watching() {
        return !updates.#closed && updates.wanted;
      },
      get canScroll() {
        return updates.#canScroll;
      },
      changed: (screen, scroll) => this.offer(scroll && { ...scroll, screen }),
      cursorChanged: () => {
        this.news.cursor();
        this.offer();
      },
      resized: () => {
        this.screens.layOut();
        this.screens.markAll();
        on.relaid();
      },
    });
    this.#width = this.screens.width;
    this.#height = this.screens.height;
    stream.socket.on('drain', () => this.offer());
  }

  get width(): number {
    return this.#width;
  }
  get height(): number {
    return this.#height;
  }
  /** The client waits for an update. */
  get wanted(): boolean {
    return this.#continuous || this.#requested || this.#sending;
  }
  get unacknowledged(): number {
    return this.#window.unacknowledged;
  }

  /** It has all of the framebuffer, exactly, and an update that begins with CopyRect can go at once. */
  get #canScroll(): boolean {
    return (
      this.#encodings.has(Encoding.copyRect) &&
      this.#hasRoom() &&
      !this.screens.dirty &&
      !this.screens.lossy &&
      !this.#resized
    );
  }

  get #resized(): boolean {
    return this.#width !== this.screens.width || this.#height !== this.screens.height;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#refine);
    this.#encoder.close();
    this.screens.close();
  }

  /** Monitors came or went. */
  monitorsChanged(): void {
    if (this.screens.layOut()) this.#on.relaid();
  }

  setFormat(format: PixelFormat): void {
    this.#format = format;
    this.news.cursor();
    this.screens.markAll();
  }

  setEncodings(encodings: readonly number[]): void {
    this.#encodings = new Set(encodings);
    this.#encoder.encoding = encodings.find((encoding) => codings.has(encoding)) ?? Encoding.raw;
    const level = encodings.find((e) => e >= Encoding.qualityLowest && e <= Encoding.qualityHighest);
    this.#encoder.quality = level === undefined ? undefined : qualities[level - Encoding.qualityLowest]!;
    this.news.encodings(this.#encodings);
    this.offer();
  }

  /** The client asks for an update. */
  request({ incremental, x, y, width, height }: UpdateArea): void {
    if (incremental === 0) this.screens.mark(x, y, width, height);
    this.#requested = true;
    this.offer();
  }

  setContinuous(on: boolean): void {
    if (this.#continuous && !on) this.#on.write(Buffer.of(ServerMessage.endOfContinuousUpdates));
    this.#continuous = on;
    this.offer();
  }

  /** The answer to a fence behind an update. false when there is none with this payload. */
  answered(payload: Buffer): boolean {
    // Another one of ours, which has none.
    if (payload.length !== FENCE_PAYLOAD) return true;
    if (!this.#window.acknowledge(payload.readUInt32BE(), 0, performance.now())) return false;
    this.offer();
    return true;
  }

  /** Sends what is unseen if the client wants it and has room. */
  offer(scroll?: ScreenScroll): void {
    if (!this.#hasRoom()) return;
    const resized = this.#resized;
    const { screens } = this;
    const news = this.news.take(screens, resized, screens.cursor, this.#lights(), this.#format);
    let exact = false;
    if (news.length === 0 && !screens.dirty && scroll === undefined) {
      exact = this.#markRefinement();
      if (!exact) return;
    }
    // The client learns of a new size first; the pixels of that size follow in the next update.
    const rectangles = resized ? [] : encodeUnseen(screens, this.#encoder, this.#format, exact);
    this.#width = screens.width;
    this.#height = screens.height;
    if (scroll !== undefined) rectangles.unshift(copyRectangle(scroll));
    this.#sending = true;
    this.#requested = false;
    void this.#send(news, rectangles, this.#encodings.has(Encoding.fence));
  }

  /** It wants an update and has room for one. */
  #hasRoom(): boolean {
    if (this.#closed || this.#sending || !(this.#continuous || this.#requested)) return false;
    const queued = this.#stream.socket.writableLength;
    return this.#encodings.has(Encoding.fence)
      ? this.#window.hasRoom(performance.now()) && queued <= 4 * BUFFERED_MAX
      : queued <= BUFFERED_MAX;
  }

  async #send(news: Buffer[], rectangles: EncodedRectangle[], fences: boolean): Promise<void> {
    const parts: Buffer[] = [];
    for (const { head, encoded } of rectangles) parts.push(head, ...(await compressed(encoded.parts)));
    this.#sending = false;
    if (this.#closed) return;
    this.#on.write(
      update.write({ type: ServerMessage.update, rectangles: news.length + rectangles.length }),
      ...news,
      ...parts,
    );
    if (fences) {
      const payload = Buffer.alloc(FENCE_PAYLOAD);
      payload.writeUInt32BE(this.#window.next);
      this.#on.write(fenceMessage(Fence.request | Fence.blockBefore, payload));
      this.#window.sent(performance.now());
    }
    if (this.screens.lossy) this.#refine ??= setTimeout(() => this.#refineNow(), REFINE_AFTER_MS);
    this.screens.settled();
    this.offer();
  }

  #refineNow(): void {
    this.#refine = undefined;
    this.offer();
    if (this.screens.lossy && !this.#closed)
      this.#refine ??= setTimeout(() => this.#refineNow(), REFINE_AFTER_MS);
  }

  #markRefinement(): boolean {
    const before = performance.now() - REFINE_AFTER_MS;
    return this.screens.list.filter((screen) => screen.markLossy(before)).length > 0;
  }
}

interface ScreenScroll extends Scroll {
  readonly screen: RfbScreen;
}

function copyRectangle({ screen, x, y, width, height, fromY }: ScreenScroll): EncodedRectangle {
  const head = rectangle.write({ x: screen.x + x, y, width, height, encoding: Encoding.copyRect });
  const source = copySource.write({ x: screen.x + x, y: fromY });
  return { head, encoded: { parts: [{ bytes: source }], lossy: false } };
}
