import { DirtyTiles } from '../DirtyTiles.js';
import { FrameWindow } from '../FrameWindow.js';
import type { Scroll } from '../Picture.js';
import type { SeatViewerHost } from '../SeatViewer.js';
import type { ByteStream } from './ByteStream.js';
import type { Area } from './ClientReader.js';
import { copySource, Encoding, Fence, fenceMessage, rectangle, ServerMessage, update } from './Messages.js';
import { ownFormat, PixelFormat } from './PixelFormat.js';
import { PseudoRectangles } from './PseudoRectangles.js';
import { compressed, RectangleEncoder } from './RectangleEncoder.js';
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

/**
 * What a client has seen of the output, and how it gets the rest.
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
  readonly #host: SeatViewerHost;
  readonly #write: (...parts: Buffer[]) => void;
  readonly #encoder = new RectangleEncoder();
  readonly #window = new FrameWindow();
  #format = PixelFormat.of(ownFormat)!;
  #encodings: ReadonlySet<number> = new Set();
  #unseen: DirtyTiles;
  /** The size that the client knows. */
  #width: number;
  #height: number;
  #requested = false;
  #continuous = false;
  #sending = false;
  #refine: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(stream: ByteStream, host: SeatViewerHost, write: (...parts: Buffer[]) => void) {
    this.#stream = stream;
    this.#host = host;
    this.#write = write;
    const { width, height } = host.picture;
    this.#width = width;
    this.#height = height;
    this.#unseen = allUnseen(host.picture);
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
  get upToDate(): boolean {
    return this.#unseen.dirty === 0;
  }
  get unacknowledged(): number {
    return this.#window.unacknowledged;
  }

  /** It has all of the picture, exactly, and an update that begins with CopyRect can go at once. */
  get canScroll(): boolean {
    return (
      this.#encodings.has(Encoding.copyRect) &&
      this.#hasRoom() &&
      this.#unseen.dirty === 0 &&
      this.#unseen.lossy === 0 &&
      !this.#resized
    );
  }

  get #resized(): boolean {
    return this.#width !== this.#unseen.width || this.#height !== this.#unseen.height;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#refine);
    this.#encoder.close();
  }

  show(changed: DirtyTiles, scroll?: Scroll): void {
    if (changed.width !== this.#unseen.width || changed.height !== this.#unseen.height) return;
    const moves = scroll !== undefined && this.canScroll;
    this.#unseen.add(moves ? scroll.rest : changed);
    this.offer(moves ? scroll : undefined);
  }

  /** The output has another size. */
  restart(): void {
    this.#unseen = allUnseen(this.#host.picture);
  }

  setFormat(format: PixelFormat): void {
    this.#format = format;
    this.news.cursor();
    this.#unseen.markAll();
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
  request({ incremental, x, y, width, height }: Area): void {
    if (incremental === 0) {
      const all = new Uint8Array(this.#unseen.boxes.length).fill(1);
      const right = Math.min(x + width, this.#unseen.width);
      const bottom = Math.min(y + height, this.#unseen.height);
      if (right > x && bottom > y) this.#unseen.markRectangle(x, y, right - x, bottom - y, all);
    }
    this.#requested = true;
    this.offer();
  }

  setContinuous(on: boolean): void {
    if (this.#continuous && !on) this.#write(Buffer.of(ServerMessage.endOfContinuousUpdates));
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
  offer(scroll?: Scroll): void {
    if (!this.#hasRoom()) return;
    const resized = this.#resized;
    const { cursor, lights } = this.#host;
    const news = this.news.take(this.#unseen, resized, cursor, lights, this.#format);
    let exact = false;
    if (news.length === 0 && this.#unseen.dirty === 0 && scroll === undefined) {
      exact = this.#markRefinement();
      if (!exact) return;
    }
    // The client learns of a new size first; the pixels of that size follow in the next update.
    const rectangles = resized
      ? []
      : encodeUnseen(this.#unseen, this.#host.picture, this.#encoder, this.#format, exact);
    this.#width = this.#unseen.width;
    this.#height = this.#unseen.height;
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
    this.#write(
      update.write({ type: ServerMessage.update, rectangles: news.length + rectangles.length }),
      ...news,
      ...parts,
    );
    if (fences) {
      const payload = Buffer.alloc(FENCE_PAYLOAD);
      payload.writeUInt32BE(this.#window.next);
      this.#write(fenceMessage(Fence.request | Fence.blockBefore, payload));
      this.#window.sent(performance.now());
    }
    if (this.#unseen.lossy > 0) this.#refine ??= setTimeout(() => this.#refineNow(), REFINE_AFTER_MS);
    this.#host.settled();
    this.offer();
  }

  #refineNow(): void {
    this.#refine = undefined;
    this.offer();
    if (this.#unseen.lossy > 0 && !this.#closed)
      this.#refine ??= setTimeout(() => this.#refineNow(), REFINE_AFTER_MS);
  }

  #markRefinement(): boolean {
    const { lossySince } = this.#unseen;
    if (this.#unseen.lossy === 0) return false;
    const now = performance.now();
    let marked = false;
    for (let tile = 0; tile < lossySince.length; tile++)
      if (lossySince[tile] !== 0 && now - lossySince[tile]! >= REFINE_AFTER_MS) {
        this.#unseen.markTile(tile);
        marked = true;
      }
    return marked;
  }
}

function allUnseen({ width, height }: { width: number; height: number }): DirtyTiles {
  const tiles = new DirtyTiles(width, height);
  tiles.markAll();
  return tiles;
}

function copyRectangle({ x, y, width, height, fromY }: Scroll): EncodedRectangle {
  const head = rectangle.write({ x, y, width, height, encoding: Encoding.copyRect });
  return { head, encoded: { parts: [{ bytes: copySource.write({ x, y: fromY }) }], lossy: false } };
}
