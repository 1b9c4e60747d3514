import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { SystemError } from '@switchyard/sys';
import type { Client, ListeningSocket } from '@switchyard/wayland';
import type { Compositor } from '../Compositor.js';

/** The runtime directory is its user's alone; sockets of sessions that are another's are here. */
const userSockets = '/run/switchyard-users';
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
  { directory, id, uid }: { directory: string; id: string; uid: number },
  onClient: (client: Client) => void,
): { listener: ListeningSocket; path: string } {
  const own = uid === process.getuid?.();
  if (own) mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = own
    ? join(directory, `${id}.wayland`)
    : join(userDirectory(uid), `${id}-${process.pid}.wayland`);
  const listener = compositor.display.listen(path, {
    mode: 0o700,
    onClient: (client) => {
      compositor.admit(client);
      onClient(client);
    },
  });
  if (!own) chownSync(path, uid, 0);
  return { listener, path };
}

/** A folder that another user may go into and only root may write, so that nobody puts something else in a socket's place. */
function userDirectory(uid: number): string {
  const path = join(userSockets, `${uid}`);
  mkdirSync(userSockets, { recursive: true, mode: 0o711 });
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chownSync(path, 0, primaryGroup(uid));
  chmodSync(path, 0o710);
  return path;
}

/** Without an entry in /etc/passwd nobody but root can go there. */
function primaryGroup(uid: number): number {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const fields = line.split(':');
    if (fields[2] === `${uid}`) return Number(fields[3]);
  }
  return 0;
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
