import { spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { SeatEvents } from './SeatEvents.js';
import type { User } from './User.js';

/** logind's RuntimeDirectorySize=; without a bound one user could fill /run for all. */
const MOUNT_OPTIONS = 'mode=0700,size=10%,nosuid,nodev';

/**
 * $XDG_RUNTIME_DIR of users: made for their first session, or because they linger, removed with their last. A tmpfs of
 * its own where one can be mounted. Only what was made here is removed: `records` has a file for each.
 */
export class RuntimeDirectories implements Partial<SeatEvents> {
  readonly #records: string;
  readonly #failed: (error: Error) => void;
  #removals = 0;

  constructor(records: string, failed: (error: Error) => void) {
    this.#records = records;
    this.#failed = failed;
  }

  /** As the users are now; those who left while nobody looked lose theirs. `prefix`: where they all are. */
  reconcile(users: Iterable<User>, prefix: string): void {
    mkdirSync(this.#records, { recursive: true, mode: 0o700 });
    const present = new Set<string>();
    for (const user of users) {
      present.add(`${user.uid}`);
      this.userNew(user);
    }
    for (const uid of readdirSync(this.#records)) {
      if (!present.has(uid)) this.#remove(join(prefix, uid), Number(uid));
    }
  }

  userNew(user: User): void {
    const path = user.runtimePath;
    try {
      if (isDirectory(path)) return;
      mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
      mkdirSync(path, { mode: 0o700 });
      writeFileSync(join(this.#records, `${user.uid}`), '');
      const options = `${MOUNT_OPTIONS},uid=${user.uid},gid=${user.gid}`;
      const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'ignore' });
      if (mounted.status !== 0) chownSync(path, user.uid, user.gid);
    } catch (error) {
      this.#failed(error as Error);
    }
  }

  userRemoved(user: User): void {
    this.#remove(user.runtimePath, user.uid);
  }

  #remove(path: string, uid: number): void {
    const record = join(this.#records, `${uid}`);
    try {
      lstatSync(record);
    } catch {
      return;
    }
    try {
      if (statSync(path).dev !== statSync(dirname(path)).dev) spawnSync('umount', ['-l', path]);
      else this.#empty(path, uid);
      rmdirSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#failed(error as Error);
    }
    rmSync(record, { force: true });
  }

  /** Out of the way at once, and an empty one in its place; what is in it goes later. */
  #empty(path: string, uid: number): void {
    if (readdirSync(path).length === 0) return;
    const away = join(dirname(path), `.${basename(path)}.${process.pid}.${this.#removals++}`);
    renameSync(path, away);
    mkdirSync(path, { mode: 0o700 });
    // By the user, who may swap directories for symbolic links meanwhile: what they cannot delete is not deleted.
    const user = [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
    const removal = spawn('setpriv', [...user, 'find', away, '-xdev', '-mindepth', '1', '-delete'], {
      stdio: 'ignore',
      cwd: '/',
    });
    removal.on('error', (error) => this.#failed(error));
    removal.on('exit', () => {
      try {
        rmdirSync(away);
      } catch (error) {
        this.#failed(error as Error);
      }
    });
  }
}

/** Throws when something else is there. */
function isDirectory(path: string): boolean {
  try {
    const stat = lstatSync(path);
    if (!stat.isDirectory()) throw new Error(`${path} is no directory`);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
