import { statSync } from 'node:fs';
import type { CallContext } from '@switchyard/dbus';
import { Caller } from './Caller.js';
import { loginError } from './LoginError.js';
import type { Seat } from './Seat.js';
import type { SeatManager } from './SeatManager.js';
import type { Session } from './Session.js';
import type { User } from './User.js';

/**
 * "self": the session that the caller runs in, told by its process and ancestors (there are no cgroups to ask).
 * Throws NoSessionForPID.
 */
export async function callersSession(manager: SeatManager, context?: CallContext): Promise<Session> {
  const { pid } = await callerOf(context);
  const session = manager.sessions.ofProcess(pid);
  if (!session) throw loginError.noSessionForPid(pid);
  return session;
}

/** "auto": the caller's session, else its user's display session. Throws NoSessionForPID. */
export async function displaySession(manager: SeatManager, context?: CallContext): Promise<Session> {
  const { pid, uid } = await callerOf(context);
  const session = manager.sessions.ofProcess(pid) ?? manager.users.get(uid)?.display;
  if (!session) throw loginError.noSessionForPid(pid);
  return session;
}

/** The user in whose session a process runs, else its own where that is known here. */
export function userOfProcess(manager: SeatManager, pid: number): User | undefined {
  const session = manager.sessions.ofProcess(pid);
  if (session) return manager.users.get(session.uid);
  try {
    return manager.users.get(statSync(`/proc/${pid}`).uid);
  } catch {
    return undefined;
  }
}

/** Throws NoSuchUser. */
export async function callersUser(manager: SeatManager, context?: CallContext): Promise<User> {
  return manager.users.require((await callerOf(context)).uid);
}

/** The seat of the caller's session. Throws NoSuchSeat, NoSessionForPID. */
export async function callersSeat(manager: SeatManager, context?: CallContext): Promise<Seat> {
  const session = await displaySession(manager, context);
  if (!session.seat) throw loginError.noSuchSeat('');
  return session.seat;
}

function callerOf(context: CallContext | undefined): Promise<Caller> {
  if (!context) throw new Error('"self" means nothing without a caller');
  return Caller.of(context);
}
