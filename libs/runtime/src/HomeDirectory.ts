import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';

/**
 * Where a user's shell begins: $HOME, else what the password database says. Where that is no directory that this user may enter,
 * as for accounts of services (`/nonexistent`), it is `/`, as with login(1).
 */
export function homeDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  try {
    const home = environment['HOME'] || homedir();
    accessSync(home, constants.X_OK);
    return statSync(home).isDirectory() ? home : '/';
  } catch {
    return '/';
  }
}
