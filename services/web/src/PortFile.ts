import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Remembers in `state/web-port` which port `--port 0` chose, so that after a restart the open pages find the service again. */
export class PortFile {
  readonly #path: string;

  constructor(stateDirectory: string) {
    this.#path = join(stateDirectory, 'web-port');
  }

  /** 0 when there is none. */
  read(): number {
    try {
      const port = Number(readFileSync(this.#path, 'utf8').trim());
      return Number.isInteger(port) && port > 0 && port < 65536 ? port : 0;
    } catch {
      return 0;
    }
  }

  write(port: number): void {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    writeFileSync(this.#path, `${port}\n`, { mode: 0o600 });
  }
}
