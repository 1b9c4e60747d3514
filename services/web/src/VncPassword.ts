import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** All that the protocol compares. */
const LENGTH = 8;
/** Without letters and digits that look like others: it is read from a screen and typed. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** The password for VNC clients, made on first use and kept in `state/vnc-password`. */
export function vncPassword(stateDirectory: string): string {
  const path = join(stateDirectory, 'vnc-password');
  try {
    const kept = readFileSync(path, 'utf8').trim();
    if (kept.length === LENGTH) return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const made = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]!).join('');
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
  writeFileSync(path, `${made}\n`, { mode: 0o600 });
  return made;
}
