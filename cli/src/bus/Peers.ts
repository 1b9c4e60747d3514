import { readFileSync } from 'node:fs';
import { type Connection, DBusError, type Variant } from '@switchyard/dbus';

/** A connection as far as the bus and /proc know it. */
export type Peer = { pid: number | undefined; uid: number | undefined; process: string; user: string };

/** Who is behind a name; without a process when the bus does not say. */
export async function peerOf(bus: Connection, name: string): Promise<Peer> {
  try {
    const [all] = await bus
      .proxy('org.freedesktop.DBus', '/org/freedesktop/DBus')
      .call('org.freedesktop.DBus', 'GetConnectionCredentials', 's', name);
    const credentials = all as Map<string, Variant>;
    const pid = credentials.get('ProcessID')?.value as number | undefined;
    const uid = credentials.get('UnixUserID')?.value as number | undefined;
    (credentials.get('ProcessFD')?.value as Disposable | undefined)?.[Symbol.dispose]();
    return { pid, uid, process: processName(pid), user: userName(uid) };
  } catch (error) {
    // It went between the list and the look.
    if (error instanceof DBusError) return { pid: undefined, uid: undefined, process: '', user: '' };
    throw error;
  }
}

export function processName(pid: number | undefined): string {
  try {
    return pid === undefined ? '' : readFileSync(`/proc/${pid}/comm`, 'utf8').trimEnd();
  } catch {
    return '';
  }
}

let users: Map<number, string> | undefined;

function userName(uid: number | undefined): string {
  if (uid === undefined) return '';
  users ??= readUsers();
  return users.get(uid) ?? String(uid);
}

function readUsers(): Map<number, string> {
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n').filter(Boolean);
    return new Map(lines.map((line) => line.split(':')).map(([name, , uid]) => [Number(uid), name!]));
  } catch {
    return new Map();
  }
}
