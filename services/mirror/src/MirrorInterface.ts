import { type CallContext, DBusError, ErrorName, type Interface } from '@switchyard/dbus';
import type { Mirror } from './Mirror.js';

export const mirror1 = {
  name: 'org.switchyard.Mirror',
  path: '/org/switchyard/Mirror1',
  interface: 'org.switchyard.Mirror1',
} as const;

/** org.switchyard.Mirror1: on which seats a shared session is shown. */
export function mirrorInterface(mirror: Mirror): Interface {
  return {
    name: mirror1.interface,
    methods: {
      Show: {
        in: 's',
        inNames: ['seat'],
        out: 's',
        outNames: ['session'],
        call: async (context: CallContext, seat: string) => {
          await checkOwner(context, mirror);
          return [await mirror.show(seat)];
        },
      },
      Hide: {
        in: 's',
        inNames: ['seat'],
        call: async (context: CallContext, seat: string) => {
          await checkOwner(context, mirror);
          if (await mirror.hide(seat)) return;
          throw new DBusError(
            ErrorName.invalidArgs,
            `${seat} does not show it; ${mirror.seats.join(', ') || 'no seat'} does`,
          );
        },
      },
      SetTitle: {
        in: 's',
        inNames: ['title'],
        call: async (context: CallContext, title: string) => {
          await checkOwner(context, mirror);
          mirror.setTitle(title);
        },
      },
    },
    properties: {
      Seats: { type: 'a(ss)', get: () => mirror.seats.map((seat) => [seat, mirror.sessionOn(seat)!]) },
    },
  };
}

/** Who sees a session on one seat sees it on all. */
async function checkOwner(context: CallContext, mirror: Mirror): Promise<void> {
  const { uid } = await context.credentials();
  if (![0, process.getuid!(), mirror.uid].includes(uid))
    throw new DBusError(ErrorName.accessDenied, `the session is not uid ${uid}'s`);
}
