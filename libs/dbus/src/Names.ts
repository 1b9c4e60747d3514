/** Specification, "Valid Names": every kind of name ends here. */
const maximumNameLength = 255;

const dot = 0x2e;
const dash = 0x2d;
const slash = 0x2f;
const colon = 0x3a;
const underscore = 0x5f;

const isDigit = (c: number) => c >= 0x30 && c <= 0x39;
const isLetter = (c: number) => (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a) || c === underscore;

/* The byte forms are on the broker's path of every message: no strings, no allocation. */

export function isPathBytes(bytes: Uint8Array, start: number, length: number): boolean {
  if (length === 0 || bytes[start] !== slash) return false;
  if (length === 1) return true;
  let previous = slash;
  for (let i = start + 1; i < start + length; i++) {
    const c = bytes[i]!;
    if (c === slash ? previous === slash : !isLetter(c) && !isDigit(c)) return false;
    previous = c;
  }
  return previous !== slash;
}

/** Interface and error names: two elements or more of [A-Za-z0-9_], none beginning with a digit. */
export function isInterfaceBytes(bytes: Uint8Array, start: number, length: number): boolean {
  return isDotted(bytes, start, length, false, false, 2);
}

export function isMemberBytes(bytes: Uint8Array, start: number, length: number): boolean {
  if (length === 0 || length > maximumNameLength) return false;
  if (!isLetter(bytes[start]!)) return false;
  for (let i = start + 1; i < start + length; i++) {
    const c = bytes[i]!;
    if (!isLetter(c) && !isDigit(c)) return false;
  }
  return true;
}

export function isBusNameBytes(bytes: Uint8Array, start: number, length: number): boolean {
  return length > 0 && bytes[start] === colon
    ? isUniqueNameBytes(bytes, start, length)
    : isDotted(bytes, start, length, true, false, 2);
}

/** The specification wants a dot in it; dbus-daemon takes what has none, and so do its clients. */
function isUniqueNameBytes(bytes: Uint8Array, start: number, length: number): boolean {
  if (length > maximumNameLength) return false;
  let isDot = false;
  for (let i = start + 1; i < start + length; i++) {
    const c = bytes[i]!;
    if (c === dot ? isDot : !isLetter(c) && !isDigit(c) && c !== dash) return false;
    isDot = c === dot;
  }
  return !isDot;
}

function isDotted(
  bytes: Uint8Array,
  start: number,
  length: number,
  dashes: boolean,
  leadingDigits: boolean,
  minimumElements: number,
): boolean {
  if (length === 0 || length > maximumNameLength) return false;
  let elements = 1;
  let first = true;
  for (let i = start; i < start + length; i++) {
    const c = bytes[i]!;
    if (c === dot) {
      if (first) return false;
      elements++;
      first = true;
      continue;
    }
    if (!isLetter(c) && !(dashes && c === dash) && !(isDigit(c) && (!first || leadingDigits))) return false;
    first = false;
  }
  return !first && elements >= minimumElements;
}

/** Valid names are remembered, since programs use the same few again and again; so many of each kind, then none. */
const remembered = 512;

function onText(check: (bytes: Uint8Array, start: number, length: number) => boolean) {
  const valid = new Set<string>();
  return (text: string): boolean => {
    if (valid.has(text)) return true;
    const bytes = Buffer.from(text, 'utf8');
    if (!check(bytes, 0, bytes.length)) return false;
    if (valid.size >= remembered) valid.clear();
    if (text.length <= maximumNameLength) valid.add(text);
    return true;
  };
}

export const isObjectPath = onText(isPathBytes);
export const isInterfaceName = onText(isInterfaceBytes);
export const isErrorName = isInterfaceName;
export const isMemberName = onText(isMemberBytes);
export const isBusName = onText(isBusNameBytes);

/** A name that a connection can own: a bus name that is not unique. */
export function isWellKnownName(text: string): boolean {
  return !text.startsWith(':') && isBusName(text);
}

/** A bus name, or one element of such: what `arg0namespace` takes. */
export function isNamespace(text: string): boolean {
  const bytes = Buffer.from(text, 'utf8');
  return text.startsWith(':')
    ? isUniqueNameBytes(bytes, 0, bytes.length)
    : isDotted(bytes, 0, bytes.length, true, false, 1);
}
