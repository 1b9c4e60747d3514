import { DBusError, type Interface } from '@switchyard/dbus';
import type { WebSeat } from './WebSeat.js';

export const web = {
  name: 'org.switchyard.Web',
  path: '/org/switchyard/Web1',
  interface: 'org.switchyard.Web1',
} as const;

/** org.switchyard.Web1, as ARCHITECTURE.md has it. */
export function webInterface(seat: WebSeat, url: () => string): Interface {
  return {
    name: web.interface,
    methods: {
      SetMode: {
        in: 'suu',
        inNames: ['seat', 'width', 'height'],
        call: (_context, name: string, width: number, height: number) => {
          if (name !== seat.seat)
            throw new DBusError(
              'org.freedesktop.DBus.Error.InvalidArgs',
              `${name} is not in browsers; ${seat.seat} is`,
            );
          try {
            seat.output.setMode(width, height);
          } catch (error) {
            throw new DBusError('org.freedesktop.DBus.Error.InvalidArgs', (error as Error).message);
          }
        },
      },
    },
    properties: {
      Url: { type: 's', emits: 'const', get: url },
      Viewers: { type: 'a(sub)', get: () => seat.viewers },
    },
  };
}
