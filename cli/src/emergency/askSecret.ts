/** PAM takes no more. */
const LIMIT = 511;

/** A line that is typed on the terminal and not seen there. The bytes are the caller's to wipe. */
export function askSecret(question: string): Promise<Uint8Array> {
  const { stdin, stdout } = process;
  // Before anybody is asked: what is typed then is seen no more.
  stdin.setRawMode(true);
  stdin.resume();
  stdout.write(question);
  return new Promise((resolve) => {
    const bytes = new Uint8Array(LIMIT);
    let length = 0;
    const hear = (chunk: Buffer) => {
      for (const byte of chunk) {
        if (byte === 0x0d || byte === 0x0a || byte === 0x03 || byte === 0x04) {
          stdin.off('data', hear);
          stdin.setRawMode(false);
          stdout.write('\n');
          resolve(bytes.slice(0, byte === 0x03 ? 0 : length));
          bytes.fill(0);
          return;
        }
        if (byte === 0x15) length = 0;
        else if (byte === 0x7f || byte === 0x08) length = beforeLast(bytes, length);
        else if (length < LIMIT) bytes[length++] = byte;
      }
      chunk.fill(0);
    };
    stdin.on('data', hear);
  });
}

/** Without the last character, of which UTF-8 has up to four bytes. */
function beforeLast(bytes: Uint8Array, length: number): number {
  let end = Math.max(0, length - 1);
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return end;
}
