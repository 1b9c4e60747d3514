/** Linux's NAME_MAX, less what a number behind the name may take. */
const BYTES_MAX = 255 - 8;

/**
 * A browser's name for a file as one that is harmless here: no folders, no control characters, no leading dot or dash,
 * short enough for a directory.
 */
export function harmlessFileName(given: string): string {
  const last = given.split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .normalize('NFC')
    .replaceAll(/\p{Cc}|\p{Cf}|\p{Cs}/gu, '')
    .replace(/^[\s.-]+/, '')
    .trimEnd();
  return shortened(plain) || 'file';
}

/** By whole characters, the extension kept. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= BYTES_MAX) return name;
  const extension = /\.[A-Za-z0-9]{1,16}$/.exec(name)?.[0] ?? '';
  const room = BYTES_MAX - extension.length;
  let bytes = 0;
  let stem = '';
  for (const character of name.slice(0, name.length - extension.length)) {
    bytes += Buffer.byteLength(character);
    if (bytes > room) break;
    stem += character;
  }
  return stem + extension;
}
