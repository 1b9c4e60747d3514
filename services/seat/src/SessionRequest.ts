import type { Variant } from '@switchyard/dbus';
import { MAX_NR_CONSOLES } from '@switchyard/uapi/tables';
import { loginError } from './LoginError.js';
import type { SessionIdentity } from './SessionIdentity.js';
import type { VtWish } from './vt/SeatVts.js';

const TYPES = new Set(['unspecified', 'tty', 'x11', 'wayland', 'mir', 'web']);
/** logind's, and the kinds of built-in sessions that `yard sessions` knows. */
const CLASSES = new Set([
  'user',
  'user-early',
  'user-incomplete',
  'greeter',
  'lock-screen',
  'background',
  'background-light',
  'manager',
  'manager-early',
  'log',
  'splash',
  'emergency',
]);
/** Titles are for a session bar; this is more than it shows. */
export const TITLE_MAX = 1024;
/** Names of services, hosts, terminals: POSIX's HOST_NAME_MAX and TTY_NAME_MAX are below it. */
const TEXT_MAX = 256;

/**
 * Ids that may be asked for: whoever starts a program before its session has to tell it the id. They are of another kind
 * than those that the manager gives out, so that neither is ever in the other's way.
 */
const CHOSEN_ID = /^y[1-9][0-9]{0,8}$/;

/** What CreateSession asks for, checked. */
export interface SessionRequest {
  /** Undefined: the manager's choice. */
  readonly id?: string | undefined;
  readonly uid: number;
  readonly seat: string;
  readonly type: string;
  readonly class: string;
  readonly tty: string;
  /** Which VT it is to have, where its seat has VTs; else 0 and nothing. */
  readonly vt: Omit<VtWish, 'class'>;
  readonly title: string;
  readonly display: string;
  readonly background: boolean;
  /** Its leader may lead another session already. */
  readonly sharesLeader: boolean;
  /** The session for which it is the lock screen; only the manager's own are. */
  readonly standsFor?: string | undefined;
  readonly identity: Pick<SessionIdentity, 'service' | 'desktop' | 'remote' | 'remoteUser' | 'remoteHost'>;
}

/** CreateSession's arguments behind uid and leader, in order. */
export type SessionArguments = [
  service: string,
  type: string,
  sessionClass: string,
  desktop: string,
  seat: string,
  vtnr: number,
  tty: string,
  display: string,
  remote: boolean,
  remoteUser: string,
  remoteHost: string,
  properties: [string, Variant][],
];

/** Throws InvalidArgs. The defaults for an empty type and class are logind's. */
export function parseSessionRequest(uid: number, from: SessionArguments): SessionRequest {
  const [service, givenType, givenClass, desktop] = from;
  const [tty, display, remote, remoteUser, remoteHost] = [from[6], from[7], from[8], from[9], from[10]];
  for (const text of [service, desktop, from[4], tty, display, remoteUser, remoteHost]) {
    if (text.length > TEXT_MAX) throw loginError.invalid(`An argument is longer than ${TEXT_MAX} characters`);
  }
  const { seat, vtnr } = placeOfTerminal(from[4], from[5], tty);
  const type = givenType || (display ? 'x11' : tty ? 'tty' : 'unspecified');
  if (!TYPES.has(type)) throw loginError.invalid(`Unknown session type '${type}': ${[...TYPES].join(', ')}`);
  const sessionClass = checkClass(givenClass || (type === 'unspecified' ? 'background' : 'user'));
  const properties = new Map(from[11]);
  return {
    id: checkId(property(properties, 'Id', 's')),
    uid,
    seat,
    type,
    class: sessionClass,
    tty,
    vt: { vtnr, choice: checkChoice(property(properties, 'VT', 's')) },
    display,
    title: checkTitle(property(properties, 'Title', 's') ?? ''),
    sharesLeader: false,
    background: property(properties, 'Background', 'b') ?? false,
    identity: { service, desktop, remote, remoteUser, remoteHost },
  };
}

/**
 * The seat and VT that a session's terminal says: VTs are seat0's alone, as in logind. Throws InvalidArgs when that is
 * not what else is said.
 */
function placeOfTerminal(seat: string, vtnr: number, tty: string): { seat: string; vtnr: number } {
  const digits = /^tty([0-9]+)$/.exec(tty)?.[1];
  if (digits === undefined && tty !== 'console') return { seat, vtnr };
  if (seat !== '' && seat !== 'seat0') {
    throw loginError.invalid(`Terminal ${tty} is seat0's, but the session is to be on ${seat}`);
  }
  const number = Number(digits ?? 0);
  if (digits !== undefined && !(number >= 1 && number <= MAX_NR_CONSOLES)) {
    throw loginError.invalid(`There is no ${tty}: VTs are 1…${MAX_NR_CONSOLES}`);
  }
  if (vtnr !== 0 && vtnr !== number) throw loginError.invalid(`Terminal ${tty} is not VT ${vtnr}`);
  return { seat: 'seat0', vtnr: number };
}

/** Throws InvalidArgs. */
function checkId(id: string | undefined): string | undefined {
  if (id === undefined || CHOSEN_ID.test(id)) return id;
  throw loginError.invalid(`The property Id is "y" and a number, not "${id}"`);
}

/** Throws InvalidArgs. */
function checkChoice(choice: string | undefined): 'new' | 'shared' | undefined {
  if (choice === undefined || choice === 'new' || choice === 'shared') return choice;
  throw loginError.invalid(`The property VT is "new" or "shared", not "${choice}"`);
}

/** Throws InvalidArgs. */
export function checkTitle(title: string): string {
  if (title.length > TITLE_MAX) throw loginError.invalid(`A title has at most ${TITLE_MAX} characters`);
  return title;
}

/** Throws InvalidArgs. */
export function checkType(type: string): string {
  if (!TYPES.has(type)) throw loginError.invalid(`Unknown session type '${type}': ${[...TYPES].join(', ')}`);
  return type;
}

/** Throws InvalidArgs. */
export function checkClass(name: string): string {
  if (!CLASSES.has(name)) {
    throw loginError.invalid(`Unknown session class '${name}': ${[...CLASSES].join(', ')}`);
  }
  return name;
}

/** Throws InvalidArgs. */
export function checkDisplay(display: string): string {
  if (display.length > TEXT_MAX) {
    throw loginError.invalid(`A display's name has at most ${TEXT_MAX} characters`);
  }
  return display;
}

/** Unknown properties are scope properties of systemd's, which mean nothing here. */
function property<T extends 's' | 'b'>(
  properties: ReadonlyMap<string, Variant>,
  name: string,
  signature: T,
): (T extends 's' ? string : boolean) | undefined {
  const variant = properties.get(name);
  if (!variant) return undefined;
  if (variant.signature !== signature) {
    throw loginError.invalid(`Property ${name} has type '${signature}', not '${variant.signature}'`);
  }
  return variant.value as T extends 's' ? string : boolean;
}
