/** Room for the text of some dozen lines. One line that stays keeps it all: ten thousand such lines have 80 MB, which a program must aim at. */
const BLOCK_BYTES = 8 << 10;
/** Blocks without lines that are kept for the next text. */
const SPARE_LIMIT = 64;

/**
 * Where the text of deferred lines stands, one behind the other, so that it is copied by the kilobyte and not by the line. Blocks are
 * shared by all screens. Lines that the emulator drops without a word leave theirs to the collector:
 *
 *   current ──full──▶ kept by its lines ──the last one releases it──▶ spare ──▶ current
 *                            └──all are dropped──▶ collected
 */
export class TextBlock {
  /** A longer text would not find room in every block. */
  static readonly textLimit = BLOCK_BYTES / 4;
  static #current: TextBlock | undefined;
  static readonly #spare: TextBlock[] = [];

  /** A Buffer, as what is read from programs is: code that reads both sees one kind. */
  readonly bytes = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  #used = 0;
  #lines = 0;

  /** One with room for a text at least. */
  static withRoom(): TextBlock {
    const current = TextBlock.#current;
    if (current && current.room >= TextBlock.textLimit) return current;
    const next = TextBlock.#spare.pop() ?? new TextBlock();
    TextBlock.#current = next;
    if (current && current.#lines === 0) current.#keep();
    return next;
  }

  /** Where the next text goes. */
  get used(): number {
    return this.#used;
  }
  get room(): number {
    return BLOCK_BYTES - this.#used;
  }

  /** What lines hold already must not be put over. */
  put(bytes: Uint8Array, from: number, to: number, at: number): void {
    this.bytes.set(bytes.subarray(from, to), at);
    this.#used = at + to - from;
  }

  /** Hot. One more line has its text here. */
  hold(): void {
    this.#lines++;
  }

  /** Hot. One has it here no more. */
  release(): void {
    if (--this.#lines === 0 && this !== TextBlock.#current) this.#keep();
  }

  #keep(): void {
    this.#used = 0;
    if (TextBlock.#spare.length < SPARE_LIMIT) TextBlock.#spare.push(this);
  }
}
