import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RuntimeDir } from '@switchyard/runtime';

/**
 * Whether the session manager keeps a session of the seat locked: by the file from which it would know again itself, since
 * the bus, or it, may be what hangs. What cannot be read counts as locked.
 */
export function hasLockedSession(directory: RuntimeDir, seat: string): boolean {
  try {
    const { sessions } = JSON.parse(readFileSync(join(directory.state, 'seat.json'), 'utf8')) as {
      sessions: { seat: string; guarded?: boolean }[];
    };
    return sessions.some((session) => session.seat === seat && session.guarded === true);
  } catch {
    return true;
  }
}
