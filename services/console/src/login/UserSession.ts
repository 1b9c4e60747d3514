import { chownSync, existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type BusLink, Variant } from '@switchyard/dbus';
import type { Dialogue } from '@switchyard/pam';
import type { Account } from './Accounts.js';
import type { Desktop } from './Desktops.js';

const PATH = '/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games';
/** Held until its session is there. */
const GATE =
  'IFS= read -r XDG_SESSION_ID && IFS= read -r WAYLAND_DISPLAY && export XDG_SESSION_ID WAYLAND_DISPLAY && exec "$@" </dev/null';
const display1 = 'org.switchyard.Display1';
/** What is the tree's or the machine's, and of use in a session. */
const INHERITED = ['YARD_TREE', 'LANG', 'LC_ALL', 'TZ', 'XKB_DEFAULT_LAYOUT', 'XKB_DEFAULT_VARIANT'];

export interface UserSessionOptions {
  readonly link: BusLink;
  readonly seat: string;
  readonly runtimeDir: string;
  /** The display's name on the bus. */
  readonly display: string;
}

/**
 * Starts the session of somebody whom PAM has let in, within PAM's own session, and resolves to its id when it has the
 * seat. It ends with its program, whatever becomes of this process. Rejects with what PAM or the display says.
 */
export async function startUserSession(
  dialogue: Dialogue,
  account: Account,
  desktop: Desktop,
  options: UserSessionOptions,
): Promise<{ id: string; ended: Promise<number> }> {
  const asUser = [
    'setpriv',
    ...[`--reuid=${account.uid}`, `--regid=${account.gid}`, '--init-groups', '--inh-caps=-all', '--'],
  ];
  const command =
    desktop.id === ''
      ? [...terminal(options.runtimeDir), '--', ...asUser, account.shell, '-l']
      : [...asUser, ...desktop.command];
  const session = await dialogue.run({
    argv: ['/bin/sh', '-c', GATE, 'sh', ...command],
    environment: environmentOf(account, desktop, options.seat),
    directory: account.home,
    gated: true,
  });
  const connection = await options.link.connectedOnce();
  const display = connection.proxy(options.display, `/${display1.replaceAll('.', '/')}`);
  const [id, socket] = await display.call(
    display1,
    'CreateSession',
    'a{sv}',
    new Map<string, Variant>([
      ['title', new Variant('s', `${desktop.name} of ${account.name}`)],
      ['seat', new Variant('s', options.seat)],
      ['leader', new Variant('u', session.pid)],
      ['uid', new Variant('u', account.uid)],
    ]),
  );
  session.open([id as string, socket as string]);
  void session.ended.then(() => removeEmpty(runtimeDirectoryOf(account.uid)));
  return { id: id as string, ended: session.ended };
}

/** The terminal itself is root's, as a getty's is; what runs in it is the user's. */
function terminal(runtimeDir: string): string[] {
  const main = createRequire(import.meta.url).resolve('@switchyard/service-console/main');
  return [process.execPath, main, '--runtime-dir', runtimeDir];
}

function environmentOf({ name, uid, gid, home, shell }: Account, desktop: Desktop, seat: string) {
  const inherited = INHERITED.flatMap((key) => {
    const value = process.env[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    PATH,
    HOME: home,
    USER: name,
    LOGNAME: name,
    SHELL: shell,
    XDG_SEAT: seat,
    XDG_SESSION_TYPE: 'wayland',
    XDG_SESSION_CLASS: 'user',
    XDG_RUNTIME_DIR: runtimeDirectory(uid, gid),
    ...(desktop.id ? { XDG_SESSION_DESKTOP: desktop.id, XDG_CURRENT_DESKTOP: desktop.id } : {}),
  };
}

const runtimeDirectoryOf = (uid: number) => `/run/user/${uid}`;

/** What programs left in it may be another session's by now. */
function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // It is not empty, or is somebody else's.
  }
}

/** systemd's, where that runs; else ours. */
function runtimeDirectory(uid: number, gid: number): string {
  const path = runtimeDirectoryOf(uid);
  if (!existsSync(path)) {
    mkdirSync('/run/user', { recursive: true, mode: 0o755 });
    mkdirSync(path, { mode: 0o700 });
    chownSync(path, uid, gid);
  }
  return path;
}
