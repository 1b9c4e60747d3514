import { readFileSync } from 'node:fs';
import type { Caller } from './Caller.js';
import { loginError } from './LoginError.js';
import type { UserRegistry } from './UserRegistry.js';

/**
 * Who may: anyone on the bus; users with an active session that is not remote, who could reach for the machine's
 * switch anyway; only root and the session manager's user; or not even they.
 */
export type Permission = 'anyone' | 'active' | 'privileged' | 'nobody';
const permissions: ReadonlySet<string> = new Set<Permission>(['anyone', 'active', 'privileged', 'nobody']);

/**
 * What is not settled by whose session it concerns: polkit's actions of org.freedesktop.login1, without that prefix.
 * The defaults are those of its policy file; what asks for a password there is for the privileged here.
 */
const defaults = {
  'attach-device': 'privileged',
  'flush-devices': 'privileged',
  halt: 'active',
  'halt-ignore-inhibit': 'privileged',
  'halt-multiple-sessions': 'privileged',
  hibernate: 'active',
  'hibernate-ignore-inhibit': 'privileged',
  'hibernate-multiple-sessions': 'privileged',
  'inhibit-block-idle': 'anyone',
  'inhibit-block-shutdown': 'active',
  'inhibit-block-sleep': 'active',
  'inhibit-delay-shutdown': 'anyone',
  'inhibit-delay-sleep': 'anyone',
  'inhibit-handle-hibernate-key': 'active',
  'inhibit-handle-lid-switch': 'active',
  'inhibit-handle-power-key': 'active',
  'inhibit-handle-reboot-key': 'active',
  'inhibit-handle-suspend-key': 'active',
  'power-off': 'active',
  'power-off-ignore-inhibit': 'privileged',
  'power-off-multiple-sessions': 'privileged',
  reboot: 'active',
  'reboot-ignore-inhibit': 'privileged',
  'reboot-multiple-sessions': 'privileged',
  'set-reboot-parameter': 'privileged',
  'set-self-linger': 'active',
  'set-user-linger': 'privileged',
  'set-wall-message': 'privileged',
  suspend: 'active',
  'suspend-ignore-inhibit': 'privileged',
  'suspend-multiple-sessions': 'privileged',
} as const satisfies Record<string, Permission>;

export type Action = keyof typeof defaults;

export class Policy {
  readonly #rules: Readonly<Record<Action, Permission>>;
  readonly #users: UserRegistry;

  constructor(users: UserRegistry, changes: Partial<Record<Action, Permission>> = {}) {
    this.#users = users;
    this.#rules = { ...defaults, ...changes };
  }

  allows(action: Action, caller: Caller): boolean {
    const permission = this.#rules[action];
    if (permission === 'nobody') return false;
    if (permission === 'anyone' || caller.privileged) return true;
    return permission === 'active' && this.#isPresent(caller.uid);
  }

  /** Throws AccessDenied. */
  require(action: Action, caller: Caller): void {
    if (this.allows(action, caller)) return;
    throw loginError.accessDenied(
      `org.freedesktop.login1.${action} is for ${this.#rules[action]}, not for uid ${caller.uid}`,
    );
  }

  #isPresent(uid: number): boolean {
    for (const session of this.#users.get(uid)?.sessions ?? []) {
      if (session.seat && session.active && !session.identity.remote) return true;
    }
    return false;
  }
}

/** A JSON object of actions and who may. Throws what is wrong with it: with a policy misread nobody is served. */
export function readPolicy(path: string): Partial<Record<Action, Permission>> {
  const rules: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (typeof rules !== 'object' || rules === null) throw new Error(`${path}: an object of actions is meant`);
  for (const [action, permission] of Object.entries(rules)) {
    if (!Object.hasOwn(defaults, action)) throw new Error(`${path}: there is no action '${action}'`);
    if (typeof permission !== 'string' || !permissions.has(permission)) {
      throw new Error(`${path}: ${action} is for ${[...permissions].join(', ')}, not '${permission}'`);
    }
  }
  return rules;
}
