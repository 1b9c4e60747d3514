/** What udevd knows of a device: a file of its database in /run/udev/data. */
export interface UdevRecord {
  /** `ID_SEAT`, `ID_INPUT_KEYBOARD`, … */
  readonly properties: ReadonlyMap<string, string>;
  /** Those that it has now: of a device that was relabelled, older ones stay only as words (`G:`). */
  readonly tags: ReadonlySet<string>;
}

/** A printer with every property there is has 8 kB. */
const RECORD_MAX = 256 * 1024;

/** Lines of a letter, a colon and a value; undefined when there is too much of them. What is none is passed over. */
export function parseUdevRecord(text: string): UdevRecord | undefined {
  if (text.length > RECORD_MAX) return undefined;
  const properties = new Map<string, string>();
  const ever = new Set<string>();
  const current = new Set<string>();
  for (const line of text.split('\n')) {
    if (line[1] !== ':') continue;
    const value = line.slice(2);
    if (line[0] === 'G') ever.add(value);
    else if (line[0] === 'Q') current.add(value);
    else if (line[0] === 'E') {
      const equals = value.indexOf('=');
      if (equals > 0) properties.set(value.slice(0, equals), value.slice(equals + 1));
    }
  }
  // udevd before 247 has no word for current ones.
  return { properties, tags: current.size > 0 ? current : ever };
}
