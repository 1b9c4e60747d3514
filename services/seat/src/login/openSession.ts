import { Connection, DBusError, ErrorName } from '@switchyard/dbus';
import { SystemError } from '@switchyard/sys';
import { type LoginOptions, parseLoginOptions } from './LoginOptions.js';
import { LoginSession } from './LoginSession.js';
import { runSessionProgram } from './SessionProgram.js';

/** As every command of `yard` ends. */
const status = { failed: 1, notRunning: 3, notFound: 4 } as const;

/** `yard seat open-session`. Resolves to the status to exit with: the program's, or why there is no session. */
export async function openSession(argv: string[]): Promise<number> {
  const options = parseLoginOptions(argv);
  if ('message' in options) {
    (options.status === 0 ? process.stdout : process.stderr).write(options.message);
    return options.status;
  }
  let session: LoginSession;
  try {
    const connection = await Connection.connect(options.bus);
    session = await open(connection, options);
  } catch (error) {
    return explain(error, options);
  }
  using opened = session;
  const { user, vt, command } = options;
  try {
    return await runSessionProgram({ user, vt, command, environment: opened.environment(process.env) });
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    process.stderr.write(`yard: no session's program: ${error.message}\n`);
    return status.failed;
  }
}

async function open(connection: Connection, options: LoginOptions): Promise<LoginSession> {
  let session: LoginSession | undefined;
  try {
    session = await LoginSession.open(connection, options);
    if (options.activate) await session.activate();
    return session;
  } catch (error) {
    session?.[Symbol.dispose]();
    connection.close();
    throw error;
  }
}

/** One line: what, why, what to do. */
function explain(error: unknown, { bus, seat, user }: LoginOptions): number {
  const say = (message: string, code: number) => {
    process.stderr.write(`yard: ${message}\n`);
    return code;
  };
  if (error instanceof SystemError) return say(`no bus at ${bus}: ${error.message}`, status.notRunning);
  if (!(error instanceof DBusError)) throw error;
  if (error.name === ErrorName.serviceUnknown || error.name === ErrorName.nameHasNoOwner) {
    return say(`no session manager on ${bus}; yard up or yard-seatd starts one`, status.notRunning);
  }
  if (error.name === 'org.freedesktop.login1.NoSuchSeat') {
    return say(`there is no seat '${seat}'; loginctl list-seats shows those that are`, status.notFound);
  }
  return say(`no session for ${user.name} on '${seat}': ${error.message}`, status.failed);
}
