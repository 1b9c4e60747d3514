import type { CallContext, Interface } from '@switchyard/dbus';
import { switchyard } from '@switchyard/seat';
import { Caller } from './Caller.js';
import { loginError } from './LoginError.js';
import type { LoginService } from './LoginService.js';
import { propertiesOf, type Resolve } from './Resolve.js';
import type { Session } from './Session.js';
import { checkTitle } from './SessionRequest.js';

/** org.switchyard.Session1: what a session bar shows and login1 has no word for. */
export function switchyardSessionInterface(service: LoginService, resolve: Resolve<Session>): Interface {
  const property = propertiesOf(resolve);
  return {
    name: switchyard.session,
    methods: {
      SetTitle: {
        in: 's',
        inNames: ['title'],
        call: async (context: CallContext, title: string) => {
          const session = await resolve(context);
          if (session.controller?.name !== context.sender) {
            (await Caller.of(context)).requireOwner(session, 'SetTitle');
            service.manager.sessions.require(session.id);
          }
          if (session.title === checkTitle(title)) return;
          session.title = title;
          service.manager.sessionChanged(session, 'Title');
        },
      },
      SetHung: {
        in: 'b',
        inNames: ['hung'],
        call: async (context: CallContext, hung: boolean) => {
          const session = await resolve(context);
          if (session.controller?.name !== context.sender) {
            throw loginError.accessDenied('SetHung is for the session’s controller');
          }
          if (session.hung === hung) return;
          session.hung = hung;
          service.manager.sessionChanged(session, 'Hung');
        },
      },
    },
    properties: {
      Devices: property('a(uub)', 'false', (session) =>
        [...session.heldDevices()].map(({ device, open }) => [device.major, device.minor, open]),
      ),
      Title: property('s', 'true', (session) => session.title),
      Hung: property('b', 'true', (session) => session.hung),
      Display: property('s', 'true', (session) => session.display),
    },
  };
}
