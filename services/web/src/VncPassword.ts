import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role } from './Shares.js';

/** All that the protocol compares. */
const LENGTH = 8;
/** Without letters and digits that look like others: it is read from a screen and typed. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** What VNC clients may do by which password; each is made on first use and kept in a file of this name. */
const files = { drive: 'vnc-password', watch: 'vnc-view-password' } as const;

export type VncPasswords = Readonly<Record<Role, string>>;

export function vncPasswords(stateDirectory: string): VncPasswords {
  return { drive: kept(stateDirectory, files.drive), watch: kept(stateDirectory, files.watch) };
}

function kept(stateDirectory: string, file: string): string {
  const path = join(stateDirectory, file);
  try {
    const found = readFileSync(path, 'utf8').trim();
    if (found.length === LENGTH) return found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const made = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]!).join('');
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
  writeFileSync(path, `${made}\n`, { mode: 0o600 });
  return made;
}
