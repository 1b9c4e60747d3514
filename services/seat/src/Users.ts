import { readFileSync } from 'node:fs';

/** passwd(5): the user's name, or the number as text where nobody has it. */
export function userName(uid: number): string {
  try {
    for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
      const [name, , number] = line.split(':');
      if (name && Number(number) === uid) return name;
    }
  } catch {
    // A container without users.
  }
  return `${uid}`;
}
