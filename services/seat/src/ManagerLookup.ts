import type { CallContext, Method } from '@switchyard/dbus';
import { seatPath, sessionPath, userPath } from '@switchyard/seat';
import { Caller } from './Caller.js';
import { loginError } from './LoginError.js';
import type { SeatManager } from './SeatManager.js';
import { callersSeat, callersSession, displaySession, userOfProcess } from './Self.js';
import type { Session } from './Session.js';

/** A session by id, or "" and "self" and "auto" by the caller. Throws NoSuchSession, NoSessionForPID. */
export async function findSession(manager: SeatManager, context: CallContext, id: string): Promise<Session> {
  if (id === '' || id === 'self') return callersSession(manager, context);
  if (id === 'auto') return displaySession(manager, context);
  return manager.sessions.require(id);
}

/** Manager's methods that find and list. */
export function lookupMethods(manager: SeatManager): Record<string, Method> {
  /** 0 is the caller. */
  const processOf = async (context: CallContext, pid: number) =>
    pid === 0 ? (await Caller.of(context)).pid : pid;
  return {
    GetSession: {
      in: 's',
      out: 'o',
      inNames: ['session_id'],
      outNames: ['object_path'],
      call: async (context: CallContext, id: string) => [
        sessionPath((await findSession(manager, context, id)).id),
      ],
    },
    GetSessionByPID: {
      in: 'u',
      out: 'o',
      inNames: ['pid'],
      outNames: ['object_path'],
      call: async (context: CallContext, pid: number) => {
        const of = await processOf(context, pid);
        const session = manager.sessions.ofProcess(of);
        if (!session) throw loginError.noSessionForPid(of);
        return [sessionPath(session.id)];
      },
    },
    GetUser: {
      in: 'u',
      out: 'o',
      inNames: ['uid'],
      outNames: ['object_path'],
      call: (_context: CallContext, uid: number) => [userPath(manager.users.require(uid).uid)],
    },
    GetUserByPID: {
      in: 'u',
      out: 'o',
      inNames: ['pid'],
      outNames: ['object_path'],
      call: async (context: CallContext, pid: number) => {
        const of = await processOf(context, pid);
        const user = userOfProcess(manager, of);
        if (!user) throw loginError.noUserForPid(of);
        return [userPath(user.uid)];
      },
    },
    GetSeat: {
      in: 's',
      out: 'o',
      inNames: ['seat_id'],
      outNames: ['object_path'],
      call: async (context: CallContext, id: string) => {
        const own = id === '' || id === 'self' || id === 'auto';
        return [seatPath((own ? await callersSeat(manager, context) : manager.seats.require(id)).id)];
      },
    },
    ListSessions: {
      out: 'a(susso)',
      outNames: ['sessions'],
      call: () => [
        [...manager.sessions].map((session) => [
          session.id,
          session.uid,
          session.identity.user,
          session.seat?.id ?? '',
          sessionPath(session.id),
        ]),
      ],
    },
    ListSessionsEx: {
      out: 'a(sussussbto)',
      outNames: ['sessions'],
      call: () => [
        [...manager.sessions].map((session) => [
          session.id,
          session.uid,
          session.identity.user,
          session.seat?.id ?? '',
          session.leader.pid,
          session.class,
          session.tty,
          session.idleHint,
          session.idleSince[1],
          sessionPath(session.id),
        ]),
      ],
    },
    ListUsers: {
      out: 'a(uso)',
      outNames: ['users'],
      call: () => [[...manager.users].map(({ uid, name }) => [uid, name, userPath(uid)])],
    },
    ListSeats: {
      out: 'a(so)',
      outNames: ['seats'],
      call: () => [[...manager.seats].map((seat) => [seat.id, seatPath(seat.id)])],
    },
  };
}
