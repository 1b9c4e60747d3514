import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The authorization protocol that every X server and client knows: who can read the file knows the cookie. */
export const cookieName = 'MIT-MAGIC-COOKIE-1';
const cookieBytes = 16;

/** The address family that stands for every host and display (Xauth.h: FamilyWild). */
const familyWild = 0xffff;

const suffix = '.xauthority';

/** Removes the files of sessions that are over: whose leader was killed removes nothing. A session has its `ID.ref` there. */
export function sweepAuthorities(directory: string): void {
  for (const name of readdirSync(directory).filter((one) => one.endsWith(suffix)))
    if (!existsSync(join(directory, `${name.slice(0, -suffix.length)}.ref`)))
      rmSync(join(directory, name), { force: true });
}

/** Who may connect to one X server: the readers of a file that is there as long as the server is. */
export class XAuthority implements Disposable {
  readonly path: string;
  readonly cookie = randomBytes(cookieBytes);

  /** Makes the file, for this user alone. */
  constructor(path: string) {
    this.path = path;
    rmSync(path, { force: true });
    writeFileSync(path, this.#entry(), { mode: 0o600, flag: 'wx' });
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { force: true });
  }

  /** An entry as libXau reads it: u16 family, then address, display, name and data, each a u16 length and bytes; big endian. */
  #entry(): Buffer {
    const family = Buffer.alloc(2);
    family.writeUInt16BE(familyWild);
    const counted = [Buffer.alloc(0), Buffer.alloc(0), Buffer.from(cookieName), this.cookie].flatMap(
      (bytes) => {
        const length = Buffer.alloc(2);
        length.writeUInt16BE(bytes.length);
        return [length, bytes];
      },
    );
    return Buffer.concat([family, ...counted]);
  }
}
