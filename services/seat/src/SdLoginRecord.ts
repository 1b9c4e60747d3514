/** A file of sd-login(3): `KEY=value` lines, as systemd reads and writes them (env-file.c, and C escapes where it has them). */
export class SdLoginRecord {
  #text = '# This is private data. Do not parse.\n';

  /** Left out when undefined. */
  add(key: string, value: string | number | bigint | boolean | undefined): this {
    if (value === undefined) return this;
    const text = typeof value === 'boolean' ? (value ? '1' : '0') : `${value}`;
    this.#text += `${key}=${quote(text)}\n`;
    return this;
  }

  /** Left out when empty. */
  addText(key: string, value: string): this {
    return value === '' ? this : this.add(key, value);
  }

  /** For what strangers chose: control characters and all that is not ASCII become \\xHH. */
  addEscaped(key: string, value: string): this {
    return this.addText(key, escapeC(value));
  }

  toString(): string {
    return this.#text;
  }
}

/** In double quotes where a shell would need them; a value has no line breaks, or the next line would be another key. */
function quote(value: string): string {
  if (/^[A-Za-z0-9_@%+:,./-]*$/.test(value)) return value;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is them that must not get into the file
  const clean = value.replace(/[\x00-\x1f\x7f]/g, ' ');
  return `"${clean.replace(/["\\$`]/g, '\\$&')}"`;
}

function escapeC(value: string): string {
  let text = '';
  for (const byte of Buffer.from(value)) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x5c && byte !== 0x22;
    text += plain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return text;
}
