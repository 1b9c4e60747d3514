import type { CallContext, Method } from '@switchyard/dbus';
import { Caller } from './Caller.js';
import type { LoginService } from './LoginService.js';
import type { User } from './User.js';
import { killUser, terminateUser } from './UserInterface.js';

/** Manager's methods about users. */
export function userMethods(service: LoginService): Record<string, Method> {
  const { manager } = service;
  const owned = async (context: CallContext, uid: number, what: string): Promise<User> => {
    const user = manager.users.require(uid);
    (await Caller.of(context)).requireUser(uid, what);
    return user;
  };
  return {
    KillUser: {
      in: 'ui',
      inNames: ['uid', 'signal_number'],
      call: async (context: CallContext, uid: number, signal: number) =>
        killUser(await owned(context, uid, 'Kill'), signal),
    },
    TerminateUser: {
      in: 'u',
      inNames: ['uid'],
      call: async (context: CallContext, uid: number) =>
        terminateUser(manager, await owned(context, uid, 'Terminate')),
    },
    SetUserLinger: {
      in: 'ubb',
      inNames: ['uid', 'enable', 'interactive'],
      call: async (context: CallContext, uid: number, enable: boolean) => {
        const caller = await Caller.of(context);
        // logind's (uint32_t) -1: the caller.
        const of = uid === 0xffffffff ? caller.uid : uid;
        service.policy.require(of === caller.uid ? 'set-self-linger' : 'set-user-linger', caller);
        manager.users.setLinger(of, enable);
      },
    },
  };
}
