import native from '@switchyard/native';
import { SharedMemory } from './SharedMemory.js';
import { takeTransitChunk, transit } from './Transit.js';

/** Small writes share a chunk; a full kernel buffer (208 KiB by default, 416 at most) takes seven to thirteen in one sendmsg. */
const CHUNK_BYTES = 32 * 1024;
/** More would be looked at in each call and not be taken. */
const CHUNKS_OF_A_CALL = 13;
/** Kept memory of which no more than a part of this is left is copied and given back: what waits is what is counted. */
const KEPT_FOR = 4;
/** Chunks beside the transit memory that are kept for the next long queues: 4 MiB, for as many milliseconds. */
const MAX_SPARE_CHUNKS = 128;
const SPARE_FOR = 2000;

/** Of a pool; `transitStart` is where it lies in the transit memory, -1 when it is memory of its own. */
interface Chunk {
  readonly bytes: Uint8Array;
  readonly transitStart: number;
}

/** In the transit memory, and beside it. */
const transitChunks: Chunk[] = [];
const spareChunks: Chunk[] = [];
let spareTimer: NodeJS.Timeout | undefined;
/** Numbers on their way to one sendmsg. */
const numbers = new Int32Array(253);

/** fds that must leave with the byte at this position of the stream. */
interface Attachment {
  readonly position: number;
  readonly fds: readonly number[];
}

/**
 * Bytes and fds that wait for a stream socket. The fds of a write leave with its first byte, never earlier or later:
 *
 *   chunks       [ . . . s s s q q q | q q q q F q q q | q q e . . . ]     . free   s sent   q queued
 *                        start ▲               ▲ attachment  ▲ end
 *   sendmsg              1st: q…q up to F, without fds;  2nd: F…e with the attachment's fds
 *
 * Chunks come from a pool and go back to it, so small writes allocate nothing in the steady state. Long writes may stay
 * where they lie, as a chunk of their own: `keep`. All chunks but the last are full. Hot.
 */
export class OutgoingQueue {
  readonly #chunks: Uint8Array[] = [];
  readonly #owners: (Chunk | SharedMemory)[] = [];
  readonly #attachments: Attachment[] = [];
  /** Offset of the first queued byte in the first chunk. */
  #start = 0;
  /** What the last chunk has room for. */
  #free = 0;
  /** Positions in the stream: of the first queued byte, and behind the last. */
  #sent = 0;
  #queued = 0;
  #fds = 0;

  /** Queued fds. */
  get fds(): number {
    return this.#fds;
  }

  /** Queued bytes. */
  get length(): number {
    return this.#queued - this.#sent;
  }

