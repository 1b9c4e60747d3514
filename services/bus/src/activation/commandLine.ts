/** dbus-daemon's words. */
const unclosed = 'Unclosed quotes in command line';

/**
 * Cuts a command line into words as a shell does: '…' as it stands, "…" with \ before $ ` " \ and newline, \ before
 * anything outside, # to the end of the line a comment. No variables, no globs. Throws Error.
 */
export function splitCommandLine(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < text.length) {
    const c = text[at++]!;
    if (c === "'") {
      const end = text.indexOf("'", at);
      if (end < 0) throw new Error(unclosed);
      word = (word ?? '') + text.slice(at, end);
      at = end + 1;
    } else if (c === '"') {
      word ??= '';
      for (;;) {
        if (at >= text.length) throw new Error(unclosed);
        const inside = text[at++]!;
        if (inside === '"') break;
        if (inside === '\\' && /[$`"\\\n]/.test(text[at] ?? '')) word += text[at++]!;
        else word += inside;
      }
    } else if (c === '\\') {
      if (at >= text.length) throw new Error('the command ends in a \\');
      const escaped = text[at++]!;
      if (escaped !== '\n') word = (word ?? '') + escaped;
    } else if (/\s/.test(c)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (c === '#' && word === undefined) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else word = (word ?? '') + c;
  }
  if (word !== undefined) words.push(word);
  return words;
}
