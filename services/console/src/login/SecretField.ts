import type { KeyModifiers, KeyPress } from '../KeyEncoder.js';
import { keysyms } from '../keysyms.js';

/** PAM_MAX_RESP_SIZE, without the NUL at its end. */
const LIMIT = 511;

/**
 * What is typed where nobody may look: kept as bytes in one place, and wiped when it is taken. (A key's own text is a
 * string of one character, which cannot be wiped.)
 */
export class SecretField {
  readonly #bytes = new Uint8Array(LIMIT);
  #length = 0;

  /** Characters. */
  get count(): number {
    let count = 0;
    for (let at = 0; at < this.#length; at++) if ((this.#bytes[at]! & 0xc0) !== 0x80) count++;
    return count;
  }

  /** Where what is typed may be seen. */
  get text(): string {
    return Buffer.from(this.#bytes.subarray(0, this.#length)).toString();
  }

  /** True when the key was for editing. */
  key({ keysym, text }: KeyPress, modifiers: KeyModifiers): boolean {
    if (keysym === keysyms.BackSpace) this.#back();
    else if (keysym === keysyms.Escape || (modifiers.control && (text === 'u' || text === 'U'))) this.clear();
    else if (modifiers.control || modifiers.alt || modifiers.meta || text < ' ' || text === '\x7f')
      return false;
    else this.#append(text);
    return true;
  }

  /** The bytes, which are the caller's to wipe; the field is empty. */
  take(): Uint8Array {
    const bytes = this.#bytes.slice(0, this.#length);
    this.clear();
    return bytes;
  }

  clear(): void {
    this.#bytes.fill(0);
    this.#length = 0;
  }

  #append(text: string): void {
    const more = Buffer.from(text);
    if (this.#length + more.length > LIMIT) return;
    this.#bytes.set(more, this.#length);
    this.#length += more.length;
    more.fill(0);
  }

  #back(): void {
    while (this.#length > 0) {
      const last = this.#bytes[--this.#length]!;
      this.#bytes[this.#length] = 0;
      if ((last & 0xc0) !== 0x80) return;
    }
  }
}
