import type { Seat } from './Seat.js';
import type { Session } from './Session.js';

/** Where a switch can go: to a session, or to a VT that has none. */
export type Place = Session | number;
/** `kernel`: to wherever the kernel wants. It says so only when it is there, and waits for an answer until then. */
export type SwitchGoal = Place | 'kernel';

/** Undefined: none is known, or none is needed. */
export function goalVt(goal: SwitchGoal | undefined): number | undefined {
  return typeof goal === 'object' ? goal.vt : goal === 'kernel' ? undefined : goal;
}

/** As it is told to those who wait. */
export function goalName(goal: SwitchGoal): string {
  return typeof goal === 'object' ? `session ${goal.id}` : goal === 'kernel' ? 'another VT' : `VT ${goal}`;
}

/** Nothing is to be done for it. */
export function goalIsHere(goal: SwitchGoal, seat: Seat): boolean {
  if (typeof goal === 'object') return goal === seat.active;
  return goal === seat.vts?.active && seat.active === undefined;
}

/** The kernel need not go anywhere for it. */
export function goalIsShown(goal: SwitchGoal, seat: Seat): boolean {
  if (goal === 'kernel') return false;
  const vt = goalVt(goal);
  return vt === undefined || vt === seat.vts?.active;
}
