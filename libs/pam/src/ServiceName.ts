import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where libpam looks (pam.d(5)). */
const DIRECTORIES = ['/etc/pam.d', '/usr/lib/pam.d'];
/** Ours; what lets people in at a terminal; what is meant for whoever has no file of his own. */
const NAMES = ['switchyard', 'login', 'other'] as const;

/** The PAM service whose rules count: the first that the administrator or the distribution has written. */
export function serviceName(directories: readonly string[] = DIRECTORIES): string {
  const has = (name: string) => directories.some((directory) => existsSync(join(directory, name)));
  return NAMES.find(has) ?? 'other';
}
