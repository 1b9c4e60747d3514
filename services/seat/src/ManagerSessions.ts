import type { CallContext, Method } from '@switchyard/dbus';
import { sessionPath } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import { Caller } from './Caller.js';
import { Leader } from './Leader.js';
import { loginError } from './LoginError.js';
import type { LoginService } from './LoginService.js';
import { findSession } from './ManagerLookup.js';
import type { Session } from './Session.js';
import { killSession, lockSession } from './SessionInterface.js';
import { parseSessionRequest, type SessionArguments } from './SessionRequest.js';

// biome-ignore format: one line as in the signature
const requestNames = ['service', 'type', 'class', 'desktop', 'seat_id', 'vtnr', 'tty', 'display', 'remote', 'remote_user', 'remote_host'];
// biome-ignore format: one line as in the signature
const replyNames = ['session_id', 'object_path', 'runtime_path', 'fifo_fd', 'uid', 'seat_id', 'vtnr', 'existing'];

/** Manager's methods that make, show, lock and end sessions. */
export function sessionMethods(service: LoginService): Record<string, Method> {
  const { manager } = service;
  const activate = async (context: CallContext, id: string, onSeat?: string) => {
    const session = await findSession(manager, context, id);
    if (onSeat !== undefined && session.seat !== manager.seats.require(onSeat)) {
      throw loginError.sessionNotOnSeat(session.id, onSeat);
    }
    const caller = await Caller.of(context);
    if (session.seat) caller.requireMayActivate(session.seat, session);
    await service.activate(session, context.sender);
  };
  const owned = async (context: CallContext, id: string, what: string): Promise<Session> => {
    const session = await findSession(manager, context, id);
    (await Caller.of(context)).requireOwner(session, what);
    return session;
  };
  const lockAll = async (context: CallContext, locked: boolean) => {
    const caller = await Caller.of(context);
    for (const session of manager.sessions) {
      if (caller.owns(session) && session.canLock) service.announceLock(session, locked);
    }
  };
  const create = (caller: Caller, uid: number, leader: Leader, rest: SessionArguments) => {
    let request: ReturnType<typeof parseSessionRequest>;
    try {
      checkLeader(leader, uid, caller);
      request = parseSessionRequest(uid, rest);
    } catch (error) {
      leader.close();
      throw error;
    }
    const { session, writer } = manager.createSession(request, leader);
    const path = sessionPath(session.id);
    const runtime = manager.users.require(uid).runtimePath;
    return [session.id, path, runtime, writer, uid, session.seat?.id ?? '', session.vt ?? 0, false];
  };

  return {
    CreateSession: {
      in: 'uusssssussbssa(sv)',
      out: 'soshusub',
      inNames: ['uid', 'pid', ...requestNames, 'properties'],
      outNames: replyNames,
      call: async (context: CallContext, uid: number, pid: number, ...rest: SessionArguments) => {
        const caller = await Caller.of(context);
        const leader = Leader.open(pid || caller.pid);
        if (!leader) throw loginError.invalid(`There is no process ${pid} to lead the session`);
        return create(caller, uid, leader, rest);
      },
    },
    CreateSessionWithPIDFD: {
      in: 'uhsssssussbssta(sv)',
      out: 'soshusub',
      inNames: ['uid', 'pidfd', ...requestNames, 'flags', 'properties'],
      outNames: replyNames,
      call: async (context: CallContext, uid: number, pidfd: Fd, ...rest: SessionArgumentsWithFlags) => {
        const leader = Leader.adopt(pidfd);
        if (!leader) throw loginError.invalid('That is no pidfd of a running process');
        const caller = await Caller.of(context);
        const [flags, properties] = [rest[11], rest[12]];
        if (flags !== 0n) {
          leader.close();
          throw loginError.invalid('Flags of sessions must be 0');
        }
        return create(caller, uid, leader, [...(rest.slice(0, 11) as FirstArguments), properties]);
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
  };
}

type FirstArguments = SessionArguments extends [...infer First, unknown] ? First : never;
type SessionArgumentsWithFlags = [...FirstArguments, flags: bigint, properties: SessionArguments[11]];

/** A user may register processes of its own, root any for anybody. Throws AccessDenied. */
function checkLeader(leader: Leader, uid: number, caller: Caller): void {
  if (caller.privileged) return;
  if (uid !== caller.uid) caller.requirePrivileged(`A session for uid ${uid}`);
  if (leader.uid !== caller.uid) {
    throw loginError.accessDenied(
      `Process ${leader.pid} is not of uid ${caller.uid}, it cannot lead a session of it`,
    );
  }
}
