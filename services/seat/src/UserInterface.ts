import type { CallContext, Interface } from '@switchyard/dbus';
import { login1 } from '@switchyard/seat';
import { Caller } from './Caller.js';
import { idleness } from './Idleness.js';
import type { LoginService } from './LoginService.js';
import { sessionReference } from './ObjectReference.js';
import { propertiesOf, type Resolve } from './Resolve.js';
import type { SeatManager } from './SeatManager.js';
import { killSession } from './SessionInterface.js';
import type { User } from './User.js';

/** org.freedesktop.login1.User. `resolve` gives the user that the object is, for "self" by the caller. */
export function userInterface(service: LoginService, resolve: Resolve<User>): Interface {
  const property = propertiesOf(resolve);
  return {
    name: login1.user,
    methods: {
      Terminate: {
        call: async (context: CallContext) => {
          const user = await resolve(context);
          (await Caller.of(context)).requireUser(user.uid, 'Terminate');
          terminateUser(service.manager, user);
        },
      },
      Kill: {
        in: 'i',
        inNames: ['signal_number'],
        call: async (context: CallContext, signal: number) => {
          const user = await resolve(context);
          (await Caller.of(context)).requireUser(user.uid, 'Kill');
          killUser(user, signal);
        },
      },
    },
    properties: {
      UID: property('u', 'const', (user) => user.uid),
      GID: property('u', 'const', (user) => user.gid),
      Name: property('s', 'const', (user) => user.name),
      Timestamp: property('t', 'const', (user) => user.timestamp),
      TimestampMonotonic: property('t', 'const', (user) => user.timestampMonotonic),
      RuntimePath: property('s', 'const', (user) => user.runtimePath),
      Service: property('s', 'const', (user) => `user@${user.uid}.service`),
      Slice: property('s', 'const', (user) => `user-${user.uid}.slice`),
      Display: property('(so)', 'true', (user) => sessionReference(user.display)),
      State: property('s', 'false', (user) => user.state),
      Sessions: property('a(so)', 'false', (user) => [...user.sessions].map(sessionReference)),
      IdleHint: property('b', 'true', (user) => idleness(user.sessions).idle),
      IdleSinceHint: property('t', 'true', (user) => idleness(user.sessions).since[0]),
      IdleSinceHintMonotonic: property('t', 'true', (user) => idleness(user.sessions).since[1]),
      Linger: property('b', 'false', (user) => user.linger),
    },
  };
}

export function terminateUser(manager: SeatManager, user: User): void {
  for (const session of [...user.sessions]) manager.terminate(session);
}

/** All processes of all sessions. Throws InvalidArgs. */
export function killUser(user: User, signal: number): void {
  for (const session of [...user.sessions]) killSession(session, 'all', signal);
}
