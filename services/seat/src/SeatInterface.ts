import type { CallContext, Interface } from '@switchyard/dbus';
import { login1 } from '@switchyard/seat';
import { Caller } from './Caller.js';
import { idleness } from './Idleness.js';
import { loginError } from './LoginError.js';
import type { LoginService } from './LoginService.js';
import { sessionReference } from './ObjectReference.js';
import { propertiesOf, type Resolve } from './Resolve.js';
import type { Seat } from './Seat.js';

/** org.freedesktop.login1.Seat. `resolve` gives the seat that the object is, for "self" by the caller. */
export function seatInterface(service: LoginService, resolve: Resolve<Seat>): Interface {
  const switchTo = async (context: CallContext, to: number | 'next' | 'previous') => {
    const seat = await resolve(context);
    const place = service.manager.neighbour(seat, to);
    if (place === undefined) {
      throw loginError.invalid(
        typeof to === 'number'
          ? `Seat ${seat.id} has ${seat.vts ? 'no VT' : `${seat.sessions.length} sessions; there is none at position`} ${to}`
          : `Seat ${seat.id} has no sessions`,
      );
    }
    (await Caller.of(context)).requireMayActivate(seat, typeof place === 'number' ? undefined : place);
    await service.switchTo(seat, place, context.sender);
  };
  const property = propertiesOf(resolve);

  return {
    name: login1.seat,
    methods: {
      ActivateSession: {
        in: 's',
        inNames: ['session_id'],
        call: async (context: CallContext, id: string) => {
          const seat = await resolve(context);
          const session = service.manager.sessions.require(id);
          if (session.seat !== seat) throw loginError.sessionNotOnSeat(id, seat.id);
          (await Caller.of(context)).requireMayActivate(seat, session);
          await service.activate(session, context.sender);
        },
      },
      SwitchTo: {
        in: 'u',
        inNames: ['vtnr'],
        call: (context: CallContext, number: number) => switchTo(context, number),
      },
      SwitchToNext: { call: (context: CallContext) => switchTo(context, 'next') },
      SwitchToPrevious: { call: (context: CallContext) => switchTo(context, 'previous') },
      Terminate: {
        call: async (context: CallContext) => {
          const seat = await resolve(context);
          (await Caller.of(context)).requirePrivileged('Terminate of a seat');
          for (const session of seat.sessions) service.manager.terminate(session);
        },
      },
    },
    properties: {
      Id: property('s', 'const', (seat) => seat.id),
      ActiveSession: property('(so)', 'true', (seat) => sessionReference(seat.active)),
      CanTTY: property('b', 'const', (seat) => seat.vts !== undefined),
      // Of logind hidden and for older programs: there are no others any more.
      CanMultiSession: property('b', 'const', () => true),
      CanGraphical: property('b', 'true', (seat) => seat.canGraphical),
      Sessions: property('a(so)', 'false', (seat) => seat.sessions.map(sessionReference)),
      IdleHint: property('b', 'true', (seat) => idleness(seat.sessions).idle),
      IdleSinceHint: property('t', 'true', (seat) => idleness(seat.sessions).since[0]),
      IdleSinceHintMonotonic: property('t', 'true', (seat) => idleness(seat.sessions).since[1]),
    },
  };
}
