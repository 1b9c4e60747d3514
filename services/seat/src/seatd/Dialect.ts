import { constants, readFileSync } from 'node:fs';
import { Fd, fileStat, pread } from '@switchyard/sys';

/**
 * Clients of libseat 0.8 and before wait for no answer to disable_seat and switch_session, and one confuses them for
 * good; later ones wait for it without end. Nothing in the protocol tells them apart.
 */
export type Dialect = '0.7' | '0.9';

/** A message of libseat that is gone since 0.9. */
const OLD_MARK = Buffer.from('Could not activate session');
/** libseat is 40…250 kB; whatever is larger is something else under its name. */
const LIBRARY_MAX = 4 * 1024 * 1024;
/** A compositor with hundreds of mappings has 100 kB of them. */
const MAPS_MAX = 4 * 1024 * 1024;
/** Versions of libseat on one machine: one, and one a container. */
const KNOWN_MAX = 64;

const known = new Map<string, Dialect>();

/** By the libseat that the client has mapped; the newer one when it has none (a client of its own making). */
export function dialectOf(pid: number): Dialect {
  try {
    const path = mappedLibrary(pid);
    return path === undefined ? '0.9' : dialectOfLibrary(`/proc/${pid}/root${path}`);
  } catch {
    // Ended meanwhile, or another user's whose memory is none of our business.
    return '0.9';
  }
}

function mappedLibrary(pid: number): string | undefined {
  // biome-ignore format: the columns of proc_pid_maps(5)
  const line = /^[0-9a-f]+-[0-9a-f]+ \S+ [0-9a-f]+ \S+ \d+ +(\/.*\/libseat\.so[^/\n]*)$/m;
  const maps = readFileSync(`/proc/${pid}/maps`, 'utf8');
  return maps.length > MAPS_MAX ? undefined : line.exec(maps)?.[1];
}

function dialectOfLibrary(path: string): Dialect {
  // Not to be held up by a fifo in its place.
  using fd = Fd.open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  const { mode, size, inode, device } = fileStat(fd);
  if ((mode & constants.S_IFMT) !== constants.S_IFREG || size > LIBRARY_MAX) return '0.9';
  const key = `${device.major}:${device.minor}:${inode}:${size}`;
  let dialect = known.get(key);
  if (dialect === undefined) {
    const bytes = Buffer.alloc(size);
    let read = 0;
    for (let count = -1; count !== 0 && read < size; read += count)
      count = pread(fd, bytes.subarray(read), read);
    dialect = bytes.includes(OLD_MARK) ? '0.7' : '0.9';
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(key, dialect);
  }
  return dialect;
}
