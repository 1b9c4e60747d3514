/**
 * What goes between a service and the process in which PAM works, both ways:
 *
 *   u32  length of what follows, in the machine's byte order
 *   u8   kind
 *   …    text (UTF-8), or JSON
 *
 * Kinds 1…4 are PAM's own message styles, and written by native/src/pam.c; an answer has the kind of its question.
 */
export const frameKind = {
  hiddenQuestion: 1,
  shownQuestion: 2,
  error: 3,
  information: 4,
  /** JSON DialogueRequest, the first frame. */
  request: 16,
  /** JSON Verdict. */
  verdict: 17,
  /** JSON SessionProgram: open a session, and run this in it. */
  run: 18,
  /** JSON lines for a program that waits for them. */
  open: 21,
  /** JSON {pid} or {error}. */
  started: 19,
  /** JSON {status}. */
  ended: 20,
} as const;

const HEADER = 5;
/** The longest is an environment, in a run frame. */
export const FRAME_LIMIT = 1 << 20;

export interface Frame {
  readonly kind: number;
  readonly body: Buffer;
}

/** The caller wipes what is secret in it. */
export function encodeFrame(kind: number, body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(HEADER + body.length);
  // The helper runs on this machine.
  new Uint32Array(bytes.buffer, bytes.byteOffset, 1)[0] = body.length + 1;
  bytes[4] = kind;
  bytes.set(body, HEADER);
  return bytes;
}

export function encodeJson(kind: number, value: unknown): Buffer {
  return encodeFrame(kind, Buffer.from(JSON.stringify(value)));
}

/** Takes bytes as they come and gives whole frames. Throws RangeError for one that is too long. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  *feed(bytes: Buffer): Generator<Frame> {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (;;) {
      if (this.#rest.length < HEADER) return;
      const length = new Uint32Array(Uint8Array.prototype.slice.call(this.#rest, 0, 4).buffer)[0]!;
      if (length < 1 || length > FRAME_LIMIT) throw new RangeError(`a frame of ${length} bytes`);
      if (this.#rest.length < 4 + length) return;
      const frame = { kind: this.#rest[4]!, body: this.#rest.subarray(HEADER, 4 + length) };
      this.#rest = this.#rest.subarray(4 + length);
      yield frame;
    }
  }
}
