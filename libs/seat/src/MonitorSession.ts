import { type Fd, Socket } from '@switchyard/sys';
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
  flipDoneMessage,
  MONITOR,
  MONITOR_BUFFERS_MAX,
  MONITOR_PACKET_MAX,
  type Mode,
  modeMessage,
  presentMessage,
} from './Monitor.js';
import { MonitorBuffer, type MonitorImage } from './MonitorBuffer.js';

/** Premultiplied ARGB8888, tightly packed rows, at most 256×256. */
export interface CursorImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  readonly hotX: number;
  readonly hotY: number;
}

export interface MonitorSessionEvents {
  /** The first mode comes before anything can be presented; later ones ask for buffers of another size. */
  mode(mode: Mode): void;
  /** The frame is on screen since `time` (CLOCK_MONOTONIC, ns); all older buffers may be written again. */
  flipDone(sequence: number, time: bigint): void;
  /** Revoked, unplugged, or the provider found a message wrong. Nothing comes after it. */
  closed(): void;
}

interface Packet {
  readonly bytes: Uint8Array;
  readonly fds: Fd[];
}

/**
 * A session's end of one monitor channel.
 *
 *   waiting ──mode──▶ idle ──present──▶ presenting ──flip_done──▶ idle
 *      any state ──revoked | provider gone──▶ closed
 *
 * A channel lives from resume to pause: after it a new MonitorSession is made on the new channel, and buffers are
 * attached to that again.
 */
export class MonitorSession implements Disposable {
  readonly #socket: Socket;
  readonly #on: MonitorSessionEvents;
  readonly #incoming = new Uint8Array(MONITOR_PACKET_MAX);
  readonly #incomingView = new DataView(this.#incoming.buffer);
  readonly #frame = new Uint8Array(MONITOR_PACKET_MAX);
  readonly #frameView = new DataView(this.#frame.buffer);
  /** What the kernel had no room for, in order. At most one present and the attachments are in it. */
  readonly #outbox: Packet[] = [];
  readonly #buffers = new Set<number>();
  #nextBuffer = 1;
  #sequence = 0;
  #presenting = false;
  #mode: Mode | undefined;
  #cursorWaiting: CursorImage | CursorName | undefined;
  #closed = false;

