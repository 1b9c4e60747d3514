import type { Sender } from './Backlog.js';
import type { Room } from './Quota.js';

/** Somebody who wants to add so much to a queue that is full. */
export type Waiter = { sender: Sender; bytes: number; fds: number; go: () => void };

/** Lets those go on for whom there is room now, after this turn. */
export function wakeWaiters(waiters: Waiter[], room: (waiter: Waiter) => Room): void {
  if (waiters.length === 0) return;
  for (const waiter of waiters.splice(0))
    if (room(waiter) === 'room') queueMicrotask(waiter.go);
    else waiters.push(waiter);
}
