import { Field, type Frame } from '@switchyard/dbus';

const prefix = Buffer.from(':1.', 'latin1');
/** More digits than any connection will ever have. */
const maximumDigits = 15;

/** The peers that said Hello, by the N of their unique name ":1.N". Numbers are never given twice. */
export class PeerTable<Peer> {
  readonly #peers = new Map<number, Peer>();
  #next = 0;
  /** The most that there were at a time. */
  peak = 0;

  /** Gives the next unique name; the first is ":1.0". */
  add(peer: Peer): string {
    const name = this.nextName;
    this.#peers.set(this.#next++, peer);
    this.peak = Math.max(this.peak, this.#peers.size);
    return name;
  }

  /** The name that `add` gives next. */
  get nextName(): string {
    return `:1.${this.#next}`;
  }

  get size(): number {
    return this.#peers.size;
  }

  remove(uniqueName: string): void {
    this.#peers.delete(numberOf(Buffer.from(uniqueName, 'latin1'), 0, uniqueName.length));
  }

  get(uniqueName: string): Peer | undefined {
    return this.#peers.get(numberOf(Buffer.from(uniqueName, 'latin1'), 0, uniqueName.length));
  }

  /** The peer that a frame is for, if its destination is a unique name. Makes no string. Hot. */
  destination(frame: Frame): Peer | undefined {
    const start = frame.stringStart(Field.destination);
    return this.#peers.get(numberOf(frame.bytes, start, frame.stringLength(Field.destination)));
  }

  [Symbol.iterator](): IterableIterator<Peer> {
    return this.#peers.values();
  }
}

/** N of ":1.N" in its one spelling; -1 for anything else. */
function numberOf(bytes: Uint8Array, start: number, length: number): number {
  if (length <= prefix.length || length > prefix.length + maximumDigits) return -1;
  for (let i = 0; i < prefix.length; i++) if (bytes[start + i] !== prefix[i]) return -1;
  const first = start + prefix.length;
  if (bytes[first] === 0x30 && length > prefix.length + 1) return -1;
  let number = 0;
  for (let i = first; i < start + length; i++) {
    const digit = bytes[i]! - 0x30;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}
