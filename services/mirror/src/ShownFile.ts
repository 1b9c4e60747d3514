import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
    writeFileSync(this.#path, JSON.stringify(seats), { mode: 0o600 });
  }

  get #path(): string {
    return join(this.#directory, 'mirror.json');
  }
}
