import { statSync } from 'node:fs';
import { DBusError, type Variant } from '@switchyard/dbus';
import { isPrivilege, isTrusted, type Privilege, privilegeNames } from '../Privileges.js';
import { isSealing, type Sealing } from '../shm/SharedMemory.js';
import type { DisplaySessionOptions } from './DisplaySession.js';

/** CreateSession's options, and of what type they are. */
const optionTypes: Readonly<Record<string, string>> = {
  ...{ title: 's', seat: 's', type: 's', class: 's', sealing: 's' },
  ...{ leader: 'u', uid: 'u', background: 'b', privileges: 'as' },
  ...{ id: 's', display: 's', listener: 'h' },
};

/** One that nobody knows is a mistake, and not to be passed over: it may be what makes the session safe. */
function checkOptions(options: Map<string, Variant>): void {
  for (const [key, { signature }] of options) {
    const type = Object.hasOwn(optionTypes, key) ? optionTypes[key] : undefined;
    if (type === signature) continue;
    throw new DBusError(
      'org.freedesktop.DBus.Error.InvalidArgs',
      type === undefined ? `there is no option ${key}` : `${key} is of type ${signature}, not ${type}`,
    );
  }
}

/** The clients of whoever runs the seat alone can be given any. */
function privilegesOption(options: Map<string, Variant>, caller: { uid: number }): Privilege[] {
  const names = (options.get('privileges')?.value ?? []) as string[];
  const unknown = names.find((name) => !isPrivilege(name));
  if (unknown !== undefined)
    throw new DBusError(
      'org.freedesktop.DBus.Error.InvalidArgs',
      `there is no privilege ${unknown}; there are ${privilegeNames.join(', ')}`,
    );
  if (names.length > 0 && !isTrusted(caller.uid))
    throw new DBusError(
      'org.freedesktop.DBus.Error.AccessDenied',
      `privileges are root's to give and the display's own user's, not uid ${caller.uid}'s`,
    );
  return names as Privilege[];
}

/** Whose session it is: the caller's, or another's, for whoever lets people in. */
function uidOption(options: Map<string, Variant>, caller: { uid: number }): number {
  const uid = (options.get('uid')?.value as number | undefined) ?? caller.uid;
  if (uid === caller.uid || caller.uid === 0) return uid;
  throw new DBusError(
    'org.freedesktop.DBus.Error.AccessDenied',
    `a session of uid ${uid} is root's to make, not uid ${caller.uid}'s`,
  );
}

/** The process that the caller names, which must be his own, or the caller's. */
function leaderOption(options: Map<string, Variant>, caller: { uid: number; pid: number }): number {
  const leader = options.get('leader')?.value;
  if (leader === undefined) return caller.pid;
  let owner: number | undefined;
  try {
    if (typeof leader === 'number') owner = statSync(`/proc/${leader}`).uid;
  } catch {
    // No such process.
  }
  if (owner === undefined)
    throw new DBusError(
      'org.freedesktop.DBus.Error.InvalidArgs',
      `there is no process ${String(leader)} to lead a session`,
    );
  if (caller.uid !== 0 && caller.uid !== owner)
    throw new DBusError(
      'org.freedesktop.DBus.Error.AccessDenied',
      `process ${String(leader)} is uid ${owner}'s`,
    );
  return leader as number;
}

/** What Display1.CreateSession asks for. Throws DBusError for what is not known, and for what is not the caller's to ask for. */
export function parseSessionRequest(
  options: Map<string, Variant>,
  caller: { uid: number; pid: number },
  display: { readonly seat: string; readonly sealing: Sealing },
): DisplaySessionOptions {
  checkOptions(options);
  const text = (key: string, otherwise: string) => (options.get(key)?.value as string) ?? otherwise;
  const seat = text('seat', display.seat);
  if (seat !== display.seat)
    throw new DBusError(
      'org.freedesktop.login1.NoSuchSeat',
      `this display shows ${display.seat}, not ${seat}`,
    );
  const sealing = text('sealing', display.sealing);
  if (!isSealing(sealing))
    throw new DBusError(
      'org.freedesktop.DBus.Error.InvalidArgs',
      `sealing is auto, require or off, not ${sealing}`,
    );
  const type = text('type', 'wayland');
  if (type !== 'wayland' && type !== 'x11')
    throw new DBusError('org.freedesktop.DBus.Error.InvalidArgs', `type is wayland or x11, not ${type}`);
  if (options.has('listener') && !isTrusted(caller.uid))
    throw new DBusError(
      'org.freedesktop.DBus.Error.AccessDenied',
      `a session's socket is root's to give and the display's own user's, not uid ${caller.uid}'s`,
    );
  return {
    id: options.get('id')?.value as string | undefined,
    title: text('title', ''),
    fallbackTitle: 'session',
    seat,
    uid: uidOption(options, caller),
    leader: leaderOption(options, caller),
    type,
    class: text('class', 'user'),
    background: options.get('background')?.value === true,
    lazy: false,
    sealing,
    privileges: privilegesOption(options, caller),
  };
}
