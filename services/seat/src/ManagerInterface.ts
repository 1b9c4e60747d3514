import type { CallContext, Interface } from '@switchyard/dbus';
import { login1, seatPath, sessionPath, userPath } from '@switchyard/seat';
import { Caller } from './Caller.js';
import { Leader } from './Leader.js';
import { loginError } from './LoginError.js';
import type { LoginService } from './LoginService.js';
import { callersSeat, callersSession, displaySession, userOfProcess } from './Self.js';
import type { Session } from './Session.js';
import { killSession, lockSession } from './SessionInterface.js';
import { SESSIONS_MAX } from './SessionRegistry.js';
import { parseSessionRequest, type SessionArguments } from './SessionRequest.js';

/** org.freedesktop.login1.Manager, as far as it exists here. */
export function managerInterface(service: LoginService): Interface {
  const { manager } = service;

  /** By id, or "" and "self" and "auto". */
  const find = async (context: CallContext, id: string): Promise<Session> => {
    if (id === '' || id === 'self') return callersSession(manager, context);
    if (id === 'auto') return displaySession(manager, context);
    return manager.sessions.require(id);
  };
  const activate = async (context: CallContext, id: string, onSeat?: string) => {
    const session = await find(context, id);
    if (onSeat !== undefined && session.seat !== manager.seats.require(onSeat)) {
      throw loginError.sessionNotOnSeat(session.id, onSeat);
    }
    const caller = await Caller.of(context);
    if (session.seat) caller.requireMayActivate(session.seat, session);
    await service.activate(session, context.sender);
  };
  const owned = async (context: CallContext, id: string, what: string): Promise<Session> => {
    const session = await find(context, id);
    (await Caller.of(context)).requireOwner(session, what);
    return session;
  };
  const lockAll = async (context: CallContext, locked: boolean) => {
    const caller = await Caller.of(context);
    for (const session of manager.sessions) {
      if (caller.owns(session) && session.canLock) service.announceLock(session, locked);
    }
  };

  return {
    name: login1.manager,
    methods: {
      GetSession: {
        in: 's',
        out: 'o',
        inNames: ['session_id'],
        outNames: ['object_path'],
        call: async (context: CallContext, id: string) => [sessionPath((await find(context, id)).id)],
      },
      GetSessionByPID: {
        in: 'u',
        out: 'o',
        inNames: ['pid'],
        outNames: ['object_path'],
        call: async (context: CallContext, pid: number) => {
          const of = pid === 0 ? (await Caller.of(context)).pid : pid;
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
          const of = pid === 0 ? (await Caller.of(context)).pid : pid;
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
      CreateSession: {
        in: 'uusssssussbssa(sv)',
        out: 'soshusub',
        inNames: [
          'uid',
          'pid',
          'service',
          'type',
          'class',
          'desktop',
          'seat_id',
          'vtnr',
          'tty',
          'display',
          'remote',
          'remote_user',
          'remote_host',
          'properties',
        ],
        outNames: [
          'session_id',
          'object_path',
          'runtime_path',
          'fifo_fd',
          'uid',
          'seat_id',
          'vtnr',
          'existing',
        ],
        call: async (context: CallContext, uid: number, pid: number, ...rest: SessionArguments) => {
          const caller = await Caller.of(context);
          if (uid !== caller.uid) caller.requirePrivileged(`A session for uid ${uid}`);
          const request = parseSessionRequest(uid, rest);
          const { session, writer } = manager.createSession(request, openLeader(pid || caller.pid, caller));
          const seat = session.seat?.id ?? '';
          return [session.id, sessionPath(session.id), `/run/user/${uid}`, writer, uid, seat, 0, false];
        },
      },
      ReleaseSession: {
        in: 's',
        inNames: ['session_id'],
        call: async (context: CallContext, id: string) =>
          manager.endSession(await owned(context, id, 'ReleaseSession'), 'released'),
      },
      ActivateSession: {
        in: 's',
        inNames: ['session_id'],
        call: (context: CallContext, id: string) => activate(context, id),
      },
      ActivateSessionOnSeat: {
        in: 'ss',
        inNames: ['session_id', 'seat_id'],
        call: (context: CallContext, id: string, seat: string) => activate(context, id, seat),
      },
      LockSession: {
        in: 's',
        inNames: ['session_id'],
        call: async (context: CallContext, id: string) =>
          lockSession(service, await owned(context, id, 'Lock'), true),
      },
      UnlockSession: {
        in: 's',
        inNames: ['session_id'],
        call: async (context: CallContext, id: string) =>
          lockSession(service, await owned(context, id, 'Unlock'), false),
      },
      LockSessions: { call: (context: CallContext) => lockAll(context, true) },
      UnlockSessions: { call: (context: CallContext) => lockAll(context, false) },
      KillSession: {
        in: 'ssi',
        inNames: ['session_id', 'who', 'signal_number'],
        call: async (context: CallContext, id: string, who: string, signal: number) =>
          killSession(await owned(context, id, 'Kill'), who, signal),
      },
      TerminateSession: {
        in: 's',
        inNames: ['session_id'],
        call: async (context: CallContext, id: string) =>
          manager.terminate(await owned(context, id, 'Terminate')),
      },
      TerminateSeat: {
        in: 's',
        inNames: ['seat_id'],
        call: async (context: CallContext, id: string) => {
          const seat = manager.seats.require(id);
          (await Caller.of(context)).requirePrivileged('TerminateSeat');
          for (const session of seat.sessions) manager.terminate(session);
        },
      },
    },
    properties: {
      KillUserProcesses: { type: 'b', emits: 'const', get: () => false },
      NCurrentSessions: { type: 't', emits: 'false', get: () => BigInt(manager.sessions.size) },
      SessionsMax: { type: 't', emits: 'const', get: () => BigInt(SESSIONS_MAX) },
    },
    signals: {
      SessionNew: { args: 'so', names: ['session_id', 'object_path'] },
      SessionRemoved: { args: 'so', names: ['session_id', 'object_path'] },
      SeatNew: { args: 'so', names: ['seat_id', 'object_path'] },
      SeatRemoved: { args: 'so', names: ['seat_id', 'object_path'] },
    },
  };
}

/** A user may register processes of its own, root any. Throws InvalidArgs, AccessDenied. */
function openLeader(pid: number, caller: Caller): Leader {
  const leader = Leader.open(pid);
  if (!leader) throw loginError.invalid(`There is no process ${pid} to lead the session`);
  if (caller.privileged || leader.uid === caller.uid) return leader;
  leader.close();
  throw loginError.accessDenied(`Process ${pid} is not of uid ${caller.uid}, it cannot lead a session of it`);
}
