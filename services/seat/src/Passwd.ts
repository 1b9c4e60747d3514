import { readFileSync } from 'node:fs';

/** What passwd(5) knows of a user. */
export interface PasswdEntry {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
  readonly home: string;
  readonly shell: string;
}

/** Undefined where nobody has the uid: a container without users. */
export function passwdEntry(uid: number): PasswdEntry | undefined {
  return find((entry) => entry.uid === uid);
}

export function passwdEntryNamed(name: string): PasswdEntry | undefined {
  return find((entry) => entry.name === name);
}

/** The user's name, or the number as text. */
export function userName(uid: number): string {
  return passwdEntry(uid)?.name ?? `${uid}`;
}

function find(wanted: (entry: PasswdEntry) => boolean): PasswdEntry | undefined {
  let text: string;
  try {
    text = readFileSync('/etc/passwd', 'utf8');
  } catch {
    return undefined;
  }
  for (const line of text.split('\n')) {
    const [name, , uid, gid, , home, shell] = line.split(':');
    if (!name || !uid || !gid) continue;
    // passwd(5): an empty shell is /bin/sh.
    const entry = { uid: Number(uid), gid: Number(gid), name, home: home || '/', shell: shell || '/bin/sh' };
    if (wanted(entry)) return entry;
  }
  return undefined;
}
