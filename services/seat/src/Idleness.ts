import type { Session } from './Session.js';

/** µs since the epoch, and CLOCK_MONOTONIC. */
export type Instant = readonly [realtime: bigint, monotonic: bigint];

const NEVER: Instant = [0n, 0n];

/**
 * Whether all of the sessions are idle, and since when: since the last of them became so, or, when they are not,
 * since the last of them was used again. Sessions that are no person's do not count; without any, all is idle.
 */
export function idleness(sessions: Iterable<Session>): { idle: boolean; since: Instant } {
  let idle = true;
  let since = NEVER;
  for (const session of sessions) {
    if (!session.canIdle) continue;
    const busy = !session.idleHint;
    if (busy && idle) {
      idle = false;
      since = session.idleSince;
    } else if (busy === !idle && session.idleSince[1] > since[1]) {
      since = session.idleSince;
    }
  }
  return { idle, since };
}
