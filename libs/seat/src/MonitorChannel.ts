import { type Fd, fileStat, getSeals, Mapping, monotonicNow, Socket } from '@switchyard/sys';
import { type CursorName, cursorShapes } from './CursorShape.js';
import {
  attachMessage,
  CURSOR_DEFAULT,
  CURSOR_HIDDEN,
  CURSOR_SHAPES,
  CURSOR_SIZE_MAX,
  cursorMessage,
  DAMAGE_MAX,
  damageRectangle,
  detachMessage,
  FOURCC,
  flipDoneMessage,
  MONITOR,
  MONITOR_BUFFERS_MAX,
  MONITOR_PACKET_MAX,
  MONITOR_SIZE_MAX,
  MONITOR_STRIDE_MAX,
  type Mode,
  modeMessage,
  presentMessage,
} from './Monitor.js';

/** Packets handled in one turn, so that one session cannot keep the provider from its viewers. */
const PACKETS_PER_TURN = 32;

/** A session's buffer as the provider sees it: mapped read-only, and sealed so that it cannot shrink under us. */
export interface AttachedBuffer {
  readonly width: number;
  readonly height: number;
  readonly stride: number;
  readonly fourcc: number;
  /** Empty once the buffer is detached or the channel closed. */
  readonly bytes: Uint8Array;
}

export interface MonitorChannelEvents {
  /** `damage` is clipped to the buffer, `count` rectangles of (x, y, width, height), and reused for the next frame. */
  present(buffer: AttachedBuffer, damage: Int32Array, count: number): void;
  cursor(image: AttachedBuffer | CursorName, hotX: number, hotY: number): void;
  /** `wrong` says what the session did wrong; without it the channel was revoked or the session left. */
  closed(wrong?: string): void;
}

/** The session broke the rules of Monitor.ts. */
class WrongMessage extends Error {}

class MappedBuffer implements AttachedBuffer {
  constructor(
    readonly width: number,
    readonly height: number,
    readonly stride: number,
    readonly fourcc: number,
    readonly mapping: Mapping,
  ) {}
  get bytes(): Uint8Array {
    return this.mapping.bytes;
  }
}

/**
 * The provider's end of one monitor channel.
 *
 *   idle ──present──▶ presented ──flipDone()──▶ idle
 *     └──────── wrong message | revoked ────────▶ closed
 */
export class MonitorChannel implements Disposable {
  readonly session: string;
  readonly #socket: Socket;
  readonly #on: MonitorChannelEvents;
  readonly #buffers = new Map<number, MappedBuffer>();
  readonly #incoming = new Uint8Array(MONITOR_PACKET_MAX);
  readonly #view = new DataView(this.#incoming.buffer);
  readonly #fds: Fd[] = [];
  readonly #damage = new Int32Array(4 * DAMAGE_MAX);
  readonly #outgoing = new Uint8Array(Math.max(modeMessage.size, flipDoneMessage.size));
  readonly #outgoingView = new DataView(this.#outgoing.buffer);
  #mode: Mode;
  #modeOwed = true;
  #presented: number | undefined;
  #flipOwed = false;
  #closed = false;

