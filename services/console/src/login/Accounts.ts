import { readFileSync } from 'node:fs';

/** Of login.defs(5), UID_MIN and UID_MAX as Debian has them: people, and no services. */
const PEOPLE = { first: 1000, last: 59_999 };
const NO_SHELLS = /\/(nologin|false)$/;

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** What people call it; "" when that is not known. */
  readonly fullName: string;
  readonly home: string;
  readonly shell: string;
}

/** The machine's own users, who can log in; those of a directory service are known by their names only. */
export function people(path = '/etc/passwd'): Account[] {
  return all(path)
    .filter(({ uid, shell }) => uid >= PEOPLE.first && uid <= PEOPLE.last && !NO_SHELLS.test(shell))
    .sort((a, b) => a.name.localeCompare(b.name));
}

export function accountNamed(name: string, path = '/etc/passwd'): Account | undefined {
  return all(path).find((account) => account.name === name);
}

function all(path: string): Account[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [name, , uid, gid, comment, home, shell] = line.split(':');
      if (!name || uid === undefined || gid === undefined || home === undefined) return [];
      const fullName = comment?.split(',')[0] ?? '';
      return [{ name, uid: Number(uid), gid: Number(gid), fullName, home, shell: shell || '/bin/sh' }];
    });
}
