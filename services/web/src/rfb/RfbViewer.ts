import type { Socket } from 'node:net';
import { DirtyTiles } from '../DirtyTiles.js';
import { FrameWindow } from '../FrameWindow.js';
import type { Visitor } from '../HttpServer.js';
import type { Scroll } from '../Picture.js';
import type { SeatViewer, SeatViewerHost } from '../SeatViewer.js';
import type { ServerMessage as PageServerMessage } from '../wire/Control.js';
import { type ByteStream, StreamEnded } from './ByteStream.js';
import { type Area, type ClientWords, readClient } from './ClientReader.js';
import { cursorRectangle } from './CursorRectangle.js';
import type { ClipboardWord } from './ExtendedClipboard.js';
import { RfbRefusal } from './Handshake.js';
import {
  copySource,
  Encoding,
  Fence,
  fence,
  pixelFormat,
  rectangle,
  ServerMessage,
  SizeReason,
  SizeStatus,
  screen,
  screenCount,
  serverInit,
  update,
} from './Messages.js';
import { ownFormat, PixelFormat, type PixelFormatFields } from './PixelFormat.js';
import { compressed, RectangleEncoder } from './RectangleEncoder.js';
import { RfbClipboard } from './RfbClipboard.js';
import { RfbKeyboard } from './RfbKeyboard.js';
import { RfbPointer } from './RfbPointer.js';
import { type EncodedRectangle, encodeUnseen } from './UnseenRectangles.js';

/** More than this in the socket's queue: no update until it drains (bytes). */
const BUFFERED_MAX = 256 * 1024;
/** A tile that stood still for this long after a JPEG is sent again exactly (ms). */
const REFINE_AFTER_MS = 300;
/** For the last words to reach a client that is let go (ms). */
const LINGER_MS = 500;
/** JPEG's qualities for Tight's levels 0 … 9. */
const qualities = [15, 29, 41, 42, 62, 77, 79, 86, 92, 100];
/** Our fences' payload: one word, the update's number. */
const FENCE_PAYLOAD = 4;

/** Best first: what a client lists is chosen from these, by its own order. */
const codings: ReadonlySet<number> = new Set([Encoding.tight, Encoding.zrle, Encoding.raw]);

/**
 * One RFB client that was let in.
 *
 *   waiting ──it asked for an update, or wants all of them──▶ ready ──something changed──▶ sending ──sent──▶ waiting
 *
 * With fences the client tells when it has an update, so no more than two are under way; without them the socket's
 * queue is the measure.
 */
export class RfbViewer implements SeatViewer, ClientWords {
  readonly id: number;
  readonly visitor: Visitor;
  readonly party = '';
  readonly #socket: Socket;
  readonly #stream: ByteStream;
  readonly #host: SeatViewerHost;
  readonly #encoder = new RectangleEncoder();
  readonly #window = new FrameWindow();
  readonly #keyboard: RfbKeyboard;
  readonly #pointer: RfbPointer;
  #format = PixelFormat.of(ownFormat)!;
  #encodings = new Set<number>();
  #unseen: DirtyTiles;
  #width: number;
  #height: number;
  #requested = false;
  #continuous = false;
  #sending = false;
  #cursorUnseen = true;
  /** An ExtendedDesktopSize rectangle is due: why, and what became of it. */
  #sizeNews: { reason: number; status: number } | undefined;
  #askedSize = false;
  #toldContinuous = false;
  #toldFence = false;
  /** QEMU's key event is to be announced. */
  #qemuNews = false;
  readonly #clipboard: RfbClipboard;
  #refine: NodeJS.Timeout | undefined;
  #gone = false;

