import { readlinkSync } from 'node:fs';
import type { Client } from '@switchyard/wayland';
import type { DisplaySession } from './session/DisplaySession.js';

/**
 * What a client may do beyond showing windows of its own. Each stands for the globals that only who has it finds in the
 * registry (`privileged.ts`).
 */
export const privilegeNames = [
  /** See the pixels of other programs, and the names of their windows. */
  'capture',
  /** Read and set the clipboard without having the keyboard. */
  'clipboard',
  /** Type and point as if it were a keyboard and a mouse. */
  'virtual-input',
  /** Compose text for other programs, and see what is typed meanwhile. */
  'input-method',
  /** Lock the seat. */
  'session-lock',
] as const;

export type Privilege = (typeof privilegeNames)[number];

export function isPrivilege(name: string): name is Privilege {
  return (privilegeNames as readonly string[]).includes(name);
}

/** One entry of privileges.json: whom it is about, and what they get. An absent `uid` or `executable` means any. */
export interface PrivilegeRule {
  readonly uid?: number | undefined;
  /** Absolute, without symbolic links: what /proc/PID/exe says. */
  readonly executable?: string | undefined;
  readonly privileges: readonly Privilege[];
}

const none: ReadonlySet<Privilege> = new Set();

/** Sessions of these classes lock the seat by their nature. Whoever names a class for a session is checked by `Display1`. */
const lockingClasses: ReadonlySet<string> = new Set(['lock-screen', 'greeter']);

/**
 * Who has which privilege. The sources add up:
 *
 *   the session    what it was started with (`yard run --privilege`), or its class, when it is root's or the display's user's
 *   the rules      of privileges.json, by user and executable
 *
 * A client that came through a security context has none, whatever else it is.
 */
export class Privileges {
  readonly #rules: readonly PrivilegeRule[];

  constructor(rules: readonly PrivilegeRule[]) {
    this.#rules = rules;
  }

  of(client: Client, session: DisplaySession | undefined, sandboxed: boolean): ReadonlySet<Privilege> {
    if (sandboxed) return none;
    const all = new Set<Privilege>(session?.options.privileges);
    if (session && lockingClasses.has(session.options.class) && isTrusted(session.options.uid)) {
      all.add('session-lock');
    }
    for (const rule of this.#rules) {
      if (rule.uid !== undefined && rule.uid !== client.uid) continue;
      if (rule.executable !== undefined && rule.executable !== executableOf(client.pid)) continue;
      for (const privilege of rule.privileges) all.add(privilege);
    }
    return all;
  }
}

/** Root, and the user who runs the display: nothing that it does is kept from them. */
export function isTrusted(uid: number): boolean {
  return uid === 0 || uid === process.getuid!();
}

/**
 * Whether what a client does by a privilege may reach a session: an ordinary one (no greeter, no lock screen, no
 * emergency console) of its own user.
 */
export function reaches(client: { readonly uid: number }, session: DisplaySession): boolean {
  if (session.options.class !== 'user') return false;
  return isTrusted(client.uid) || session.options.uid === client.uid;
}

/** undefined when it has ended or is not ours to look at. */
function executableOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return undefined;
  }
}
