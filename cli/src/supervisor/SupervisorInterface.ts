import { DBusError, type Interface, type Variant } from '@switchyard/dbus';
import type { Fd } from '@switchyard/sys';
import type { RunRequest } from './SessionPrograms.js';
import type { Supervisor } from './Supervisor.js';

export const supervisorPath = '/org/switchyard/Supervisor1';

/** org.switchyard.Supervisor1, as ARCHITECTURE.md has it. The bus lets only this user and root in. */
export function supervisorInterface(supervisor: Supervisor): Interface {
  return {
    name: 'org.switchyard.Supervisor1',
    properties: {
      Seats: { type: 'as', emits: 'false', get: () => supervisor.seats.screens },
      SharedSeats: { type: 'as', emits: 'false', get: () => supervisor.shared.names },
    },
    methods: {
      Run: {
        in: 'asa{ss}sa{sv}ah',
        inNames: ['argv', 'environment', 'directory', 'options', 'stdio'],
        out: 'su',
        outNames: ['session', 'pid'],
        async call(
          _context,
          argv: string[],
          environment: Map<string, string>,
          directory: string,
          options: Map<string, Variant>,
          stdio: Fd[],
        ) {
          try {
            const [input, output, error] = stdio;
            const request: RunRequest = {
              argv,
              environment: Object.fromEntries(environment),
              directory,
              title: option(options, 'title', 's'),
              seat: option(options, 'seat', 's') ?? supervisor.seat,
              background: option(options, 'background', 'b'),
              x11: option(options, 'x11', 'b'),
              privileges: option(options, 'privileges', 'as'),
              stdio: input && output && error ? [input.number, output.number, error.number] : undefined,
            };
            const { session, pid } = option(options, 'shared', 'b')
              ? await supervisor.shared.run(request, option(options, 'follow', 'b') ?? false)
              : await supervisor.programs.run(request);
            return [session, pid];
          } finally {
            for (const fd of stdio) fd.close();
          }
        },
      },
      Wait: {
        in: 'u',
        inNames: ['pid'],
        out: 'i',
        outNames: ['status'],
        async call(_context, pid: number) {
          return [await supervisor.programs.wait(pid)];
        },
      },
      Restart: {
        in: 's',
        inNames: ['name'],
        async call(_context, name: string) {
          await supervisor.restart(name);
        },
      },
      AddSeat: {
        in: 'sa{sv}',
        inNames: ['seat', 'options'],
        out: 's',
        outNames: ['url'],
        async call(_context, name: string, options: Map<string, Variant>) {
          const seat = await supervisor.seats.add({
            seat: name,
            further: true,
            listen: option(options, 'listen', 's') ?? '127.0.0.1',
            port: option(options, 'port', 'u') ?? 0,
            size: option(options, 'size', 's') ?? '1280x720',
            console: option(options, 'console', 'b') ?? true,
            screens: option(options, 'screens', 'b') ?? false,
          });
          return [seat.url];
        },
      },
      AddSharedSeat: {
        in: 'ssu',
        inNames: ['like', 'title', 'uid'],
        out: 'ss',
        outNames: ['seat', 'display'],
        async call(_context, like: string, title: string, uid: number) {
          const seat = await supervisor.shared.add(like, title, uid);
          return [seat.name, seat.displayName];
        },
      },
      SharedSessions: {
        in: 'u',
        inNames: ['uid'],
        out: 'a(ssas)',
        outNames: ['sessions'],
        async call(_context, uid: number) {
          const sessions = await supervisor.shared.of(uid);
          return [sessions.map(({ seat, title, shownOn }) => [seat, title, shownOn])];
        },
      },
      RemoveSeat: {
        in: 's',
        inNames: ['seat'],
        async call(_context, name: string) {
          await supervisor.seats.remove(name);
        },
      },
      Status: {
        out: 'a(suttus)',
        outNames: ['services'],
        call: () => [supervisor.status],
      },
      Shutdown: {
        call: () => {
          void supervisor.shutdown();
        },
      },
    },
  };
}

interface OptionTypes {
  s: string;
  b: boolean;
  u: number;
  as: readonly string[];
}

/** An option's value, of the type that it must have. */
function option<T extends keyof OptionTypes>(
  options: ReadonlyMap<string, Variant>,
  name: string,
  type: T,
): OptionTypes[T] | undefined {
  const value = options.get(name);
  if (value === undefined) return undefined;
  if (value.signature === type) return value.value as OptionTypes[T];
  throw new DBusError(
    'org.freedesktop.DBus.Error.InvalidArgs',
    `the option ${name} is of type ${value.signature}, not ${type}`,
  );
}
