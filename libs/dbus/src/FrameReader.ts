import { type Fd, SharedMemory, type Socket, takeTransit, transit } from '@switchyard/sys';
import { ProtocolError } from './DBusError.js';
import { Frame } from './Frame.js';
import { maximumFds } from './Writer.js';

/** One read takes at most this: two messages of 64 KiB with their headers; larger ones were not faster (docs/bus.md, "Speed"). */
const readSize = 130 * 1024;
/** Of a message that is cut off so much is put before the next read; more is gathered in a buffer of its own, since copying it again and again would cost more than it saves. */
const carriedSize = 8 * 1024;
/**
 * A gathered message’s first buffer is at most so long (a MiB and its header); it doubles as bytes come, so that a length alone costs
 * nothing: memory that is not written to is not there yet.
 */
const firstGatherSize = (1024 + 64) * 1024;
/** Buffers up to this, and so many of them, serve the next long messages as well, whosever they are, for as long. */
const keptGatherSize = 4 * 1024 * 1024;
const keptBuffers = 4;
const keptFor = 2000;

/** A read of a long message that gave less has emptied the socket: its sender gets time to fill it again. */
const longPart = 64 * 1024;

/** Where all connections of a process read to: what is whole there is handled at once. */
const inbox = takeTransit(readSize);
/** And parse into one frame: a message is handled before the next is looked at, whosever it is. */
const frame = new Frame();
/** Most messages have no fds. */
const noFds: Fd[] = [];

const spares: SharedMemory[] = [];
let spareTimer: NodeJS.Timeout | undefined;

/** It is the caller's until `giveBuffer`. */
function takeBuffer(size: number): Buffer {
  const found = spares.findIndex(({ bytes }) => bytes.length >= size && bytes.length <= 2 * size);
  if (found < 0) return new SharedMemory(size, keepSpare).bytes;
  const [memory] = spares.splice(found, 1);
  memory!.hold();
  return memory!.bytes;
}

/** Whoever else holds it (a queue that sends from it) may go on. */
function giveBuffer(buffer: Buffer): void {
  SharedMemory.of(buffer)?.release();
}

function keepSpare(memory: SharedMemory): void {
  if (memory.bytes.length > keptGatherSize || spares.length === keptBuffers) return;
  spares.push(memory);
  if (spareTimer === undefined)
    spareTimer = setTimeout(() => {
      spares.length = 0;
      spareTimer = undefined;
    }, keptFor).unref();
}

/** What comes before the first message: SASL. Says how many bytes it used. */
export type Prelude = { feed(bytes: Uint8Array): number; readonly done: boolean };

/**
 * Cuts a socket's byte stream into messages and gives each the fds that came with it. Messages that lie whole
 * in a read are handled in place. One that is cut off is carried over, or gathered when it is long:
 *
 *   read n    │ message │ message │ mess            │──▶ carried: 4 bytes
 *   read n+1  │ mess┆age │ message │ long message … │──▶ gathered: the rest of it is read into a buffer of its own
 *   read n+2  │ … the rest │ long message … │──▶ gathered from its first byte on, since it follows a long one
 */
export class FrameReader {
  readonly #socket: Socket;
  readonly #onFrame: (frame: Frame, fds: Fd[]) => void;
  #prelude: Prelude | undefined;
  /** fds that came, of messages that are not whole yet. */
  #fds: Fd[] = [];
  /** The beginning of a message, of which more is to come. */
  #partial: Buffer | undefined;
  #partialLength = 0;
  /** What the partial message is charged for. */
  #held = 0;
  /** Whether `#partial` has the room for the rest; it is then for the message alone. */
  #gathers = false;
  /** The length of the gathered message, 0 while unknown. */
  #gatherNeeds = 0;
  /** How long the next message is going to be, if it is like the last one; 0: not long. */
  #expects = 0;
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

