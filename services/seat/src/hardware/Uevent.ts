/** What happened to a kernel device. */
export interface Uevent {
  /** `add`, `remove`, `change`, `move`, `bind`, `unbind`, `online`, `offline`. */
  readonly action: string;
  /** In sysfs, from its root on: `/devices/…`. */
  readonly devpath: string;
  readonly properties: ReadonlyMap<string, string>;
}

/** The kernel has 64 (UEVENT_NUM_ENVP). */
const PROPERTIES_MAX = 256;

/**
 * A message of the kernel, `ACTION@DEVPATH`, then `KEY=VALUE`, each ended by a NUL. Undefined when it is not like that,
 * or says two different things about itself.
 */
export function parseUevent(bytes: Uint8Array): Uevent | undefined {
  if (bytes.length === 0 || bytes[bytes.length - 1] !== 0) return undefined;
  const [header = '', ...pairs] = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length - 1)
    .toString('utf8')
    .split('\0');
  const at = header.indexOf('@');
  const action = header.slice(0, at);
  const devpath = header.slice(at + 1);
  if (at < 1 || !isDevpath(devpath) || pairs.length > PROPERTIES_MAX) return undefined;
  const properties = new Map<string, string>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals < 1) return undefined;
    properties.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  if (properties.get('ACTION') !== action || properties.get('DEVPATH') !== devpath) return undefined;
  return { action, devpath, properties };
}

/** An absolute path that does not lead out of where it is put. */
function isDevpath(path: string): boolean {
  return path.startsWith('/') && !path.split('/').some((part, i) => i > 0 && /^(|\.|\.\.)$/.test(part));
}