  constructor(session: string, channel: Fd, mode: Mode, on: MonitorChannelEvents) {
    this.session = session;
    this.#mode = mode;
    this.#on = on;
    this.#socket = Socket.adopt(channel, 'seqpacket');
    this.#socket.watch({
      readable: () => this.#receive(),
      drained: () => this.#sendOwed(),
      failed: () => this.#end(),
    });
    this.#sendOwed();
  }

  get closed(): boolean {
    return this.#closed;
  }
  /** A frame waits for flipDone(). */
  get presented(): boolean {
    return this.#presented !== undefined && !this.#flipOwed;
  }

  setMode(mode: Mode): void {
    this.#mode = mode;
    this.#modeOwed = true;
    this.#sendOwed();
  }

  /** The outstanding frame is on the screen. Without one it does nothing. */
  flipDone(): void {
    if (this.#presented === undefined) return;
    this.#flipOwed = true;
    this.#sendOwed();
  }

  /** Leaves the channel; `closed` is not called. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
    for (const buffer of this.#buffers.values()) buffer.mapping.unmap();
    this.#buffers.clear();
    this.#closeFds();
  }
  [Symbol.dispose](): void {
    this.close();
  }

  #end(wrong?: string): void {
    if (this.#closed) return;
    this.#on.closed(wrong);
    this.close();
  }

  /** Mode and flip_done, as far as the kernel has room; for a session that does not read, what is newest is kept. */
  #sendOwed(): void {
    if (this.#closed) return;
    if (this.#modeOwed) {
      modeMessage.write(this.#outgoingView, 0, { type: MONITOR.MODE, ...this.#mode });
      if (!this.#trySend(modeMessage.size)) return;
      this.#modeOwed = false;
    }
    if (this.#flipOwed) {
      const view = this.#outgoingView;
      flipDoneMessage.set.type(view, 0, MONITOR.FLIP_DONE);
      flipDoneMessage.set.sequence(view, 0, this.#presented!);
      flipDoneMessage.set.time(view, 0, monotonicNow());
      if (!this.#trySend(flipDoneMessage.size)) return;
      this.#flipOwed = false;
      this.#presented = undefined;
    }
  }

  #trySend(length: number): boolean {
    try {
      return this.#socket.send(this.#outgoing.subarray(0, length));
    } catch {
      setImmediate(() => this.#end());
      return false;
    }
  }

  #receive(): void {
    try {
      for (let i = 0; i < PACKETS_PER_TURN && !this.#closed; i++) {
        const length = this.#socket.receive(this.#incoming, this.#fds);
        if (length < 0) break;
        if (length === 0) {
          this.#end();
          return;
        }
        if (this.#socket.lastTruncated) throw new WrongMessage('a packet longer than any message');
        this.#dispatch(length);
        if (this.#fds.length > 0) throw new WrongMessage('file descriptors where none belong');
      }
    } catch (error) {
      this.#closeFds();
      this.#end(error instanceof Error ? error.message : String(error));
    }
  }

  #dispatch(length: number): void {
    const view = this.#view;
    const type = length >= 4 ? attachMessage.get.type(view, 0) : 0;
    const size = requestSize(type);
    if (size === undefined) throw new WrongMessage(`a message of unknown type ${type}`);
    if (type === MONITOR.PRESENT ? length < size : length !== size) {
      throw new WrongMessage(`a message of type ${type} with ${length} bytes; it has ${size}`);
    }
    if (type === MONITOR.ATTACH) this.#attach(view);
    else if (type === MONITOR.DETACH) this.#detach(detachMessage.get.buffer(view, 0));
    else if (type === MONITOR.PRESENT) this.#present(view, length);
    else this.#cursor(view);
  }

  #attach(view: DataView): void {
    const { buffer: id, width, height, stride, fourcc, size } = attachMessage.read(view, 0);
    const fd = this.#fds.length === 1 ? this.#fds.pop() : undefined;
    if (!fd) throw new WrongMessage(`attach: one memfd belongs to it, not ${this.#fds.length}`);
    try {
      if (id === CURSOR_HIDDEN || id >= CURSOR_SHAPES) throw new WrongMessage(`attach: id ${id} is reserved`);
      if (this.#buffers.has(id)) throw new WrongMessage(`attach: buffer ${id} exists`);
      if (this.#buffers.size >= MONITOR_BUFFERS_MAX) {
        throw new WrongMessage(`attach: more than ${MONITOR_BUFFERS_MAX} buffers`);
      }
      if (fourcc !== FOURCC.XR24 && fourcc !== FOURCC.AR24) {
        throw new WrongMessage(`attach: format 0x${fourcc.toString(16)} is neither XR24 nor AR24`);
      }
      if (width < 1 || width > MONITOR_SIZE_MAX || height < 1 || height > MONITOR_SIZE_MAX) {
        throw new WrongMessage(`attach: ${width}×${height} is not within 1…${MONITOR_SIZE_MAX}`);
      }
      if (stride < width * 4 || stride > MONITOR_STRIDE_MAX || stride % 4 !== 0) {
        throw new WrongMessage(`attach: stride ${stride} does not fit a width of ${width}`);
      }
      const needed = stride * height;
      if (size < needed || fileStat(fd).size < needed) {
        throw new WrongMessage(`attach: the memfd is smaller than stride × height = ${needed} bytes`);
      }
      // Only then is reading from the mapping safe: no one can truncate it under us.
      if (!getSeals(fd).has('shrink'))
        throw new WrongMessage('attach: the memfd is not sealed against shrinking');
      this.#buffers.set(id, new MappedBuffer(width, height, stride, fourcc, Mapping.map(fd, needed)));
    } finally {
      fd.close();
    }
  }

  #detach(id: number): void {
    const buffer = this.#buffers.get(id);
    if (!buffer) throw new WrongMessage(`detach: there is no buffer ${id}`);
    this.#buffers.delete(id);
    buffer.mapping.unmap();
  }

  /** Hot: allocates nothing. */
  #present(view: DataView, length: number): void {
    const rectangles = presentMessage.get.rectangles(view, 0);
    if (rectangles > DAMAGE_MAX || length !== presentMessage.size + rectangles * damageRectangle.size) {
      throw new WrongMessage(`present: ${length} bytes do not hold ${rectangles} rectangles`);
    }
    if (this.#presented !== undefined) throw new WrongMessage('present: the frame before is outstanding');
    const buffer = this.#buffers.get(presentMessage.get.buffer(view, 0));
    if (!buffer) throw new WrongMessage('present: no such buffer');
    if (buffer.fourcc !== FOURCC.XR24) throw new WrongMessage('present: a frame has the format XR24');
    this.#presented = presentMessage.get.sequence(view, 0);
    const damage = this.#damage;
    if (rectangles === 0) {
      damage[0] = 0;
      damage[1] = 0;
      damage[2] = buffer.width;
      damage[3] = buffer.height;
      this.#on.present(buffer, damage, 1);
      return;
    }
    let count = 0;
    for (let i = 0, at = presentMessage.size; i < rectangles; i++, at += damageRectangle.size) {
      const x = damageRectangle.get.x(view, at);
      const y = damageRectangle.get.y(view, at);
      const left = Math.max(0, x);
      const top = Math.max(0, y);
      const width = Math.min(buffer.width, x + damageRectangle.get.width(view, at)) - left;
      const height = Math.min(buffer.height, y + damageRectangle.get.height(view, at)) - top;
      if (width <= 0 || height <= 0) continue;
      damage[4 * count] = left;
      damage[4 * count + 1] = top;
      damage[4 * count + 2] = width;
      damage[4 * count + 3] = height;
      count++;
    }
    this.#on.present(buffer, damage, count);
  }

  #cursor(view: DataView): void {
    const { buffer: id, hotX, hotY } = cursorMessage.read(view, 0);
    const name = nameOf(id);
    if (name) {
      this.#on.cursor(name, 0, 0);
      return;
    }
    const buffer = this.#buffers.get(id);
    if (!buffer) throw new WrongMessage(`cursor: there is no buffer ${id}`);
    if (buffer.fourcc !== FOURCC.AR24) throw new WrongMessage('cursor: a cursor has the format AR24');
    if (buffer.width > CURSOR_SIZE_MAX || buffer.height > CURSOR_SIZE_MAX) {
      throw new WrongMessage(`cursor: ${buffer.width}×${buffer.height} is larger than ${CURSOR_SIZE_MAX}`);
    }
    this.#on.cursor(buffer, hotX, hotY);
  }

  #closeFds(): void {
    for (const fd of this.#fds.splice(0)) fd.close();
  }
}

/** Bytes of a message from a session; present's rectangles come on top. */
function requestSize(type: number): number | undefined {
  switch (type) {
    case MONITOR.ATTACH:
      return attachMessage.size;
    case MONITOR.DETACH:
      return detachMessage.size;
    case MONITOR.PRESENT:
      return presentMessage.size;
    case MONITOR.CURSOR:
      return cursorMessage.size;
    default:
      return undefined;
  }
}

function nameOf(id: number): CursorName | undefined {
  if (id === CURSOR_HIDDEN) return 'hidden';
  return id === CURSOR_DEFAULT ? 'default' : cursorShapes[id - CURSOR_SHAPES];
}