  /** Takes the channel that TakeDevice or ResumeDevice gave. */
  constructor(channel: Fd, on: MonitorSessionEvents) {
    this.#on = on;
    this.#socket = Socket.adopt(channel, 'seqpacket');
    this.#socket.watch({
      readable: () => this.#receive(),
      drained: () => this.#drain(),
      failed: () => this.#end(),
    });
  }

  get mode(): Mode | undefined {
    return this.#mode;
  }
  get closed(): boolean {
    return this.#closed;
  }
  /** A frame is on its way to the screen: no other may be presented. */
  get presenting(): boolean {
    return this.#presenting;
  }

  /** Makes the buffer known to the provider and returns its id on this channel. Throws RangeError for a ninth. */
  attach(buffer: MonitorImage): number {
    if (this.#buffers.size >= MONITOR_BUFFERS_MAX) {
      throw new RangeError(
        `a monitor channel holds ${MONITOR_BUFFERS_MAX} buffers; detach one before attaching`,
      );
    }
    const id = this.#nextBuffer++;
    this.#buffers.add(id);
    const bytes = new Uint8Array(attachMessage.size);
    attachMessage.write(new DataView(bytes.buffer), 0, {
      type: MONITOR.ATTACH,
      buffer: id,
      width: buffer.width,
      height: buffer.height,
      stride: buffer.stride,
      fourcc: buffer.fourcc,
      size: buffer.size,
    });
    this.#send(bytes, this.#closed ? [] : [buffer.fd.dup()]);
    return id;
  }

  detach(id: number): void {
    if (!this.#buffers.delete(id)) return;
    const bytes = new Uint8Array(detachMessage.size);
    detachMessage.write(new DataView(bytes.buffer), 0, { type: MONITOR.DETACH, buffer: id });
    this.#send(bytes);
  }

  /**
   * Shows an attached buffer. `damage` holds `count` rectangles (x, y, width, height) that differ from the frame
   * before; 0 = all, and more than 64 become their bounding box. Returns the frame's sequence, or -1 when the
   * channel is closed. Hot: allocates nothing.
   */
  present(id: number, damage: Int32Array, count: number): number {
    if (this.#closed) return -1;
    if (!this.#mode) throw new Error('present: the monitor has not told its mode yet; wait for mode()');
    if (this.#presenting) throw new Error('present: a frame is outstanding; wait for flipDone()');
    this.#presenting = true;
    this.#sequence = (this.#sequence + 1) >>> 0;
    const view = this.#frameView;
    const rectangles = writeDamage(view, presentMessage.size, damage, count);
    presentMessage.set.type(view, 0, MONITOR.PRESENT);
    presentMessage.set.buffer(view, 0, id);
    presentMessage.set.sequence(view, 0, this.#sequence);
    presentMessage.set.rectangles(view, 0, rectangles);
    this.#send(this.#frame.subarray(0, presentMessage.size + rectangles * damageRectangle.size));
    return this.#sequence;
  }

  /** The pointer's picture, drawn by the provider where the pointer is. The pixels are copied before this returns. */
  setCursor(cursor: CursorImage | CursorName): void {
    if (this.#closed) return;
    if (this.#outbox.length > 0) {
      // Only the newest picture matters, and pictures come as fast as a pointer moves.
      this.#cursorWaiting =
        typeof cursor === 'string' ? cursor : { ...cursor, pixels: cursor.pixels.slice() };
      return;
    }
    if (typeof cursor === 'string') {
      this.#sendCursor(numberOf(cursor), 0, 0);
      return;
    }
    const { width, height } = cursor;
    if (!(width >= 1 && width <= CURSOR_SIZE_MAX && height >= 1 && height <= CURSOR_SIZE_MAX)) {
      throw new RangeError(`a cursor is 1…${CURSOR_SIZE_MAX} pixels wide and high, not ${width}×${height}`);
    }
    using buffer = MonitorBuffer.create(width, height, 'AR24');
    buffer.bytes.set(cursor.pixels.subarray(0, buffer.size));
    const id = this.attach(buffer);
    this.#sendCursor(id, cursor.hotX, cursor.hotY);
    this.detach(id);
  }

  /** Leaves the channel; `closed` is not called. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const packet of this.#outbox.splice(0)) for (const fd of packet.fds) fd.close();
    this.#socket.close();
  }
  [Symbol.dispose](): void {
    this.close();
  }

  #end(): void {
    if (this.#closed) return;
    this.close();
    this.#on.closed();
  }

  #receive(): void {
    while (!this.#closed) {
      let length: number;
      try {
        length = this.#socket.receive(this.#incoming);
      } catch {
        this.#end();
        return;
      }
      if (length < 0) return;
      if (length === 0 || !this.#dispatch(length)) {
        this.#end();
        return;
      }
    }
  }

  #dispatch(length: number): boolean {
    const view = this.#incomingView;
    if (length === modeMessage.size && modeMessage.get.type(view, 0) === MONITOR.MODE) {
      const { width, height, refresh, scale } = modeMessage.read(view, 0);
      this.#mode = { width, height, refresh, scale };
      this.#on.mode(this.#mode);
      return true;
    }
    if (length === flipDoneMessage.size && flipDoneMessage.get.type(view, 0) === MONITOR.FLIP_DONE) {
      const sequence = flipDoneMessage.get.sequence(view, 0);
      if (!this.#presenting || sequence !== this.#sequence) return false;
      this.#presenting = false;
      this.#on.flipDone(sequence, flipDoneMessage.get.time(view, 0));
      return true;
    }
    return false;
  }

  #sendCursor(buffer: number, hotX: number, hotY: number): void {
    const bytes = new Uint8Array(cursorMessage.size);
    cursorMessage.write(new DataView(bytes.buffer), 0, { type: MONITOR.CURSOR, buffer, hotX, hotY });
    this.#send(bytes);
  }

  #send(bytes: Uint8Array, fds: Fd[] = []): void {
    if (this.#closed) return;
    if (this.#outbox.length === 0 && this.#trySend(bytes, fds)) return;
    if (this.#closed) {
      for (const fd of fds) fd.close();
      return;
    }
    this.#outbox.push({ bytes: bytes.slice(), fds });
  }

  #drain(): void {
    for (let packet = this.#outbox[0]; packet; packet = this.#outbox[0]) {
      if (!this.#trySend(packet.bytes, packet.fds)) return;
      this.#outbox.shift();
    }
    const cursor = this.#cursorWaiting;
    this.#cursorWaiting = undefined;
    if (cursor) this.setCursor(cursor);
  }

  #trySend(bytes: Uint8Array, fds: Fd[]): boolean {
    try {
      return this.#socket.send(bytes, fds);
    } catch {
      // EPIPE: revoked. The news belongs to the event loop, not into the middle of the caller's drawing.
      setImmediate(() => this.#end());
      return false;
    }
  }
}

/** Writes at most 64 rectangles at `base` and returns how many; a longer list becomes its bounding box. */
function writeDamage(view: DataView, base: number, damage: Int32Array, count: number): number {
  const set = damageRectangle.set;
  if (count <= DAMAGE_MAX) {
    for (let i = 0, at = base; i < count; i++, at += damageRectangle.size) {
      set.x(view, at, damage[4 * i]!);
      set.y(view, at, damage[4 * i + 1]!);
      set.width(view, at, damage[4 * i + 2]!);
      set.height(view, at, damage[4 * i + 3]!);
    }
    return count;
  }
  let left = damage[0]!;
  let top = damage[1]!;
  let right = left + damage[2]!;
  let bottom = top + damage[3]!;
  for (let i = 1; i < count; i++) {
    const x = damage[4 * i]!;
    const y = damage[4 * i + 1]!;
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + damage[4 * i + 2]!);
    bottom = Math.max(bottom, y + damage[4 * i + 3]!);
  }
  set.x(view, base, left);
  set.y(view, base, top);
  set.width(view, base, right - left);
  set.height(view, base, bottom - top);
  return 1;
}

function numberOf(cursor: CursorName): number {
  if (cursor === 'hidden') return CURSOR_HIDDEN;
  return cursor === 'default' ? CURSOR_DEFAULT : CURSOR_SHAPES + cursorShapes.indexOf(cursor);
}
