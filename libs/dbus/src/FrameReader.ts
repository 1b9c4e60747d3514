import type { Fd, Socket } from '@switchyard/sys';
import { ProtocolError } from './DBusError.js';
import { Frame } from './Frame.js';
import { maximumFds } from './Writer.js';

/** One read takes at most this: two messages of 64 KiB with their headers; larger ones were not faster (docs/bus.md, "Speed"). */
const readSize = 130 * 1024;
/**
 * A message's first buffer when it did not come in one read is at most so long; it doubles as bytes come, so that a
 * length alone costs nothing: memory that is not written to is not there yet.
 */
const firstPartialSize = 1024 * 1024;
/** Up to this a buffer serves the next long message as well, whosever it is, for as long. */
const keptPartialSize = 4 * 1024 * 1024;
const keptFor = 2000;

/** All connections of a process read into one buffer: what is whole in it is handled at once. */
const shared = Buffer.allocUnsafeSlow(readSize);
/** And parse into one frame: a message is handled before the next is looked at, whosever it is. */
const frame = new Frame();

let spare: Buffer | undefined;
let spareTimer: NodeJS.Timeout | undefined;

function takeBuffer(size: number): Buffer {
  if (!spare || spare.length < size || spare.length > 2 * size) return Buffer.allocUnsafeSlow(size);
  const taken = spare;
  spare = undefined;
  return taken;
}

function giveBuffer(buffer: Buffer): void {
  if (buffer.length > keptPartialSize || buffer.length < readSize) return;
  spare = buffer;
  if (spareTimer === undefined)
    spareTimer = setTimeout(() => {
      spare = undefined;
      spareTimer = undefined;
    }, keptFor).unref();
}

/** What comes before the first message: SASL. Says how many bytes it used. */
export type Prelude = { feed(bytes: Uint8Array): number; readonly done: boolean };

/**
 * Cuts a socket's byte stream into messages and gives each the fds that came with it. Messages that lie whole
 * in a read are handled in place; only one that is cut off is gathered in a buffer of its own.
 */
export class FrameReader {
  readonly #socket: Socket;
  readonly #onFrame: (frame: Frame, fds: Fd[]) => void;
  #prelude: Prelude | undefined;
  /** fds that came, of messages that are not whole yet. */
  #fds: Fd[] = [];
  #partial: Buffer | undefined;
  #partialLength = 0;
  /** The length of the message in `#partial`, 0 while unknown. */
  #partialNeeds = 0;
  readonly #mayHold: (before: number, now: number) => boolean;
  #stopped = false;
  #holding = false;
  /** What the read had behind the message that is held. */
  #rest: Buffer | undefined;

  /**
   * `onFrame` owns the fds and may use the frame until it returns. `mayHold` decides whether the buffer of an
   * unfinished message may grow, and hears when it goes.
   */
  constructor(
    socket: Socket,
    prelude: Prelude | undefined,
    onFrame: (frame: Frame, fds: Fd[]) => void,
    mayHold: (before: number, now: number) => boolean = () => true,
  ) {
    this.#socket = socket;
    this.#prelude = prelude;
    this.#onFrame = onFrame;
    this.#mayHold = mayHold;
  }

  /** Reads once, at most `most` bytes. Returns bytes; 0 at the end of the stream, -1 when there is nothing now. Throws ProtocolError, and SystemError when the socket fails. */
  read(most = readSize): number {
    if (this.#partial) return this.#readPartial(this.#partial);
    const count = this.#socket.receive(shared, this.#fds, 0, Math.min(most, readSize));
    if (count > 0) this.#take(shared, count);
    return count;
  }

  /** fds that came and whose message is not whole yet. */
  get pendingFds(): number {
    return this.#fds.length;
  }

  /** From within `onFrame`: what follows waits until `resume`, and `read` must not be called until then. */
  hold(): void {
    this.#holding = true;
  }

  /** Handles what has waited; it may hold again. Throws ProtocolError. */
  resume(): void {
    this.#holding = false;
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest && !this.#stopped) this.#take(rest, rest.length);
  }

  /** Nothing is handled from now on; fds without a message are closed. */
  stop(): void {
    this.#stopped = true;
    this.#rest = undefined;
    for (const fd of this.#fds.splice(0)) fd.close();
    this.#setPartial(undefined);
  }

  #take(bytes: Buffer, count: number): void {
    let at = 0;
    if (this.#prelude) {
      at = this.#prelude.feed(bytes.subarray(0, count));
      if (this.#stopped) return;
      if (!this.#prelude.done) {
        if (this.#fds.length > 0) throw new ProtocolError('fds in the handshake');
        return;
      }
      this.#prelude = undefined;
    }
    while (at < count && !this.#stopped) {
      if (this.#holding) {
        this.#rest = Buffer.from(bytes.subarray(at, count));
        return;
      }
      const length = Frame.measure(bytes, at, count - at);
      if (length === 0 || length > count - at) {
        this.#keep(bytes, at, count, length);
        return;
      }
      this.#handle(bytes, at, length);
      at += length;
    }
    if (this.#fds.length > 0 && !this.#holding) throw new ProtocolError('fds without a message');
  }

  #handle(bytes: Buffer, at: number, length: number): void {
    frame.parse(bytes, at, length);
    if (frame.unixFds > this.#fds.length)
      throw new ProtocolError(`${frame.unixFds} fds announced, ${this.#fds.length} came`);
    this.#onFrame(frame, frame.unixFds === 0 ? [] : this.#fds.splice(0, frame.unixFds));
  }

  #keep(bytes: Buffer, at: number, end: number, length: number): void {
    if (this.#fds.length > maximumFds) throw new ProtocolError('more fds than a message may have');
    const size = Math.max(end - at, Math.min(length || 16, firstPartialSize));
    const partial = size < readSize ? Buffer.allocUnsafe(size) : takeBuffer(size);
    bytes.copy(partial, 0, at, end);
    this.#setPartial(partial);
    this.#partialLength = end - at;
    this.#partialNeeds = length;
  }

  /** Reads the rest of one message, and not a byte of the next. */
  #readPartial(partial: Buffer): number {
    const goal = this.#partialNeeds || 16;
    if (this.#partialLength === partial.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(goal, partial.length * 2));
      partial.copy(grown, 0, 0, this.#partialLength);
      this.#setPartial(grown);
      partial = grown;
    }
    const room = partial.subarray(this.#partialLength, Math.min(goal, partial.length));
    const count = this.#socket.receive(room, this.#fds);
    if (count <= 0) return count;
    this.#partialLength += count;
    if (this.#fds.length > maximumFds) throw new ProtocolError('more fds than a message may have');
    if (this.#partialNeeds === 0) this.#partialNeeds = Frame.measure(partial, 0, this.#partialLength);
    if (this.#partialNeeds > 0 && this.#partialLength === this.#partialNeeds) {
      this.#setPartial(undefined);
      this.#handle(partial, 0, this.#partialLength);
      giveBuffer(partial);
      if (!this.#stopped && !this.#holding && this.#fds.length > 0)
        throw new ProtocolError('fds without a message');
    }
    return count;
  }

  #setPartial(partial: Buffer | undefined): void {
    if (!this.#mayHold(this.#partial?.length ?? 0, partial?.length ?? 0))
      throw new ProtocolError('too many unfinished messages');
    this.#partial = partial;
  }
}
