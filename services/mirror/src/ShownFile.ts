import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `mirror.json` in the seat's state: which seats show the session, for a service that is started again. */
export class ShownFile {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  read(): string[] {
    try {
      const seats: unknown = JSON.parse(readFileSync(this.#path, 'utf8'));
      return Array.isArray(seats) ? seats.filter((seat) => typeof seat === 'string') : [];
    } catch {
      return [];
    }
  }

  write(seats: readonly string[]): void {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    // Whole, or as it was: who is killed while it writes is started again.
    writeFileSync(`${this.#path}.new`, JSON.stringify(seats), { mode: 0o600 });
    renameSync(`${this.#path}.new`, this.#path);
  }

  get #path(): string {
    return join(this.#directory, 'mirror.json');
  }
}
