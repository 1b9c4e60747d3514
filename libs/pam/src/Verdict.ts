/** Why somebody is not let in. What a stranger is told is `refusals`: the same words whether there is such a user or not. */
export type Refusal =
  /** Wrong answers, no such user, or whatever else a stranger must not tell apart. */
  | 'denied'
  /** The right password, of an account that may not log in, or not now. */
  | 'closed'
  /** The right password, which has to be changed first, and this is no place for that. */
  | 'expired'
  /** Too many tries are waiting already. */
  | 'busy'
  /** There is no PAM here, or it does not work; `detail` says what is wrong. */
  | 'unavailable';

export type Verdict =
  | { readonly allowed: true; readonly user: string }
  | { readonly allowed: false; readonly why: Refusal; readonly detail?: string };

/** To be shown as they are. */
export const refusals: Readonly<Record<Refusal, string>> = {
  denied: 'That did not work. Try again.',
  closed: 'This account may not log in now.',
  expired: 'The password is too old: change it on a terminal first (passwd).',
  busy: 'Too many tries at once. Wait a moment.',
  unavailable: 'Passwords cannot be checked on this machine.',
};

/** Of _pam_types.h, those that mean something to us. */
const code = {
  success: 0,
  openError: 1,
  symbolError: 2,
  serviceError: 3,
  systemError: 4,
  bufferError: 5,
  newTokenRequired: 12,
  tokenExpired: 27,
  moduleUnknown: 28,
} as const;
const broken: ReadonlySet<number> = new Set([
  code.openError,
  code.symbolError,
  code.serviceError,
  code.systemError,
  code.bufferError,
  code.moduleUnknown,
]);
const expired: ReadonlySet<number> = new Set([code.newTokenRequired, code.tokenExpired]);

export const isSuccess = (result: number): boolean => result === code.success;
export const mustChangeToken = (result: number): boolean => expired.has(result);

/** What a refusal at authentication means: only what is wrong with the machine may be told apart. */
export function authenticationRefusal(result: number): Refusal {
  return result < 0 || broken.has(result) ? 'unavailable' : 'denied';
}

/** What a refusal means behind a right password. Debian's rules end in pam_deny, whatever was the reason. */
export function accountRefusal(result: number): Refusal {
  if (expired.has(result)) return 'expired';
  return result < 0 || broken.has(result) ? 'unavailable' : 'closed';
}
