import { mkdirSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { SystemError } from '@switchyard/sys';
import type { Client, ListeningSocket } from '@switchyard/wayland';
import type { Compositor } from '../Compositor.js';

/** Tried in turn, as libwayland does with its names. */
const maxDisplays = 32;

/** Where programs that come by themselves connect: `wayland-N` in the runtime directory, with the lowest N that is free. */
export function listenCommon(
  compositor: Compositor,
  directory: string,
): { listener: ListeningSocket; path: string } {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (let n = 0; n < maxDisplays; n++) {
    const path = join(directory, `wayland-${n}`);
    try {
      return {
        listener: compositor.display.listen(path, {
          mode: 0o700,
          onClient: (client) => compositor.admit(client),
        }),
        path,
      };
    } catch (error) {
      // A name that another server holds is no SystemError.
      if (error instanceof SystemError && error.code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error(`no free name among wayland-0…wayland-${maxDisplays - 1} in ${directory}`);
}

/** The socket of one session: whoever connects there belongs to it. */
export function listenSession(
  compositor: Compositor,
  directory: string,
  id: string,
  onClient: (client: Client) => void,
): { listener: ListeningSocket; path: string } {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, `${id}.wayland`);
  const listener = compositor.display.listen(path, {
    mode: 0o700,
    onClient: (client) => {
      compositor.admit(client);
      onClient(client);
    },
  });
  return { listener, path };
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
