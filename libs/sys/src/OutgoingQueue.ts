import native from '@switchyard/native';

/** Small writes share a chunk; a full kernel buffer (208 KiB by default) takes seven in one sendmsg. */
const CHUNK_BYTES = 32 * 1024;
/** Chunks kept for reuse in the process: 2 MiB, what a busy compositor has queued at a time. */
const MAX_SPARE_CHUNKS = 64;

const spareChunks: Uint8Array[] = [];
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
 * Chunks come from a pool and go back to it, so small writes allocate nothing in the steady state. Hot.
 */
export class OutgoingQueue {
  readonly #chunks: Uint8Array[] = [];
  readonly #attachments: Attachment[] = [];
  /** Offset of the first queued byte in the first chunk. */
  #start = 0;
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

  /** Copies the bytes. The fds belong to the queue from now on; there must be bytes for them to leave with. */
  append(bytes: Uint8Array, fds: readonly number[] | undefined): void {
    if (fds) {
      this.#attachments.push({ position: this.#queued, fds });
      this.#fds += fds.length;
    }
    let end = this.#start + this.length;
    let from = 0;
    while (from < bytes.length) {
      const offset = end % CHUNK_BYTES;
      if (end === this.#chunks.length * CHUNK_BYTES)
        this.#chunks.push(spareChunks.pop() ?? new Uint8Array(CHUNK_BYTES));
      const chunk = this.#chunks[this.#chunks.length - 1]!;
      const count = Math.min(CHUNK_BYTES - offset, bytes.length - from);
      if (from === 0 && count === bytes.length) chunk.set(bytes, offset);
      else chunk.set(bytes.subarray(from, from + count), offset);
      from += count;
      end += count;
    }
    this.#queued += bytes.length;
  }

  /** Sends as much as the kernel takes. 0 when all has left, else -errno (-EAGAIN when the kernel is full). */
  flush(fd: number): number {
    while (this.length > 0) {
      const sent = this.#sendOnce(fd);
      if (sent < 0) return sent;
    }
    return 0;
  }

  #sendOnce(fd: number): number {
    const first = this.#attachments[0];
    const attached = first?.position === this.#sent ? first : undefined;
    const next = attached ? this.#attachments[1] : first;
    const length = (next?.position ?? this.#queued) - this.#sent;
    let count = 0;
    if (attached) for (const number of attached.fds) numbers[count++] = number;

    const end = this.#start + length;
    const chunks = Math.ceil(end / CHUNK_BYTES);
    const sent =
      chunks === 1
        ? native.send(fd, this.#chunks[0]!, this.#start, end, numbers, count)
        : native.sendChunks(
            fd,
            this.#chunks,
            chunks,
            this.#start,
            end - (chunks - 1) * CHUNK_BYTES,
            numbers,
            count,
          );
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
    while (this.#start >= CHUNK_BYTES) {
      recycle(this.#chunks.shift()!);
      this.#start -= CHUNK_BYTES;
    }
    if (this.length > 0) return;
    this.#start = 0;
    while (this.#chunks.length > 0) recycle(this.#chunks.pop()!);
  }

  /** Forgets everything and closes the fds. */
  clear(): void {
    for (const attachment of this.#attachments.splice(0)) closeAll(attachment.fds);
    this.#fds = 0;
    this.#drop(this.length);
  }
}

function recycle(chunk: Uint8Array): void {
  if (spareChunks.length < MAX_SPARE_CHUNKS) spareChunks.push(chunk);
}

function closeAll(fds: readonly number[]): void {
  for (const fd of fds) native.close(fd);
}
