import type { CallContext } from '@switchyard/dbus';
import { Caller } from './Caller.js';
import { loginError } from './LoginError.js';
import type { Seat } from './Seat.js';
import type { SeatManager } from './SeatManager.js';
import type { Session } from './Session.js';

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
  const session = manager.sessions.ofProcess(pid) ?? manager.sessions.ofUser(uid);
  if (!session) throw loginError.noSessionForPid(pid);
  return session;
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