  /**
   * Reads about `most` bytes at most, in several reads only where a long message comes in. Returns bytes; 0 at the end of the
   * stream, -1 when there is nothing now. Throws ProtocolError, and SystemError when the socket fails.
   */
  read(most = readSize): number {
    let total = 0;
    for (;;) {
      const wasGathering = this.#gathers;
      const count = this.#readOnce(most - total);
      if (count <= 0) return count < 0 && total > 0 ? total : count;
      total += count;
      if (total >= most || this.#stopped || this.#holding) return total;
      // The end of a long message is no turn of its own, and its next part is there if this one was long.
      const goesOn = this.#gathers ? count >= longPart : wasGathering;
      if (!goesOn) return total;
    }
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
    if (rest && !this.#stopped) this.#take(rest, 0, rest.length);
  }

  /** Nothing is handled from now on; fds without a message are closed. */
  stop(): void {
    this.#stopped = true;
    this.#rest = undefined;
    for (const fd of this.#fds.splice(0)) fd.close();
    this.#drop();
  }

  #readOnce(most: number): number {
    if (this.#gathers) return this.#gather(this.#partial!);
    return this.#expects > 0 && !this.#partial ? this.#readLong() : this.#readMany(most);
  }

  /** After a long message: the next one is read to where it can stay. */
  #readLong(): number {
    const buffer = takeBuffer(this.#expects);
    const count = this.#socket.receive(buffer, this.#fds, 0, this.#expects);
    const length = count > 0 ? Frame.measure(buffer, 0, count) : 0;
    if (length > readSize && length > count) {
      if (this.#fds.length > maximumFds) throw new ProtocolError('more fds than a message may have');
      this.#hold(Math.min(length, buffer.length));
      this.#gathers = true;
      this.#partial = buffer;
      this.#partialLength = count;
      this.#gatherNeeds = length;
      return count;
    }
    if (count > 0) {
      if (length <= readSize) this.#expects = 0;
      this.#take(buffer, 0, count);
    }
    giveBuffer(buffer);
    return count;
  }

  #readMany(most: number): number {
    const carried = this.#partial ? this.#partialLength : 0;
    if (carried > 0) this.#partial!.copy(transit, inbox, 0, carried);
    const start = inbox + carried;
    const end = Math.min(start + most, inbox + readSize);
    const count = this.#socket.receive(transit, this.#fds, start, end);
    if (count <= 0) return count;
    if (carried > 0) this.#drop();
    this.#take(transit, inbox, start + count);
    return count;
  }

  #take(bytes: Buffer, start: number, end: number): void {
    let at = start;
    if (this.#prelude) {
      at += this.#prelude.feed(bytes.subarray(at, end));
      if (this.#stopped) return;
      if (!this.#prelude.done) {
        if (this.#fds.length > 0) throw new ProtocolError('fds in the handshake');
        return;
      }
      this.#prelude = undefined;
    }
    while (at < end && !this.#stopped) {
      if (this.#holding) {
        this.#rest = Buffer.from(bytes.subarray(at, end));
        return;
      }
      const length = Frame.measure(bytes, at, end - at);
      if (length === 0 || length > end - at) {
        this.#keep(bytes, at, end, length);
        return;
      }
      this.#handle(bytes, at, length);
      at += length;
    }
    if (this.#fds.length > 0 && !this.#holding) throw new ProtocolError('fds without a message');
  }

  #handle(bytes: Buffer, at: number, length: number): void {
    frame.parse(bytes, at, length);
    const { unixFds } = frame;
    if (unixFds > this.#fds.length)
      throw new ProtocolError(`${unixFds} fds announced, ${this.#fds.length} came`);
    this.#onFrame(frame, unixFds === 0 ? noFds : this.#fds.splice(0, unixFds));
  }

  #keep(bytes: Buffer, at: number, end: number, length: number): void {
    if (this.#fds.length > maximumFds) throw new ProtocolError('more fds than a message may have');
    const there = end - at;
    this.#gathers = there > carriedSize || length > readSize;
    const size = this.#gathers ? Math.max(there, Math.min(length, firstGatherSize)) : there;
    this.#hold(size);
    this.#partial = this.#gathers ? takeBuffer(size) : Buffer.allocUnsafe(size);
    bytes.copy(this.#partial, 0, at, end);
    this.#partialLength = there;
    this.#gatherNeeds = length;
  }

  /** Reads the rest of one message, and not a byte of the next. */
  #gather(partial: Buffer): number {
    const goal = this.#gatherNeeds;
    if (this.#partialLength === partial.length) {
      const size = Math.min(goal, partial.length * 2);
      this.#hold(size);
      const grown = takeBuffer(size);
      partial.copy(grown, 0, 0, this.#partialLength);
      this.#partial = grown;
      partial = grown;
    }
    const count = this.#socket.receive(
      partial,
      this.#fds,
      this.#partialLength,
      Math.min(goal, partial.length),
    );
    if (count <= 0) return count;
    this.#partialLength += count;
    if (this.#fds.length > maximumFds) throw new ProtocolError('more fds than a message may have');
    if (this.#partialLength === goal) {
      this.#expects = goal > readSize ? Math.min(goal, firstGatherSize) : 0;
      this.#drop();
      this.#handle(partial, 0, goal);
      giveBuffer(partial);
      if (!this.#stopped && !this.#holding && this.#fds.length > 0)
        throw new ProtocolError('fds without a message');
    }
    return count;
  }

  #drop(): void {
    this.#partial = undefined;
    this.#gathers = false;
    this.#mayHold(this.#held, 0);
    this.#held = 0;
  }

  /** Asks for the room that a partial message is to have. */
  #hold(size: number): void {
    if (!this.#mayHold(this.#held, size)) throw new ProtocolError('too many unfinished messages');
    this.#held = size;
  }
}
