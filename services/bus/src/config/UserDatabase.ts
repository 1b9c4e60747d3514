import { readFileSync } from 'node:fs';

export type User = { name: string; uid: number; gid: number };

/**
 * passwd(5) and group(5). What the files do not have is asked of getent(1), which also knows the users of other
 * databases; answers are kept, as a configuration names the same few again and again.
 */
export class UserDatabase {
  readonly #users = new Map<string, User | undefined>();
  readonly #groups = new Map<string, number | undefined>();

  /** A user by name or number; a number that nobody has is still a uid. */
  uid(text: string): number | undefined {
    return /^\d+$/.test(text) ? Number(text) : this.user(text)?.uid;
  }

  /** A group by name or number. */
  gid(text: string): number | undefined {
    if (/^\d+$/.test(text)) return Number(text);
    if (!this.#groups.has(text)) {
      const gid = find('group', text)?.[2];
      this.#groups.set(text, gid === undefined ? undefined : Number(gid));
    }
    return this.#groups.get(text);
  }

  /** By name, or by uid in digits. */
  user(text: string): User | undefined {
    if (!this.#users.has(text)) {
      const [name, , uid, gid] = find('passwd', text) ?? [];
      const user = gid === undefined ? undefined : { name: name!, uid: Number(uid), gid: Number(gid) };
      this.#users.set(text, user);
    }
    return this.#users.get(text);
  }
}

/** An entry's fields, by its name or its number. */
function find(database: 'passwd' | 'group', key: string): string[] | undefined {
  for (const line of textOf(`/etc/${database}`).split('\n')) {
    const fields = line.split(':');
    if (fields.length > 2 && (fields[0] === key || fields[2] === key)) return fields;
  }
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const asked = spawnSync('getent', [database, '--', key], { encoding: 'utf8' });
  const fields = (asked.stdout ?? '').trim().split(':');
  return fields.length > 2 ? fields : undefined;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // A container without the file: getent may know.
    return '';
  }
}
