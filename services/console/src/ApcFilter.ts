/** A command's longest body. Programs send pictures in parts of 4 kB; more than this is dropped. */
const BODY_LIMIT = 4 << 20;
const ESC = 0x1b;
const BEGIN = Buffer.from('\x1b_G');
const BEGIN_END = BEGIN.subarray(1);
const END = Buffer.from('\x1b\\');

/**
 * Takes application program commands of graphics (`ESC _ G … ESC \`), which the emulator's parser skips, out of the output.
 *
 *   text ──ESC _ G──▶ body ──ESC \──▶ text
 *
 * A beginning or an end that is split between two writes is kept for the next.
 */
export class ApcFilter {
  readonly #text: (bytes: Uint8Array) => void;
  readonly #command: (body: string) => void;
  #kept: Buffer | undefined;
  #body: Buffer[] | undefined;
  #length = 0;

  constructor(text: (bytes: Uint8Array) => void, command: (body: string) => void) {
    this.#text = text;
    this.#command = command;
  }

  /** It is in the middle of nothing. */
  get isIdle(): boolean {
    return this.#kept === undefined && this.#body === undefined;
  }

  write(bytes: Uint8Array): void {
    let rest = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (this.#kept) {
      rest = Buffer.concat([this.#kept, rest]);
      this.#kept = undefined;
    }
    while (rest.length > 0) rest = this.#body ? this.#inBody(rest) : this.#inText(rest);
  }

  #inText(rest: Buffer): Buffer {
    const at = beginning(rest);
    if (at >= 0) {
      if (at > 0) this.#text(rest.subarray(0, at));
      this.#body = [];
      this.#length = 0;
      return rest.subarray(at + BEGIN.length);
    }
    const tail = splitAtEnd(rest, BEGIN);
    if (tail > 0) this.#kept = Buffer.from(rest.subarray(rest.length - tail));
    if (rest.length > tail) this.#text(rest.subarray(0, rest.length - tail));
    return rest.subarray(rest.length);
  }

  #inBody(rest: Buffer): Buffer {
    const at = rest.indexOf(ESC);
    const part = at < 0 ? rest : rest.subarray(0, at);
    this.#length += part.length;
    if (this.#length <= BODY_LIMIT) this.#body!.push(Buffer.from(part));
    if (at < 0) return rest.subarray(rest.length);
    if (at + 1 === rest.length) {
      this.#kept = Buffer.from(rest.subarray(at));
      return rest.subarray(rest.length);
    }
    const body = this.#body!;
    this.#body = undefined;
    const ends = rest[at + 1] === END[1];
    if (ends && this.#length <= BODY_LIMIT) this.#command(Buffer.concat(body).toString('latin1'));
    // Any other sequence ends it as well, and is obeyed.
    return rest.subarray(ends ? at + END.length : at);
  }
}

/** Where a command begins, or -1. Looked for by the end of what begins it: escapes may be every fifth byte. */
function beginning(bytes: Buffer): number {
  let at = bytes.indexOf(BEGIN_END, 1);
  while (at >= 0 && bytes[at - 1] !== ESC) at = bytes.indexOf(BEGIN_END, at + 1);
  return at < 0 ? at : at - 1;
}

/** How many of the last bytes are the beginning of `pattern`, but not all of it. */
function splitAtEnd(bytes: Buffer, pattern: Buffer): number {
  for (let length = Math.min(pattern.length - 1, bytes.length); length > 0; length--) {
    if (bytes.subarray(bytes.length - length).equals(pattern.subarray(0, length))) return length;
  }
  return 0;
}
