import { type CallContext, DBusError, ErrorName, type Interface, type Method } from '@switchyard/dbus';
import type { Log } from '@switchyard/runtime';
import { SCALE_UNIT } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import type { Certificate } from './Certificate.js';
import type { HttpServer } from './HttpServer.js';
import type { Role, Shares } from './Shares.js';
import type { VncDoor } from './VncDoor.js';
import type { WebSeat } from './WebSeat.js';

export const web = {
  name: 'org.switchyard.Web',
  path: '/org/switchyard/Web1',
  interface: 'org.switchyard.Web1',
} as const;

/** org.switchyard.Web1, as ARCHITECTURE.md has it. */
export function webInterface(
  seat: WebSeat,
  shares: Shares,
  server: HttpServer,
  doors: { vnc: VncDoor | undefined; certificate: Certificate | undefined },
  log: Log,
): Interface {
  const vncPassword = (role: Role): Method => ({
    out: 's',
    outNames: ['password'],
    call: async (context: CallContext) => {
      await checkOwner(context);
      return [doors.vnc?.passwords?.[role] ?? ''];
    },
  });
  return {
    name: web.interface,
    methods: {
      Share: {
        in: 'sb',
        inNames: ['name', 'readOnly'],
        out: 'ss',
        outNames: ['share', 'url'],
        call: async (context: CallContext, name: string, readOnly: boolean) => {
          await checkOwner(context);
          try {
            const made = shares.add(name, readOnly ? 'watch' : 'drive');
            log.info({ share: made.name, readOnly }, 'a link was made');
            return [made.name, server.urlWith(made.token)];
          } catch (error) {
            throw new DBusError(ErrorName.invalidArgs, (error as Error).message);
          }
        },
      },
      VncPassword: vncPassword('drive'),
      VncViewPassword: vncPassword('watch'),
      Send: {
        in: 'sh',
        inNames: ['name', 'file'],
        call: async (context: CallContext, name: string, file: Fd) => {
          try {
            await checkOwner(context);
          } catch (error) {
            file.close();
            throw error;
          }
          try {
            seat.send(name, file);
          } catch (error) {
            throw new DBusError(ErrorName.failed, (error as Error).message);
          }
        },
      },
      Revoke: {
        in: 's',
        inNames: ['share'],
        call: async (context: CallContext, name: string) => {
          await checkOwner(context);
          if (!shares.revoke(name)) throw new DBusError(ErrorName.invalidArgs, `there is no share ${name}`);
          log.info({ share: name }, 'a link was revoked');
          seat.audience.revoked(name);
        },
      },
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
            seat.monitors.first.output.setMode({ width, height, scale: SCALE_UNIT });
          } catch (error) {
            throw new DBusError('org.freedesktop.DBus.Error.InvalidArgs', (error as Error).message);
          }
        },
      },
    },
    properties: {
      Url: { type: 's', emits: 'const', get: () => server.url },
      Vnc: { type: 's', emits: 'const', get: () => doors.vnc?.address ?? '' },
      TlsFingerprint: { type: 's', emits: 'const', get: () => doors.certificate?.fingerprint ?? '' },
      Shares: {
        type: 'a(ssx)',
        emits: 'false',
        get: () => shares.all.map(({ share, role, created }) => [share, role, BigInt(created) * 1000n]),
      },
      Audience: { type: 'a(ussbb)', emits: 'false', get: () => seat.audience.rows },
      Monitors: {
        type: 'a(uuuu)',
        get: () =>
          seat.monitors.all.map(({ number, picture, viewers }) => [
            number,
            picture.width,
            picture.height,
            viewers.size,
          ]),
      },
      Viewers: { type: 'a(sub)', get: () => seat.audience.viewers },
    },
  };
}

/** Links to the seat are for its owner to give away. */
async function checkOwner(context: CallContext): Promise<void> {
  const { uid } = await context.credentials();
  if (uid !== 0 && uid !== process.getuid?.())
    throw new DBusError(ErrorName.accessDenied, `uid ${uid} may not share the seat; root and its owner may`);
}
