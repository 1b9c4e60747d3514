import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { passwdEntryNamed } from './Passwd.js';

/** Who lingers: an empty file for each user's name, as in systemd's /var/lib/systemd/linger. */
export class LingerStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Their uids; names that nobody has any more are passed over. */
  list(): number[] {
    let names: string[];
    try {
      names = readdirSync(this.#directory);
    } catch {
      return [];
    }
    return names.flatMap((name) => passwdEntryNamed(name)?.uid ?? []);
  }

  set(name: string, linger: boolean): void {
    const path = join(this.#directory, name);
    if (!linger) {
      rmSync(path, { force: true });
      return;
    }
    mkdirSync(this.#directory, { recursive: true, mode: 0o755 });
    writeFileSync(path, '', { mode: 0o644 });
  }
}
