import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a link is good for: to see the seat and act on it, or only to see it. */
export type Role = 'drive' | 'watch';

/** Whose link a browser came by. */
export interface Access {
  /** The share's name; '' is the seat's own token. */
  readonly share: string;
  readonly role: Role;
  /** SHA-256 of the token. */
  readonly digest: Buffer;
}

export interface Share extends Access {
  /** Milliseconds since 1970. */
  readonly created: number;
}

/** Links at once: they are handed to people, not to a crowd. */
const SHARES_MAX = 64;
const TOKEN_BYTES = 32;
const NAME_FORM = /^[A-Za-z0-9_-]{1,32}$/;

/**
 * Links to the seat beside its own: each has a token of its own and can be revoked. `state/web-shares.json` keeps the
 * tokens' digests, so a link can be shown once only, when it is made.
 */
export class Shares {
  readonly #path: string;
  readonly #directory: string;
  readonly #shares = new Map<string, Share>();

  constructor(stateDirectory: string) {
    this.#directory = stateDirectory;
    this.#path = join(stateDirectory, 'web-shares.json');
    for (const { name, role, created, digest } of readRows(this.#path))
      this.#shares.set(name, { share: name, role, created, digest: Buffer.from(digest, 'hex') });
  }

  get all(): Share[] {
    return [...this.#shares.values()];
  }

  get(name: string): Share | undefined {
    return this.#shares.get(name);
  }

  /** The share that has this token; all are compared, each in constant time. */
  find(token: string): Share | undefined {
    const digest = createHash('sha256').update(token).digest();
    let found: Share | undefined;
    for (const share of this.#shares.values()) if (timingSafeEqual(share.digest, digest)) found = share;
    return found;
  }

  /** A new link's token. Throws when the name is taken or is none, or there are too many. `''` gets a free name. */
  add(name: string, role: Role): { name: string; token: string } {
    let free = name;
    for (let n = 1; free === ''; n++) if (!this.#shares.has(`${role}-${n}`)) free = `${role}-${n}`;
    if (!NAME_FORM.test(free)) throw new Error('a share’s name is 1 to 32 letters, digits, - and _');
    if (this.#shares.has(free)) throw new Error(`there is a share ${free} already; revoke it first`);
    if (this.#shares.size >= SHARES_MAX) throw new Error(`there are ${SHARES_MAX} shares; revoke one first`);
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const digest = createHash('sha256').update(token).digest();
    this.#shares.set(free, { share: free, role, created: Date.now(), digest });
    this.#write();
    return { name: free, token };
  }

  /** False when there is none of that name. */
  revoke(name: string): boolean {
    if (!this.#shares.delete(name)) return false;
    this.#write();
    return true;
  }

  #write(): void {
    const rows = this.all.map(({ share, role, created, digest }) => ({
      name: share,
      role,
      created,
      digest: digest.toString('hex'),
    }));
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    writeFileSync(`${this.#path}.new`, `${JSON.stringify(rows, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${this.#path}.new`, this.#path);
  }
}

interface Row {
  name: string;
  role: Role;
  created: number;
  digest: string;
}

/** What is damaged counts for nothing: a link that cannot be read is one that lets nobody in. */
function readRows(path: string): Row[] {
  let rows: unknown;
  try {
    rows = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return [];
  }
  if (!Array.isArray(rows)) return [];
  return rows.filter(
    (row: Row | null) =>
      row !== null &&
      NAME_FORM.test(row.name) &&
      (row.role === 'drive' || row.role === 'watch') &&
      Number.isFinite(row.created) &&
      /^[0-9a-f]{64}$/.test(row.digest),
  );
}
