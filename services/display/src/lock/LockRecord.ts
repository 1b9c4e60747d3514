import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Whose sessions are locked, as a file that a display's successor finds. */
export class LockRecord {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** The uid; undefined when nothing is locked. */
  read(): number | undefined {
    try {
      const uid = Number(readFileSync(this.#path, 'utf8'));
      return Number.isInteger(uid) ? uid : undefined;
    } catch {
      return undefined;
    }
  }

  write(uid: number): void {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    writeFileSync(this.#path, String(uid), { mode: 0o600 });
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }
}
