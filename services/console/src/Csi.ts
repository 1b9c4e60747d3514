/** Parameters of one sequence. The emulator takes 32; longer ones are its own. */
const PARAMETER_LIMIT = 16;
/** A parameter's largest value; a larger one is the emulator's to clamp. */
const VALUE_LIMIT = 99_999;
const ESC = 0x1b;
const BRACKET = 0x5b;
const SEMICOLON = 0x3b;

/** A control sequence of the common form: `ESC [`, decimal parameters separated by semicolons, and a letter. */
export class Csi {
  /** As the emulator's handlers take them: one that is left out is 0, and there is at least one. */
  readonly params = new Int32Array(PARAMETER_LIMIT);
  length = 0;
  /** The letter. */
  final = 0;

  /** Hot. Reads one that begins at `at`; returns where it ends, or `at` when it is of another form, or not all there. */
  read(bytes: Uint8Array, at: number, end: number): number {
    if (at + 2 >= end || bytes[at] !== ESC || bytes[at + 1] !== BRACKET) return at;
    const { params } = this;
    let count = 0;
    let value = 0;
    for (let next = at + 2; next < end; next++) {
      const byte = bytes[next]!;
      const digit = byte - 0x30;
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        if (value > VALUE_LIMIT) return at;
      } else {
        if (count === PARAMETER_LIMIT) return at;
        params[count++] = value;
        value = 0;
        if (byte === SEMICOLON) continue;
        if (byte < 0x40 || byte > 0x7e) return at;
        this.length = count;
        this.final = byte;
        return next + 1;
      }
    }
    return at;
  }
}
