import { mkdirSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { SystemError } from '@switchyard/sys';
import type { Client, Display, ListeningSocket } from '@switchyard/wayland';

/** Tried in turn, as libwayland does with its names. */
const maxDisplays = 32;

/** Where programs that come by themselves connect: `wayland-N` in the runtime directory, with the lowest N that is free. */
export function listenCommon(
  display: Display,
  directory: string,
): { listener: ListeningSocket; path: string } {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (let n = 0; n < maxDisplays; n++) {
    const path = join(directory, `wayland-${n}`);
    try {
      return { listener: display.listen(path, { mode: 0o700 }), path };
    } catch (error) {
      // A name that another server holds is no SystemError.
      if (error instanceof SystemError && error.code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error(`no free name among wayland-0…wayland-${maxDisplays - 1} in ${directory}`);
}

/** The socket of one session: whoever connects there belongs to it. */
export function listenSession(
  display: Display,
  directory: string,
  id: string,
  onClient: (client: Client) => void,
): { listener: ListeningSocket; path: string } {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, `${id}.wayland`);
  return { listener: display.listen(path, { mode: 0o700, onClient }), path };
}

/** Removes the session sockets of a display that died. */
export function removeStaleSockets(directory: string): void {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    return;
  }
  for (const name of names) if (name.endsWith('.wayland')) unlinkSync(join(directory, name));
}