  constructor(id: number, socket: Socket, stream: ByteStream, visitor: Visitor, host: SeatViewerHost) {
    this.id = id;
    this.#socket = socket;
    this.#stream = stream;
    this.visitor = visitor;
    this.#host = host;
    const { width, height } = host.picture;
    this.#width = width;
    this.#height = height;
    this.#unseen = new DirtyTiles(width, height);
    this.#unseen.markAll();
    this.#keyboard = new RfbKeyboard(this, host.input, host.keymap);
    this.#pointer = new RfbPointer(this, host.input);
    this.#clipboard = new RfbClipboard(
      (bytes) => this.#write(bytes),
      (text) => host.request(this, { type: 'paste', serial: 0, text, primary: true }),
    );
    stream.socket.on('drain', () => this.offer());
    stream.socket.on('close', () => this.#leave('closed'));
  }

  get address(): string {
    return this.visitor.address;
  }
  get drives(): boolean {
    return this.visitor.access.role === 'drive';
  }
  get watching(): boolean {
    return !this.#gone && (this.#continuous || this.#requested || this.#sending);
  }
  get upToDate(): boolean {
    return this.#unseen.dirty === 0;
  }
  get unacknowledged(): number {
    return this.#window.unacknowledged;
  }

  /** From ServerInit to the end. `name` is the desktop's. */
  async serve(name: string): Promise<void> {
    await this.#stream.take(1); // ClientInit: all clients share the seat, whatever it says.
    const title = Buffer.from(name);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(title.length);
    this.#write(
      serverInit.write({ width: this.#width, height: this.#height }),
      pixelFormat.write(ownFormat),
      length,
      title,
    );
    this.#host.joined(this);
    try {
      await readClient(this.#stream, this);
    } catch (error) {
      if (error instanceof RfbRefusal) this.end(error.message);
      else if (error instanceof StreamEnded) {
        this.#leave('closed');
        this.#socket.destroy();
      } else throw error;
    }
  }

  // ---- the seat

  tell(message: PageServerMessage): void {
    if (message.type === 'selection' && message.text !== null) this.#clipboard.seatHas(message.text);
    else if (message.type === 'failed' && this.#askedSize) {
      this.#askedSize = false;
      this.#sizeNews = { reason: SizeReason.thisClient, status: SizeStatus.invalid };
      this.offer();
    }
  }

  show(changed: DirtyTiles, scroll?: Scroll): void {
    if (changed.width !== this.#unseen.width || changed.height !== this.#unseen.height) return;
    const moves = scroll !== undefined && this.canScroll;
    this.#unseen.add(moves ? scroll.rest : changed);
    this.offer(moves ? scroll : undefined);
  }

  /** It has all of the picture, exactly, and an update that begins with CopyRect can go at once. */
  get canScroll(): boolean {
    return (
      this.#encodings.has(Encoding.copyRect) &&
      this.#hasRoom() &&
      this.#unseen.dirty === 0 &&
      this.#unseen.lossy === 0 &&
      this.#width === this.#unseen.width &&
      this.#height === this.#unseen.height
    );
  }

  /** It wants an update and has room for one. */
  #hasRoom(): boolean {
    if (this.#gone || this.#sending || !(this.#continuous || this.#requested)) return false;
    const queued = this.#stream.socket.writableLength;
    const fences = this.#encodings.has(Encoding.fence);
    return fences
      ? this.#window.hasRoom(performance.now()) && queued <= 4 * BUFFERED_MAX
      : queued <= BUFFERED_MAX;
  }

  showCursor(): void {
    this.#cursorUnseen = true;
    this.offer();
  }

  restart(): void {
    const { width, height } = this.#host.picture;
    this.#unseen = new DirtyTiles(width, height);
    this.#unseen.markAll();
    if (!this.#encodings.has(Encoding.extendedDesktopSize) && !this.#encodings.has(Encoding.desktopSize)) {
      this.end('its client cannot follow the new size');
      return;
    }
    const reason = this.#askedSize ? SizeReason.thisClient : SizeReason.server;
    this.#askedSize = false;
    this.#sizeNews = { reason, status: SizeStatus.done };
    this.offer();
  }

  end(reason: string): void {
    if (this.#gone) return;
    this.#leave(reason);
    this.#stream.socket.end();
    setTimeout(() => this.#socket.destroy(), LINGER_MS).unref();
  }

  // ---- the client's words

  pixelFormat(fields: PixelFormatFields): void {
    const format = PixelFormat.of(fields);
    if (format === undefined) throw new RfbRefusal('a pixel format without true colour, or of other sizes');
    this.#format = format;
    this.#cursorUnseen = true;
    this.#unseen.markAll();
  }

  encodings(encodings: number[]): void {
    this.#encodings = new Set(encodings);
    this.#encoder.encoding = encodings.find((encoding) => codings.has(encoding)) ?? Encoding.raw;
    const level = encodings.find((e) => e >= Encoding.qualityLowest && e <= Encoding.qualityHighest);
    this.#encoder.quality = level === undefined ? undefined : qualities[level - Encoding.qualityLowest]!;
    this.#cursorUnseen = true;
    if (this.#encodings.has(Encoding.extendedDesktopSize))
      this.#sizeNews = { reason: SizeReason.server, status: SizeStatus.done };
    if (this.#encodings.has(Encoding.qemuKeys)) this.#qemuNews = true;
    this.#clipboard.setExtended(this.#encodings.has(Encoding.extendedClipboard));
    if (this.#encodings.has(Encoding.fence) && !this.#toldFence) {
      this.#toldFence = true;
      this.#write(fenceMessage(Fence.request, Buffer.alloc(0)));
    }
    if (this.#encodings.has(Encoding.continuousUpdates) && !this.#toldContinuous) {
      this.#toldContinuous = true;
      this.#write(Buffer.of(ServerMessage.endOfContinuousUpdates));
    }
    this.offer();
  }

  updateRequest({ incremental, x, y, width, height }: Area): void {
    if (incremental === 0) {
      const all = new Uint8Array(this.#unseen.boxes.length).fill(1);
      const right = Math.min(x + width, this.#unseen.width);
      const bottom = Math.min(y + height, this.#unseen.height);
      if (right > x && bottom > y) this.#unseen.markRectangle(x, y, right - x, bottom - y, all);
    }
    this.#requested = true;
    this.offer();
    this.#host.settled();
  }

  continuousUpdates(enable: boolean): void {
    if (this.#continuous && !enable) this.#write(Buffer.of(ServerMessage.endOfContinuousUpdates));
    this.#continuous = enable;
    this.offer();
    this.#host.settled();
  }

  key(keysym: number, down: boolean, scanCode: number | undefined): void {
    if (!this.#acts()) return;
    if (scanCode === undefined) this.#keyboard.keysym(keysym, down);
    else this.#keyboard.scanCode(scanCode, keysym, down);
  }

  pointer(buttons: number, x: number, y: number): void {
    if (this.#acts()) this.#pointer.event(buttons, x, y, this.#width, this.#height);
  }

  cutText(text: string): void {
    this.#clipboard.pasted(text);
  }

  clipboard(word: ClipboardWord): void {
    this.#clipboard.said(word);
  }

  fence(flags: number, payload: Buffer): void {
    if (flags & Fence.request) {
      const known = Fence.blockBefore | Fence.blockAfter | Fence.syncNext;
      this.#write(fenceMessage(flags & known, payload));
      return;
    }
    if (payload.length !== FENCE_PAYLOAD) return;
    if (!this.#window.acknowledge(payload.readUInt32BE(), 0, performance.now()))
      throw new RfbRefusal('an answer to no fence of ours');
    this.offer();
    this.#host.settled();
  }

  setDesktopSize(width: number, height: number): void {
    if (width === this.#unseen.width && height === this.#unseen.height) {
      this.#sizeNews = { reason: SizeReason.thisClient, status: SizeStatus.done };
      this.offer();
      return;
    }
    this.#askedSize = true;
    this.#host.request(this, { type: 'setMode', width, height });
  }

  // ---- updates

  /** Sends what is unseen if the client wants it and has room. */
  offer(scroll?: Scroll): void {
    if (!this.#hasRoom()) return;
    const news = this.#news();
    let exact = false;
    if (news.length === 0 && this.#unseen.dirty === 0 && scroll === undefined) {
      exact = this.#markRefinement();
      if (!exact) return;
    }
    // The client learns of a new size first; the pixels of that size follow in the next update.
    const rectangles =
      this.#width === this.#unseen.width && this.#height === this.#unseen.height
        ? encodeUnseen(this.#unseen, this.#host.picture, this.#encoder, this.#format, exact)
        : [];
    this.#width = this.#unseen.width;
    this.#height = this.#unseen.height;
    if (scroll !== undefined) rectangles.unshift(copyRectangle(scroll));
    this.#sending = true;
    this.#requested = false;
    void this.#send(news, rectangles, this.#encodings.has(Encoding.fence));
  }

  async #send(news: Buffer[], rectangles: EncodedRectangle[], fences: boolean): Promise<void> {
    const parts: Buffer[] = [];
    for (const { head, encoded } of rectangles) parts.push(head, ...(await compressed(encoded.parts)));
    this.#sending = false;
    if (this.#gone) return;
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
    if (this.#unseen.lossy > 0 && !this.#gone)
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

  /** Pseudo-rectangles that are due. */
  #news(): Buffer[] {
    const news: Buffer[] = [];
    const resized = this.#width !== this.#unseen.width || this.#height !== this.#unseen.height;
    if (this.#encodings.has(Encoding.extendedDesktopSize)) {
      if (this.#sizeNews !== undefined) news.push(this.#sizeRectangle(this.#sizeNews));
    } else if (resized)
      news.push(
        rectangle.write({
          width: this.#unseen.width,
          height: this.#unseen.height,
          encoding: Encoding.desktopSize,
        }),
      );
    this.#sizeNews = undefined;
    if (this.#qemuNews) {
      this.#qemuNews = false;
      news.push(rectangle.write({ encoding: Encoding.qemuKeys }));
    }
    const withAlpha = this.#encodings.has(Encoding.cursorWithAlpha);
    if (this.#cursorUnseen && (withAlpha || this.#encodings.has(Encoding.cursor)))
      news.push(cursorRectangle(this.#host.cursor, this.#format, withAlpha));
    this.#cursorUnseen = false;
    return news;
  }

  #sizeRectangle({ reason, status }: { reason: number; status: number }): Buffer {
    const { width, height } = this.#unseen;
    return Buffer.concat([
      rectangle.write({ x: reason, y: status, width, height, encoding: Encoding.extendedDesktopSize }),
      screenCount.write({ screens: 1 }),
      screen.write({ id: 1, width, height }),
    ]);
  }

  // ----

  #acts(): boolean {
    if (!this.drives || !this.#host.floor.isFor(this)) return false;
    this.#host.touched(this);
    return true;
  }

  #write(...parts: Buffer[]): void {
    if (!this.#gone) this.#stream.socket.write(parts.length === 1 ? parts[0]! : Buffer.concat(parts));
  }

  #leave(reason: string): void {
    if (this.#gone) return;
    this.#gone = true;
    clearTimeout(this.#refine);
    this.#encoder.close();
    this.#host.input.releaseAll(this);
    this.#host.left(this, reason);
  }
}

function copyRectangle({ x, y, width, height, fromY }: Scroll): EncodedRectangle {
  const head = rectangle.write({ x, y, width, height, encoding: Encoding.copyRect });
  return { head, encoded: { parts: [{ bytes: copySource.write({ x, y: fromY }) }], lossy: false } };
}

function fenceMessage(flags: number, payload: Buffer): Buffer {
  return Buffer.concat([
    Buffer.of(ServerMessage.fence),
    fence.write({ flags: flags >>> 0, length: payload.length }),
    payload,
  ]);
}