  /** Copies `bytes[start..end)`. The fds belong to the queue from now on; there must be bytes for them to leave with. */
  append(bytes: Uint8Array, fds: readonly number[] | undefined, start = 0, end = bytes.length): void {
    if (fds) {
      this.#attachments.push({ position: this.#queued, fds });
      this.#fds += fds.length;
    }
    let from = start;
    while (from < end) {
      if (this.#free === 0) this.#grow();
      const chunk = this.#owners[this.#owners.length - 1] as Chunk;
      const offset = CHUNK_BYTES - this.#free;
      const count = Math.min(this.#free, end - from);
      if (bytes === transit && chunk.transitStart >= 0)
        transit.copyWithin(chunk.transitStart + offset, from, from + count);
      else if (count === bytes.length) chunk.bytes.set(bytes, offset);
      else chunk.bytes.set(bytes.subarray(from, from + count), offset);
      from += count;
      this.#free -= count;
    }
    this.#queued += end - start;
  }

  /** Queues `bytes`, which lie in that memory, without copying them: nobody may change them from now on. */
  keep(bytes: Uint8Array, memory: SharedMemory): void {
    const last = this.#chunks.length - 1;
    if (this.#free > 0) this.#chunks[last] = this.#chunks[last]!.subarray(0, CHUNK_BYTES - this.#free);
    this.#free = 0;
    this.#chunks.push(bytes);
    this.#owners.push(memory);
    memory.hold();
    this.#queued += bytes.length;
  }

  /** Sends as much as the kernel takes. 0 when all has left, else -errno (-EAGAIN when the kernel is full). */
  flush(fd: number): number {
    while (this.length > 0) {
      const sent = this.#sendOnce(fd);
      if (sent >= 0) continue;
      this.#giveBackRest();
      return sent;
    }
    return 0;
  }

  /** Copies the rest of kept memory of which most has left. */
  #giveBackRest(): void {
    const memory = this.#owners[0];
    if (!(memory instanceof SharedMemory)) return;
    const rest = this.#chunks[0]!.subarray(this.#start);
    if (rest.length > memory.bytes.length / KEPT_FOR) return;
    const [chunks, owners] = [this.#chunks.splice(0), this.#owners.splice(0)];
    const queued = this.#queued;
    const free = chunks.length > 1 ? this.#free : 0;
    this.#start = this.#free = 0;
    this.append(rest, undefined);
    this.#queued = queued;
    if (this.#free > 0 && chunks.length > 1) {
      const last = this.#chunks.length - 1;
      this.#chunks[last] = this.#chunks[last]!.subarray(0, CHUNK_BYTES - this.#free);
    }
    if (chunks.length > 1) this.#free = free;
    this.#chunks.push(...chunks.slice(1));
    this.#owners.push(...owners.slice(1));
    memory.release();
  }

  #grow(): void {
    const chunk = transitChunks.pop() ?? newTransitChunk() ?? spareChunks.pop() ?? newChunk();
    this.#chunks.push(chunk.bytes);
    this.#owners.push(chunk);
    this.#free = CHUNK_BYTES;
  }

  #sendOnce(fd: number): number {
    const first = this.#attachments[0];
    const attached = first?.position === this.#sent ? first : undefined;
    const next = attached ? this.#attachments[1] : first;
    const length = (next?.position ?? this.#queued) - this.#sent;
    let count = 0;
    if (attached) for (const number of attached.fds) numbers[count++] = number;

    let last = 0;
    let there = this.#size(0) - this.#start;
    while (there < length && last + 1 < CHUNKS_OF_A_CALL) there += this.#size(++last);
    const end = this.#size(last) - Math.max(there - length, 0);
    const sent =
      last === 0
        ? native.send(fd, this.#chunks[0]!, this.#start, end, numbers, count)
        : native.sendChunks(fd, this.#chunks, last + 1, this.#start, end, numbers, count);
    if (sent < 0) return sent;
    if (attached) {
      this.#attachments.shift();
      this.#fds -= attached.fds.length;
      closeAll(attached.fds);
    }
    this.#drop(sent);
    return sent;
  }

  #drop(bytes: number): void {
    this.#sent += bytes;
    this.#start += bytes;
    while (this.#chunks.length > 1 && this.#start >= this.#chunks[0]!.length) {
      this.#start -= this.#chunks.shift()!.length;
      recycle(this.#owners.shift()!);
    }
    if (this.length > 0) return;
    // Positions stay small numbers, whatever goes through in a connection's life: V8 has others in memory of their own.
    this.#start = this.#free = this.#sent = this.#queued = 0;
    // One by one: an array that is cut off has to grow again.
    while (this.#chunks.pop()) recycle(this.#owners.pop()!);
  }

  /** The bytes of a chunk, those that have left included. */
  #size(index: number): number {
    const { length } = this.#chunks[index]!;
    return index === this.#chunks.length - 1 ? length - this.#free : length;
  }

  /** Forgets everything and closes the fds. */
  clear(): void {
    for (const attachment of this.#attachments.splice(0)) closeAll(attachment.fds);
    this.#fds = 0;
    this.#drop(this.length);
  }
}

/** undefined: all of the transit memory is in use. */
function newTransitChunk(): Chunk | undefined {
  const transitStart = takeTransitChunk(CHUNK_BYTES);
  if (transitStart < 0) return undefined;
  return { bytes: new Uint8Array(transit.buffer, transitStart, CHUNK_BYTES), transitStart };
}

function newChunk(): Chunk {
  return { bytes: Buffer.allocUnsafeSlow(CHUNK_BYTES), transitStart: -1 };
}

function recycle(chunk: Chunk | SharedMemory): void {
  if (chunk instanceof SharedMemory) chunk.release();
  else if (chunk.transitStart >= 0) transitChunks.push(chunk);
  else if (spareChunks.length < MAX_SPARE_CHUNKS) {
    spareChunks.push(chunk);
    if (spareTimer === undefined)
      spareTimer = setTimeout(() => {
        spareChunks.length = 0;
        spareTimer = undefined;
      }, SPARE_FOR).unref();
  }
}

function closeAll(fds: readonly number[]): void {
  for (const fd of fds) native.close(fd);
}
