import { unlinkSync, writeFileSync } from 'node:fs';

/** A file with the daemon's pid, while it runs. Throws Error when there is one already. */
export class PidFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    try {
      writeFileSync(path, `${process.pid}\n`, { flag: 'wx', mode: 0o644 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST')
        throw new Error(`The pid file "${path}" exists, if the message bus is not running, remove this file`);
      throw new Error(`Failed to write the pid file "${path}": ${(error as Error).message}`);
    }
  }

  remove(): void {
    try {
      unlinkSync(this.#path);
    } catch {
      // It is gone, or its folder is not ours any more since we have become another user.
    }
  }
}
